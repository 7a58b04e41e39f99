"""What the checker reads and what it says: documents, context and findings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: ``block`` stops sending, ``warn`` asks, ``hint`` only shows."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"

    @property
    def weight(self) -> int:
        """The place among the severities, the gravest first."""
        return list(Severity).index(self)


class Part(StrEnum):
    """The kind of text a field holds, which decides the rules that read it."""

    BODY = "body"
    SUBJECT = "subject"
    REASON = "reason"
    STRENGTH = "strength"
    GROWTH = "growth"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one span.

    ``start`` and ``end`` count code points in the text of ``field`` as it was given; ``words`` is that slice. A
    finding about something that is missing has an empty span and names the field to fill.
    """

    rule: str
    severity: Severity
    field: str
    start: int
    end: int
    words: str
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Point:
    """One strength or gap; only ``criterion`` and ``text`` are required, what else is missing becomes a finding."""

    criterion: str
    text: str
    moment: str = ""
    effect: str = ""
    requirement: str = ""
    suggestion: str = ""
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything of one message: what a person typed by field, and the letter it becomes.

    ``letter`` is the whole text the candidate reads; it is where the rules about structure look. What a rule finds
    both in a typed field and in the letter is reported once, in the typed field.
    """

    letter: str = ""
    subject: str = ""
    reason: str = ""
    strengths: tuple[Point, ...] = ()
    gaps: tuple[Point, ...] = ()

    def typed(self) -> Iterator[tuple[str, str]]:
        """Yield the address and text of every field a person typed, in the order in which they are read."""
        yield "subject", self.subject
        yield "reason", self.reason
        for kind, points in (("strengths", self.strengths), ("gaps", self.gaps)):
            for index, point in enumerate(points):
                for name in ("criterion", "moment", "text", "effect", "requirement", "suggestion", "aim"):
                    yield f"feedback.{kind}.{index}.{name}", getattr(point, name)


@dataclass(frozen=True, slots=True)
class HousePhrase:
    """Words that a firm does not want to send, and what it says about them."""

    words: str
    advice: str
    severity: Severity = Severity.WARN


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the checker may know about the case; every part is optional, and an unknown part silences its rules.

    ``language`` is what the text is written in. ``house`` are the firm's own phrases, ``muted`` the hints that it
    does not want to see; no other rule can be muted.
    """

    candidate: tuple[str, ...] = ()
    recruiter: str = ""
    firm: str = ""
    firm_domains: tuple[str, ...] = ()
    job_title: str = ""
    job_title_aliases: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    client_disclosed: bool = True
    people: tuple[str, ...] = ()
    other_candidates: tuple[str, ...] = ()
    requirements: Mapping[str, str] = field(default_factory=dict)
    jurisdiction: str = ""
    mode: str = "full"
    language: str = "en"
    house: tuple[HousePhrase, ...] = ()
    muted: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Context":
        """Read the context file of ``recruiter check``; unknown keys are ignored, missing ones stay empty."""
        candidate = _record(data.get("candidate"))
        client = _record(data.get("client"))
        return cls(
            candidate=_texts(candidate.get("preferred_name"), candidate.get("name")),
            recruiter=str(_record(data.get("recruiter")).get("name", "")),
            firm=str(data.get("firm", "")),
            firm_domains=_texts(*data.get("firm_domains", ())),
            job_title=str(data.get("job_title", "")),
            job_title_aliases=_texts(*data.get("job_title_aliases", ())),
            client=_texts(client.get("name"), *client.get("aliases", ())),
            client_disclosed=bool(data.get("client_disclosed", True)),
            people=_texts(*(_record(person).get("name") for person in data.get("people", ()))),
            other_candidates=_texts(*data.get("other_candidates", ())),
            requirements=dict(data.get("requirements", {})),
            jurisdiction=str(data.get("jurisdiction", "")),
            mode=str(data.get("mode", "full")),
            language=str(data.get("language", "en")),
        )


def part_of(address: str) -> Part:
    """Return the kind of text behind a field address; an unknown address is ordinary body text."""
    if address.startswith("feedback."):
        return Part.GROWTH if address.startswith("feedback.gaps") else Part.STRENGTH
    return next((part for part in Part if part == address), Part.BODY)


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"name": value or ""}


def _texts(*values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value)
