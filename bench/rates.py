"""How fast mails arrived, and what the processes that sent them used."""

import dataclasses
import os
import resource
from pathlib import Path

from bench.sink import Count


@dataclasses.dataclass(frozen=True)
class Rate:
    """What one drain did: mails a second, and for each the processor time of its processes and the time to queue it.

    Both in milliseconds; None where queueing was not measured.
    """

    per_second: float
    cpu_ms: float
    queue_ms: float | None = None


def read(count: Count, number: int, seconds: float) -> Rate:
    """Return mails a second from the first arrival to the last, and what ``seconds`` of processors are for each."""
    if len(count.ids) != number or len(count.arrivals) != number:
        raise SystemExit(f"{len(count.ids)} different mails and {len(count.arrivals)} arrivals instead of {number}")
    times = sorted(at for at, _ in count.arrivals)
    return Rate((number - 1) / (times[-1] - times[0]), seconds / number * 1000)


def processor(pid: int) -> float:
    """Return the seconds of processors that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def children() -> float:
    """Return the same for the processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    words = Path(f"/proc/{pid}/statm").read_text().split()
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
