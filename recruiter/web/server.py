"""How a web process takes requests: each in its time, and what is none answered as everything else is."""

import errno
import json
import logging
import os
import signal
import time
from contextlib import suppress
from http import HTTPStatus
from types import FrameType
from typing import Any

import structlog
from gunicorn import glogging, util
from gunicorn.arbiter import Arbiter
from gunicorn.http import errors
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

LONGEST_ADDRESS = 8190  # bytes of a request's first line; gunicorn takes no more
MOST_UNREAD = 64 * 1024  # bytes of a body that nobody read; from there on gunicorn hangs up
SLOWEST = 16 * 1024  # bytes a second; what a large request gets beyond the time that each has

log = structlog.get_logger()


class Logger(glogging.Logger):  # type: ignore[misc]
    """Hands gunicorn's own records to the root logger, which drops what could name a person."""

    def setup(self, cfg: Any) -> None:
        """Leave formatting and level to the process's logging."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class TooSlow(errors.ParseException):  # type: ignore[misc]
    """A request did not come to its end in time."""


UNREADABLE = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    TooSlow: HTTPStatus.REQUEST_TIMEOUT,
}


class Intake(SocketUnreader):  # type: ignore[misc]
    """Reads requests from a socket, each in its time; gunicorn would wait for the end of one for ever."""

    is_late = False
    ends = 0.0
    asked: Any = None  # the request, once the application knows of it

    def begin(self, seconds: float) -> None:
        """Let the time of the next request begin."""
        self.asked = None
        self.ends = time.monotonic() + seconds

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return what came next, or nothing at the end.

        What is late looks like a browser that hung up, which gunicorn and Werkzeug know; the answer is the last.
        """
        theirs = self.sock.gettimeout()  # gunicorn's own, while it throws away what nobody read
        left = max(self.ends - time.monotonic(), 0.001)
        self.sock.settimeout(left if theirs is None else min(left, theirs))
        try:
            data = bytes(super().chunk(size_hint))
        except TimeoutError as error:
            self.is_late = True
            if self.asked is not None:
                self.asked.force_close()
            raise ConnectionResetError(errno.ECONNRESET, "too slow") from error
        finally:
            self.sock.settimeout(theirs)
        self.ends += len(data) / SLOWEST
        return data


class Connection(TConn):  # type: ignore[misc]
    """What a browser opened: it has a thread only from its request's first byte on, and not for ever."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.intake = Intake(self.sock)

    def init(self) -> None:
        """Read through what keeps the time."""
        super().init()
        self.parser.unreader = self.intake

    def wait_for_data(self, timeout: float) -> bool:  # noqa: ARG002 - gunicorn's signature
        """Look whether something came; if not, the thread is for others until it does."""
        return bool(super().wait_for_data(0))

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        """Close, once; who was late is waited for no longer."""
        if self.sock.fileno() >= 0:
            super().close(graceful and not self.intake.is_late)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Answers what is no request as everything else is answered, and logs its kind alone: it may hold a link."""

    def init_signals(self) -> None:
        """Hear what was held back since the fork, but not INT: a terminal sends it to all, the arbiter what follows."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, Arbiter.SIGNALS)

    def handle_quit(self, _sig: int, _frame: FrameType | None) -> None:
        """End at once; gunicorn would wait for each thread, even one whose browser said only half of what it wants."""
        os._exit(0)

    def accept(self, listener: Any) -> None:
        """Take what a browser opened, if no other process was quicker."""
        with suppress(BlockingIOError, ConnectionAbortedError):
            sock, browser = listener.accept()
            self.nr_conns += 1
            self.enqueue_req(Connection(self.cfg, sock, browser, listener.getsockname()))

    def handle(self, conn: Any) -> Any:
        """Read and answer one request; return whether another may follow, or that none came yet.

        A connection that ends is closed here; gunicorn would wait for the browser in the thread that accepts others.
        """
        conn.intake.begin(self.app.settings.request_timeout)
        goes_on = super().handle(conn)
        if conn.intake.is_late and conn.intake.asked is None:
            self.handle_error(None, conn.sock, conn.client, TooSlow())
        if not goes_on:
            conn.close(graceful=True)
        return goes_on

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer a request. After a large body, which may be refused unread, the answer says that it is the last.

        Otherwise a client would send its next request over a connection that is closed.
        """
        conn.intake.asked = req
        if _may_stay_unread(dict(req.headers)):
            req.force_close()
        return bool(super().handle_request(req, conn))

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what never came to the application; the connection is closed afterwards."""
        ours = isinstance(exc, errors.InvalidResponseHeader | errors.InvalidResponseHeaderName)
        if ours or not isinstance(exc, errors.ParseException):
            super().handle_error(req, client, addr, exc)
            return
        status = UNREADABLE.get(type(exc), HTTPStatus.BAD_REQUEST)
        structlog.contextvars.clear_contextvars()  # of the request before it
        log.warning("request.unreadable", kind=type(exc).__name__, status=status.value)
        problem = {"type": "/problems/unreadable", "title": status.phrase, "status": status, "code": "unreadable"}
        body = json.dumps(problem)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):  # whoever sent it need not have waited
            util.write_nonblock(client, (head + body).encode())


def _may_stay_unread(headers: dict[str, str]) -> bool:
    return "TRANSFER-ENCODING" in headers or int(headers.get("CONTENT-LENGTH", 0)) >= MOST_UNREAD
