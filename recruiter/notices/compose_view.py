"""What the composer's templates show: the sheet, the findings at their fields, the preview and the way to send."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import nh3
from markupsafe import Markup

from recruiter.applications.outcomes import OUTCOMES, Group
from recruiter.checker.document import Finding, Severity
from recruiter.feedback.contexts import OutcomeContext
from recruiter.feedback.models import PointKind
from recruiter.feedback.points import MOST
from recruiter.notices import composer
from recruiter.notices.composer import Card, Sheet
from recruiter.notices.facts import Case
from recruiter.notices.letter import Letter, PageLetter
from recruiter.notices.models import NoticeKind
from recruiter.notices.timing import HUMANE, NOW, Timing, days_late, leaves_at
from recruiter.resources.models import Resource
from recruiter.scorecards.queries import PanelNote
from recruiter.texts.variables import first_name
from recruiter.web.jinja import moment, place, plural
from recruiter.web.jinja import sentence as capitalised

_MARKS = {Severity.BLOCK: "stop", Severity.WARN: "mild", Severity.HINT: "mild"}
_MAIL_TAGS = {"p", "a", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr"}
_GENERAL = "general"
_OPEN = 3  # more at once is not read


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as ``components/finding.html`` takes it; ``replaces`` is the text that ``better`` stands in for.

    One that is not open stands behind a number.
    """

    id: str
    key: str
    severity: str
    words: str
    title: str
    advice: str
    better: str
    replaces: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class PointView:
    """A point as ``components/point_card.html`` takes it."""

    kind: str
    criterion: str
    text: str
    moment: str
    effect: str
    requirement: str
    suggestion: str
    aim: str
    resources: Sequence[str]
    source: str
    confidence: str
    evidence: str
    must_have: bool
    parts: Sequence[tuple[str, str]]
    findings: Sequence[FindingView]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the check stands, where the first finding of each weight is, and how many findings sending would keep."""

    stop: int
    consider: int
    fine: int
    first_stop: str
    first_consider: str
    keeps: int


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The paper beside the form: one of email, page and text."""

    mode: str
    letter: PageLetter
    subject: str
    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class FromPanel:
    """A note of an interviewer's that may be used, whether it was, and as what it still can be."""

    note: PanelNote
    is_used: bool
    kinds: Sequence[PointKind]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the person can do next, as a box to tick."""

    name: str
    title: str
    text: str
    checked: bool


def findings_at(sheet: Sheet, findings: Iterable[Finding]) -> dict[str, list[FindingView]]:
    """Return the findings that nobody has looked at, by the address of point or field they are shown at.

    Three are open at once, what must be fixed before the others.
    """
    shown: dict[str, list[FindingView]] = {}
    for finding in findings:
        if composer.key(finding) in sheet.kept and finding.severity is not Severity.BLOCK:
            continue
        place_of = finding.field.rpartition(".")[0] if _is_in_card(sheet, finding) else finding.field
        if place_of not in {"reason", *filter(None, sheet.addresses())}:
            place_of = _GENERAL
        better, replaced = composer.better(sheet, finding), composer.replaced_words(sheet, finding)
        shown.setdefault(place_of, []).append(finding_view(finding, better, replaced))
    first = first_to_read(view for views in shown.values() for view in views)
    return {at: [replace(view, is_open=view.id in first) for view in views] for at, views in shown.items()}


def first_to_read(views: Iterable[FindingView]) -> set[str]:
    """Return the ids of those that are open at first: three, what must be fixed before the others, and no hint."""
    urgent = [view for view in views if view.severity != Severity.HINT]
    return {view.id for view in sorted(urgent, key=lambda view: view.severity != Severity.BLOCK)[:_OPEN]}


def general(shown: dict[str, list[FindingView]]) -> list[FindingView]:
    """Return the findings that belong to no field of the form, such as a missing strength."""
    return shown.get(_GENERAL, [])


def points(sheet: Sheet, case: Case, findings: Sequence[Finding], errors: dict[str, dict[str, str]]) -> list[PointView]:
    """Return the cards with their findings and errors; ``errors`` are by address, then by field."""
    shown = findings_at(sheet, findings)
    must = {each.text for each in case.application.job.requirements if each.must_have}
    return [
        _point(card, must, findings, address, shown.get(address, []), errors.get(address, {}))
        for card, address in zip(sheet.cards, sheet.addresses(), strict=True)
    ]


def tally(sheet: Sheet, shown: dict[str, list[FindingView]]) -> Tally:
    """Count what is to fix, what is to consider, and the fields that are fine."""
    found = [view for views in shown.values() for view in views]
    stops = [view.id for view in found if view.severity == Severity.BLOCK]
    others = [view.id for view in found if view.severity != Severity.BLOCK]
    written = [address for address in sheet.addresses() if address] + (["reason"] if sheet.reason else [])
    fine = sum(address not in shown for address in written)
    keeps = sum(view.severity == Severity.WARN for view in found)
    return Tally(len(stops), len(others), fine, (stops or [""])[0], (others or [""])[0], keeps)


def main_label(stops: int, keeps: int, *, needs_reader: bool, does: str = "Queue notice") -> str:
    """Return what the main button will do; sending keeps what was to be considered, so it says so."""
    if stops:
        return f"Fix {plural(stops, 'problem')} to send"
    if needs_reader:
        return "Ask a second reader"
    return f"{does}, keep {keeps}" if keeps else does


def paper(letter: Letter, mode: str) -> PreviewView:
    """Return the paper; the mail's styles are left out, and its links lead nowhere yet."""
    clean = nh3.clean(letter.html, tags=_MAIL_TAGS, attributes={}, clean_content_tags={"style", "title"})
    return PreviewView(mode, letter.page, letter.subject, Markup(clean), letter.text)  # noqa: S704 - cleaned


def timings(case: Case, asked: Timing) -> list[tuple[str, str]]:
    """Return when it can leave, not before what was asked for, in words of the clock where the person lives."""
    name = first_name(case.application.candidate.name or "")
    whose = f", {place(case.zone)} ({name}’s time)" if case.application.candidate.time_zone else ""  # noqa: RUF001
    humane = leaves_at(case, replace(asked, mode=HUMANE))
    now = f"In {plural(case.firm.hold_minutes, 'minute')}" if case.firm.hold_minutes else "At once"
    if asked.send_at is not None:
        now = f"{capitalised(moment(leaves_at(case, replace(asked, mode=NOW)), case.zone))}, whatever the hour"
    return [(HUMANE, f"{capitalised(moment(humane, case.zone))}{whose}"), (NOW, now)]


def late(case: Case) -> str:
    """Return how late the promise is in the firm's calendar, or an empty text; who was told waits no more."""
    days = days_late(case) if case.application.is_waiting else 0
    return f"{plural(days, 'day')} late" if days else ""


def outcome_codes(kind: NoticeKind) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return code and label of the reasons that fit a kind, by group; an update has none."""
    if kind is NoticeKind.REJECTION:
        groups = {Group.MATCH, Group.INTERVIEW, Group.PLACE, Group.CHOICE, Group.PROCESS, Group.OTHER}
    else:
        groups = {Group.ROLE} if kind is NoticeKind.ROLE_CLOSED else set()
    found = {group: [each for each in OUTCOMES.values() if each.group is group] for group in Group if group in groups}
    return [(group.words, [(each.code, each.label) for each in several]) for group, several in found.items()]


def library(found: Iterable[Resource]) -> list[tuple[str, str]]:
    """Return id and words of what a gap can give to read; an entry whose link is dead says so."""
    return [
        (str(each.id), f"{each.title} ({each.kind.words}, {each.cost})" + (", does not answer" if each.is_dead else ""))
        for each in found
    ]


def panel(sheet: Sheet, notes: Iterable[PanelNote]) -> list[FromPanel]:
    """Return what interviewers let the letter say, each with the kinds of point that it can still become."""
    kinds = [kind for kind in PointKind if sum(card.kind is kind for card in sheet.cards) < MOST]
    used = {key for card in sheet.cards for key in card.point.evidence}
    return [FromPanel(note, str(note.id) in used, kinds) for note in notes]


def offers(sheet: Sheet, case: Case) -> list[Offer]:
    """Return what the page can offer; whoever writes decides, and the person chooses."""
    name = first_name(case.application.candidate.name or "") or "The person"
    texts = {
        "pool": ("Talent pool", f"Invite for {case.pool_months} months. {name} decides."),
        "call": ("15-minute call", f"{name} can ask for one; you answer with a time."),
        "rating": ("Rate this", "One question, at the end of the page."),
    }
    return [Offer(f"offer_{key}", title, text, key in sheet.offers) for key, (title, text) in texts.items()]


def contexts(sheet: Sheet) -> list[tuple[OutcomeContext, bool, str]]:
    """Return what may be said beside the reason, whether it is, and the day on which the client agreed, as typed."""
    chosen = dict(sheet.contexts)
    return [(context, context.value in chosen, chosen.get(context.value, "")) for context in OutcomeContext]


def _is_in_card(sheet: Sheet, finding: Finding) -> bool:
    return finding.field.rpartition(".")[0] in sheet.addresses()


def finding_view(finding: Finding, better: str = "", replaces: str = "") -> FindingView:
    """Return a finding as it is shown; ``better`` is a sentence to put in the place of ``replaces``, where one is."""
    name = composer.key(finding)
    quoted = f"“{finding.words}” "
    is_quoted = bool(finding.words) and finding.message.startswith(quoted)
    return FindingView(
        id=f"finding-{name}",
        key=name,
        severity=finding.severity.value,
        words=finding.words if is_quoted else "",
        title=finding.message.removeprefix(quoted) if is_quoted else finding.message,
        advice=finding.suggestion,
        better=better,
        replaces=replaces,
    )


def _point(
    card: Card,
    must: set[str],
    findings: Sequence[Finding],
    address: str,
    shown: Sequence[FindingView],
    errors: dict[str, str],
) -> PointView:
    point = card.point
    return PointView(
        kind=card.kind.value,
        criterion=point.criterion,
        text=point.text,
        moment=point.moment,
        effect=point.effect,
        requirement=point.requirement,
        suggestion=point.suggestion,
        aim=point.aim,
        resources=point.resources,
        source=point.source.value,
        confidence=point.confidence.value,
        evidence=" ".join(point.evidence),
        must_have=card.kind is PointKind.GAP and bool({point.criterion, point.requirement} & must),
        parts=parts(point.text, [finding for finding in findings if finding.field == f"{address}.text"]),
        findings=shown,
        errors=errors,
    )


def parts(text: str, findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return the text in pieces, each with the mark of the finding it belongs to; together they are the text."""
    found, at = [], 0
    for finding in sorted(findings, key=lambda each: (each.start, -each.end)):
        if finding.start < at or finding.start == finding.end:
            continue
        found += [(text[at : finding.start], ""), (text[finding.start : finding.end], _MARKS[finding.severity])]
        at = finding.end
    return [*found, (text[at:], "")]
