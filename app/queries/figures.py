"""The only figures that are public: sums over at least ten people.

"12 letters, no reply" tells a prison whom nobody watches, so one person's counts are for staff.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col

from app.database import Database
from app.finding.sets import LEAST_PEOPLE
from app.lifecycle import State
from app.models import Letter, Prisoner, Reply

KEPT_FOR = timedelta(minutes=10)
"""So long the sums of letters are not counted again."""

_ROUND_TO = 10
_NEVER_SENT = (State.REFUSED, State.WITHDRAWN)
_SENT = (State.POSTED, State.ANSWERED, State.CLOSED)


@dataclass(frozen=True)
class LetterSums:
    """Letters to everybody together; None where a sum would speak of fewer than ten people.

    Rounded down to tens, so that one letter more tells nothing. at_target: of those who may be
    written to, the share with as many letters as each should have, in tenths.
    """

    written: int | None
    answered: int | None
    people_reached: int | None
    at_target: float | None


_SUMS: WeakKeyDictionary[Database, tuple[datetime, LetterSums]] = WeakKeyDictionary()


def letter_sums(session: Session, target: int, now: datetime) -> LetterSums:
    """The sums as they were counted in the last ten minutes. target: letters each should have.

    They are of everybody: filters would let two sums be told apart by one person.
    """
    database = session.info["database"]
    counted_at, sums = _SUMS.get(database, (None, None))
    if sums is None or counted_at is None or now - counted_at >= KEPT_FOR:
        sums = _count(session, target)
        _SUMS[database] = (now, sums)
    return sums


def told(people: int) -> int | None:
    """What may be said of so many people in public: the number, or None for fewer than ten."""
    return people if people >= LEAST_PEOPLE else None


def in_tens(number: int) -> int:
    """Rounded down, so that one more or less tells nothing."""
    return number - number % _ROUND_TO


def _count(session: Session, target: int) -> LetterSums:
    written, written_to, reached = session.execute(
        sa.select(
            *_letters_and_people(col(Letter.state).not_in(_NEVER_SENT)),
            _letters_and_people(col(Letter.state).in_(_SENT))[1],
        )
    ).one()
    answered, who_answered = session.execute(
        sa.select(
            sa.func.count(sa.distinct(col(Letter.id))),
            sa.func.count(sa.distinct(col(Letter.prisoner_id))),
        ).join(Reply, col(Reply.letter_id) == col(Letter.id))
    ).one()
    writable, done = session.execute(
        sa.select(
            sa.func.count(), sa.func.count().filter(col(Prisoner.letter_count) >= target)
        ).where(col(Prisoner.eligible))
    ).one()
    return LetterSums(
        written=_rounded(written, written_to),
        answered=_rounded(answered, who_answered),
        people_reached=_rounded(reached, reached),
        at_target=done * 10 // writable / 10 if writable >= LEAST_PEOPLE else None,
    )


def _letters_and_people(which: sa.ColumnElement[bool]) -> tuple[Any, Any]:
    people = sa.distinct(sa.case((which, col(Letter.prisoner_id))))
    return sa.func.count().filter(which), sa.func.count(people)


def _rounded(number: int, people: int) -> int | None:
    return in_tens(number) if people >= LEAST_PEOPLE else None
