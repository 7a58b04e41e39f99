"""How the sixty people of the sample firm come to be where they are."""

import datetime as dt

from recruiter import clock
from recruiter.accounts import keys
from recruiter.accounts.keys import CreateKey
from recruiter.accounts.models import Scope
from recruiter.accounts.service import themself
from recruiter.applications import service as applications
from recruiter.applications.models import DecidedBy, Decision
from recruiter.applications.outcomes import OUTCOMES
from recruiter.applications.service import Decide, Verdict
from recruiter.db.session import reading
from recruiter.demo import cast
from recruiter.demo.carrier import Refusal
from recruiter.demo.cast import Person
from recruiter.demo.days import before, moment
from recruiter.demo.story import Story
from recruiter.imports import service as imports
from recruiter.imports.models import ImportKind
from recruiter.imports.service import CheckFile
from recruiter.jobs import service as jobs
from recruiter.jobs.service import CloseJob
from recruiter.notices import drafts
from recruiter.notices.composition import Content
from recruiter.notices.drafts import SaveDraft
from recruiter.notices.models import Notice, NoticeKind
from recruiter.notices.timing import Timing
from recruiter.policies import jurisdictions
from recruiter.policies import service as policies
from recruiter.policies.service import ChangePolicy
from recruiter.policies.values import PolicyName
from recruiter.portal import service as portal
from recruiter.resources import service as resources
from recruiter.resources.models import Cost, ResourceKind
from recruiter.resources.service import AddResource, Entry
from recruiter.scorecards import service as scorecards
from recruiter.scorecards.service import AddScorecard, Card, Note
from recruiter.texts import queries as texts
from recruiter.texts import service as templates
from recruiter.texts.models import TextKind
from recruiter.texts.queries import Want
from recruiter.texts.service import SaveDraft as SaveTemplate
from recruiter.texts.service import Words

MAYAS_REASON = "The person chosen matched two needs of this role more closely: streaming pipelines and leading on-call."

SAMS_THANKS = (
    "You gave a lot of time to this"
    '{% if interview.date %}, and met the team on {{ interview.date | date: "%A %-d %B" }}{% endif %}. Thank you.'
)

THEIR_WORDS = "Team preferred other profile"

FILE = """name,email,location,skills
Rosa Almeida,rosa.almeida@example.com,Porto,Excel;English
Piotr Wójcik,piotr.wojcik at example.com,Porto,SQL
,nobody@example.com,Braga,
Dagny Olsen,dagny.olsen@example.com,Braga,Python
"""


def late(story: Story) -> None:
    """Let sixteen people wait longer than was promised; one of them has a draft that needs a word mended."""
    days = story.days
    for person in cast.people("overdue"):
        promised = days.today - dt.timedelta(days=2) if person.late == 2 else before(days.today, 1)
        story.reach(person, days.at(6, 11), promised)
        story.decide(person, days.at(2, 10, 4), Decision.NOT_SELECTED)
        if person.name == "Maya Ferreira":
            _begin_draft(story, person)
    for number, person in enumerate(cast.people("filled")):
        story.reach(person, days.at(8, 9, 2 * number), before(days.today, 1))
    for person in cast.people("filled"):
        story.decide(person, days.at(3, 15), Decision.ROLE_CLOSED, DecidedBy.ROLE_CHANGE)
    for person in cast.people("undecided"):
        story.reach(person, days.at(6, 14), before(days.today, 1))


def under_way(story: Story) -> None:
    """Let people wait within their promise, take a job, or leave for another."""
    for person in cast.people("waiting"):
        story.reach(person, story.days.at(person.days, 12))
    for part, decision in (("hired", Decision.HIRED), ("withdrew", Decision.WITHDREW)):
        for person in cast.people(part):
            story.reach(person, story.days.at(person.days + 4, 10))
            by = DecidedBy.CANDIDATE if decision is Decision.WITHDREW else DecidedBy.CLIENT
            story.decide(person, story.days.at(person.days, 16), decision, by)
    (unmapped,) = cast.people("unmapped")
    story.reach(unmapped, story.days.at(unmapped.days, 12), story.days.today + dt.timedelta(days=7))
    with clock.standing_at(story.days.at(1, 16)):
        verdict = Verdict(decision=Decision.NOT_SELECTED, ats_reason=THEIR_WORDS, decided_by=DecidedBy.CLIENT)
        application_id, actor = story.applications[unmapped.name].id, themself(story.priya)
        applications.record_decision(
            Decide(firm_id=story.firm.id, actor=actor, application_id=application_id, verdict=verdict)
        )
    with clock.standing_at(story.days.at(3, 15, 5)):
        warehouse = story.jobs["warehouse"].id
        jobs.close(CloseJob(firm_id=story.firm.id, actor=themself(story.sam), job_id=warehouse, closed=True))


def told_earlier(story: Story) -> dict[str, Notice]:
    """Tell people in the months before; some said yes to the talent pool on their page, and rated what they read."""
    told = {}
    for person in cast.people("earlier"):
        on = before(story.days.month(person.months).replace(day=person.day), 0)
        notice = told[person.name] = _tell(story, person, moment(on, 10, 30))
        if person.pool:
            with clock.standing_at(moment(on, 19, 6)):
                portal.choose_pool(story.link(notice), keep=True)
                portal.rate(story.link(notice), 4 + len(told) % 2)
    return told


def told_this_month(story: Story) -> None:
    """Tell people in this month, so that it has a figure of its own."""
    recent = cast.people("recent")
    for number, person in enumerate(recent, start=1):
        wanted = story.days.at(person.days, 11)
        _tell(story, person, story.days.this_month(wanted, number / (len(recent) + 2)))


def told_and_heard_from(story: Story) -> dict[str, Notice]:
    """Tell the people who answer, two working days ago."""
    return {person.name: _tell(story, person, story.days.at(2, 14, 20)) for person in cast.people("replied")}


def on_the_way(story: Story) -> None:
    """Leave one notice that is refused, and two that wait: eight minutes, and until tomorrow."""
    for person in cast.people("refused"):
        story.reach(person, story.days.at(4, 15))
        story.decide(person, story.days.at(2, 9), Decision.NOT_SELECTED)
        story.tell(person, story.days.at(1, 10), Refusal())
    soon, later = cast.people("held")
    for person in (soon, later):
        story.reach(person, story.days.at(2, 16))
        story.decide(person, story.days.at(1, 17), Decision.NOT_SELECTED)
    story.write(later, story.days.ago(minutes=30), Timing(send_at=story.days.now + dt.timedelta(days=1)))
    story.write(soon, story.days.ago(minutes=2))


def agreed(story: Story) -> None:
    """Let the firm be quicker with applications than the policy of its country asks for."""
    with clock.standing_at(story.days.at(15, 16)):
        policies.change(
            ChangePolicy(
                firm_id=story.firm.id,
                actor=themself(story.priya),
                jurisdiction=jurisdictions.find(story.firm.place),
                name=PolicyName.NOTICE_APPLICATION,
                value="3",
                reason="People told us in spring that a week without a word is long.",
            )
        )


def systems(story: Story) -> None:
    """Let an ATS have a key, and a file wait that has rows to mend."""
    actor = themself(story.priya)
    with clock.standing_at(story.days.at(20, 10)):
        keys.create_key(
            CreateKey(firm_id=story.firm.id, name="Greenhouse", scopes=(Scope.READ, Scope.WRITE), actor=actor)
        )
    with clock.standing_at(story.days.at(1, 11, 20)):
        imports.check(
            CheckFile(
                firm_id=story.firm.id,
                actor=actor,
                kind=ImportKind.CANDIDATES,
                filename="career-fair-porto.csv",
                content=FILE.encode(),
            )
        )


def words_in_the_making(story: Story) -> None:
    """Let Sam write a kinder version of one text, which nobody has published yet."""
    with reading(story.firm.id) as session:
        live = texts.find_published(session, story.firm.id, TextKind.REJECTION, Want(slug="after-final"))
    assert live is not None, "every firm begins with it"  # noqa: S101
    words = Words(
        subject=live.subject,
        mail_body=live.mail_body.replace("You gave a lot of time to this. Thank you.", SAMS_THANKS),
        page_body=live.page_body,
        page_closing=live.page_closing,
    )
    actor = themself(story.sam)
    with clock.standing_at(story.days.ago(minutes=50)):
        templates.save_draft(
            SaveTemplate(firm_id=story.firm.id, actor=actor, template_id=live.template_id, words=words)
        )


def _tell(story: Story, person: Person, at: dt.datetime) -> Notice:
    """Let the person reach their stage so many working days before, and be told at this moment."""
    story.reach(person, moment(before(at.date(), person.waited), 9))
    closes = person.code is not None and OUTCOMES[person.code].closes_role
    decided = moment(before(at.date(), 1), 17, 30)
    story.decide(person, decided, Decision.ROLE_CLOSED if closes else Decision.NOT_SELECTED)
    return story.tell(person, at)


def _begin_draft(story: Story, person: Person) -> None:
    content = Content(
        application_id=story.applications[person.name].id,
        kind=NoticeKind.REJECTION,
        outcome_code=person.code,
        reason=MAYAS_REASON,
        feedback=cast.letters()["maya"],
    )
    with clock.standing_at(story.days.ago(minutes=11)):
        actor = themself(story.priya)
        drafts.save(SaveDraft(firm_id=story.firm.id, actor=actor, content=content, timing=Timing()))


def library(story: Story) -> None:
    """What the firm gives people to read; the addresses belong to nobody (RFC 2606) and are never looked at."""
    actor = themself(story.priya)
    entries = [
        Entry(
            title="Tell what you did, step by step",
            kind=ResourceKind.INTERVIEW_HELP,
            url="https://guides.example.org/tell-what-you-did",
            cost=Cost.FREE,
            language="en",
            minutes=12,
        ),
        Entry(
            title="Late and repeated events, a small project",
            kind=ResourceKind.PRACTICE,
            url="https://practice.example.org/events",
            cost=Cost.FREE,
            language="en",
            minutes=180,
        ),
    ]
    for entry in entries:
        resources.add(AddResource(firm_id=story.firm.id, actor=actor, entry=entry))


def interviews(story: Story) -> None:
    """What two people of the client's wrote down about Maya, who waits for her letter."""
    modelling = "Your star-schema redesign cut the nightly job from 40 to 6 minutes."
    streaming = "The examples you gave were batch jobs."
    cards = [
        Card(
            interviewer="Helena Brandão",
            interviewer_role="Head of data",
            moment="the exercise",
            notes=(
                Note(criterion="Data modelling", rating=4, text=modelling, is_shareable=True),
                Note(criterion="Spoken explanation", rating=3, text="Clear once the diagram was on the table."),
            ),
        ),
        Card(
            interviewer="Rui Falcão",
            interviewer_role="Platform lead",
            moment="the second call",
            notes=(
                Note(criterion="Streaming pipelines", rating=2, text=streaming, is_shareable=True),
                Note(criterion="Leading on-call"),
            ),
        ),
    ]
    application_id = story.applications["Maya Ferreira"].id
    actor = themself(story.priya)
    with clock.standing_at(story.days.at(5, 17)):
        for card in cards:
            command = AddScorecard(firm_id=story.firm.id, actor=actor, application_id=application_id, card=card)
            scorecards.add(command)
