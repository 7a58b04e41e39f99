"""The reasons that well-known ATSs come with, and the outcome code that each one usually means."""

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

from recruiter.db.folding import words

NAME = "ats_reasons.toml"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a reason of an ATS usually means: a code, or where none can be guessed a note that says why."""

    ats: str
    code: str = ""
    note: str = ""


def folded(text: str) -> str:
    """Return the form in which two reasons are the same: letters and digits alone, without case and accents."""
    return " ".join(words(text))


def suggestion(text: str) -> Suggestion | None:
    """Return what a reason in an ATS's words usually means, or None for words that none of them comes with."""
    return suggestions().get(folded(text))


@functools.cache
def suggestions() -> dict[str, Suggestion]:
    """Return what every reason of the list usually means, by its folded words."""
    read = tomllib.loads(resources.files("recruiter.applications").joinpath(NAME).read_text(encoding="utf-8"))
    return {
        folded(each["words"]): Suggestion(ats["name"], each.get("code", ""), each.get("note", ""))
        for ats in read["ats"]
        for each in ats["reasons"]
    }
