"""The mail and the letter of a template's version: pure functions of its words and of plain data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from recruiter.texts import liquid, markdown, moulds, values, variables
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

_REASON = re.compile(r"reason_text|feedback")
FIELDS = ("subject", "mail_body", "page_body", "page_closing")


def mail(words: Words, data: Mapping[str, Any], language: str = "en") -> Mail:
    """Return the mail of these words and this data; the same arguments always give the same bytes.

    Values in the data are text, never markup and never a template. Raises ``Unusable`` when a value that the words
    print is missing.
    """
    plain, frame, blanks = values.plain(data), _frame(data, language), Blanks()
    subject = liquid.render(words.subject, plain, markdown.spell_line, language).strip()
    source, heading = liquid.render(words.mail_body, plain, blanks.spell, language), blanks.words(subject)
    if sum(map(len, blanks.values)) > MOST_CHARACTERS:
        raise Unusable([Problem(1, f"The mail would be longer than {MOST_CHARACTERS} characters.")])
    mould = moulds.find(source, heading, frame)
    if mould is None:
        html, text = moulds.written(_filled(words.mail_body, data, language), subject, frame)
    else:
        html, text = mould.filled(blanks.values)
    return Mail(subject, text, html)


def page(words: Words, data: Mapping[str, Any], language: str = "en") -> PageLetter:
    """Return the letter around the points, for the page; see ``mail`` for what the arguments promise."""
    return PageLetter(
        opening=markdown.paragraphs(_filled(words.page_body, data, language)),
        closing=markdown.paragraphs(_filled(words.page_closing, data, language)),
    )


def faults(kind: str, words: Words, language: str = "en") -> dict[str, list[Problem]]:
    """Return by field what keeps these words from being used for this kind of template; empty when nothing does."""
    names = Names(frozenset(variables.of(kind)), frozenset(variables.POINT))
    found = {field: liquid.problems(getattr(words, field), names) for field in FIELDS}
    for data in variables.cases(kind, language):
        for field in FIELDS:
            found[field] = found[field] or _tried(getattr(words, field), data, language)
    if not any(found.values()):
        found["mail_body"] = _left_out(kind, words.mail_body, language)
        found = {field: each or _told_anyway(kind, getattr(words, field), language) for field, each in found.items()}
    return {field: problems for field, problems in found.items() if problems}


def named(words: Words) -> frozenset[str]:
    """Return the names of all values that these words print or ask about; they have no faults."""
    return frozenset[str]().union(*(liquid.named(getattr(words, field)) for field in FIELDS))


def _left_out(kind: str, mail_body: str, language: str) -> list[Problem]:
    """Return which values the mail cannot do without, and does not print for everybody."""
    filled = [_filled(mail_body, data, language) for data in variables.cases(kind, language)]
    return [
        Problem(mail_body.count("\n") + 1, f"The email needs {{{{ {name} }}}} whatever the case. {variable.lost}")
        for name, variable in variables.of(kind).items()
        if kind in variable.needed and not all(str(variable.example) in text for text in filled)
    ]


def _told_anyway(kind: str, source: str, language: str) -> list[Problem]:
    """Return where reasons are said although policy allows none for this person."""
    if kind not in variables.NOTICES:
        return []
    filled = _filled(source, variables.without_reasons(kind, language), language)
    if not any(markdown.spell(reason) in filled for reason in variables.REASONS):
        return []
    line = _REASON.split(source, maxsplit=1)[0].count("\n") + 1
    return [Problem(line, "Reasons are said here for everybody. Say them inside {% if policy.reasons_allowed %} only.")]


def _tried(source: str, data: Mapping[str, Any], language: str) -> list[Problem]:
    try:
        _filled(source, data, language)
    except Unusable as error:
        return error.problems
    return []


def _filled(source: str, data: Mapping[str, Any], language: str) -> str:
    return liquid.render(source, values.plain(data), markdown.spell, language)


def _frame(data: Mapping[str, Any], language: str) -> Frame:
    firm = data["firm"]
    footer = (firm["name"], *(firm.get("postal_address") or "").splitlines())
    return Frame(footer, language, firm.get("colour", ""))
