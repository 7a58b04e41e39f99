"""What each connection was doing, kept in small files that outlive a process which is killed.

A process holds a lock on its directory for as long as it lives, so whoever gets the lock knows that it is gone.
"""

import fcntl
import itertools
import os
import secrets
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import Self

from recruiter.outbox.replies import Phase

LOCK = "lock"
BOOT = Path("/proc/sys/kernel/random/boot_id")  # another at each start of the machine
_ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Note:
    """How far one attempt had come: before the final dot, at it (``phase``), or accepted (``reply``)."""

    message_id: uuid.UUID
    attempt: int
    phase: Phase
    reply: str | None


class Page:
    """One connection's file; it holds the attempts that are marked, until they are settled."""

    def __init__(self, path: Path) -> None:
        self._file = _own(path, "a")

    def clear(self) -> None:
        """Forget the attempts so far: they are settled."""
        self._file.truncate(0)

    def begin(self, message_id: uuid.UUID, attempt: int) -> None:
        """Note that this attempt starts; nothing of it was said yet."""
        self._write(f"{message_id} {attempt} {Phase.MAIL}")

    def note(self, phase: Phase) -> None:
        """Note how far the attempt has come. No sync to disk: it must outlive the process, not the machine."""
        self._write(phase)

    def accept(self, reply: str) -> None:
        """Note that the relay took the mail, in its words."""
        self._write(f"{_ACCEPTED} {' '.join(reply.split())}")

    def close(self) -> None:
        """Stop writing."""
        self._file.close()

    def _write(self, line: str) -> None:
        self._file.write(f"{line}\n".encode())


class Journal:
    """The journal of this process, under a name that is its own among all processes."""

    def __init__(self, root: Path) -> None:
        self.owner = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._directory = root / self.owner
        unlocked = root / f".{self.owner}"
        unlocked.mkdir(parents=True)
        self._lock = _own(unlocked / LOCK, "x")
        self._lock.write(_boot())
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        unlocked.rename(self._directory)  # so that nobody ever sees it without its lock held
        self._pages: list[Page] = []

    def page(self) -> Page:
        """Return a new page, for one connection."""
        page = Page(self._directory / f"page-{len(self._pages)}")
        self._pages.append(page)
        return page

    def close(self, *, keep: bool) -> None:
        """End the journal; ``keep`` it where an acceptance could not be recorded, for whoever comes next."""
        for page in self._pages:
            page.close()
        if not keep:
            shutil.rmtree(self._directory)
        self._lock.close()


class Abandoned:
    """The journal of a process that is gone, locked while it is read."""

    def __init__(self, directory: Path, lock: FileIO) -> None:
        self.owner = directory.name
        self._directory = directory
        self._lock = lock

    @property
    def is_whole(self) -> bool:
        """Whether all that was noted is there: the machine, which may keep back what it writes, has not gone down."""
        return (self._directory / LOCK).read_bytes() == _boot()

    def notes(self) -> dict[tuple[uuid.UUID, int], Note]:
        """Return the last note of each attempt by message and attempt."""
        found = itertools.chain.from_iterable(_read(path) for path in self._directory.glob("page-*"))
        return {(note.message_id, note.attempt): note for note in found}

    def forget(self) -> None:
        """Remove it, when all that it says has been recorded."""
        shutil.rmtree(self._directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._lock.close()


def abandoned(root: Path) -> Iterator[Abandoned]:
    """Find the journals of processes that are gone; each is to be used as a context."""
    for directory in sorted(root.glob("[!.]*")):
        try:
            lock = FileIO(directory / LOCK, "r+")
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_there = (directory / LOCK).stat().st_ino == os.fstat(lock.fileno()).st_ino
        except (BlockingIOError, FileNotFoundError):
            is_there = False  # its process lives, or another has just dealt with it
        if is_there:
            yield Abandoned(directory, lock)
        else:
            lock.close()


def _boot() -> bytes:
    return BOOT.read_bytes() if BOOT.exists() else b""


def _own(path: Path, mode: str) -> FileIO:
    """Open a file for this user alone, unbuffered; a file object, since a bare number may come to mean the database."""
    return FileIO(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))


def _read(path: Path) -> Iterator[Note]:
    """Yield the last note of each attempt."""
    note: Note | None = None
    for line in path.read_text(errors="replace").splitlines():
        word, _, rest = line.partition(" ")
        if word == _ACCEPTED and note is not None:
            note = replace(note, reply=rest)
        elif not rest and note is not None:
            note = replace(note, phase=Phase(word))
        else:
            if note is not None:
                yield note
            attempt, _, phase = rest.partition(" ")
            note = Note(uuid.UUID(word), int(attempt), Phase(phase), None)
    if note is not None:
        yield note
