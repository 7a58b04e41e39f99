"""What is said on a call that tells a decision: the notice's own content, in an order that people can take in."""

import enum
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications.outcomes import sentence_for
from recruiter.candidates import queries as candidates
from recruiter.db.session import reading
from recruiter.errors import Conflict
from recruiter.feedback.points import Feedback, Point
from recruiter.notices import facts, queries, versions
from recruiter.notices.barriers import TELLS
from recruiter.notices.facts import Case, Words, get_case
from recruiter.notices.models import Notice, NoticeKind, NoticeState
from recruiter.policies.values import FeedbackMode
from recruiter.texts.variables import first_name
from recruiter.translations import catalogues
from recruiter.translations.catalogues import gettext, later

_KINDS = {decision: kind for kind, decision in TELLS.items()}
_CLOSED = {
    "filled": later("The %(role)s role has been filled. That was about the role."),
    "on_hold": later("The %(role)s role has been put on hold. That was about the role."),
    "closed": later("The %(role)s role has been closed. That was about the role."),
}


class NothingToTell(Conflict):
    """There is no decision yet that a call could tell."""

    code = "nothing_to_tell"


class Manner(enum.StrEnum):
    """Whether a step is spoken, asked, or done without a word."""

    SAY = "say"
    ASK = "ask"
    DO = "do"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the call; ``when`` says that it is only for that case."""

    manner: Manner
    text: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScript:
    """A script with whose it is; ``notice`` is the version whose points it tells, None when nothing was written.

    What is spoken is in ``language`` (BCP 47 tag), that of the notice; what is to be done, in the member's.
    """

    case: Case
    language: str
    notice: Notice | None
    steps: Sequence[Step]
    voicemail: str
    gives_reasons: bool


def read(firm_id: uuid.UUID, application_id: uuid.UUID, caller: str) -> CallScript:
    """Return the script for the decision of an application, from its notice if there is one; ``caller`` is a name.

    Raises ``NotFound``, ``Erased``, or ``NothingToTell`` while nothing is decided that a notice would tell.
    """
    with reading(firm_id) as session:
        case = get_case(session, firm_id, application_id)
        candidates.get_present(session, firm_id, case.application.candidate_id)
        notice, said, feedback = _content(session, case)
        mailed = notice is not None and notice.message_id is not None
        with catalogues.writing_to(said["written_in"]) as reader:
            return CallScript(
                case=case,
                language=reader.words,
                notice=notice,
                steps=list(_steps(said, feedback, first_name(caller), mailed=mailed)),
                voicemail=_voicemail(said, first_name(caller), mailed=mailed),
                gives_reasons=said["policy"]["reasons_allowed"],
            )


def _content(session: Session, case: Case) -> tuple[Notice | None, Mapping[str, Any], Feedback]:
    """Return what the call tells: the version that holds, the facts it was written from, and its points."""
    application = case.application
    told = queries.find_outcome(session, case.firm.id, application.id, application.round)
    if told is not None:
        current = versions.current(session, case.firm.id, told)
        return current.notice, _today(case, told), current.feedback
    kind = _KINDS.get(application.decision) if application.decision else None
    if kind is None:
        raise NothingToTell("There is no decision to tell. Record it on the application first.")
    language = catalogues.reader(case.language).words
    reason = sentence_for(application.outcome_code, language) if case.ruling.gives_reasons else ""
    words = Words(kind=kind, reason=reason, outcome_code=application.outcome_code, feedback=Feedback())
    return None, facts.freeze(case, words, clock.now(), language), Feedback()


def _today(case: Case, told: Notice) -> Mapping[str, Any]:
    """Return what a notice says: as it was sent, else as far as policy allows by now."""
    policy = told.data["policy"]
    allowed = policy["reasons_allowed"] and (told.state is NoticeState.SENT or case.ruling.gives_reasons)
    return told.data | {"policy": policy | {"reasons_allowed": allowed}}


def _steps(said: Mapping[str, Any], feedback: Feedback, caller: str, *, mailed: bool) -> Iterator[Step]:
    hello = gettext("Hi %(person)s, it is %(caller)s from %(firm)s. Is now still a good time?")
    person = said["candidate"]["first_name"]
    yield Step(Manner.SAY, hello % {"person": person, "caller": caller, "firm": said["firm"]["name"]})
    yield Step(Manner.SAY, f"{gettext('I have the decision.')} {_decision(said)}")
    yield Step(Manner.DO, "Stop. Wait.")
    yield from _why(said, feedback)
    yield Step(Manner.ASK, gettext("Do you have a question for me?"))
    yield from _end(said, mailed=mailed)


def _decision(said: Mapping[str, Any]) -> str:
    role = {"role": said["job"]["title"]}
    if said["kind"] == NoticeKind.ROLE_CLOSED:
        closed = _CLOSED[said["role"]["status"]]
        return gettext(closed) % role
    return gettext("We will not be taking your application for %(role)s further.") % role


def _why(said: Mapping[str, Any], feedback: Feedback) -> Iterator[Step]:
    if not said["policy"]["reasons_allowed"]:
        text = gettext("I cannot go into reasons. That is the same for every application of this kind.")
        yield Step(Manner.SAY, text, when="If they ask why")
        yield Step(Manner.DO, "Give no reasons, also not in other words.")
        return
    reason = said["decision"]["reason_text"]
    if not (reason or feedback.strengths or feedback.gaps):
        return
    yield Step(Manner.ASK, gettext("Would you like to talk about it now, another day, or in writing first?"))
    if reason:
        yield Step(Manner.SAY, reason)
    for point in feedback.strengths:
        well = gettext("One thing that went well was this: %(point)s.") % {"point": _named(point)}
        yield Step(Manner.SAY, _joined(well, point.text, point.effect))
    for point in feedback.gaps:
        yield from _gap(point)


def _gap(point: Point) -> Iterator[Step]:
    need = {"need": point.need.rstrip(".")}
    needs = gettext("The role needs this: %(need)s.") % need if point.need else ""
    begins = gettext("Now %(point)s.") % {"point": _named(point)}
    yield Step(Manner.SAY, _joined(begins, needs, point.text, point.effect))
    aim = point.aim or gettext("What were you aiming for there?")
    yield Step(Manner.ASK, f"{aim} {gettext('Is there a part we did not see?')}")
    yield Step(Manner.DO, "Listen. Write it down in their words. Do not argue.")
    if point.suggestion:
        yield Step(Manner.SAY, gettext("One thing to try: %(suggestion)s") % {"suggestion": point.suggestion})


def _named(point: Point) -> str:
    return f"{point.criterion}, {point.moment}" if point.moment else point.criterion


def _end(said: Mapping[str, Any], *, mailed: bool) -> Iterator[Step]:
    if not mailed:
        address = {"address": said["recruiter"]["email"]}
        yield Step(Manner.SAY, gettext("You can write to %(address)s. We read every mail.") % address)
        return
    is_whole = said["policy"]["feedback_mode"] == FeedbackMode.FULL
    written = gettext("Your page has all of this.") if is_whole else gettext("Your page has the decision.")
    answered = gettext("You can write to us there, or answer the email it came with.")
    yield Step(Manner.SAY, f"{written} {answered}")
    if said["pool"]["offer"]:
        text = gettext("You can choose to join our talent pool. The choice is on your page.")
        yield Step(Manner.SAY, text, when="Only if they ask about other roles")


def _voicemail(said: Mapping[str, Any], caller: str, *, mailed: bool) -> str:
    names = {"caller": caller, "firm": said["firm"]["name"]}
    mail = gettext("I have sent you an email.") if mailed else ""
    call = gettext("Call me if you would like to talk.")
    return _joined(gettext("It is %(caller)s from %(firm)s.") % names, mail, call)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
