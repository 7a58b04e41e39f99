"""The templates that a new firm starts with, read from the files beside this module."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One template as it ships: what it is for, and its words."""

    kind: str
    slug: str
    name: str
    subject: str
    mail_body: str
    page_body: str
    page_closing: str


@lru_cache(maxsize=8)
def load(language: str) -> tuple[Seed, ...]:
    """Return the seeds of a language, such as ``en``."""
    file = resources.files("recruiter.texts").joinpath("seeds", f"{language}.toml")
    rows = tomllib.loads(file.read_text("utf-8"))["template"]
    return tuple(Seed(**{name: value.strip() for name, value in row.items()}) for row in rows)
