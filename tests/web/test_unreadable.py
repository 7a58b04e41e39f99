"""What never becomes a request is answered as everything else is, and logged by its kind alone."""

import dataclasses
import json
import os
import socket
from http import HTTPStatus

import pytest
import structlog

from recruiter.serve import Site
from recruiter.web.server import Connection, Logger, Worker

pytestmark = pytest.mark.once

SECRET = "token-of-maya"


def greet(_environ, start):
    start("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def break_a_header(_environ, start):
    start("200 OK", [("X-Note", f"{SECRET}\r\nSet-Cookie: a=b")])
    return [b""]


@pytest.fixture
def worker(settings, tmp_path):
    """A worker as `recruiter serve` sets it up, before it waits for connections."""
    site = Site(
        dataclasses.replace(settings, data_dir=tmp_path, request_timeout=0.2), host="127.0.0.1", port=1, delivers=False
    )
    worker = Worker(0, os.getppid(), [], site, site.cfg.timeout, site.cfg, Logger(site.cfg))
    worker.wsgi = greet
    yield worker
    worker.tmp.close()


@pytest.fixture
def send(worker):
    """Send bytes over a connection and return all that comes back, unless the sender does not wait for it."""

    def send(sent: bytes, *, waits: bool = True) -> str:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(sent)
            theirs.shutdown(socket.SHUT_WR)
            if not waits:
                theirs.close()
            connection = Connection(worker.cfg, ours, ("127.0.0.1", 50000), ("127.0.0.1", 1))
            worker.handle(connection)
            connection.close()
            return b"".join(iter(lambda: theirs.recv(4096), b"")).decode() if waits else ""

    return send


REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
NO_METHOD = b"G[T /f/%b HTTP/1.1\r\n\r\n" % SECRET.encode()
UNREADABLE = {
    "an address without an end": (b"GET /f/%b" % (SECRET.encode() * 1000), 414),
    "a header without an end": (b"GET / HTTP/1.1\r\nCookie: %b\r\n\r\n" % (SECRET.encode() * 1000), 431),
    "a header without a name": (b"GET / HTTP/1.1\r\n%b\r\n\r\n" % SECRET.encode(), 400),
    "a method that is none": (NO_METHOD, 400),
    "a handshake where nothing is encrypted": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
}


@pytest.mark.parametrize(("sent", "status"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_request_is_answered_as_a_problem_and_quoted_nowhere(send, lines, sent, status):
    head, _, body = send(sent).partition("\r\n\r\n")

    title = HTTPStatus(status).phrase
    first, *headers = head.split("\r\n")
    assert first == f"HTTP/1.1 {status} {title}"
    assert {"Content-Type: application/problem+json", "Connection: close"} <= set(headers)
    assert f"Content-Length: {len(body)}" in headers
    assert json.loads(body) == {"type": "/problems/unreadable", "title": title, "status": status, "code": "unreadable"}
    (line,) = lines()
    assert (line["event"], line["status"], line["level"]) == ("request.unreadable", status, "warning")
    assert SECRET not in str(line)


def test_a_line_about_it_says_nothing_of_the_request_before_it(send, lines):
    structlog.contextvars.bind_contextvars(firm_id="harbour")

    send(NO_METHOD)

    assert "firm_id" not in lines()[0]


def test_whoever_sent_it_need_not_wait_for_the_answer(send, lines):
    assert send(NO_METHOD, waits=False) == ""
    assert [line["event"] for line in lines()] == ["request.unreadable"]


def test_what_is_a_request_is_answered_by_the_application(send):
    assert send(REQUEST).endswith("\r\n\r\nhello")


@pytest.mark.parametrize(
    ("header", "body", "after"),
    [
        (b"Content-Length: 65535", b"a" * 65535, "keep-alive"),
        (b"Content-Length: 65536", b"a" * 65536, "close"),
        (b"Transfer-Encoding: chunked", b"0\r\n\r\n", "close"),
    ],
)
def test_after_a_body_that_is_too_large_to_throw_away_the_answer_says_that_it_is_the_last(send, header, body, after):
    answer = send(b"POST / HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n%b" % (header, body))

    assert f"\r\nConnection: {after}\r\n" in answer


def test_a_fault_of_ours_is_no_fault_of_the_request_and_is_quoted_nowhere_either(send, worker, lines):
    worker.wsgi = break_a_header

    answer = send(REQUEST)

    assert answer.startswith("HTTP/1.1 500 ")
    assert SECRET not in answer
    (line,) = lines()
    assert (line["level"], line["error"]) == ("error", "InvalidResponseHeader")
    assert SECRET not in str(line)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (REQUEST[:-2], "HTTP/1.1 408 Request Timeout"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf", "HTTP/1.1 200 OK"),
    ],
)
def test_what_stops_half_way_is_answered_once_and_the_connection_is_closed(worker, lines, sent, answered):
    """A body that nobody reads would be thrown away, so it is not waited for either."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(sent)
        assert not worker.handle(Connection(worker.cfg, ours, ("127.0.0.1", 50000), ("127.0.0.1", 1)))
        answer = b"".join(iter(lambda: theirs.recv(4096), b"")).decode()

    assert [answer.partition("\r\n")[0], answer.count("HTTP/1.1")] == [answered, 1]
    assert not [line for line in lines() if line["level"] == "error"]


def test_a_connection_that_ends_is_closed_by_the_thread_that_answered(worker):
    """The one that accepts all others would wait for its browser."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        theirs.shutdown(socket.SHUT_WR)
        connection = Connection(worker.cfg, ours, ("127.0.0.1", 50000), ("127.0.0.1", 1))
        assert not worker.handle(connection)
        assert connection.sock.fileno() < 0


def test_a_thread_waits_for_no_request_that_has_not_begun(worker):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(worker.cfg, ours, ("127.0.0.1", 50000), ("127.0.0.1", 1))
        assert worker.handle(connection)
        assert not connection.initialized


def test_a_proxy_beside_it_is_heard_only_as_the_settings_say(worker, send):
    """A visitor could otherwise say, through a proxy on the same machine, below which path the product lies."""

    def tell(environ, start):
        start("200 OK", [])
        return [f"{environ['wsgi.url_scheme']} {environ['SCRIPT_NAME']}".encode()]

    worker.wsgi = tell
    told = b"X-Forwarded-Proto: https\r\nSCRIPT_NAME: /elsewhere\r\n"

    assert send(b"GET /elsewhere/login HTTP/1.1\r\nHost: localhost\r\n%b\r\n" % told).endswith("\r\nhttp \r\n0\r\n\r\n")
