"""The sample firm, and the address of every page that it has."""

import contextlib
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import service as accounts
from recruiter.applications.models import Application
from recruiter.audit.service import SYSTEM
from recruiter.candidates.models import Candidate
from recruiter.db.engine import db
from recruiter.db.session import reading
from recruiter.demo import service
from recruiter.demo.service import PRIYA, Sample
from recruiter.jobs.models import Job
from recruiter.notices import links
from recruiter.notices.models import FeedbackPage, Notice
from recruiter.portal.models import Response, ResponseKind
from recruiter.tables import metadata
from recruiter.talent_pool import links as pool_links
from recruiter.talent_pool.models import Membership
from recruiter.texts.models import TemplateVersion, VersionState
from recruiter.webhooks import deliveries
from recruiter.webhooks import service as webhooks
from recruiter.webhooks.deliveries import Ping
from recruiter.webhooks.service import AddEndpoint
from tests import people, walk

# Not looked at as a page: they redirect, answer a file, or want more in their address.
NO_PAGE = {
    "/",
    "/notices/new",
    "/settings/",
    "/settings/policies/change",
    "/templates/<uuid:template_id>/versions/<uuid:version_id>/publish",
    "/today/next",
    "/pool/<uuid:membership_id>/invite",
    "/applications/<uuid:application_id>/call",
    "/notices/<uuid:notice_id>/read",
    "/imports/<uuid:run_id>/rows-to-mend.csv",
}
# The pages of somebody who has not signed in.
PUBLIC = ("/login", "/reset-password")


# What was made once, when, by SQLite's file: making it anew takes seconds of processor time.
_kept: dict[str, tuple[Sample, datetime, sqlite3.Connection]] = {}
FRESH = timedelta(minutes=4)  # one of its notices leaves after eight


@contextmanager
def made(application: Flask, empty: Callable[[], None]) -> Iterator[Sample]:
    """Make the sample firm, and empty the database after the block."""
    with application.app_context():
        sample = _put_back() or _make()
    try:
        yield sample
    finally:
        empty()


def _make() -> Sample:
    sample = service.make(hash_password)
    _listen(sample.firm_id)
    if file := db.engine.url.database if db.engine.dialect.name == "sqlite" else None:
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        with contextlib.closing(sqlite3.connect(file)) as source:
            source.backup(copy)
        _kept[file] = sample, clock.now(), copy
    return sample


def _put_back() -> Sample | None:
    """Fill the empty database with what was made just before, if anything was."""
    file = db.engine.url.database
    if file not in _kept:
        return None
    sample, made_at, copy = _kept[file]
    if clock.now() - made_at > FRESH:
        copy.close()
        del _kept[file]
        return None
    with contextlib.closing(sqlite3.connect(file)) as target:
        copy.backup(target)
    return sample


def browser(application: Flask, sample: Sample) -> FlaskClient:
    """A client with the session of the sample firm's recruiter."""
    with application.app_context():
        members = accounts.list_members(sample.firm_id)
    return people.browser(application, next(member for member in members if member.email == PRIYA))


def addresses(application: Flask, sample: Sample) -> list[str]:
    """Every page of the product with rows of the sample firm, and the states of the pages that have several."""
    with application.app_context(), reading(sample.firm_id) as session:
        row = _rows(session, sample)
        found = [
            step.path(row)
            for step in walk.steps(application)
            if step.guard == "member" and step.is_safe and step.rule.rule not in NO_PAGE
        ]
        return [*found, *_states(session)]


def letters(application: Flask, sample: Sample) -> list[str]:
    """The candidates' pages: one that nobody answered, one with answers, one whose link no longer works."""
    with application.app_context(), reading(sample.firm_id) as session:
        found = [_letter(session, name) for name in ("Clara Jensen", "Joana Pires", "Olga Brandt")]
        pool = session.scalars(sa.select(Membership.id).where(Membership.left_at.is_(None))).first()
        return [*found, f"/p/{pool_links.token(pool)}"]


def _listen(firm_id: uuid.UUID) -> None:
    """Let an ATS be told of what happens, and be sent a test."""
    url = "https://ats.example.com/sample"
    endpoint = webhooks.add(AddEndpoint(firm_id=firm_id, actor=SYSTEM, url=url, events=["notice.sent"]))
    deliveries.ping(Ping(firm_id=firm_id, actor=SYSTEM, endpoint_id=endpoint.id))


def _states(session: Session) -> list[str]:
    def of(name: str) -> str:
        found = sa.select(Notice.id).join(Candidate, Candidate.id == Notice.candidate_id).where(Candidate.name == name)
        return f"/notices/{session.scalars(found).first()}"

    person = sa.select(Application.id).join(Candidate, Candidate.id == Application.candidate_id)
    late = session.scalars(person.where(Candidate.name == "Tomás Okafor")).one()
    undecided = session.scalars(person.where(Candidate.name == "Hannah Fischer")).one()
    response = session.scalars(sa.select(Response.id).where(Response.kind == ResponseKind.POINT)).first()
    joana = session.scalars(
        sa.select(Membership.id)
        .join(Candidate, Candidate.id == Membership.candidate_id)
        .where(Candidate.name == "Joana Pires", Membership.left_at.is_(None))
    ).one()
    told = session.scalars(person.where(Candidate.name == "Clara Jensen")).one()
    draft = session.scalars(sa.select(Notice.id).where(Notice.asked_at.is_not(None))).one()
    words = session.scalars(sa.select(TemplateVersion).where(TemplateVersion.state == VersionState.DRAFT)).one()
    role = session.scalars(sa.select(Job.id).where(Job.title == "Streaming Engineer")).one()
    return [
        *(of(name) for name in ("Maya Ferreira", "Inês Prado", "Olga Brandt", "Aisha Rahman")),
        f"/notices/new?application={late}",
        f"/notices/{draft}/read",
        f"/applications/{told}/call",
        f"/notices/new?application={undecided}&kind=update",
        f"/today?item=response-{response}",
        "/today?split=snoozed",
        "/candidates?q=nobody",
        "/settings/policies?place=CA-ON",
        "/settings/policies/change?place=DE&name=feedback_mode",
        "/settings/policies/change?place=US-CA&name=file",
        "/outbox?tab=sent",
        "/outbox?tab=problems",
        f"/pool?job_id={role}",
        f"/pool/{joana}/invite?job_id={role}",
        f"/templates/{words.template_id}?as=little",
        f"/templates/{words.template_id}/versions/{words.id}/publish",
    ]


def _letter(session: Session, name: str) -> str:
    page = session.scalars(
        sa.select(FeedbackPage)
        .join(Notice, Notice.id == FeedbackPage.notice_id)
        .join(Candidate, Candidate.id == Notice.candidate_id)
        .where(Candidate.name == name)
    ).one()
    return f"/f/{links.token(page.id, page.version)}"


def _rows(session: Session, sample: Sample) -> Callable[[str], str]:
    """The id of the newest row of a table, or nothing."""

    def row(name: str) -> str:
        table = metadata.tables[name]
        newest = sa.select(table.c.id).where(table.c.firm_id == sample.firm_id).order_by(table.c.created_at.desc())
        if name == "template_versions":  # named beside its template
            newest = newest.where(table.c.template_id == uuid.UUID(row("templates")))
        return str(session.scalars(newest.limit(1)).one())

    return row
