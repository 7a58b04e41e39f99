"""`recruiter serve` is a whole installation in one process group, and one signal ends it."""

import contextlib
import ctypes
import functools
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from recruiter.serve import STOP_SECONDS, THREADS
from tests import mail
from tests.product import CONSOLE_SCRIPT, PATIENCE, Product, environment

pytestmark = [pytest.mark.once, pytest.mark.slow]


def group(pid: int) -> set[int]:
    """The processes of a group that have not ended."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                if os.getpgid(int(folder.name)) == pid and (folder / "cmdline").read_text():
                    found.add(int(folder.name))
    return found


def wait_until(condition) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError("it did not happen in time")


def sockets(pid: int) -> set[str]:
    with contextlib.suppress(FileNotFoundError):
        links = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
        return {link for link in links if link.startswith("socket:")}
    return set()


def deliverers(product) -> list[int]:
    """The processes that do not listen where the pages are served."""
    listening = sockets(product.process.pid)
    return [pid for pid in group(product.process.pid) if not listening & sockets(pid)]


def threads(pid: int) -> list[int]:
    return [int(folder.name) for folder in Path(f"/proc/{pid}/task").iterdir()]


@pytest.fixture
def variables(app, settings) -> dict[str, str]:
    return environment(settings)


@pytest.fixture
def measured(app, settings) -> dict[str, str]:
    """The same, for a process that counts for the coverage, which makes its start a good deal slower."""
    return environment(settings, measured=True)


def test_one_signal_ends_every_process_and_until_then_the_delivering_one_is_kept(measured, tmp_path):
    with Product(measured, tmp_path / "log") as product:
        wait_until(lambda: deliverers(product))
        (first,) = deliverers(product)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: deliverers(product) not in ([], [first]))
        assert httpx2.get(f"{product.url}/readyz").status_code == 200

        assert product.stop() == 0

    assert group(product.process.pid) == set()
    assert "Traceback" not in product.log.read_text()


def web_processes(product) -> set[int]:
    return group(product.process.pid) - {product.process.pid, *deliverers(product)}


def test_ctrl_c_ends_every_process_at_once_whatever_browsers_have_open(measured, tmp_path):
    """A terminal sends INT to all of them; half a request would otherwise be waited for as long as TERM lets it."""
    with Product(measured, tmp_path / "log") as product, httpx2.Client() as browser:
        wait_until(lambda: deliverers(product))
        assert browser.get(f"{product.url}/readyz").status_code == 200
        before = web_processes(product)
        with socket.create_connection(("127.0.0.1", product.port)) as half:
            half.sendall(b"GET /login HTTP/1.1\r\nHost: localhost\r\n")
            for pid in before:
                os.kill(pid, signal.SIGINT)
            assert browser.get(f"{product.url}/readyz").status_code == 200
            assert web_processes(product) == before

            started = time.monotonic()
            os.killpg(product.process.pid, signal.SIGINT)

            assert product.process.wait(PATIENCE) == 0
            assert time.monotonic() - started < STOP_SECONDS

    assert group(product.process.pid) == set()
    assert "Traceback" not in product.log.read_text()


def test_ctrl_c_twice_does_not_wait_for_a_silent_relay_and_its_mail_is_found_again(
    app, settings, client, alice, measured, tmp_path, smtp_sink
):
    client.post("/reset-password", data={"email": alice.member.email})
    with socket.create_server(("127.0.0.1", 0)) as relay:
        silent = {"RECRUITER_MAIL_URL": f"smtp://127.0.0.1:{relay.getsockname()[1]}"}
        with Product(measured | silent, tmp_path / "log") as product:
            line, _ = relay.accept()
            started = time.monotonic()
            os.killpg(product.process.pid, signal.SIGINT)
            wait_until(lambda: "serve.waits_for_delivery" in product.log.read_text())
            os.killpg(product.process.pid, signal.SIGINT)

            assert product.process.wait(PATIENCE) == 0
            assert time.monotonic() - started < STOP_SECONDS
        line.close()
    assert group(product.process.pid) == set()

    with mail.posting(app, settings, smtp_sink.url) as post:
        with app.app_context():
            post.sweep()
        mail.deliver(app, post)
    assert list(smtp_sink.counts.values()) == [1]


def test_nothing_outlives_a_server_that_was_killed_and_it_starts_again(variables, tmp_path):
    with Product(variables, tmp_path / "log") as product:
        wait_until(lambda: deliverers(product))
        product.process.kill()
        product.process.wait(PATIENCE)
        wait_until(lambda: group(product.process.pid) == set())

        product.start()

        assert httpx2.get(f"{product.url}/readyz").json()["ready"]


def test_half_requests_hold_no_thread_for_long_and_hear_that_they_were_too_slow(measured, tmp_path):
    """One for each thread of every process: half a head, half a body, and one that never says a word."""
    head = b"GET /healthz HTTP/1.1\r\nHost:"
    form = b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail"
    body = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n" + form
    with Product(measured | {"RECRUITER_REQUEST_TIMEOUT": "1"}, tmp_path / "log") as product, ExitStack() as opened:
        wait_until(lambda: deliverers(product))

        def say(half):
            line = opened.enter_context(socket.create_connection(("127.0.0.1", product.port)))
            line.settimeout(PATIENCE)
            line.sendall(half)
            return line

        places = THREADS * len(web_processes(product))
        lines = [say(half) for _ in range(places // 2) for half in (b"", head, body)]

        assert httpx2.get(f"{product.url}/healthz", timeout=STOP_SECONDS).status_code == 200
        answers = [b"".join(iter(functools.partial(line.recv, 4096), b"")) for line in lines]
        assert {answer[:13] for answer in answers[0::3]} == {b""}
        assert {answer[:13] for answer in answers[1::3] + answers[2::3]} == {b"HTTP/1.1 408 "}
        assert all(b"\r\nConnection: close\r\n" in answer for answer in answers[1::3] + answers[2::3])

        say(head)
        started = time.monotonic()
        assert product.stop() == 0
        assert time.monotonic() - started < STOP_SECONDS
    assert "Traceback" not in product.log.read_text()
    assert '"level": "error"' not in product.log.read_text()


def served(product) -> float:
    """How often this product answered /healthz, as /metrics counts it."""
    line = 'recruiter_requests_total{method="GET",route="/healthz",status="200"} '
    text = httpx2.get(f"{product.url}/metrics").text
    return float(next(found.removeprefix(line) for found in text.splitlines() if found.startswith(line)))


def test_pages_alone_leave_delivering_to_others_and_count_together(variables, tmp_path):
    with Product(variables, tmp_path / "log", "serve", "--no-worker") as product:
        assert httpx2.get(f"{product.url}/readyz").status_code == 200
        assert deliverers(product) == []
        before = served(product)
        for _ in range(20):
            httpx2.get(f"{product.url}/healthz")
        assert served(product) == before + 20


def test_a_worker_of_its_own_ends_with_one_signal(measured):
    command = [CONSOLE_SCRIPT, "worker"]
    with subprocess.Popen(command, env=measured, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr.readline() == "Delivering what is due.\n"
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE) == 0


def test_a_signal_that_reaches_another_thread_than_the_first_ends_a_worker_too(variables):
    """As after a pause: the system gives the signal to any thread while the first has not gone on yet."""
    with subprocess.Popen([CONSOLE_SCRIPT, "worker"], env=variables, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr.readline() == "Delivering what is due.\n"
        wait_until(lambda: len(threads(process.pid)) > 3)
        ctypes.CDLL(None).tgkill(process.pid, max(threads(process.pid)), signal.SIGTERM)

        assert process.wait(PATIENCE) == 0
