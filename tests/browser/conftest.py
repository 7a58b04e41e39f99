"""The product on a port of this machine, a firm at work in it, and a mail server that takes what it sends."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_security.utils import hash_password

from recruiter import clock, config
from recruiter.accounts import service as accounts
from recruiter.accounts.models import Firm, Role
from recruiter.accounts.service import AddMember, CreateFirm, themself
from recruiter.applications import service as applications
from recruiter.applications.models import Decision, Stage
from recruiter.applications.service import AddApplication, Decide, Facts, Verdict
from recruiter.audit.service import SYSTEM
from recruiter.candidates import service as candidates
from recruiter.candidates.service import AddCandidate
from recruiter.config import Settings
from recruiter.jobs import service as jobs
from recruiter.jobs.service import AddJob, Need
from recruiter.jobs.service import Role as JobRole
from recruiter.texts import service as texts
from tests import chromium, mail
from tests.smtp_sink import SmtpSink

EMAIL, PASSWORD = "priya@harbour.example.com", "a long way to the harbour"


@pytest.fixture
def site(app: Flask, settings: Settings) -> Iterator[str]:
    """The address of the product, whose forms are guarded as they are outside of tests."""
    with chromium.serving(app) as address:
        config.use(dataclasses.replace(settings, base_url=address))
        app.config["WTF_CSRF_ENABLED"] = True
        yield address
        app.config["WTF_CSRF_ENABLED"] = False
        config.use(settings)


@pytest.fixture
def firm(app: Flask) -> Firm:
    """A firm whose candidate Maya should have heard two days ago."""
    with app.app_context():
        firm = accounts.create_firm(
            CreateFirm(name="Harbour & Pine", slug="harbour", time_zone="Europe/Lisbon", seeds=(texts.seed_firm,))
        )
        priya = accounts.add_member(
            AddMember(
                firm_id=firm.id,
                actor=SYSTEM,
                email=EMAIL,
                name="Priya Nair",
                role=Role.ADMIN,
                title="Recruiter",
                password_hash=hash_password(PASSWORD),
            )
        )
        ids = {"firm_id": firm.id, "actor": themself(priya)}
        role = JobRole(title="Data Engineer", client_name="Lumen Grid", needs=(Need("Leading on-call"), Need("SQL")))
        job, _ = jobs.add_job(AddJob(**ids, role=role))
        person = candidates.Person(name="Maya Ferreira", emails=("maya@example.com",), time_zone="Europe/Lisbon")
        maya, _ = candidates.add(AddCandidate(**ids, person=person))
        promised = clock.today("Europe/Lisbon") - dt.timedelta(days=2)
        facts = Facts(stage=Stage.FINAL, owner=EMAIL, promised_on=promised)
        application, _ = applications.add(AddApplication(**ids, candidate_id=maya.id, job_id=job.id, facts=facts))
        verdict = Verdict(decision=Decision.NOT_SELECTED, outcome_code="CLO-OTHER")
        applications.record_decision(Decide(**ids, application_id=application.id, verdict=verdict))
    return firm


@pytest.fixture
def deliver(app: Flask, settings: Settings, smtp_sink: SmtpSink) -> Iterator[Callable[[], None]]:
    """Let the worker send what is due now."""
    with mail.posting(app, settings, smtp_sink.url) as post:
        yield lambda: mail.deliver(app, post)
