"""What became of a letter, a person or a place, step by step: every change leaves an event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Event, Note, Staff

STEPS_SHOWN = 100
"""Of a history at once; links lead to what was before."""


@dataclass(frozen=True)
class Step:
    """One line of a letter's history. `by` is a pseudonym, or the kind of whoever did it."""

    at: datetime
    origin: str | None
    to: str
    why: str
    by: str
    note: str | None


@dataclass(frozen=True)
class Part:
    """A part of a history, oldest first; `older` steps are before it, `back` parts after it."""

    steps: Sequence[Step]
    back: int
    older: int


def steps(session: Session, subject: str, *ids: str) -> Iterator[Step]:
    """Every event of one subject, oldest first, with what was noted beside them.

    ids: its own, and those of records that were merged into it.
    """
    rows = session.execute(
        sa.select(Event, col(Staff.pseudonym), Note)
        .join(Staff, col(Staff.id) == Event.staff_id, isouter=True)
        .join(Note, col(Note.id) == Event.note_id, isouter=True)
        .where(col(Event.subject) == subject, col(Event.subject_id).in_(ids))
        .order_by(col(Event.id))
    )
    for event, pseudonym, note in rows:
        by = pseudonym or event.actor
        yield Step(event.at, event.origin, event.to, event.why, by, note.text if note else None)


def part_of(story: Sequence[Step], back: int) -> Part:
    """The newest `STEPS_SHOWN` of a history, or as many before them, `back` times."""
    back = min(max(back, 0), max(0, (len(story) - 1) // STEPS_SHOWN))
    end = len(story) - back * STEPS_SHOWN
    start = max(0, end - STEPS_SHOWN)
    return Part(story[start:end], back, start)
