"""A mail server in a process of its own that counts by Message-ID and misbehaves by a plan, the same for each seed."""

import asyncio
import contextlib
import multiprocessing
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass

PATIENCE = 100.0
_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n.\r\n"
_HELLO = b"250-relay\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n"


@dataclass(frozen=True)
class Plan:
    """How often, of one, each thing goes wrong; how long, in seconds, where it is about time."""

    seed: str = ""
    later: float = 0.0  # 451 to the recipient
    never: float = 0.0  # 550 to the recipient
    greylists: float = 0.0  # how long a recipient that was not seen before hears 451 4.7.1
    letters: int = 0  # 421 to the message after so many on one line
    cuts_content: float = 0.0  # the line is cut in the middle of the content
    cuts_answer: float = 0.0  # ... after the final dot, half of the time with the mail taken
    stalls: float = 0.0  # the final dot is never answered, half of the time with the mail taken
    delay: float = 0.0  # before each answer
    holds: str = ""  # the first of this step is never answered: mail, rcpt, data, and taken or lost at the final dot


class _Line(asyncio.Protocol):
    """One line: knows EHLO, MAIL, RCPT, DATA, RSET, NOOP and QUIT, and pipelining."""

    def __init__(self, relay):
        self.relay = relay
        self.rest, self.letters = b"", 0
        self.in_data = self.has_recipient = self.cuts_content = False

    def connection_made(self, transport):
        self.transport = transport
        self.relay.lines.add(self)
        self.say(b"220 relay\r\n")

    def connection_lost(self, _error):
        self.relay.lines.discard(self)

    def data_received(self, data):
        self.rest += data
        while not self.transport.is_closing() and (self.take_content() if self.in_data else self.take_command()):
            pass

    def take_command(self):
        """Answer the next command; return whether it was whole and anything may follow."""
        line, found, rest = self.rest.partition(b"\r\n")
        if not found:
            return False
        self.rest, verb = rest, line[:4].upper()
        if self.relay.withholds(verb.lower().decode()):
            return False
        if verb == b"EHLO":
            self.say(_HELLO)
        elif verb == b"MAIL":
            self.on_mail()
        elif verb == b"RCPT":
            self.on_recipient(line.partition(b"<")[2].partition(b">")[0])
        elif verb == b"DATA":
            self.on_data()
        elif verb == b"QUIT":
            self.transport.close()
        else:
            self.say(b"250 2.0.0 ok\r\n")
        return True

    def on_mail(self):
        self.has_recipient = False
        if 0 < self.relay.plan.letters <= self.letters:
            self.transport.write(b"421 4.7.0 too many messages on this line\r\n")
            self.transport.close()
        else:
            self.say(b"250 2.1.0 ok\r\n")

    def on_recipient(self, address):
        answer = self.relay.judge(address)
        self.has_recipient = answer.startswith(b"250")
        self.say(answer)

    def on_data(self):
        self.in_data = self.has_recipient
        self.cuts_content = self.relay.happens(self.relay.plan.cuts_content)
        self.say(b"354 go on\r\n" if self.in_data else b"503 5.5.1 no recipient\r\n")

    def take_content(self):
        """Answer the content once it is whole; return whether anything may follow it."""
        end = self.rest.find(_END)
        if self.cuts_content and self.rest:
            self.transport.abort()
        if end < 0 or self.transport.is_closing():
            return False
        content, self.rest, self.in_data = self.rest[:end], self.rest[end + len(_END) :], False
        self.letters += 1
        return self.answer(content)

    def answer(self, content):
        relay = self.relay
        if relay.withholds("lost"):
            return False
        cuts, stalls = relay.happens(relay.plan.cuts_answer), relay.happens(relay.plan.stalls)
        if not (cuts or stalls) or relay.happens(0.5):
            relay.counts[_MESSAGE_ID.search(content).group(1).decode()] += 1
        if cuts:
            self.transport.abort()
        if cuts or stalls or relay.withholds("taken"):
            return False
        self.say(b"250 2.0.0 taken\r\n")
        return True

    def say(self, words):
        if self.relay.plan.delay:
            asyncio.get_running_loop().call_later(self.relay.plan.delay, self.transport.write, words)
        else:
            self.transport.write(words)


class _Relay:
    """What all lines share, and what the tests ask for by name."""

    def __init__(self):
        self.counts, self.lines = Counter(), set()
        self.server, self.port = None, 0
        self.behave(Plan())

    def behave(self, plan):
        self.plan, self.random = plan, random.Random(plan.seed)  # noqa: S311 - no secret
        self.holds, self.seen = plan.holds, {}

    async def open(self):
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: _Line(self), "127.0.0.1", self.port, backlog=200)
        self.port = self.server.sockets[0].getsockname()[1]
        return self.port

    def leave(self):
        """Hang up on everybody, and do not answer until opened again."""
        self.server.close()
        for line in list(self.lines):
            line.transport.abort()

    def taken(self):
        return len(self.counts)

    def all_counts(self):
        return self.counts

    def has_held(self):
        return self.plan.holds != self.holds

    def happens(self, share):
        return share > 0 and self.random.random() < share

    def withholds(self, step):
        if not step or step != self.holds:
            return False
        self.holds = ""
        return True

    def judge(self, recipient):
        now = asyncio.get_running_loop().time()
        if now - self.seen.setdefault(recipient, now) < self.plan.greylists:
            return b"451 4.7.1 greylisted, come back\r\n"
        if self.happens(self.plan.later):
            return b"451 4.3.0 later\r\n"
        if self.happens(self.plan.never):
            return b"550 5.1.1 nobody of this name\r\n"
        return b"250 2.1.5 ok\r\n"


class Relay:
    """The server's handle in the process of the tests; ``counts`` tells how often each Message-ID was taken."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._lock = threading.Lock()
        self.port = self._ask("open")

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def behave(self, **plan):
        """Misbehave by this plan from now on, or no more."""
        self._ask("behave", Plan(**plan))

    def away(self):
        self._ask("leave")

    def back(self):
        self._ask("open")

    def counts(self):
        return self._ask("all_counts")

    def wait_for(self, number):
        """Return when so many different messages were taken."""
        self._wait(lambda: self._ask("taken") >= number)

    def wait_until_held(self):
        """Return when the step of the plan was reached, whose answer is withheld."""
        self._wait(lambda: self._ask("has_held"))

    def _ask(self, name, *values):
        with self._lock:
            self._pipe.send((name, values))
            return self._pipe.recv()

    def _wait(self, condition):
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.01)):
            if condition():
                return
            pause.wait(0.01)
        raise AssertionError(f"it did not happen; {self._ask('taken')} messages were taken")


@contextlib.contextmanager
def running():
    """Run a relay in a process of its own, and end it with the block."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Relay(ours)
    finally:
        process.terminate()
        process.join()


def _serve(pipe):
    asyncio.run(_answer(pipe))


async def _answer(pipe):
    """Do what the other process asks for until it ends."""
    relay, loop = _Relay(), asyncio.get_running_loop()
    asked = asyncio.Event()
    loop.add_reader(pipe.fileno(), asked.set)
    with contextlib.suppress(EOFError):
        while await asked.wait():
            asked.clear()
            while pipe.poll():
                name, values = pipe.recv()
                result = getattr(relay, name)(*values)
                pipe.send(await result if asyncio.iscoroutine(result) else result)
