"""What every table is made of: keys, aware UTC times, text enums, named constraints, the firm."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
import uuid_utils.compat
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from recruiter import clock

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTC(sa.types.TypeDecorator[dt.datetime]):
    """A moment: aware in Python, UTC in the database; a naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[dt.datetime]:
        """What a value is in Python, which a decorated type does not tell by itself."""
        return dt.datetime

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give back the moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def new_id() -> uuid.UUID:
    """Make a key that sorts by the time it was made (UUIDv7, RFC 9562)."""
    return uuid_utils.compat.uuid7()


def find_id(text: str) -> uuid.UUID | None:
    """Return the key that a text spells, or None for a text that spells none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class Base(DeclarativeBase):
    """The declarative base; plain, so that models load without Flask and strict typing sees through them."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {
        dt.datetime: UTC(),
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


def _made_at(context: DefaultExecutionContext) -> dt.datetime:
    """Return when a row is made: where it says when it was changed last, at that very moment, never after it."""
    changed_at: dt.datetime | None = context.get_current_parameters().get("updated_at")  # type: ignore[no-untyped-call]
    return changed_at or clock.now()


class Row(Base):
    """A table with our key and the moment the row was made."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[dt.datetime] = mapped_column(default=_made_at)


class FirmRow(Row):
    """A row that belongs to one firm; other tables point at it by ``(firm_id, id)``, so never across firms."""

    __abstract__ = True

    firm_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("firms.id", ondelete="CASCADE"))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__table__.append_constraint(sa.UniqueConstraint("firm_id", "id"))  # type: ignore[attr-defined]


def firm_key(column: str, table: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """Point ``column`` at a row of ``table`` in the same firm."""
    return sa.ForeignKeyConstraint(["firm_id", column], [f"{table}.firm_id", f"{table}.id"], ondelete=ondelete)


def enum_column(kind: type[enum.StrEnum], **options: Any) -> Mapped[Any]:
    """Keep an enum as readable text, with a CHECK that refuses other values."""
    return mapped_column(
        sa.Enum(
            kind,
            name=_snake(kind.__name__),
            native_enum=False,
            length=32,
            values_callable=lambda members: [member.value for member in members],
            create_constraint=True,
            validate_strings=True,
        ),
        **options,
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
