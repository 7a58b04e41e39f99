"""Which items Today shows: who should have heard, and what was put away; conditions that are given values later."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from recruiter.applications import queries as applications
from recruiter.applications import tellings
from recruiter.applications.models import Application, Decision
from recruiter.contacts.models import Contact, Direction
from recruiter.db.parameters import FIRM, NOW, TODAY
from recruiter.desk.models import DeskMark, ItemKind
from recruiter.notices.models import OUTCOME_KINDS, Notice, NoticeKind, NoticeState
from recruiter.portal.models import Response

UNDER_WAY = (NoticeState.HELD, NoticeState.LEAVING)
# From which of a law's alarms on an item is shown; the last one shows it again, whatever was done with the first.
DUTIES = {ItemKind.DUTY: 0, ItemKind.DUTY_ENDS: 1}
_TO_TELL = (Decision.NOT_SELECTED, Decision.ROLE_CLOSED)


def shown(kind: ItemKind, model: Any, *, snoozed: bool, wakes: bool = True) -> sa.ColumnElement[bool]:
    """Return the condition that an item is shown: not put away, or put away until later.

    With ``wakes`` a message from the person after the mark brings the item back.
    """
    mark = aliased(DeskMark)
    found = sa.select(mark.id).where(mark.firm_id == FIRM, mark.kind == kind, mark.subject_id == model.id)
    if wakes:
        found = found.where(*(~message.exists() for message in _messages_after(mark)))
    if snoozed:
        return found.where(mark.snoozed_until > NOW).exists()
    return ~found.where(sa.or_(mark.snoozed_until.is_(None), mark.snoozed_until > NOW)).exists()


def _messages_after(mark: type[DeskMark]) -> tuple[sa.Select[Any], ...]:
    response, contact = aliased(Response), aliased(Contact)
    return (
        sa.select(response.id).where(
            response.firm_id == FIRM,
            response.candidate_id == mark.candidate_id,
            response.created_at > mark.marked_at,
        ),
        sa.select(contact.id).where(
            contact.firm_id == FIRM,
            contact.candidate_id == mark.candidate_id,
            contact.direction == Direction.INBOUND,
            contact.happened_at > mark.marked_at,
        ),
    )


def is_overdue(*, snoozed: bool) -> sa.ColumnElement[bool]:
    """Return the condition of applications whose person should have heard a decision and for whom nothing is queued."""
    return sa.and_(
        _is_late(),
        Application.decision.in_(_TO_TELL),
        ~_notice_under_way(tuple(OUTCOME_KINDS)),
        shown(ItemKind.OVERDUE, Application, snoozed=snoozed),
    )


def is_missing(*, snoozed: bool) -> sa.ColumnElement[bool]:
    """Return the condition of applications past their promise without a decision, and without an update queued."""
    return sa.and_(
        _is_late(),
        Application.decision.is_(None),
        ~_notice_under_way((NoticeKind.UPDATE,)),
        shown(ItemKind.MISSING, Application, snoozed=snoozed),
    )


def is_duty(kind: ItemKind, *, snoozed: bool) -> sa.ColumnElement[bool]:
    """Return the condition of applications that are at this alarm of a law, and not yet at the next."""
    later = [~tellings.has_alarm(number) for number in DUTIES.values() if number > DUTIES[kind]]
    return sa.and_(
        Application.firm_id == FIRM,
        tellings.has_alarm(DUTIES[kind]),
        *later,
        ~_notice_under_way((*OUTCOME_KINDS, NoticeKind.UPDATE)),
        shown(kind, Application, snoozed=snoozed),
    )


def awaits_reader(*, snoozed: bool) -> sa.ColumnElement[bool]:
    """Return the condition of drafts that wait to be read by somebody who did not ask for it."""
    return sa.and_(
        Notice.firm_id == FIRM,
        Notice.state == NoticeState.DRAFT,
        Notice.asked_at.is_not(None),
        Notice.asked_by_id.is_distinct_from(sa.bindparam("member_id", type_=sa.Uuid())),
        shown(ItemKind.READING, Notice, snoozed=snoozed, wakes=False),
    )


def _is_late() -> sa.ColumnElement[bool]:
    return sa.and_(Application.firm_id == FIRM, applications.is_waiting(), Application.promised_on < TODAY)


def _notice_under_way(kinds: tuple[NoticeKind, ...]) -> sa.Exists:
    return (
        sa.select(Notice.id)
        .where(
            Notice.firm_id == Application.firm_id,
            Notice.application_id == Application.id,
            Notice.round == Application.round,
            Notice.kind.in_(kinds),
            Notice.state.in_(UNDER_WAY),
        )
        .exists()
    )


def reason() -> sa.ColumnElement[str]:
    """Return the reason of an application's decision, empty where none was given."""
    return sa.func.coalesce(Application.outcome_code, "")
