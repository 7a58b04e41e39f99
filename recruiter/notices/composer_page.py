"""The composer as its template takes it: one plain record of what was typed, found, and can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from recruiter import clock
from recruiter.applications.models import Application
from recruiter.errors import FieldErrors
from recruiter.feedback import asked
from recruiter.feedback.models import Confidence, PointSource
from recruiter.notices import checks
from recruiter.notices import compose_view as view
from recruiter.notices.barriers import Barrier
from recruiter.notices.facts import Case, NobodySigns
from recruiter.notices.models import OUTCOME_KINDS, Notice, NoticeKind
from recruiter.notices.notice_page import ERASED
from recruiter.notices.timing import hears_by
from recruiter.notices.trail import Trail
from recruiter.notices.writing import Desk, kind_of
from recruiter.outbox.models import Suppression
from recruiter.policies.values import FeedbackMode
from recruiter.texts.variables import first_name
from recruiter.web.jinja import sentence, time_of_day

_CAN_CALL = frozenset({"no_address", "suppressed", "private_reason"})
_MODE_NOTES = {
    FeedbackMode.VERBAL_ONLY: "Points are told by call, not in writing.",
    FeedbackMode.NEUTRAL: (
        "This notice tells the decision and gives no reasons, here and on a call. What was written of them is not kept."
    ),
}
_CORRECTED = "Put right what was wrong. The page will show these, with the earlier wording behind them."
_POINTS_NOTES = {
    FeedbackMode.FULL: "Say what you saw, then what the role needs.",
    FeedbackMode.VERBAL_ONLY: "For the call: checked and kept, not in the mail or on the page.",
    FeedbackMode.NEUTRAL: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the composer stands: the queue it belongs to, how the paper is shown, what went wrong.

    ``approves`` says whether the member may send in spite of what must be fixed, ``override_reason`` why they would,
    and ``shows_override`` whether the form that was posted asked for it.
    """

    trail: Trail
    url: str
    preview_url: str
    mode: str = "page"
    zone: str = "UTC"
    problem: str = ""
    errors: FieldErrors = field(default_factory=dict)
    approves: bool = False
    override_reason: str = ""
    shows_override: bool = False


def context(desk: Desk, place: Place) -> dict[str, Any]:
    """Return everything that the composer's template names."""
    sheet, case = desk.sheet, desk.case
    errors = desk.errors | place.errors
    return {
        "problem": place.problem,
        "errors": _summary(desk, errors),
        "reason_error": _words(errors.get("reason")),
        "promised_on_error": _words(errors.get("promised_on")),
        "kind": sheet.kind,
        "outcome_codes": view.outcome_codes(kind_of(sheet)),
        "outcome_code": sheet.outcome_code,
        "coded": sheet.coded,
        "templates": desk.templates,
        "template": sheet.template,
        "reason": sheet.reason,
        "has_reason": _has_reason(desk),
        "mode_note": _mode_note(desk),
        "reader_note": _reader_note(desk),
        "reading_url": _reading_url(desk.draft),
        "promised_on": sheet.promised_on or _default_day(desk),
        "kept": sorted(sheet.kept),
        "timings": view.timings(case, desk.timing),
        "timing": sheet.timing,
        "later": _later(desk, errors),
        "url": place.url,
        "preview_url": place.preview_url,
        **_head(desk, place),
        **_override(desk, place, _words(errors.get("override_reason"))),
        **_feedback(desk, errors, place.mode),
    }


def unsigned(error: NobodySigns) -> dict[str, Any]:
    """Return that nobody would sign, and where that is mended."""
    return _stop(error.application, Barrier("nobody_signs", error.message))


def stop(desk: Desk) -> dict[str, Any]:
    """Return why this person cannot be written to now, and what can be done instead."""
    assert desk.barrier is not None, "something stands in the way"  # noqa: S101
    return _stop(desk.case.application, desk.barrier, desk.suppression)


def _stop(application: Application, barrier: Barrier, suppression: Suppression | None = None) -> dict[str, Any]:
    code = barrier.code
    person: dict[str, Any] = {"candidate_id": application.candidate_id}
    about: dict[str, Any] = {"application_id": application.id}
    return {
        "title": f"Notice to {application.candidate.name or ERASED}",
        "code": code,
        "detail": barrier.detail,
        "suppression": suppression if code == "suppressed" else None,
        "record_url": url_for("record.show", **person),
        "address_url": url_for("candidates.edit", **person) if code == "no_address" else "",
        "owner_url": url_for("applications.show", **about) if code == "nobody_signs" else "",
        "reason_url": url_for("applications.show", **about) if code == "private_reason" else "",
        "call_url": url_for("contacts.contact_form", **person, **about, told="decision") if code in _CAN_CALL else "",
    }


def errors_by_point(errors: FieldErrors) -> dict[str, dict[str, str]]:
    """Return errors of points by the point's address, then by field."""
    found: dict[str, dict[str, str]] = {}
    feedback: Mapping[str, Any] = errors.get("feedback", {})
    for kind, points in feedback.items():
        for index, fields in points.items() if isinstance(points, Mapping) else ():
            found[f"feedback.{kind}.{index}"] = {name: _words(messages) for name, messages in fields.items()}
    return found


def _head(desk: Desk, place: Place) -> dict[str, Any]:
    case, draft = desk.case, desk.draft
    name = case.application.candidate.name or ""
    return {
        "title": f"{'Correction' if kind_of(desk.sheet) is NoticeKind.CORRECTION else 'Notice'} to {name}",
        "person": {"name": name, "call_name": first_name(name)},
        "about": f"{case.application.job.label}. {_reached(case)}",
        "back": place.trail.back(case.application.candidate_id),
        "late": view.late(case),
        "saved": f"Draft saved {time_of_day(draft.updated_at, place.zone)}" if draft else "",
        "seen": draft.updated_at.isoformat() if draft else "",
        "discard_url": url_for("notices.discard", notice_id=draft.id) if draft else "",
        "queue": place.trail.around(case.application.id),
    }


def _override(desk: Desk, place: Place, error: str) -> dict[str, Any]:
    """Return whether what must be fixed can be sent all the same, by this member or by another."""
    is_overridable = checks.is_overridable(desk.composed.findings)
    return {
        "may_override": is_overridable and place.approves,
        "needs_approver": is_overridable and not place.approves,
        "override_changed": is_overridable is not place.shows_override,
        "override_reason": place.override_reason,
        "override_error": error,
    }


def _feedback(desk: Desk, errors: FieldErrors, mode: str) -> dict[str, Any]:
    sheet, case, found = desk.sheet, desk.case, desk.composed.findings
    shown = view.findings_at(sheet, found)
    tally = view.tally(sheet, shown)
    kind, ruling = kind_of(sheet), case.ruling
    is_outcome, is_correction = kind in OUTCOME_KINDS, kind is NoticeKind.CORRECTION
    return {
        "has_points": (is_outcome or is_correction) and ruling.gives_reasons,
        "points_note": _CORRECTED if is_correction and ruling.writes_points else _POINTS_NOTES[ruling.mode],
        "points": view.points(sheet, case, found, errors_by_point(errors)),
        "criteria": desk.criteria,
        "library": view.library(desk.library),
        "sources": [(source.value, source.label) for source in PointSource],
        "confidences": [(confidence.value, confidence.label) for confidence in Confidence],
        "panel": view.panel(sheet, desk.panel),
        "panel_url": url_for("scorecards.show", application_id=case.application.id),
        "reason_findings": shown.get("reason", []),
        "general_findings": view.general(shown),
        "offers": view.offers(sheet, case) if is_outcome else [],
        "contexts": view.contexts(sheet) if is_outcome and ruling.gives_reasons else [],
        "context_error": _words(errors.get("outcome_context")),
        "preview": view.paper(desk.composed.letter, mode),
        "tally": tally,
        "shown": asked.names(found),
        "main_label": view.main_label(tally.stop, tally.keeps, needs_reader=bool(desk.composed.reader_note)),
    }


def _has_reason(desk: Desk) -> bool:
    return desk.case.ruling.gives_reasons or kind_of(desk.sheet) is NoticeKind.CORRECTION


def _mode_note(desk: Desk) -> str:
    """Return why this notice is not written as others are, or an empty text."""
    ruling = desk.case.ruling
    return "" if ruling.mode is FeedbackMode.FULL else f"{_MODE_NOTES[ruling.mode]} {ruling.because}"


def _reading_url(draft: Notice | None) -> str:
    return url_for("second_reader.show", notice_id=draft.id) if draft is not None and draft.awaits_reader else ""


def _reader_note(desk: Desk) -> str:
    """Return how the second reading stands, or an empty text where none is needed."""
    draft = desk.draft
    if draft is not None and draft.reading_note:
        return f"The second reader sent it back: “{draft.reading_note}”"
    if draft is not None and draft.awaits_reader:
        return "It waits for a second reader. If you change it, ask again."
    why = desk.composed.reader_note
    return f"Somebody else reads this before it leaves. {why}" if why else ""


def _reached(case: Case) -> str:
    reached = case.application.stage.reached
    interview = case.application.last_interview_at
    return f"{reached}, {clock.local_date(interview, case.zone):%-d %b}" if interview else reached


def _later(desk: Desk, errors: FieldErrors) -> dict[str, Any]:
    """Return the fields of a moment that the writer chooses, by the clock where the person lives."""
    case, sheet = desk.case, desk.sheet
    return {
        "send_at": sheet.send_at,
        "zone": case.zone,
        "late_reason": sheet.late_reason,
        "hears_by": hears_by(case, kind_of(sheet)),
        "send_at_error": _words(errors.get("send_at")),
        "late_reason_error": _words(errors.get("late_reason")),
    }


def _default_day(desk: Desk) -> str:
    day = desk.composed.words.promised_on
    return day.isoformat() if day else ""


def _summary(desk: Desk, errors: FieldErrors) -> list[tuple[str, str]]:
    """Return for each error the id of its field and its words, in the order of the form."""
    found = [(name, _words(messages)) for name, messages in errors.items() if name != "feedback"]
    addresses = desk.sheet.addresses()
    for address, fields in errors_by_point(errors).items():
        index = addresses.index(address)
        criterion = desk.sheet.cards[index].point.criterion or f"point {index + 1}"
        found += [(f"points-{index}-{name}", f"{words} ({sentence(criterion)})") for name, words in fields.items()]
    return found


def _words(messages: Sequence[str] | None) -> str:
    return " ".join(messages or ())
