"""Rows put into tables past the unit of work, which costs four times as much as its statement.

`insert_together` plans its statements once for each shape of rows. On PostgreSQL it makes one
statement of them, because each is a way to the server and back; foreign keys are checked at its
end. SQLite, in the same process, takes table after table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlmodel import Session, SQLModel

_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_SPOKEN: dict[str, Callable[[], sa.Dialect]] = {
    "sqlite": SQLiteDialect_pysqlite,
    "postgresql": PGDialect_psycopg,
}


class Row(NamedTuple):
    """A row to be inserted; for `insert_together` it names every column that has a default."""

    table: sa.Table
    values: dict[str, Any]


_Shape = tuple[tuple[sa.Table, tuple[str, ...]], ...]
"""Of some rows: the table and the columns of each."""


def row(model: type[SQLModel], **values: Any) -> Row:
    """A row of a model's table."""
    return Row(table_of(model), values)


def insert(session: Session, model: type[SQLModel], *rows: dict[str, Any]) -> None:
    """Insert rows that name the same columns. What they refer to must be there already."""
    session.connection().execute(_insertion(table_of(model)), list(rows))


def insert_together(session: Session, rows: Sequence[Row]) -> None:
    """Insert rows that refer to one another, those that are referred to first."""
    connection = session.connection()
    shape = tuple((row.table, tuple(row.values)) for row in rows)
    given = {
        f"{name}_{at}": value for at, row in enumerate(rows) for name, value in row.values.items()
    }
    for planned in _planned(connection.dialect.name, shape):
        connection.exec_driver_sql(planned.sql, planned.bound(given))


def insertion(session: Session, model: type[SQLModel]) -> Any:
    """An insert of the session's own dialect, which knows `on_conflict_do_update`."""
    return _DIALECTS[session.get_bind().dialect.name].insert(table_of(model))


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table of a model, for statements that need no unit of work."""
    table: sa.Table = sa.inspect(model).local_table
    return table


@cache
def _insertion(table: sa.Table) -> sa.Insert:
    return sa.insert(table).inline()


@dataclass(frozen=True)
class _Planned:
    """A statement as the driver takes it. Values go through their types, as everywhere."""

    sql: str
    names: tuple[str, ...]
    positional: bool
    processors: dict[str, Callable[[Any], Any]]

    def bound(self, given: dict[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
        values = {
            name: self.processors[name](given[name]) if name in self.processors else given[name]
            for name in self.names
        }
        return tuple(values.values()) if self.positional else values


@cache
def _planned(dialect_name: str, shape: _Shape) -> list[_Planned]:
    parts = [_part(list(group)) for _, group in groupby(enumerate(shape), lambda each: each[1][0])]
    if dialect_name == "postgresql":
        *others, last = parts
        ctes = [other.cte(f"part_{at}") for at, other in enumerate(others)]
        parts = [last.add_cte(*ctes)]
    dialect = _SPOKEN[dialect_name]()
    return [_compiled(part, dialect) for part in parts]


def _part(group: list[tuple[int, tuple[sa.Table, tuple[str, ...]]]]) -> sa.Insert:
    """Neighbours in one table are one list of values, so that they are numbered in their order."""
    table = group[0][1][0]
    values = [
        {name: sa.bindparam(f"{name}_{at}", type_=table.c[name].type) for name in names}
        for at, (_, names) in group
    ]
    return sa.insert(table).inline().values(values)


def _compiled(statement: sa.Insert, dialect: sa.Dialect) -> _Planned:
    compiled: Any = statement.compile(dialect=dialect)
    processors = {
        name: processor
        for name, bind in compiled.binds.items()
        if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    names = compiled.positiontup if dialect.positional else compiled.binds
    return _Planned(compiled.string, tuple(names), bool(dialect.positional), processors)
