"""Every page and list, with few rows and with many: it asks the database as often."""

from contextlib import contextmanager

import sqlalchemy as sa

from recruiter.db.engine import db
from tests import walk
from tests.everything import one_of_each

MORE = 4


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
