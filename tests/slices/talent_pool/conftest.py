"""People who joined through the front door, a role to fill, and notices that told people what was seen."""

import dataclasses
import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.db.session import reading, transaction
from recruiter.outbox import suppressions
from recruiter.outbox.suppressions import Suppress
from recruiter.talent_pool.models import Membership, PoolInvitation
from recruiter.texts import service as texts
from tests import build, mail
from tests.maya import GAP, STRENGTH

EVIDENCE = {"how": "asked on the telephone", "at": "2025-11-03T10:00:00+00:00", "text_version": "3"}


@dataclasses.dataclass
class Pool:
    """What tests do with Acme's pool."""

    app: object
    person: object
    numbers: object

    def add(self, name="Maya Ferreira", **values):
        """Take a person in through the API, and return their id."""
        body = {"name": name, "email": f"pool{next(self.numbers)}@example.com", "skills": [], **values}
        response = self.person.api.post("/api/v1/candidates", json=body)
        assert response.status_code == 201, response.json
        return response.json["id"]

    def join(self, candidate_id, expected=201, headers=None, **values):
        """Keep the person's yes, and return the answer."""
        body = {
            "candidate_id": candidate_id,
            "basis": "consent",
            "purpose": "Data roles in Lisbon",
            "months": 12,
            "evidence": EVIDENCE,
        }
        response = self.person.api.post("/api/v1/talent-pool", json=body | values, headers=headers)
        assert response.status_code == expected, response.json
        return response.json

    def member(self, name="Maya Ferreira", months=12, **values):
        """A person who is in the pool, and the id of their membership."""
        candidate_id = self.add(name, **values)
        return candidate_id, self.join(candidate_id, months=months)["id"]

    def list(self, **query):
        """Read the list."""
        response = self.person.api.get("/api/v1/talent-pool", query_string=query)
        assert response.status_code == 200, response.json
        return response.json

    def ids(self, **query):
        """Read the ids of the people in the list, in its order."""
        return [item["candidate_id"] for item in self.list(**query)["items"]]

    def job(self, *requirements, **values):
        """A role to fill."""
        with self.app.app_context():
            return build.job(self.person.firm, "Streaming Engineer", requirements, **values)

    def change(self, table, row_id, **values):
        """Change columns of one row behind the product's back."""
        with self.app.app_context(), transaction(self.person.firm.id) as session:
            session.execute(sa.update(table).where(table.id == uuid.UUID(row_id)).values(**values))

    def rows(self, table, *conditions):
        """Read the firm's rows of a table, the oldest first."""
        with self.app.app_context(), reading(self.person.firm.id) as session:
            return session.scalars(sa.select(table).where(*conditions).order_by(table.created_at, table.id)).all()

    def suppress(self, candidate_id):
        """Let the person's address get nothing any more."""
        firm_id = self.person.firm.id
        with self.app.app_context(), transaction(firm_id) as session:
            address = session.get_one(Candidate, uuid.UUID(candidate_id)).email
            suppressions.suppress(session, firm_id, Suppress(address=address, reason="asked"))

    def last_day(self, membership_id, day):
        """Let a membership end on this day."""
        self.change(Membership, membership_id, starts_on=day - dt.timedelta(days=300), ends_on=day)

    def last_contact(self, candidate_id, at):
        self.change(Candidate, candidate_id, last_contact_at=at)

    def applied(self, candidate_id, job_id, stage="final", since=None):
        """Let a person be, or have been, a candidate for a job."""
        body = {"candidate_id": candidate_id, "job_id": job_id, "stage": stage}
        made = self.person.api.post("/api/v1/applications", json=body).json
        if since is not None:
            self.change(Application, made["id"], stage_since=since)
        return made["id"]

    def invitations(self):
        return self.rows(PoolInvitation)


@pytest.fixture
def pool(app, alice):
    with app.app_context(), transaction(alice.firm.id) as session:
        texts.seed_firm(session, alice.firm.id)
    return Pool(app, alice, iter(range(1000)))


@pytest.fixture
def deliver(app, settings, smtp_sink):
    """Let everything leave that is due, to a real relay, and return all mails that it took.

    With a worker of its own each time: one that sees the clock moved holds mail back.
    """

    def leave():
        with mail.posting(app, settings, smtp_sink.url, mail_timeout=1.0) as post:
            mail.deliver(app, post)
        return smtp_sink.messages

    return leave


@pytest.fixture
def tell(pool, deliver):
    """Send a person a notice with one strength and one gap about these criteria."""

    def send(candidate_id, strength="Teamwork", gap="Punctuality"):
        application_id = pool.applied(candidate_id, str(pool.job().id))
        body = {
            "application_id": application_id,
            "kind": "rejection",
            "outcome_code": "CLO-OTHER",
            "reason": "The person chosen matched two needs of this role more closely.",
            "feedback": {
                "strengths": [STRENGTH | {"criterion": strength}],
                "gaps": [GAP | {"criterion": gap, "requirement": ""}] if gap else [],
            },
            "hold_minutes": 0,
            "timing": "now",
        }
        response = pool.person.api.post("/api/v1/notices", json=body)
        assert response.status_code == 201, response.json
        deliver()

    return send


@pytest.fixture
def today():
    return clock.today("Europe/Lisbon")
