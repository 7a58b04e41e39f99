"""The erasure map: every table is in it, and nothing that a column may hold about a person is left."""

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.audit.service import SYSTEM
from recruiter.db.session import reading, transaction
from recruiter.privacy import erasure, service
from recruiter.privacy.service import Erase, Reason
from recruiter.tables import metadata
from tests.everything import one_of_each

MARK = "Zebra"
# Texts that say nothing about who it was.
HARMLESS = {
    "answers": {"rules_version"},
    "inbound_mails": {"fingerprint", "mailbox", "sha256", "status", "why"},  # hashes, a place, a number, our own words
    "applications": {"outcome_code"},
    "candidates": {"erased_reason", "legal_hold"},  # nobody is erased under one
    "feedback_pages": {"token_hash"},
    "import_runs": {"filename", "sha256", "problems"},
    "memberships": {"leave_token_hash", "left_how"},
    "messages": {"dedupe_key", "lease_owner", "message_id", "problem_code", "reply_to", "sender", "sender_name"},
    "notices": {"language", "outcome_code", "problem_code", "rules_version", "timing"},
    "pool_invitations": {"rules_version"},
    "suppressions": {"reason"},
    "webhook_events": {"type"},
}


def test_every_table_has_its_rule():
    assert set(erasure.MAP) == set(metadata.tables)


@pytest.fixture
def ids(app, acme):
    """One row of every table, each about one person, with a mark in every text that may tell who it is."""
    with app.app_context():
        ids = one_of_each(acme.id)
        with transaction(acme.id) as session:
            morning = {"due_zone": MARK, "due_local": MARK, "not_before": clock.now()}  # none without the others
            session.execute(sa.update(metadata.tables["messages"]).values(morning))
            for table in personal():
                mine = table.c.firm_id == acme.id
                data = {"candidate_id": str(ids["candidates"]), "external_ids": {"candidate": MARK}}
                marked = dict.fromkeys(texts(table), MARK.casefold()) | dict.fromkeys(jsons(table), data)
                marked |= {"candidate_id": ids["candidates"]} if "candidate_id" in table.c else {}
                for column, value in marked.items():
                    session.execute(sa.update(table).where(mine).values({column: value}))
            session.execute(sa.update(metadata.tables["messages"]).values(state="cancelled"))
    return ids


def personal():
    return [metadata.tables[name] for name, rule in erasure.MAP.items() if rule.__qualname__.split(".")[0] != "_kept"]


def texts(table):
    return [column.name for column in candidates(table) if isinstance(column.type, sa.String)]


def jsons(table):
    return [column.name for column in candidates(table) if isinstance(column.type, sa.JSON)]


def candidates(table):
    known = HARMLESS.get(table.name, set())
    return [
        column for column in table.c if column.name not in known and not column.foreign_keys and not is_enum(column)
    ]


def is_enum(column):
    return isinstance(column.type, sa.Enum)


def test_no_text_about_the_person_is_left(app, acme, ids):
    erase = Erase(firm_id=acme.id, actor=SYSTEM, candidate_id=ids["candidates"], reason=Reason.ASKED)
    with app.app_context():
        service.erase(erase)
        with reading(acme.id) as session:
            left = {
                (table.name, column)
                for table in personal()
                for row in session.execute(sa.select(table).where(table.c.firm_id == acme.id)).mappings()
                for column, value in row.items()
                if MARK.casefold() in str(value).casefold()
            }

    assert left == set()
