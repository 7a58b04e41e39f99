"""One call: to exactly the addresses that were checked, within one deadline, with nothing of the answer kept."""

import contextlib
import functools
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore2
from httpcore2 import SOCKET_OPTION, NetworkBackend, NetworkStream, SyncBackend

from recruiter import config
from recruiter.webhooks import targets

MOST_BYTES = 64 * 1024  # of an answer; it is read so that the receiver can finish, and thrown away


@dataclass(frozen=True, slots=True)
class Result:
    """How a call ended: the receiver's status, or why there is none; how long it took; two of its headers."""

    status: int | None
    error: str | None
    seconds: float = 0.0
    retry_after: str | None = None
    location: str | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Deadline:
    """A moment by which everything has to be over, however slowly the other side drips."""

    def __init__(self, seconds: float) -> None:
        self._begun = time.monotonic()
        self._seconds = seconds

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    def left(self) -> float:
        """Return the seconds that are left; raise ``httpcore2.ReadTimeout`` when there are none."""
        seconds = self._seconds - self.passed
        if seconds <= 0:
            raise httpcore2.ReadTimeout("the deadline has passed")
        return seconds


class _Stream(NetworkStream):
    """A connection each of whose steps ends at the deadline."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline counts
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline counts
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
    ) -> NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(stream, self._deadline)


class _Network(NetworkBackend):
    """Resolves a name once, checks every address of it, and connects to what was checked; a second answer is no use."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._network = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        addresses = targets.resolve(host, port)
        options = (local_address, socket_options)
        while len(addresses) > 1:
            share = self._deadline.left() / len(addresses)
            with contextlib.suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return _Stream(self._network.connect_tcp(addresses[0], port, share, *options), self._deadline)
            addresses = addresses[1:]
        left = self._deadline.left()
        return _Stream(self._network.connect_tcp(addresses[0], port, left, *options), self._deadline)


@functools.cache
def trust() -> ssl.SSLContext:
    """Return whom we trust with TLS: what the machine trusts. Read once; new roots need a restart."""
    return httpcore2.default_ssl_context()


def post(url: str, body: str, headers: Mapping[str, str]) -> Result:
    """Send ``body`` to ``url`` and return how it ended; redirects are not followed, proxies are not asked.

    The certificate has to be for the name in ``url``, whatever address that name leads to.
    """
    told = {"Content-Type": "application/json", "User-Agent": "recruiter-webhooks", **headers}
    return _call("POST", url, told, body.encode())


def get(url: str) -> Result:
    """Ask for the page at ``url`` and return how it ended, with the same care as ``post``; the page is thrown away."""
    return _call("GET", url, {"User-Agent": "recruiter-links", "Accept": "*/*"}, None)


def _call(method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Result:
    deadline = Deadline(config.current().webhook_timeout)
    try:
        targets.check_url(url)
        status, told = _exchange(method, url, headers, content, deadline)
    except targets.Refused as refusal:
        return Result(None, str(refusal), deadline.passed)
    except httpcore2.TimeoutException:
        return Result(None, "There was no answer in time.", deadline.passed)
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        return Result(None, _words(error), deadline.passed)
    return Result(status, None, deadline.passed, told.get("retry-after"), told.get("location"))


def _exchange(
    method: str, url: str, headers: Mapping[str, str], content: bytes | None, deadline: Deadline
) -> tuple[int, dict[str, str]]:
    told: list[tuple[str | bytes, str | bytes]] = [("Host", urlsplit(url).netloc), *headers.items()]
    network = _Network(deadline)
    with (
        httpcore2.ConnectionPool(ssl_context=trust(), network_backend=network) as pool,
        pool.stream(method, url, headers=told, content=content) as response,
    ):
        _read_out(response)
        named = ((name.lower().decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        return response.status, {name: value for name, value in named if value}


def _read_out(response: httpcore2.Response) -> None:
    """Read what else is sent, up to the limit; the status is known, so whatever goes wrong here changes nothing."""
    received = 0
    try:
        for chunk in response.iter_stream():
            received += len(chunk)
            if received >= MOST_BYTES:
                return
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        return


def _words(error: Exception) -> str:
    cause = error.__context__
    if isinstance(cause, ssl.SSLError):
        return "The certificate is not one that we can trust for this host."
    if isinstance(error, httpcore2.ConnectError):
        return "No connection could be made."
    return "The connection broke off before there was an answer."
