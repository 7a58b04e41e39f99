"""A mail server for measuring: takes everything as fast as it comes, and counts by Message-ID and recipient."""

import asyncio
import multiprocessing
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n.\r\n"
_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"",
}


@dataclass
class Count:
    """What arrived: when each mail did (monotonic seconds), how often each Message-ID, and the bytes."""

    arrivals: list[tuple[float, str]] = field(default_factory=list)  # with the recipient's domain
    ids: Counter[str] = field(default_factory=Counter)
    bytes: int = 0


class _Line(asyncio.Protocol):
    """One line: knows EHLO, MAIL, RCPT, DATA, RSET, NOOP and QUIT, and pipelining; answers after ``delay`` seconds."""

    def __init__(self, count: Count, delay: float) -> None:
        self.count, self.delay = count, delay
        self.rest, self.in_data, self.domain = b"", False, ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        said = b""
        while (answer := self._next()) is not None:
            said += answer
        if said:
            self._say(said)

    def _next(self) -> bytes | None:
        """Return the answer to the next command or content, or None when more has to come."""
        if self.in_data:
            end = self.rest.find(_END)
            if end < 0:
                return None
            content, self.rest, self.in_data = self.rest[:end], self.rest[end + len(_END) :], False
            return self._take(content)
        line, found, rest = self.rest.partition(b"\r\n")
        if not found:
            return None
        self.rest = rest
        verb = line[:4].upper()
        if verb == b"RCPT":
            self.domain = line.rpartition(b"@")[2].rstrip(b"> ").decode()
        elif verb == b"QUIT":
            self.transport.close()
        self.in_data = verb == b"DATA"
        return _ANSWERS.get(verb, b"250 ok\r\n")

    def _take(self, content: bytes) -> bytes:
        found = _MESSAGE_ID.search(content)
        self.count.ids[found.group(1).decode() if found else ""] += 1
        self.count.arrivals.append((time.monotonic(), self.domain))
        self.count.bytes += len(content)
        return b"250 taken\r\n"

    def _say(self, words: bytes) -> None:
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, words)
        else:
            self.transport.write(words)


class Sink:
    """The server's handle in the measuring process."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port, self._pipe = port, pipe

    @property
    def url(self) -> str:
        """Where mail is handed over."""
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> int:
        """Return how many mails have arrived since the last ``empty``."""
        self._pipe.send("taken")
        number: int = self._pipe.recv()
        return number

    def empty(self) -> Count:
        """Return what arrived, and begin to count anew."""
        self._pipe.send("empty")
        count: Count = self._pipe.recv()
        return count


@contextmanager
def running(delay: float = 0.0) -> Iterator[Sink]:
    """Run a sink in a process of its own whose answers take ``delay`` seconds, and end it with the block."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, delay), daemon=True)
    process.start()
    try:
        yield Sink(ours.recv(), ours)
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, delay: float) -> None:
    asyncio.run(_listen(pipe, delay))


async def _listen(pipe: Connection, delay: float) -> None:
    loop, count = asyncio.get_running_loop(), Count()
    server = await loop.create_server(lambda: _Line(count, delay), "127.0.0.1", 0, backlog=200)
    pipe.send(server.sockets[0].getsockname()[1])
    done = loop.create_future()

    def answer() -> None:
        try:
            wish = pipe.recv()
        except EOFError:
            done.set_result(None)
            return
        if wish == "taken":
            pipe.send(len(count.arrivals))
        else:
            pipe.send(Count(count.arrivals, count.ids, count.bytes))
            count.__init__()  # type: ignore[misc]  # the lines hold this very object

    loop.add_reader(pipe.fileno(), answer)
    await done
