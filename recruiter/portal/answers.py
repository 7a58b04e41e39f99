"""A member answers what a candidate sent: the page shows the text, a mail says that there is one."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm, Member
from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.checker import service as checker
from recruiter.checker.document import Finding
from recruiter.db import receipts
from recruiter.db.base import new_id
from recruiter.db.conflicts import named
from recruiter.db.session import transaction
from recruiter.errors import Conflict, Invalid, RuleBroken
from recruiter.feedback import asked, withheld, wording
from recruiter.feedback.modes import Ruling
from recruiter.feedback.wording import About
from recruiter.notices import approvals, barriers, checks, rulings
from recruiter.notices import queries as notices
from recruiter.notices.models import Notice
from recruiter.notices.service import NeedsReader
from recruiter.outbox import service as outbox
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage
from recruiter.portal import queries
from recruiter.portal.models import Answer, AnswerOutcome, Response, ResponseKind
from recruiter.texts import queries as texts
from recruiter.texts import variables
from recruiter.texts.models import TextKind
from recruiter.texts.queries import Want

ANSWERED = "This was answered before. Reload to see the answer."


class AlreadyAnswered(Conflict):
    """Somebody answered this before."""

    code = "already_answered"


class NeedsFixing(RuleBroken):
    """The answer holds words that must be mended before it may reach the person; ``findings`` says which."""

    code = "findings"

    def __init__(self, found: Sequence[Finding]) -> None:
        blocks = [asdict(finding) for finding in checks.blocks(found)]
        super().__init__("The answer has words to fix before it is sent.", findings=blocks)


class NoTemplate(RuleBroken):
    """The firm has no published words for this mail."""

    code = "no_template"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAnswer:
    """What to answer, as plain text, and for a response to a point what came of it.

    A side that was given without an ``outcome`` in the answer is noted: it stands beside the point anyway.
    ``override_reason`` is why a lead or an admin sends in spite of what must be fixed; ``shown`` names the findings to
    consider that whoever sends has seen, None where nobody is asked; ``reader_id`` is the member who read it for
    another.
    """

    firm_id: uuid.UUID
    actor: Actor
    response_id: uuid.UUID
    text: str
    outcome: AnswerOutcome | None = None
    override_reason: str = ""
    shown: frozenset[str] | None = None
    reader_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What an answer is about, who gives it, and how much policy lets it say."""

    firm: Firm
    application: Application
    notice: Notice
    response: Response
    member: Member
    ruling: Ruling


def give(command: GiveAnswer) -> Answer:
    """Keep the answer and queue the mail that tells of it; a person without an address finds it on the page.

    Raises ``NotFound``, ``Invalid`` for an empty text or an outcome that is not so, ``NeedsFixing`` for words that the
    checker or policy stops, ``ToConsider`` for what it asks about and nobody was shown, ``NeedsReader`` where somebody
    else has to read it first, ``NoTemplate`` or ``AlreadyAnswered``.
    """
    if not command.text.strip():
        raise Invalid({"text": ["Write an answer first."]})
    with transaction(command.firm_id) as session:
        answer = put(session, command)
        receipts.finish(session, command.firm_id, answer.id)
    return answer


def put(session: Session, command: GiveAnswer) -> Answer:
    """Keep the answer and queue its mail; composed, otherwise as ``give``."""
    case = get_case(session, command.firm_id, command.response_id, command.actor)
    kept = _check(session, case, command)
    answer = Answer(
        id=new_id(),
        firm_id=command.firm_id,
        response_id=case.response.id,
        member_id=case.member.id,
        text=command.text.strip(),
        outcome=_outcome(session, case, command.outcome),
        findings=kept,
        rules_version=wording.rules_version(case.firm),
        read_by_id=command.reader_id,
    )
    with named(session, {"uq_answers_firm_id_response_id": AlreadyAnswered(ANSWERED)}):
        session.add(answer)
    _queue(session, case, answer)
    details: dict[str, object] = {"outcome": answer.outcome} if answer.outcome else {}
    change = Change(
        action="response.answered",
        subject_id=case.response.id,
        candidate_id=case.response.candidate_id,
        details=details | approvals.rules(kept) or None,
        row_id=answer.id,
    )
    audit.record(session, command.firm_id, command.actor, change)
    return answer


def get_case(session: Session, firm_id: uuid.UUID, response_id: uuid.UUID, actor: Actor) -> Case:
    """Return what an answer is about; raise ``NotFound``.

    Who answers is the acting member, or through the API whoever signed the notice.
    """
    response = queries.get(session, firm_id, response_id)
    notice = notices.get_notice(session, firm_id, response.notice_id)
    member_id = actor.member_id or notice.sender_id
    assert member_id is not None, "a sent notice has a sender"  # noqa: S101
    application = applications.get_application(session, firm_id, response.application_id)
    return Case(
        accounts.get_firm(session, firm_id),
        application,
        notice,
        response,
        accounts.get_member(session, firm_id, member_id),
        rulings.today(session, firm_id, [application])[application.id],
    )


def findings(session: Session, case: Case, text: str) -> list[Finding]:
    """Return what policy and the checker say about an answer, must-fix findings first."""
    about = About(
        firm=case.firm,
        candidate=case.application.candidate,
        job=case.application.job,
        writers=(case.member, case.application.owner),
        language=case.notice.data["language"],
    )
    known = wording.context(session, about)
    return [*withheld.findings(text, case.ruling), *checker.check_text(text, "answer", known)]


def _check(session: Session, case: Case, command: GiveAnswer) -> list[dict[str, Any]]:
    """Return what the checker says about the text, as the answer keeps it; refuse what may not leave like this."""
    found = findings(session, case, command.text)
    approval = approvals.find(session, case.firm.id, command.actor, command.override_reason, found)
    if approval is None and checks.blocks(found):
        raise NeedsFixing(found)
    asked.refuse_unshown(found, command.shown)
    if command.reader_id is None:
        _refuse_unread(case, found)
    return approvals.choose(session, case.firm.id, found, command.actor, approval)


def _refuse_unread(case: Case, found: Sequence[Finding]) -> None:
    """Raise ``NeedsReader`` where policy asks for a second reader, or no rules could check the language."""
    if why := checks.reader_note(found, case.ruling):
        today = config.current().url(f"/today?item=response-{case.response.id}")
        raise NeedsReader(f"Somebody else has to read this first. {why}", composer=today)


def _outcome(session: Session, case: Case, outcome: AnswerOutcome | None) -> AnswerOutcome | None:
    """Return what is recorded. What is said to be corrected was: a correction was queued after the response came."""
    response = case.response
    if response.kind is not ResponseKind.POINT:
        if outcome is not None:
            raise Invalid({"outcome": ["Only a response to a point is corrected, noted or kept."]})
        return None
    if outcome is AnswerOutcome.CORRECTED and not _was_corrected(session, case):
        raise Invalid({"outcome": ["Send the correction first. Then answer that it was corrected."]})
    return outcome or (AnswerOutcome.NOTED if response.disagrees else None)


def _was_corrected(session: Session, case: Case) -> bool:
    root_id = case.notice.corrects_id or case.notice.id
    made = notices.corrections(session, case.firm.id, root_id, notices.COUNTED)
    return any(each.queued_at and each.queued_at >= case.response.created_at for each in made)


def _queue(session: Session, case: Case, answer: Answer) -> None:
    candidate = case.application.candidate
    if candidate.email is None:
        return
    version = texts.find_published(session, case.firm.id, TextKind.ANSWER, Want(language=case.notice.data["language"]))
    if version is None:
        raise NoTemplate("Publish a template for answers first; the mail that tells of an answer takes its words.")
    message = outbox.enqueue(
        session,
        case.firm.id,
        NewMessage(
            stream=StreamKind.ANSWER,
            subject_id=answer.id,
            dedupe_key=f"answer:{case.response.id}",
            recipient=Mailbox(candidate.name or "", candidate.email),
            sender=Mailbox(case.member.name, case.member.email),
            due_at=clock.now(),
            candidate_id=candidate.id,
            payload={
                "template_version_id": str(version.id),
                "written_in": version.template.language,
                "recruiter": variables.of_recruiter(case.member, case.firm),
                "reply": {
                    "kind": case.response.kind.value,
                    "outcome": answer.outcome.value if answer.outcome else "",
                    "decision_stands": _decision_stands(case),
                },
            },
        ),
    )
    answer.message_id = message.id


def _decision_stands(case: Case) -> bool:
    """Whether what the notice told is still so; one about a delay told no decision."""
    told = barriers.TELLS.get(case.notice.kind)
    return told is not None and told is case.application.decision and case.notice.round == case.application.round
