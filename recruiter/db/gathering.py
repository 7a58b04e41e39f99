"""The values of many rows as one value of a query: a list, whichever the database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler


class _List(sa.types.TypeDecorator[tuple[Any, ...]]):
    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.ARRAY(sa.String()) if dialect.name == "postgresql" else sa.JSON())

    def process_result_value(self, value: list[Any] | None, dialect: Dialect) -> tuple[Any, ...]:  # noqa: ARG002
        return tuple(value or ())


class _Gather(sa.sql.functions.GenericFunction[tuple[Any, ...]]):
    type = _List()
    inherit_cache = True


@compiles(_Gather, "sqlite")
def _on_sqlite(element: _Gather, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(_Gather, "postgresql")
def _on_postgresql(element: _Gather, compiler: SQLCompiler, **options: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **options)})"


def gathered(
    column: InstrumentedAttribute[str], order: InstrumentedAttribute[Any], of: type[Any], *conditions: Any
) -> sa.ScalarSelect[tuple[str, ...]]:
    """Return the column's values of the rows that belong to a row of ``of``, in order, as a tuple; empty for none.

    ``conditions`` say which rows those are. One query then reads a list with the parts of each of its rows.
    """
    rows = sa.select(column.label("value")).where(*conditions).order_by(order).correlate(of).subquery()
    return sa.select(_Gather(rows.c.value)).scalar_subquery()
