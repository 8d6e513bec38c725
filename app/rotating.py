"""New keys for everything that is sealed: every column of every table, every file (row 22).

Running processes notice the changed key file by themselves. The old keys are removed when nothing
needs them any more; whatever stops half-way goes on where it stood.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.errors import NotFound
from app.sealing import Keyring, place
from app.service import Service

CHUNK = 200  # rows a transaction


@dataclass(frozen=True)
class Column:
    """One sealed column of one table; ciphertexts are bound to the row's `id`."""

    table: sa.Table
    name: str


def sealed_columns() -> list[Column]:
    """Every column that holds ciphertext, by its name."""
    return [
        Column(table, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    ]


def begin(ring: Keyring) -> Keyring:
    """The ring to go on with: a new active key, or that of a rotation that was interrupted."""
    return ring if len(ring.data) > 1 else ring.rotated()


def work_to_do(service: Service) -> int:
    """How many values and files there are to look at."""
    with service.database.read() as session:
        rows: int = sum(
            session.execute(
                sa.select(sa.func.count()).where(column.table.c[column.name].is_not(None))
            ).scalar_one()
            for column in sealed_columns()
        )
    return rows + sum(1 for _ in service.vault.ids())


def reseal(service: Service, ring: Keyring) -> Iterator[tuple[int, int]]:
    """Seal everything with the ring's active key; yields (looked at, sealed anew) in steps."""
    for column in sealed_columns():
        yield from _column(service, column, ring)
    for file_id in list(service.vault.ids()):
        try:
            yield 1, int(service.vault.reseal(file_id))
        except NotFound:
            yield 1, 0  # erased meanwhile


def _column(service: Service, column: Column, ring: Keyring) -> Iterator[tuple[int, int]]:
    ids, sealed = column.table.c.id, column.table.c[column.name]
    after = ""
    while True:
        chunk = (
            sa.select(ids, sealed)
            .where(ids > after, sealed.is_not(None))
            .order_by(ids)
            .limit(CHUNK)
        )
        with service.database.read() as session:
            rows = session.execute(chunk).all()
        if not rows:
            return
        after = rows[-1][0]
        old = [(row_id, value) for row_id, value in rows if not ring.is_current(value)]
        changes = []
        for row_id, value in old:
            where = place(column.table.name, column.name, row_id)
            changes.append((row_id, value, ring.seal(ring.open(value, where), where)))
        if changes:
            with service.database.write() as session:
                for row_id, value, anew in changes:
                    # Only if nobody wrote there meanwhile: what they wrote has the new key.
                    session.execute(
                        sa.update(column.table)
                        .where(ids == row_id, sealed == value)
                        .values({column.name: anew})
                    )
        yield len(rows), len(changes)
