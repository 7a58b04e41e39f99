"""`make bench-checker`: processor time of the checker for ten points, 500 messages and the longest texts."""

import gc
import json
import time
from collections.abc import Callable
from functools import partial

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Point

_ROUNDS = 20
_LONG = 100_000
_CONTEXT = Context(
    candidate=("Priya Raman", "Priya"),
    recruiter="Sam Okafor",
    firm_domains=("brightlane.example",),
    job_title="Payroll Analyst",
    client=("Northgate Foods", "Northgate"),
    client_disclosed=False,
    people=("Helen Cho",),
    other_candidates=("Daniel Osei", "Marta Lind"),
)
_WORDS = (
    "In the task, you set out each step of a late pay run and told us whom you called and why. When we asked about"
    " pension rules, you named two of five steps. The role needs all five each month."
)
_PIECES = ("you are too old ", "your ", _WORDS, "a", "[ab", "http://")
_OPENING = "Hello Priya,\n\nWe will not be taking your application further for the Payroll Analyst role.\n\n"


def message(number: int) -> Document:
    """Return a message with ten points; each number gives other words, so that nothing is remembered."""
    words = f"{_WORDS} You closed run {number} on day {number % 28} with {number + 3} rows for team {number % 17}."
    points = tuple(
        Point("Payroll", f"{words} Part {index}.", "", f"It was {index}. {words}", "Payroll", f"Try {index}. {words}")
        for index in range(5)
    )
    letter = f"{_OPENING}{words * 4}\n\nYou can reply to this e-mail. Sam"
    return Document(letter=letter, subject="Your application", reason=words, strengths=points, gaps=points)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of this thread that some work takes."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def measure() -> dict[str, float]:
    """Return each figure in milliseconds."""
    messages = [message(number) for number in range(500)]
    checker.check(message(9999), _CONTEXT)
    gc.freeze()  # as the server does once it has started
    ten = sorted(seconds(lambda: checker.check(messages[0], _CONTEXT)) for _ in range(_ROUNDS))[_ROUNDS // 2]
    bulk = seconds(lambda: [checker.check_text(each.letter, "letter", _CONTEXT) for each in messages])
    whole = seconds(lambda: [checker.check(each, _CONTEXT) for each in messages])
    long = max(seconds(partial(checker.check_text, (piece * _LONG)[:_LONG], "body", _CONTEXT)) for piece in _PIECES)
    return {
        "ten_points": round(ten * 1000, 1),
        "500_letters": round(bulk * 1000),
        "500_letters_with_ten_points": round(whole * 1000),
        "longest_100_kb": round(long * 1000),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
