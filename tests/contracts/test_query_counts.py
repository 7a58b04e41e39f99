"""How often a request asks the database: as often with few rows as with many, and the busiest ones seldom."""

import datetime as dt
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.applications.models import Decision
from recruiter.db.engine import db
from tests import build, maya, walk
from tests.everything import one_of_each

MORE = 4
# Statements with the beginning of each transaction: on PostgreSQL every one is a way there and back.
MOST = {"/today": 13, "/candidates": 11, "/api/v1/candidates": 4, "/api/v1/talent-pool": 5}
# With the decision that it tells, the names it must not say, what the interviewers saw, and the person, who is held
# first, as an erasure holds them.
MOST_TO_QUEUE = 22


@contextmanager
def counted(engine):
    """How many statements went to the database within the block, as the length of a list."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.slow
def test_more_rows_take_no_more_queries(app, alice, acme):
    def asked():
        """How often each route without an argument asks."""
        counts = {}
        for step in walk.steps(app):
            if step.is_safe and not step.rule.arguments:
                with counted(engine) as seen:
                    client = alice.api if step.guard == "key" else alice.browser
                    client.get(step.rule.rule)
                counts[step.name] = len(seen)
        return counts

    with app.app_context():
        engine = db.engine
        one_of_each(acme.id)
    asked()  # whatever is kept after the first look
    few = asked()
    with app.app_context():
        for _ in range(MORE):
            one_of_each(acme.id)
    many = asked()

    assert {name: (few[name], many[name]) for name in many if many[name] > few[name]} == {}


@pytest.mark.parametrize("path", MOST)
def test_what_is_looked_at_most_asks_seldom(app, alice, acme, path):
    def look():
        with counted(engine) as seen:
            answer = (alice.api if path.startswith("/api/") else alice.browser).get(path)
        assert answer.status_code == 200, answer.text
        return len(seen)

    with app.app_context():
        engine = db.engine
        late = clock.now().date() - dt.timedelta(days=2)
        for decision in (None, Decision.NOT_SELECTED):
            decided = {"decision": decision, "decided_at": clock.now()} if decision else {}
            build.application(acme, build.candidate(acme), build.job(acme), promised_on=late, **decided)
    look()

    assert look() <= MOST[path]


def test_a_notice_is_queued_with_few_questions(app, alice, acme):
    first, second = maya.case(app, acme), maya.case(app, acme, seeded=True)
    assert alice.api.post("/api/v1/notices", json=first.body()).status_code == 201
    with app.app_context():
        engine = db.engine

    with counted(engine) as seen:
        answer = alice.api.post("/api/v1/notices", json=second.body())

    assert answer.status_code == 201, answer.json
    assert len(seen) <= MOST_TO_QUEUE
