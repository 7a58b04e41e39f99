"""The form to answer what came through a feedback page: what was typed, what the check says, who reads it first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from sqlalchemy.orm import Session

from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Member
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.checker.document import Finding, Severity
from recruiter.desk.items import Row
from recruiter.feedback import asked
from recruiter.notices import checks, composer
from recruiter.notices.compose_view import FindingView, finding_view, first_to_read, main_label
from recruiter.policies.values import FeedbackMode
from recruiter.portal import answers
from recruiter.portal import queries as portal
from recruiter.portal.answers import Case
from recruiter.portal.models import AnswerOutcome, ReplyDraft, Response, ResponseKind

_KEPT_OUT = {
    FeedbackMode.VERBAL_ONLY: "Points are told by call, not in writing.",
    FeedbackMode.NEUTRAL: (
        "Give no reasons. You can say: “I cannot go into reasons. That is the same for every application of this kind.”"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds, and what is wrong with it.

    ``kept`` names findings that a person chose to keep; ``shows_override`` is whether the form asks why it may be sent
    as it is; ``problem`` is why it was not sent, where the check says the rest.
    """

    text: str = ""
    outcome: str | None = None
    override_reason: str = ""
    kept: frozenset[str] = frozenset()
    shows_override: bool = False
    error: str = ""
    note_error: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What the check says of a reply, and what the main button does about it.

    ``shown`` names what the person has seen by then; ``override_changed`` is whether the form has to ask for a reason,
    or to stop asking.
    """

    findings: Sequence[FindingView]
    shown: Sequence[str]
    label: str
    may_override: bool
    needs_approver: bool
    override_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A reply that waits for its second reader, or came back with a note; ``seen`` names what was read of it."""

    text: str
    by: str
    by_id: uuid.UUID
    waits: bool
    note: str
    seen: str
    outcome: str
    override_reason: str
    findings: Sequence[Finding]
    release_url: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The whole form.

    ``is_begun`` is whether somebody typed an answer of their own. ``outcomes`` (value and label) are what may come of a
    side that was given on a point; ``correct_url`` is where the point is put right. ``note`` is what policy keeps out,
    with ``call_url`` for what may be told there; ``reading`` how it stands with its second reader.
    """

    url: str
    check_url: str
    typed: Typed
    is_begun: bool
    check: Check
    outcomes: Sequence[tuple[str, str]]
    correct_url: str
    note: str
    call_url: str
    reading: Reading | None


def read(session: Session, member: Member, row: Row, response: Response, typed: Typed | None) -> Reply:
    """Return the form of a response; ``typed`` is an answer that was not sent and is shown again."""
    draft = portal.find_draft(session, member.firm_id, response.id)
    case = answers.get_case(session, member.firm_id, response.id, Actor(ActorKind.MEMBER, member.id))
    own = typed or Typed()
    typed = _begun(own, draft)
    is_point, ruling = response.kind is ResponseKind.POINT, case.ruling
    if is_point and typed.outcome is None and response.disagrees:
        typed = replace(typed, outcome=AnswerOutcome.NOTED.value)
    is_told_by_call = ruling.mode is FeedbackMode.VERBAL_ONLY
    return Reply(
        url=url_for("desk.reply", item=row.key),
        check_url=url_for("desk.check_reply", item=row.key),
        typed=typed,
        is_begun=bool(own.text or own.error),
        check=check(session, member, case, typed),
        outcomes=[(outcome.value, outcome.label) for outcome in AnswerOutcome] if is_point else (),
        correct_url=url_for("notices.show", notice_id=response.notice_id) if is_point else "",
        note="" if ruling.writes_points else f"{_KEPT_OUT[ruling.mode]} {ruling.because}",
        call_url=url_for("record.call_script", application_id=case.application.id) if is_told_by_call else "",
        reading=_reading(session, case, row, draft) if draft is not None else None,
    )


def check(session: Session, member: Member, case: Case, typed: Typed) -> Check:
    """Return what the check says of what was typed, without what the person chose to keep."""
    found = answers.findings(session, case, typed.text) if typed.text.strip() else []
    stops = checks.blocks(found)
    open_ones = [each for each in found if each in stops or composer.key(each) not in typed.kept]
    keeps = sum(each.severity is Severity.WARN for each in open_ones)
    is_overridable, approves = checks.is_overridable(found), member.role.leads
    needs_reader = bool(checks.reader_note(found, case.ruling))
    views = [finding_view(each) for each in open_ones]
    first = first_to_read(views)
    return Check(
        findings=[replace(view, is_open=view.id in first) for view in views],
        shown=asked.names(found),
        label=main_label(len(stops), keeps, needs_reader=needs_reader, does="Send reply"),
        may_override=is_overridable and approves,
        needs_approver=is_overridable and not approves,
        override_changed=is_overridable is not typed.shows_override,
    )


def _begun(typed: Typed, draft: ReplyDraft | None) -> Typed:
    """Return the form filled from what waits or came back, where nothing else was typed."""
    if draft is None:
        return typed
    outcome = typed.outcome or draft.outcome
    return replace(typed, text=typed.text or draft.text, outcome=outcome)


def _reading(session: Session, case: Case, row: Row, draft: ReplyDraft) -> Reading:
    return Reading(
        text=draft.text,
        by=accounts.get_member(session, draft.firm_id, draft.member_id).name,
        by_id=draft.member_id,
        waits=draft.asked_at is not None,
        note=draft.reading_note,
        seen=draft.updated_at.isoformat(),
        outcome=draft.outcome.value if draft.outcome else "",
        override_reason=draft.override_reason,
        findings=answers.findings(session, case, draft.text),
        release_url=url_for("desk.release_reply", item=row.key),
        return_url=url_for("desk.return_reply", item=row.key),
    )
