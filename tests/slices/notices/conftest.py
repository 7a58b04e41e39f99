"""Maya Ferreira at Acme: interviewed for a job, waiting to hear; and how to let what is due leave."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.config import Settings
from recruiter.db.base import FirmRow
from recruiter.db.session import reading, transaction
from recruiter.jobs.models import Client, Job
from recruiter.outbox.worker import Post
from recruiter.texts import service as texts
from tests import build, mail
from tests.people import Person
from tests.smtp_sink import SmtpSink

STRENGTH = {
    "criterion": "Data modelling",
    "moment": "the exercise",
    "text": "Your redesign cut the nightly job from 40 to 6 minutes.",
    "effect": "We could see what you traded away.",
}
GAP = {
    "criterion": "Streaming pipelines",
    "moment": "the second call",
    "text": "The examples you gave were batch jobs.",
    "effect": "We could not see how you would handle late events.",
    "requirement": "Works with late and repeated events",
    "suggestion": "A small project with windowing and replay.",
}


@dataclass(frozen=True)
class Case:
    """One person's application with what surrounds it."""

    firm: Firm
    candidate: Candidate
    job: Job
    application: Application

    def body(self, **changes: object) -> dict[str, object]:
        """A whole notice that nothing speaks against, ready to leave at once."""
        return {
            "application_id": str(self.application.id),
            "kind": "rejection",
            "outcome_code": "CLO-OTHER",
            "reason": "The person chosen matched two needs of this role more closely.",
            "feedback": {"strengths": [STRENGTH], "gaps": [GAP]},
            "hold_minutes": 0,
            "timing": "now",
        } | changes


@pytest.fixture
def maya(app: Flask, acme: Firm, alice: Person) -> Case:
    return case(app, acme)


def case(app: Flask, firm: Firm, **application: object) -> Case:
    with app.app_context():
        seed(firm)
        client = Client(firm_id=firm.id, name="Lumen Grid", name_folded="lumen grid", updated_at=clock.now())
        job = build.job(firm, requirements=("Works with late and repeated events", "Leads on-call"), client=client)
        candidate = build.candidate(firm, time_zone="Europe/Lisbon", external_id=None)
        interviewed = dt.datetime(2025, 11, 13, 14, tzinfo=dt.UTC)
        found = build.application(firm, candidate, job, last_interview_at=interviewed, **application)
    return Case(firm, candidate, job, found)


def seed(firm: Firm) -> None:
    with transaction(firm.id) as session:
        texts.seed_firm(session, firm.id)


@pytest.fixture
def post(app: Flask, settings: Settings, smtp_sink: SmtpSink) -> Iterator[Post]:
    with mail.posting(app, settings, smtp_sink.url, mail_timeout=1.0) as post:
        yield post


@pytest.fixture
def deliver(app: Flask, post: Post) -> Callable[[], None]:
    """Let everything leave that is due now."""
    return lambda: mail.deliver(app, post)


@pytest.fixture
def change(app: Flask) -> Callable[..., None]:
    """Change columns of one row behind the product's back."""

    def change(row: FirmRow, **values: object) -> None:
        table = type(row)
        with app.app_context(), transaction(row.firm_id) as session:
            session.execute(sa.update(table).where(table.firm_id == row.firm_id, table.id == row.id).values(**values))

    return change


@pytest.fixture
def look(app: Flask) -> Callable[..., FirmRow]:
    """Read one row as it is now."""

    def look(table: type[FirmRow], firm: Firm, *conditions: sa.ColumnElement[bool]) -> FirmRow:
        with app.app_context(), reading(firm.id) as session:
            return session.scalars(sa.select(table).where(table.firm_id == firm.id, *conditions)).one()

    return look
