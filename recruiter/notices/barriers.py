"""What keeps a notice from leaving: asked when it is queued, and once more just before it leaves."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter.applications import outcomes
from recruiter.applications.models import Application, Decision, Stage
from recruiter.errors import Conflict, RuleBroken
from recruiter.notices.models import OUTCOME_KINDS, NoticeKind
from recruiter.outbox import suppressions
from recruiter.outbox.models import StreamKind, Suppression

# The decision that each kind tells; an update tells that there is none.
TELLS: dict[NoticeKind, Decision] = {
    NoticeKind.REJECTION: Decision.NOT_SELECTED,
    NoticeKind.ROLE_CLOSED: Decision.ROLE_CLOSED,
}


class DecidedOtherwise(Conflict):
    """The decision is not the one that this notice tells."""

    code = "decided_otherwise"


class AlreadyTold(Conflict):
    """There is an outcome notice for this application and round already, or a notice of this kind waits."""

    code = "already_told"


class Erased(Conflict):
    """The person was erased."""

    code = "erased"


class NoAddress(RuleBroken):
    """There is no address to write to."""

    code = "no_address"


class PrivateReason(RuleBroken):
    """The reason on record is one that no candidate is told in any words."""

    code = "private_reason"


class Suppressed(RuleBroken):
    """The address must not be written to."""

    code = "suppressed"


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a notice cannot leave: a stable code and a sentence that a member understands."""

    code: str
    detail: str


_OTHER_DECISIONS: dict[Decision, Barrier] = {
    Decision.HIRED: Barrier("hired", "This person was hired for the role."),
    Decision.WITHDREW: Barrier("withdrew", "This person left the process."),
    Decision.NOT_SELECTED: Barrier("not_selected", "The decision is “not selected”, and this notice tells another."),
    Decision.ROLE_CLOSED: Barrier("role_closed", "The decision is “role closed”, and this notice tells another."),
}
_PRIVATE = Barrier(
    "private_reason",
    "The reason on record is kept inside your firm and opens no notice. Record a reason that the person may read, "
    "or tell them yourself and log it.",
)
_SUPPRESSED = Barrier(
    "suppressed",
    suppressions.WHAT_TO_DO,
)
_OFFERED = Barrier("offered", "This person has an offer. Change the stage or record the decision first.")


def against_decision(application: Application, kind: NoticeKind) -> Barrier | None:
    """Return what the application's decision says against a notice of this kind, or None."""
    decision = application.decision
    if kind is NoticeKind.CORRECTION or (decision is not None and decision is TELLS.get(kind)):
        return None
    if decision is not None:
        return _OTHER_DECISIONS[decision]
    return _OFFERED if application.stage is Stage.OFFER else None


def against_reason(code: str | None, kind: NoticeKind) -> Barrier | None:
    """Return what the outcome code says against a notice that tells a decision, or None."""
    return _PRIVATE if kind in OUTCOME_KINDS and outcomes.is_private(code) else None


def against_person(application: Application, address: str | None) -> Barrier | None:
    """Return why this is not an address at which to write to the person, or None."""
    candidate = application.candidate
    if candidate.erased_at is not None:
        return Barrier("erased", "This person's data was erased.")
    if not address or address not in {each.address for each in candidate.emails}:
        return Barrier("no_address", "There is no e-mail address. Add an address or log a call instead.")
    return None


def against_address(session: Session, application: Application, address: str | None) -> Barrier | None:
    """Return why nothing may be sent to this address of the person, or None."""
    barrier = against_person(application, address)
    if barrier is None and address and find_suppression(session, application, address) is not None:
        return _SUPPRESSED
    return barrier


def find_suppression(session: Session, application: Application, address: str) -> Suppression | None:
    """Return what keeps notices from this address, with its date and words, or None."""
    return suppressions.find(session, application.firm_id, address, StreamKind.NOTICE)


def find(session: Session, application: Application, kind: NoticeKind, outcome_code: str | None) -> Barrier | None:
    """Return the first thing against a notice of this kind and reason to the person's first address, or None."""
    against = against_decision(application, kind) or against_reason(outcome_code or application.outcome_code, kind)
    return against or against_address(session, application, application.candidate.email)


def refuse(session: Session, application: Application, kind: NoticeKind, outcome_code: str | None) -> None:
    """Raise what stands against queueing a notice of this kind and reason for the person's first address.

    Raises ``DecidedOtherwise`` and ``Erased`` (the state of things), ``PrivateReason``, ``NoAddress`` and
    ``Suppressed`` (to be mended).
    """
    barrier = against_decision(application, kind)
    if barrier is not None:
        raise DecidedOtherwise(barrier.detail, reason=barrier.code, decision=application.decision)
    if (private := against_reason(outcome_code or application.outcome_code, kind)) is not None:
        raise PrivateReason(private.detail)
    refuse_address(session, application)


def refuse_address(session: Session, application: Application) -> None:
    """Raise ``Erased``, ``NoAddress`` or ``Suppressed`` when nothing may be sent to the person's first address."""
    barrier = against_address(session, application, application.candidate.email)
    if barrier is not None:
        raise _REFUSALS[barrier.code](barrier.detail)


_REFUSALS: dict[str, type[Conflict | RuleBroken]] = {
    "erased": Erased,
    "no_address": NoAddress,
    "suppressed": Suppressed,
}
