"""What only one does at a time, on PostgreSQL by advisory locks: each has a number of its own.

SQLite has one writer at a time anyway.
"""

from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session


class Turn(IntEnum):
    """What is done by one at a time. A number once given keeps its meaning between releases."""

    CHOOSING = 7_216_001
    """To suggest somebody to a writer by what both like."""
    INDEXING = 7_216_002
    """To write the index that people are found by."""
    WORKING = 7_216_003
    """To carry letters under the name of a worker."""
    MERGING = 7_216_011
    """To make one person of two records."""
    TAKING = 7_300_117
    """To take letters into a batch."""
    HIDING = 7_300_118
    """To count how many objections hid somebody of late."""
    ASKING = 7_300_119
    """To have another catalogue asked for all it has."""


def take_turn(session: Session, turn: Turn) -> None:
    """Nobody else has this turn until this transaction ends; whoever asks for it waits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(turn))))
