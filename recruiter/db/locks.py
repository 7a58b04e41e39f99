"""Names that one transaction holds, for what no row exists to lock yet."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session


def hold(session: Session, firm_id: uuid.UUID, *names: str) -> None:
    """Make other transactions that hold one of these names of the firm wait until this one ends.

    SQLite lets one transaction write at a time, so there is nothing left to do there.
    """
    if session.get_bind().dialect.name == "postgresql":
        for name in sorted(set(names)):  # in one order, so that two can never wait for each other
            key = sa.func.hashtextextended(f"{firm_id} {name}", 0)
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
