"""Mails that read alike are parsed, cleaned and styled once, with blanks into which the values of each are filled."""

import html
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from recruiter.texts import layout, markdown
from recruiter.texts.layout import Frame

# No text holds what nobody can guess, so a blank is never mistaken. Markdown takes the first for a word, the second
# for a web address.
_KEY = secrets.token_hex(8)
_WORD = f"\ue000{_KEY}-{{}}\ue001"
_LINK = f"https://{_KEY}-{{}}.invalid"
_BLANK = re.compile(rf"(?:\ue000|https://){_KEY}-(\d+)(?:\ue001|\.invalid)")


class NotAlike(ValueError):
    """A value stands where it means something, such as inside a web address: the mail is no mould for others."""


class Blanks:
    """Writes a mail's values as blanks, and keeps what each one stands for."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def words(self, value: str) -> str:
        """Return a blank for words on one line."""
        self.values.append(value)
        return _WORD.format(len(self.values) - 1)

    def spell(self, value: str) -> str:
        """Write a value for Markdown, as ``markdown.spell`` does, but for its words, which are left blank."""
        if value.isprintable() and "  " not in value and value == value.strip() and not markdown.is_link(value):
            return self.words(value) if value else ""
        if not markdown.is_link(value):
            return markdown.spell_lines(value, self.words)
        self.values.append(value)
        return f"<{_LINK.format(len(self.values) - 1)}>"


class _Cast:
    """A text with blanks, taken apart once."""

    def __init__(self, text: str) -> None:
        self._parts = _BLANK.split(text)
        self._blanks = [int(number) for number in self._parts[1::2]]
        if any(_KEY in part for part in self._parts):
            raise NotAlike

    def filled(self, values: Sequence[str]) -> str:
        """Return the text with these values in its blanks."""
        parts = self._parts.copy()
        parts[1::2] = [values[number] for number in self._blanks]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Mould:
    """The HTML in its frame and the plain text of all mails with the same words around their values."""

    _html: _Cast
    _text: _Cast

    def filled(self, values: Sequence[str]) -> tuple[str, str]:
        """Return the HTML and the text with these values."""
        return self._html.filled([html.escape(value, quote=False) for value in values]), self._text.filled(values)


@lru_cache(maxsize=512)
def find(source: str, subject: str, frame: Frame) -> Mould | None:
    """Return the mould for this Markdown, made at most once while it is in use; None where it cannot be one."""
    try:
        return Mould(*map(_Cast, written(source, subject, frame)))
    except NotAlike:
        return None


def written(source: str, subject: str, frame: Frame) -> tuple[str, str]:
    """Return a mail's Markdown as HTML in its frame and as plain text."""
    body, text = markdown.written(source)
    framed = layout.in_frame(subject, body, frame)
    return framed, "\n\n".join([text, "\n".join(frame.footer)]) + "\n"
