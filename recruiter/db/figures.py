"""Sums over all firms, for whoever watches the installation: counts and one moment, nothing that names anybody.

On PostgreSQL they come from functions of the owner's, as the doors do.
"""

import datetime as dt

import sqlalchemy as sa

from recruiter import clock
from recruiter.db.base import UTC
from recruiter.db.session import reading

# A sweep runs every second, so what is this late was overlooked.
LATE = dt.timedelta(minutes=1)
OLD = dt.timedelta(minutes=15)

FIGURES = {
    "queued": ("messages", "state = 'queued'"),
    "leased": ("messages", "state = 'leased'"),
    "sending": ("messages", "state = 'sending'"),
    "doubtful": ("messages", "state = 'doubtful'"),
    "due": ("messages", "state = 'queued' AND due_at <= :moment"),
    "for_the_relay": ("messages", "state = 'queued' AND problem_code IN ('line_lost', 'credentials', 'throttled')"),
    "for_a_person": ("messages", "state = 'doubtful' AND lease_until IS NULL"),
    "paused": ("mail_stops", "ended_at IS NULL AND kind = 'paused'"),
    "refused": ("mail_stops", "ended_at IS NULL AND kind = 'refused'"),
    "paused_for_all": ("installation_notes", "name = 'mail.paused'"),
    "lease_expired": ("messages", "state IN ('leased', 'sending', 'doubtful') AND lease_until <= :late"),
    "sending_old": (
        "messages",
        (
            "state = 'sending' AND EXISTS (SELECT 1 FROM attempts AS a WHERE a.firm_id = messages.firm_id "
            "AND a.message_id = messages.id AND a.number = messages.attempts AND a.started_at <= :old)"
        ),
    ),
    "created_not_queued": (
        "notices",
        (
            "state IN ('held', 'leaving') AND NOT EXISTS (SELECT 1 FROM messages AS m "
            "WHERE m.firm_id = notices.firm_id AND m.id = notices.message_id)"
        ),
    ),
    "ended_not_told": (
        "notices",
        (
            "state IN ('held', 'leaving') AND EXISTS (SELECT 1 FROM messages AS m WHERE m.firm_id = notices.firm_id "
            "AND m.id = notices.message_id AND m.state NOT IN ('queued', 'leased', 'sending', 'doubtful'))"
        ),
    ),
}


def read() -> dict[str, int]:
    """Return each figure by its name; a read of its own."""
    now = clock.now()
    moments = {"moment": now, "late": now - LATE, "old": now - OLD}
    bound = [sa.bindparam(name, value, UTC()) for name, value in moments.items()]
    with reading(None) as session:
        if session.get_bind().dialect.name == "postgresql":
            called = sa.func.delivery_figures(*bound).table_valued(sa.column("name", sa.String), sa.column("value"))
            return {row[0]: row[1] for row in session.execute(sa.select(called.c.name, called.c.value))}
        counts = " UNION ALL ".join(
            f"SELECT '{name}', count(*) FROM {table} WHERE {condition}"  # noqa: S608 - constants of this module
            for name, (table, condition) in FIGURES.items()
        )
        return {row[0]: row[1] for row in session.execute(sa.text(counts).bindparams(*bound))}


def oldest_due() -> dt.datetime | None:
    """Return when the message that is most overdue was meant to leave (UTC), or None; a read of its own."""
    with reading(None) as session:
        return oldest_due_by(session.connection())


def oldest_due_by(connection: sa.Connection) -> dt.datetime | None:
    """Return the same over a connection of the caller's."""
    moment = sa.bindparam("moment", clock.now(), UTC())
    if connection.dialect.name == "postgresql":
        return connection.scalar(sa.select(sa.func.oldest_due(moment, type_=UTC())))
    due = sa.column("first_due_at", UTC())
    query = sa.select(sa.func.min(due, type_=UTC())).select_from(sa.table("messages"))
    return connection.scalar(query.where(sa.text("state = 'queued'"), due <= moment))
