"""The templates that a new firm starts with, read from the files beside this module."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

LANGUAGES = ("en", "de", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One template as it ships: what it is for, its language (BCP 47), and its words."""

    kind: str
    slug: str
    name: str
    language: str
    subject: str
    mail_body: str
    page_body: str
    page_closing: str
    stage: str | None = None


@lru_cache(maxsize=1)
def load() -> tuple[Seed, ...]:
    """Return the seeds of every language; the same text in several has one slug."""
    return tuple(seed for language in LANGUAGES for seed in _read(language))


def _read(language: str) -> Iterator[Seed]:
    file = resources.files("recruiter.texts").joinpath("seeds", f"{language}.toml")
    for row in tomllib.loads(file.read_text("utf-8"))["template"]:
        yield Seed(language=language, **{name: value.strip() for name, value in row.items()})
