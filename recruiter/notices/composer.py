"""What the composer's form holds, and what each of its buttons does to it; pure, so that it works without a script."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from recruiter.applications.outcomes import OUTCOMES, sentence_for
from recruiter.checker.document import Finding
from recruiter.db.base import find_id
from recruiter.feedback.contexts import OutcomeContext
from recruiter.feedback.models import Confidence, PointKind, PointSource
from recruiter.feedback.points import FIELDS, MOST, MOST_EVIDENCE, Feedback, Point
from recruiter.notices.facts import OFFERS
from recruiter.scorecards.queries import PanelNote

_NAMES = re.compile(r"points-(\d{1,2})-(kind|resource-[01]|source|confidence|evidence|" + "|".join(FIELDS) + ")")
_PLAIN = ("kind", "outcome_code", "coded", "reason", "template", "promised_on", "send_at", "late_reason")
_USES = {"use_strength": PointKind.STRENGTH, "use_gap": PointKind.GAP}
Chosen = TypeVar("Chosen", PointSource, Confidence)
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Card:
    """One point as it is being written; everything may be empty."""

    kind: PointKind
    point: Point = field(default_factory=lambda: Point("", ""))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written in it."""
        return not (any(self.point.texts().values()) or self.point.resources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole form: as it was typed, tidied of what no text may hold.

    ``coded`` is the outcome code that the reason was last filled in for; ``kept`` are findings a person looked at;
    ``contexts`` are what is said beside the reason, each with the day on which the client agreed, as it was typed.
    """

    kind: str
    outcome_code: str = ""
    coded: str = ""
    reason: str = ""
    template: str = ""
    promised_on: str = ""
    timing: str = "humane"
    send_at: str = ""
    late_reason: str = ""
    cards: tuple[Card, ...] = ()
    offers: tuple[str, ...] = OFFERS
    contexts: tuple[tuple[str, str], ...] = ()
    kept: frozenset[str] = frozenset()

    @property
    def feedback(self) -> Feedback:
        """The points that have something in them, as far as they are written."""
        written = [card for card in self.cards if not card.is_blank]
        return Feedback(
            strengths=tuple(card.point for card in written if card.kind is PointKind.STRENGTH),
            gaps=tuple(card.point for card in written if card.kind is PointKind.GAP),
        )

    def addresses(self) -> list[str]:
        """Return for each card the address that findings and errors give it, or an empty text for a blank one."""
        counts = {PointKind.STRENGTH: 0, PointKind.GAP: 0}
        found = []
        for card in self.cards:
            found.append("" if card.is_blank else f"feedback.{card.kind}s.{counts[card.kind]}")
            counts[card.kind] += not card.is_blank
        return found


def read(form: Mapping[str, Sequence[str]]) -> Sheet:
    """Read a posted form; whatever it holds makes a sheet, and what is wrong with it is said later."""
    values = {name: _tidy(texts[0]) for name, texts in form.items() if texts}
    found: dict[int, dict[str, str]] = {}
    for name, value in values.items():
        match = _NAMES.fullmatch(name)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = value
    known = {name: values[name] for name in _PLAIN if name in values}
    return Sheet(
        **{"kind": "rejection"} | known,
        timing="now" if values.get("timing") == "now" else "humane",
        cards=_in_order([_card(found[index]) for index in sorted(found)]),
        offers=tuple(name for name in OFFERS if f"offer_{name}" in values),
        contexts=tuple(
            (context.value, values.get(f"agreed_{context}", "") if context.needs_client else "")
            for context in OutcomeContext
            if f"context_{context}" in values
        ),
        kept=frozenset(_tidy(key) for key in form.get("kept", ())),
    )


def filled(sheet: Sheet, language: str) -> Sheet:
    """Return the sheet with the sentence of its code in a language, unless somebody wrote a reason of their own."""
    is_own = sheet.reason not in {"", *(sentence_for(code, language) for code in OUTCOMES)}
    reason = sheet.reason if is_own else sentence_for(sheet.outcome_code, language)
    return replace(sheet, coded=sheet.outcome_code, reason=reason)


def press(sheet: Sheet, button: str, findings: Sequence[Finding], panel: Sequence[PanelNote] = ()) -> Sheet:
    """Return the sheet after a button such as ``add:gap`` or ``remove:2``; an unknown one changes nothing."""
    verb, _, what = button.partition(":")
    if verb in _USES:
        return _used(sheet, _USES[verb], next((note for note in panel if str(note.id) == what), None))
    if verb == "add":
        return _added(sheet, what)
    if verb in {"up", "down", "remove"} and what.isdecimal() and int(what) < len(sheet.cards):
        return _moved(sheet, verb, int(what))
    if verb == "keep":
        return replace(sheet, kept=sheet.kept | {what})
    if verb == "replace":
        return _replaced(sheet, next((finding for finding in findings if key(finding) == what), None))
    return sheet


def key(finding: Finding) -> str:
    """Return what names a finding in a button: place and rule, so that it stands while other text changes."""
    return f"{finding.rule}-{finding.field}-{finding.start}-{finding.end}".replace(".", "_")


def sentence(text: str, start: int, end: int) -> str:
    """Return the sentence of ``text`` around two places in code points, without the space around it."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    first = max((place for place in ends if place <= start), default=0)
    last = min((place for place in ends if place >= end), default=len(text))
    return text[first:last].strip()


def better(sheet: Sheet, finding: Finding) -> str:
    """Return a sentence to put in the place of the one the finding is in, or an empty text where none is sure.

    Only a gap's own words are rewritten: there it is known what the role needs. What stands for a field that was left
    open is not: only the person who writes knows what belongs there.
    """
    found = _card_at(sheet, finding.field)
    is_left_open = finding.rule.startswith("TOK-")
    if found is None or is_left_open or not finding.words or finding.field.rpartition(".")[2] != "text":
        return ""
    need = found.point.requirement or found.point.criterion
    if found.kind is not PointKind.GAP or not need:
        return ""
    return f"The role asks for this: {need.rstrip('.')}. We did not hear an example of it."


def replaced_words(sheet: Sheet, finding: Finding) -> str:
    """Return the sentence that ``better`` stands in for, or an empty text."""
    found = _card_at(sheet, finding.field)
    return sentence(found.point.text, finding.start, finding.end) if found else ""


def sheet_of(values: Mapping[str, Any], feedback: Feedback) -> Sheet:
    """Return the sheet of something that was written before: its plain values and its points."""
    cards = [Card(PointKind.STRENGTH, point) for point in feedback.strengths]
    cards += [Card(PointKind.GAP, point) for point in feedback.gaps]
    return Sheet(**values, cards=tuple(cards))


def _card(values: Mapping[str, str]) -> Card:
    kind = PointKind.GAP if values.get("kind") == PointKind.GAP else PointKind.STRENGTH
    texts: dict[str, Any] = {name: values.get(name, "") for name in FIELDS}
    helps = [values[name] for name in sorted(values) if name.startswith("resource-") and kind is PointKind.GAP]
    point = Point(
        **texts,
        resources=_ids(helps),
        source=_one_of(PointSource, values.get("source"), PointSource.RECRUITER),
        confidence=_one_of(Confidence, values.get("confidence"), Confidence.ONE_SOURCE),
        evidence=_ids(values.get("evidence", "").split()[:MOST_EVIDENCE]),
    )
    return Card(kind, point)


def _one_of(kind: type[Chosen], value: str | None, default: Chosen) -> Chosen:
    return kind(value) if value in set(kind) else default


def _in_order(cards: list[Card]) -> tuple[Card, ...]:
    """Strengths first, as the letter has them; no more of a kind than the letter takes."""
    kinds = (PointKind.STRENGTH, PointKind.GAP)
    return tuple(card for kind in kinds for card in [each for each in cards if each.kind is kind][:MOST])


def _added(sheet: Sheet, kind: str) -> Sheet:
    return replace(sheet, cards=_in_order([*sheet.cards, Card(PointKind(kind))])) if kind in set(PointKind) else sheet


def _used(sheet: Sheet, kind: PointKind, note: PanelNote | None) -> Sheet:
    """Return the sheet with a point that begins with what an interviewer wrote, for a person to go on from."""
    if note is None:
        return sheet
    point = Point(
        criterion=note.criterion,
        text=note.text,
        moment=note.moment,
        effect=note.effect,
        source=PointSource.CLIENT_INTERVIEWER,
        evidence=(str(note.id),),
    )
    return replace(sheet, cards=_in_order([*sheet.cards, Card(kind, point)]))


def _moved(sheet: Sheet, verb: str, index: int) -> Sheet:
    cards = list(sheet.cards)
    card = cards.pop(index)
    if verb != "remove":
        place = index - 1 if verb == "up" else index + 1
        cards.insert(max(0, place), card)
    return replace(sheet, cards=_in_order(cards))


def _replaced(sheet: Sheet, finding: Finding | None) -> Sheet:
    words = better(sheet, finding) if finding else ""
    if finding is None or not words:
        return sheet
    index = sheet.addresses().index(finding.field.rpartition(".")[0])
    point = sheet.cards[index].point
    text = point.text.replace(replaced_words(sheet, finding), words, 1)
    cards = list(sheet.cards)
    cards[index] = replace(cards[index], point=replace(point, text=text))
    return replace(sheet, cards=tuple(cards))


def _card_at(sheet: Sheet, address: str) -> Card | None:
    place = address.rpartition(".")[0]
    addresses = sheet.addresses()
    return sheet.cards[addresses.index(place)] if place and place in addresses else None


def _ids(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the ids among these texts, each once."""
    return tuple(dict.fromkeys(str(found) for found in map(find_id, texts) if found))


def _tidy(text: str) -> str:
    """Drop what no text may hold and no database keeps: control characters and half characters."""
    lines = text.replace("\r\n", "\n").strip()
    return "".join(letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
