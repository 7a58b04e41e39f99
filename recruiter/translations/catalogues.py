"""Which words a reader gets: English as it stands in the source, or the catalogue of their language beside this module.

A catalogue is read as its translators wrote it, so no compiled copy can be older than its source.
"""

import gettext as catalogues
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
TRANSLATED = ("de", "fr")
WORDS = (SOURCE, *TRANSLATED)
# The product's English puts the day before the month; an American reader's does not.
_ENGLISH = "en_IE"


@dataclass(frozen=True, slots=True)
class Reader:
    """How one reader is written to: the language of the words, their direction, and the locale of dates and numbers.

    ``words`` is a tag of ``WORDS``; ``direction`` is that of the reader's own language, ``ltr`` or ``rtl``.
    """

    words: str
    direction: str
    locale: Locale


@lru_cache(maxsize=256)
def reader(tag: str) -> Reader:
    """Return how a reader of this language (BCP 47 tag) is written to; English where there is no catalogue of it."""
    known = _known(tag)
    words = known.language if known and known.language in WORDS else SOURCE
    locale = known if known and known.language == words and known.territory else Locale.parse(_home(words))
    return Reader(words, known.text_direction if known else "ltr", locale)


_current: ContextVar[str] = ContextVar("reader", default=SOURCE)


@contextmanager
def writing_to(tag: str) -> Iterator[Reader]:
    """Write to a reader of this language (BCP 47 tag) within the block; outside of any, to readers of English."""
    before = _current.set(tag)
    try:
        yield current()
    finally:
        _current.reset(before)


def current() -> Reader:
    """Return to whom is being written."""
    return reader(_current.get())


def gettext(message: str) -> str:
    """Return a message, which is its English words, in the words of the current reader."""
    return _catalogue(current().words).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that goes with a count, in the words of the current reader."""
    return _catalogue(current().words).ngettext(one, many, count)


def said(message: str, tag: str) -> str:
    """Return a message in a language (BCP 47 tag); an empty text where there are no words of that language."""
    if not message or reader(tag).words != tag.partition("-")[0]:
        return ""
    with writing_to(tag):
        return gettext(message)


def later(message: str) -> str:
    """Mark English words for the catalogues where their reader is not known yet; ``gettext`` translates them then."""
    return message


def _known(tag: str) -> Locale | None:
    """Return the locale of a tag, or of its language alone; None for a language that nobody describes."""
    for known in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(known, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _home(words: str) -> str:
    return _ENGLISH if words == SOURCE else words


@lru_cache(maxsize=len(WORDS))
def _catalogue(words: str) -> catalogues.NullTranslations:
    if words == SOURCE:
        return catalogues.NullTranslations()
    source = resources.files("recruiter.translations").joinpath(f"{words}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=words))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)
