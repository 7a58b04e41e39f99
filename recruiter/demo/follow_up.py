"""What the people of the sample firm answered, the calls with them, what is to be done next, and who asks for it."""

import datetime as dt
import uuid
from dataclasses import replace

from recruiter import clock
from recruiter.accounts.service import themself
from recruiter.applications.models import Decision
from recruiter.contacts import queries as contact_rows
from recruiter.contacts import service as contacts
from recruiter.contacts.models import ContactKind, Direction, Outcome
from recruiter.contacts.service import LogContact
from recruiter.db.keyset import Window
from recruiter.db.session import reading
from recruiter.demo import cast
from recruiter.demo.story import AT_ONCE, HOLD, Story
from recruiter.desk import service as desk
from recruiter.desk.models import ItemKind
from recruiter.desk.service import PutAway
from recruiter.feedback import points
from recruiter.feedback.models import PointKind
from recruiter.notices import second_reading
from recruiter.notices import service as notices
from recruiter.notices.composition import Content
from recruiter.notices.drafts import SaveDraft
from recruiter.notices.models import Notice, NoticeKind
from recruiter.notices.service import QueueNotice
from recruiter.notices.timing import Timing
from recruiter.policies import jurisdictions
from recruiter.policies import service as policies
from recruiter.policies.service import ChangePolicy
from recruiter.policies.values import PolicyName, Reader, Span
from recruiter.portal import answers
from recruiter.portal import service as portal
from recruiter.portal.answers import GiveAnswer
from recruiter.portal.models import ResponseKind
from recruiter.portal.service import Say
from recruiter.talent_pool import invitations
from recruiter.talent_pool import queries as pool_rows
from recruiter.talent_pool import service as talent_pool
from recruiter.talent_pool.invitations import Invite
from recruiter.talent_pool.models import Basis
from recruiter.talent_pool.service import PURPOSE, Join

SHORT_YES = 3  # months
RIGHT = "You led one incident from the first alert to the review. The role leads two in a usual month."


def replies(story: Story, told: dict[str, Notice]) -> None:
    """Let four people answer: about a point, against a point, for a call, and with thanks and a yes to the pool."""
    links = {name: story.link(notice) for name, notice in told.items()}
    _say(
        story.days.ago(hours=21),
        Say(
            token=links["Aisha Rahman"],
            kind=ResponseKind.POINT,
            point_id=_gap(story, told["Aisha Rahman"]),
            text="Thank you for being specific. Could you say more about the stakeholder exercise? I thought the plan "
            "I showed was what the brief asked for.",
        ),
    )
    _say(
        story.days.ago(hours=18),
        Say(
            token=links["Jonas Weber"],
            kind=ResponseKind.POINT,
            point_id=_gap(story, told["Jonas Weber"]),
            text="I did lead the migration. It is on page two of my CV.",
            disagrees=True,
        ),
    )
    text = "I would like to go through the site plan with somebody. Mornings are best, Lisbon time."
    _say(story.days.ago(hours=6), Say(token=links["Sofia Duarte"], kind=ResponseKind.CALL, text=text))
    _say(story.days.ago(hours=2), Say(token=links["Lin Chen"], kind=ResponseKind.THANKS))
    for name, hours in (("Aisha Rahman", 22), ("Lin Chen", 1)):
        with clock.standing_at(story.days.ago(hours=hours)):
            portal.choose_pool(links[name], keep=True)


def answered(story: Story, told: dict[str, Notice]) -> None:
    """Let one earlier question have its answer."""
    notice = told["Joana Pires"]
    assert notice.leaves_at is not None  # noqa: S101 - it was queued
    asked = notice.leaves_at + dt.timedelta(hours=20)
    question = "Is there a course that the team itself would recommend for Terraform?"
    with clock.standing_at(asked):
        response = portal.say(Say(token=story.link(notice), kind=ResponseKind.QUESTION, text=question))
    with clock.standing_at(asked + dt.timedelta(hours=3)):
        text = "They began with the tutorials of the tool itself, then moved one real alert. I can send you that one."
        answers.give(GiveAnswer(firm_id=story.firm.id, actor=themself(story.priya), response_id=response.id, text=text))
        story.carrier.deliver(story.firm.id)


def corrected(story: Story, told: dict[str, Notice]) -> None:
    """Let one letter have said something wrong, which was put right the day after."""
    notice = told["Rui Tavares"]
    assert notice.leaves_at is not None  # noqa: S101 - it was queued
    said = cast.letters()["rui"]
    (wrong,) = said.gaps
    content = Content(
        application_id=notice.application_id,
        kind=NoticeKind.CORRECTION,
        reason="We wrote that you were at the review of the incident. You led it, and the notes say so.",
        feedback=replace(said, gaps=(replace(wrong, text=RIGHT),)),
        corrects_id=notice.id,
    )
    at = notice.leaves_at + dt.timedelta(hours=23)
    with clock.standing_at(at):
        actor = themself(story.priya)
        notices.queue(QueueNotice(firm_id=story.firm.id, actor=actor, content=content, timing=AT_ONCE))
    story.deliver(at + HOLD)


def pool(story: Story) -> None:
    """Let people be in the pool since a call; their yes ends within two weeks."""
    for person in cast.people("earlier"):
        if person.ends:
            starts = Span(months=SHORT_YES).before(story.days.today + dt.timedelta(days=person.ends))
            began = dt.datetime.combine(starts, dt.time(15), dt.UTC)
            with clock.standing_at(began):
                talent_pool.join(
                    Join(
                        firm_id=story.firm.id,
                        actor=themself(story.priya),
                        candidate_id=story.applications[person.name].candidate_id,
                        basis=Basis.CONSENT,
                        purpose=PURPOSE,
                        months=SHORT_YES,
                        evidence={"how": "said yes on the phone", "at": began.isoformat()},
                    )
                )


def invited(story: Story) -> None:
    """Ask one person of the pool about the new role."""
    at = story.days.at(1, 9, 30)
    with clock.standing_at(at), reading(story.firm.id) as session:
        sara = story.applications["Sara Lindqvist"].candidate_id
        membership = pool_rows.find_current(session, story.firm.id, sara, story.days.today)
    assert membership is not None  # noqa: S101 - she said yes on her page
    with clock.standing_at(at):
        command = Invite(
            firm_id=story.firm.id,
            actor=themself(story.priya),
            membership_id=membership.id,
            job_id=story.jobs["streaming"].id,
            text="The team works with Terraform every week, which is what stood out in your interview.",
        )
        leaves_at = invitations.invite(command).leaves_at
    story.deliver(leaves_at)


def abroad(story: Story) -> None:
    """Let a law count the days for one person, and the letter to another wait for a second reader."""
    days, (waits, told) = story.days, cast.people("ontario")
    story.reach(waits, days.at(waits.days, 11), days.today + dt.timedelta(days=10))
    story.reach(told, days.at(told.days, 11), days.today + dt.timedelta(days=7))
    story.decide(told, days.at(1, 16), Decision.NOT_SELECTED)
    job = story.jobs[told.role]
    with clock.standing_at(days.at(12, 10)):
        policies.change(
            ChangePolicy(
                firm_id=story.firm.id,
                actor=themself(story.priya),
                jurisdiction=jurisdictions.find(job.place),
                client_id=job.client_id,
                name=PolicyName.READER,
                value=Reader.SECOND,
                reason="The client asks that two of us read what leaves.",
            )
        )
    content = Content(
        application_id=story.applications[told.name].id,
        kind=NoticeKind.REJECTION,
        outcome_code=told.code,
        feedback=told.feedback,
    )
    with clock.standing_at(days.ago(minutes=35)):
        actor = themself(story.sam)
        second_reading.ask(SaveDraft(firm_id=story.firm.id, actor=actor, content=content, timing=Timing()))


def contacts_and_reminders(story: Story) -> None:
    """Log calls and mails with their next steps: two are due, one is later, one was put away until Monday."""
    days, spoke = story.days, (ContactKind.CALL, Direction.OUTBOUND, Outcome.SPOKE)
    today, yesterday, later = days.today, days.today - dt.timedelta(days=1), days.today + dt.timedelta(days=21)
    wrote = (ContactKind.MAIL, Direction.INBOUND, Outcome.SENT)
    message = (ContactKind.CALL, Direction.OUTBOUND, Outcome.LEFT_MESSAGE)
    missed = (ContactKind.CALL, Direction.OUTBOUND, Outcome.NO_ANSWER)
    met = (ContactKind.MEETING, Direction.OUTBOUND, Outcome.SPOKE)
    for name, at, how, note, remind_on in (
        ("Ravi Patel", days.at(19, 12), missed, "", None),
        ("Wei Zhang", days.at(16, 9, 30), met, "Coffee at the data meetup. Likes the new team.", None),
        ("Joana Pires", days.at(12, 9, 40), wrote, "Thanks for the example. I am free from spring.", None),
        ("Joana Pires", days.at(11, 11, 30), spoke, "Ask her about the streaming role before the others.", yesterday),
        ("Nadia Kowalski", days.at(10, 17, 10), spoke, "Ask whether the SAP course is done.", today),
        ("Miguel Antunes", days.at(9, 8, 50), spoke, "Wants to hear about sites with several floors.", yesterday),
        ("Vikram Desai", days.at(8, 16), message, "Call again about the Python project.", later),
        (
            "Maya Ferreira",
            days.at(5, 17, 5),
            spoke,
            "Went through the panel day with her. She asked about the rota.",
            None,
        ),
        ("Elena Petrova", days.at(1, 9, 15), spoke, "Has the contract, wants to read it until Friday.", None),
    ):
        _log(story, name, at, how, note, remind_on)
    _snooze(story, "Miguel Antunes")


def _log(
    story: Story,
    name: str,
    at: dt.datetime,
    how: tuple[ContactKind, Direction, Outcome],
    note: str,
    remind_on: dt.date | None,
) -> None:
    kind, direction, outcome = how
    with clock.standing_at(at):
        contacts.log(
            LogContact(
                firm_id=story.firm.id,
                actor=themself(story.priya),
                candidate_id=story.applications[name].candidate_id,
                kind=kind,
                direction=direction,
                outcome=outcome,
                happened_at=at,
                note=note,
                remind_on=remind_on,
            )
        )


def _snooze(story: Story, name: str) -> None:
    candidate_id = story.applications[name].candidate_id
    with reading(story.firm.id) as session:
        (reminder,) = contact_rows.reminders(session, story.firm.id, Window(), candidate_id=candidate_id).items
    desk.put_away(
        PutAway(
            firm_id=story.firm.id,
            actor=themself(story.priya),
            kind=ItemKind.REMINDER,
            subject_id=reminder.id,
            until="monday",
        )
    )


def _say(at: dt.datetime, what: Say) -> None:
    with clock.standing_at(at):
        portal.say(what)


def _gap(story: Story, notice: Notice) -> uuid.UUID:
    with reading(story.firm.id) as session:
        return next(
            point.id for point in points.of_notice(session, story.firm.id, notice.id) if point.kind is PointKind.GAP
        )
