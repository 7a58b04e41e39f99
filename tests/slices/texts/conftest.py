"""A firm with the texts it begins with."""

import pytest

from recruiter.db.session import reading, transaction
from recruiter.texts import queries, service
from recruiter.texts.models import Template


@pytest.fixture
def seeded(app, acme):
    with app.app_context():
        with transaction(acme.id) as session:
            service.seed_firm(session, acme.id)
        yield


@pytest.fixture
def template(seeded, acme) -> Template:
    with reading(acme.id) as session:
        return next(t for t in queries.list_templates(session, acme.id) if t.slug == "not-selected")
