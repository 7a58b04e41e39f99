"""One person who waits to hear, what can change behind the product's back, and how to let what is due leave."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from recruiter.accounts.models import Firm
from recruiter.config import Settings
from recruiter.db.base import FirmRow
from recruiter.db.session import reading, transaction
from recruiter.outbox.worker import Post
from tests import mail
from tests.maya import Case, case
from tests.people import Person
from tests.smtp_sink import SmtpSink


@pytest.fixture
def maya(app: Flask, acme: Firm, alice: Person) -> Case:
    return case(app, acme)


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
        with app.app_context(), transaction(getattr(row, "firm_id", row.id)) as session:
            session.execute(sa.update(table).where(table.id == row.id).values(**values))

    return change


@pytest.fixture
def look(app: Flask) -> Callable[..., FirmRow]:
    """Read one row as it is now."""

    def look(table: type[FirmRow], firm: Firm, *conditions: sa.ColumnElement[bool]) -> FirmRow:
        with app.app_context(), reading(firm.id) as session:
            return session.scalars(sa.select(table).where(table.firm_id == firm.id, *conditions)).one()

    return look
