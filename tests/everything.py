"""One row of every table for a firm, made from the tables themselves, so that a new table is there by itself."""

import datetime as dt
import itertools
import uuid

import sqlalchemy as sa

from recruiter import clock
from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.feedback.competencies import Family
from recruiter.tables import metadata

FIRMLESS = {"firms", "installation_notes", "mailboxes", "sign_in_counters"}
HIDDEN = "hidden.example"  # the domain of every candidate's address
_numbers = itertools.count(1)
_families = itertools.cycle(Family)


def _address() -> str:
    return f"maya{next(_numbers)}@{HIDDEN}"


# What a CHECK or an enum asks for beyond "not null"; a function is asked for each row.
TOLD = {
    "audit_seals": {"number": lambda: next(_numbers)},
    "candidate_emails": {"address": _address, "address_folded": _address},
    "candidates": {"name": "Maya Ferreira"},
    "competency_lists": {"family": lambda: next(_families)},
    "memberships": {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2027, 1, 1)},
    "mail_stops": {"ended_at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC)},
    "messages": {"recipient": _address},
    "ratings": {"value": 4},
    "responses": {"kind": "thanks"},
    "notices": {"kind": "rejection", "state": "withdrawn"},
    "suppressions": {"address": _address},
}


def one_of_each(firm_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """Insert one row into every table that belongs to a firm; return the new ids by table. Needs a context."""
    ids: dict[str, uuid.UUID] = {"firms": firm_id}
    with transaction(firm_id) as session:
        for table in metadata.sorted_tables:
            if table.name not in FIRMLESS:
                ids[table.name] = new_id()
                values = {"firm_id": firm_id, "id": ids[table.name]}
                values |= {column.name: _value(column, ids) for column in table.columns if _needs(column, values)}
                present = {name: value for name, value in values.items() if name in table.columns}
                told = {name: value() if callable(value) else value for name, value in TOLD.get(table.name, {}).items()}
                session.execute(sa.insert(table).values(present | told))
    return ids


def _needs(column: sa.Column, values: dict[str, object]) -> bool:
    return not (column.nullable or column.default or column.autoincrement is True or column.computed) and (
        column.name not in values
    )


def _value(column: sa.Column, ids: dict[str, uuid.UUID]) -> object:
    keys = [key for key in column.foreign_keys if key.column.name == "id"]
    if keys:
        return ids[keys[0].column.table.name]
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    makers = {
        str: lambda: f"{column.name}-{next(_numbers)}",
        int: lambda: 1,
        bool: lambda: False,
        float: lambda: 1.0,
        uuid.UUID: new_id,
        dt.date: lambda: clock.now().date(),
        dt.datetime: clock.now,
        dict: dict,
        list: list,
    }
    return makers[_python_type(column.type)]()


def _python_type(kind: sa.types.TypeEngine) -> type:
    if isinstance(kind, sa.JSON):
        return dict
    inner = kind.impl if isinstance(kind, sa.types.TypeDecorator) else kind
    return inner.python_type
