"""The mail and the letter of a template's version: pure functions of its words and of plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from recruiter.texts import liquid, markdown, moulds, variables
from recruiter.texts.layout import Frame
from recruiter.texts.liquid import Names, Problem, Unusable
from recruiter.texts.moulds import Blanks


class Words(Protocol):
    """The words of one version: Liquid over Markdown, save for the subject, which is one plain line."""

    @property
    def subject(self) -> str:
        """One line of plain text, without Markdown."""

    @property
    def mail_body(self) -> str:
        """The whole mail, from greeting to signature."""

    @property
    def page_body(self) -> str:
        """The letter on the page up to its points; its first paragraph is the greeting."""

    @property
    def page_closing(self) -> str:
        """The letter on the page after its points."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its subject, and the same content as plain text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class PageLetter:
    """What the page says before and after the points: paragraphs of plain text, the greeting first."""

    opening: list[str]
    closing: list[str]


MOST_CHARACTERS = 200_000  # of the values in one mail
FIELDS = ("subject", "mail_body", "page_body", "page_closing")


def mail(words: Words, data: Mapping[str, Any], language: str = "en") -> Mail:
    """Return the mail of these words and this data; the same arguments always give the same bytes.

    Values in the data are text, never markup and never a template. Raises ``Unusable`` when a value that the words
    print is missing.
    """
    subject = liquid.render(words.subject, data, markdown.spell_line).strip()
    frame, blanks = _frame(data, language), Blanks()
    source, heading = liquid.render(words.mail_body, data, blanks.spell), blanks.words(subject)
    if sum(map(len, blanks.values)) > MOST_CHARACTERS:
        raise Unusable([Problem(1, f"The mail would be longer than {MOST_CHARACTERS} characters.")])
    mould = moulds.find(source, heading, frame)
    if mould is None:
        html, text = moulds.written(_filled(words.mail_body, data), subject, frame)
    else:
        html, text = mould.filled(blanks.values)
    return Mail(subject, text, html)


def page(words: Words, data: Mapping[str, Any]) -> PageLetter:
    """Return the letter around the points, for the page; see ``mail`` for what the arguments promise."""
    return PageLetter(
        opening=markdown.paragraphs(_filled(words.page_body, data)),
        closing=markdown.paragraphs(_filled(words.page_closing, data)),
    )


def faults(kind: str, words: Words) -> dict[str, list[Problem]]:
    """Return by field what keeps these words from being used for this kind of template; empty when nothing does."""
    names = Names(frozenset(variables.of(kind)), frozenset(variables.POINT))
    found = {field: liquid.problems(getattr(words, field), names) for field in FIELDS}
    example = variables.example(kind)
    for field in FIELDS:
        for data in (example, variables.without_options(example)):
            found[field] = found[field] or _tried(getattr(words, field), data)
    return {field: problems for field, problems in found.items() if problems}


def _tried(source: str, data: Mapping[str, Any]) -> list[Problem]:
    try:
        liquid.render(source, data, markdown.spell)
    except Unusable as error:
        return error.problems
    return []


def _filled(source: str, data: Mapping[str, Any]) -> str:
    return liquid.render(source, data, markdown.spell)


def _frame(data: Mapping[str, Any], language: str) -> Frame:
    firm = data["firm"]
    footer = (firm["name"], *(firm.get("postal_address") or "").splitlines())
    return Frame(footer, language, firm.get("colour", ""))
