"""Reads a text into words with their place in the original, so that no rule ever works on a copy."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

HIDDEN = "\ufffc"

# Soft hyphen, zero-width marks and word joiners sit inside a word without being seen.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTER = rf"[\w{_UNSEEN}]"
_WORD = re.compile(rf"\w{_LETTER}*(?:['\u2019\u02bc`\u00b4]{_LETTER}+)*|{HIDDEN}+")
_DROPPED = re.compile(f"[{_UNSEEN}]")
_APOSTROPHES = re.compile("[\u2019\u02bc`\u00b4]")
_CODE = re.compile(r"`[^`\n]{1,400}`|\bhttps?://[^\s<>\"]{1,2000}|\bwww\.[^\s<>\"]{1,2000}")
_STOP = re.compile(
    r"[.!?\u2026](?=[\s\"'\u201d\u2019)\]])|[\u3002\uff01\uff1f]"
    r"|\n[ \t]*\n|\n[ \t]*[-*\u2022\u2013][ \t]",
)
_PAUSE = re.compile(r"[,;:()\[\]\u2013\u2014\n.!?\u2026\u3002\uff01\uff1f]|\s-\s")
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "prof", "vs", "approx", "st", "etc", "inc", "no"})


class Word(NamedTuple):
    """One word: its plain form, its place in code points, its sentence, and whether a pause stands before it."""

    form: str
    start: int
    end: int
    sentence: int
    after_pause: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the rules see it: ``plain`` has code spans and links blanked out, letter for letter.

    ``links`` are the links with the code points where they begin.
    """

    plain: str
    words: Sequence[Word]
    links: Sequence[tuple[int, str]] = ()


@lru_cache(maxsize=8)  # a letter is read twice, once for its sentences and once for its shape
def read(text: str) -> Reading:
    """Split a text into words; takes any string, in time that grows with its length."""
    plain = _CODE.sub(lambda match: HIDDEN * len(match[0]), text)
    words: list[Word] = []
    sentence, end = 0, 0
    for match in _WORD.finditer(plain):
        start, stop = match.span()
        between = plain[end:start]
        pauses = False
        if between != " ":
            pauses, stops = _breaks(between) if len(between) < 8 else _breaks_anew(between)
            sentence += stops and bool(words) and not _is_short(words[-1].form, between)
        words.append(Word(_form(match[0]), start, stop, sentence, pauses))
        end = stop
    links = [(match.start(), match[0]) for match in _CODE.finditer(text) if not match[0].startswith("`")]
    return Reading(plain, words, links)


def fold(text: str) -> str:
    """Return a name or word without case, accents or compatibility forms, for comparing."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def _form(word: str) -> str:
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", word))
    return _APOSTROPHES.sub("'", plain).casefold()


def _breaks_anew(between: str) -> tuple[bool, bool]:
    """Say whether what stands between two words is a pause, and whether it ends a sentence."""
    return _PAUSE.search(between) is not None, _STOP.search(between) is not None


_breaks = lru_cache(maxsize=1024)(_breaks_anew)


def _is_short(form: str, between: str) -> bool:
    """Say whether a dot belongs to an initial or a short form, and so ends no sentence."""
    return (
        between.strip() == "."
        and "\n" not in between
        and ((len(form) == 1 and form.isalpha()) or form in _ABBREVIATIONS)
    )
