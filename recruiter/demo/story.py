"""What can happen to a person of the sample firm: each verb goes through the services, at a moment of the past."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from recruiter import clock
from recruiter.accounts.models import Firm, Member
from recruiter.accounts.service import themself
from recruiter.applications import service as applications
from recruiter.applications.models import Application, DecidedBy, Decision, Stage
from recruiter.applications.outcomes import OUTCOMES
from recruiter.applications.service import AddApplication, ChangeApplication, Decide, Facts, Verdict
from recruiter.candidates import service as candidates
from recruiter.candidates.service import AddCandidate
from recruiter.db.session import reading
from recruiter.demo.carrier import Carrier
from recruiter.demo.cast import Person
from recruiter.demo.days import Days
from recruiter.jobs.models import Job
from recruiter.notices import links
from recruiter.notices import queries as notice_rows
from recruiter.notices import service as notices
from recruiter.notices.composition import Content
from recruiter.notices.models import Notice, NoticeKind
from recruiter.notices.service import QueueNotice
from recruiter.notices.timing import NOW, Timing
from recruiter.outbox.transports.base import Line

HOLD = dt.timedelta(minutes=10)
EARLIER = dt.timedelta(days=9)  # so long before a later stage they applied
INTERVIEWED = frozenset({Stage.SCREENING, Stage.CLIENT_INTERVIEW, Stage.FINAL, Stage.OFFER})
SAMS = frozenset({"site", "warehouse", "toronto"})
AT_ONCE = Timing(mode=NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The firm that is being made; ``applications`` are kept by the person's name."""

    firm: Firm
    priya: Member
    sam: Member
    jobs: Mapping[str, Job]
    days: Days
    carrier: Carrier
    applications: dict[str, Application] = field(default_factory=dict)

    def owner(self, person: Person) -> Member:
        """Return who looks after a person: Sam for the roles outdoors and abroad, Priya for the others."""
        return self.sam if person.role in SAMS else self.priya

    def reach(self, person: Person, since: dt.datetime, promised_on: dt.date | None = None) -> Application:
        """Let a person apply and reach their stage at this moment; the stage sets the promise unless one is given."""
        firm_id, actor = self.firm.id, themself(self.owner(person))
        is_later = person.stage is not Stage.APPLICATION
        with clock.standing_at(since - EARLIER if is_later else since):
            who = candidates.Person(
                name=person.name,
                emails=(person.email,),
                time_zone=person.time_zone,
                language="en",
                country=person.country,
                location=person.place,
                skills=person.skills,
            )
            candidate, _ = candidates.add(AddCandidate(firm_id=firm_id, actor=actor, person=who))
            facts = Facts(stage=Stage.APPLICATION, owner=self.owner(person).email, promised_on=promised_on)
            command = AddApplication(
                firm_id=firm_id,
                actor=actor,
                candidate_id=candidate.id,
                job_id=self.jobs[person.role].id,
                facts=facts,
            )
            application, _ = applications.add(command)
        if is_later:
            application = self._move(application, person, since)
        self.applications[person.name] = application
        return application

    def decide(self, person: Person, at: dt.datetime, decision: Decision, by: DecidedBy = DecidedBy.CLIENT) -> None:
        """Record a decision about a person."""
        verdict = Verdict(decision=decision, outcome_code=person.code, decided_by=by)
        with clock.standing_at(at):
            applications.record_decision(
                Decide(
                    firm_id=self.firm.id,
                    actor=themself(self.owner(person)),
                    application_id=self.applications[person.name].id,
                    verdict=verdict,
                )
            )

    def write(self, person: Person, at: dt.datetime, timing: Timing = AT_ONCE) -> Notice:
        """Queue the notice that tells a person the outcome."""
        closes = person.code is not None and OUTCOMES[person.code].closes_role
        content = Content(
            application_id=self.applications[person.name].id,
            kind=NoticeKind.ROLE_CLOSED if closes else NoticeKind.REJECTION,
            outcome_code=person.code,
            feedback=person.feedback,
        )
        with clock.standing_at(at):
            actor = themself(self.owner(person))
            command = QueueNotice(firm_id=self.firm.id, actor=actor, content=content, timing=timing)
            return notices.queue(command).notice

    def tell(self, person: Person, at: dt.datetime, line: Line | None = None) -> Notice:
        """Queue the notice and let it leave when its hold has ended."""
        notice = self.write(person, at)
        self.deliver(at + HOLD, line)
        return notice

    def deliver(self, at: dt.datetime, line: Line | None = None) -> None:
        """Let what is due at this moment leave."""
        with clock.standing_at(at):
            self.carrier.deliver(self.firm.id, line)

    def link(self, notice: Notice) -> str:
        """Return the token of a notice's page."""
        with reading(self.firm.id) as session:
            page = notice_rows.get_page(session, self.firm.id, notice.id)
        return links.token(page.id, page.version)

    def _move(self, application: Application, person: Person, since: dt.datetime) -> Application:
        interviewed = since if person.stage in INTERVIEWED else None
        facts = replace(applications.facts_of(application), stage=person.stage, last_interview_at=interviewed)
        with clock.standing_at(since):
            command = ChangeApplication(
                firm_id=self.firm.id,
                actor=themself(self.owner(person)),
                application_id=application.id,
                facts=facts,
            )
            return applications.change(command)
