"""Which letters and replies people had: for the lists of the catalogue's desk, never in public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Event, Letter, Prisoner, Reservation

_AT_ONCE = 500
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Had:
    """Replies that came; the day the last letter was posted; since when one can write at all."""

    replies: int
    last_letter: date | None
    writable_since: date


def letters_had(session: Session, ids: Sequence[str]) -> dict[str, Had]:
    """What each of these people had."""
    found: dict[str, Had] = {}
    for start in range(0, len(ids), _AT_ONCE):
        found |= _had(session, ids[start : start + _AT_ONCE])
    return found


def last_letter() -> sa.ColumnElement[date | None]:
    """Of one person of a list, the day the last letter was posted that did not come back."""
    return (
        _letters(col(Letter.posted_on))
        .where(col(Letter.posted_on).is_not(None), col(Letter.counted))
        .order_by(col(Letter.posted_on).desc())
        .scalar_subquery()
    )


def first_confirmed() -> "sa.Select[str, object]":
    """prisoner_id, at: when a coordinator first confirmed somebody."""
    return (
        sa.select(
            col(Event.subject_id).label("prisoner_id"), sa.func.min(col(Event.at)).label("at")
        )
        .where(col(Event.subject) == "prisoner", col(Event.to) == "confirmed")
        .group_by(col(Event.subject_id))
    )


def has_answered() -> sa.ColumnElement[bool]:
    """A condition: a reply came from this person."""
    return _letters(sa.literal(1)).where(_is_answered()).scalar_subquery().is_not(None)


def was_written_to() -> sa.ColumnElement[bool]:
    """A condition: a letter was posted to this person, whatever became of it."""
    posted = col(Letter.posted_on).is_not(None)
    return _letters(sa.literal(1)).where(posted).scalar_subquery().is_not(None)


def _letters(asked: Any) -> "sa.Select[Any]":
    """The first of a person's letters.

    With a limit, so that PostgreSQL asks of each person and stops at the first, as SQLite does,
    and does not put a million letters together.
    """
    mine = sa.select(asked).select_from(Letter).where(col(Letter.prisoner_id) == col(Prisoner.id))
    return mine.limit(1).correlate(Prisoner)


def _is_answered() -> sa.ColumnElement[bool]:
    """As its index says it, word by word, so that it is used."""
    return col(Letter.replies) > sa.literal_column("0")


def who_is_written_to_now(now: datetime) -> "sa.Select[str]":
    """Ids of people who were shown to somebody who has not sent a letter yet; it counts already.

    The sweeper gives expired ones back: only those of the last day are looked at.
    """
    return sa.select(col(Reservation.prisoner_id)).where(
        col(Reservation.counted), col(Reservation.expires_at) > now - _A_DAY
    )


def _had(session: Session, ids: Sequence[str]) -> dict[str, Had]:
    since = dict(session.execute(first_confirmed().where(col(Event.subject_id).in_(ids))).all())
    replies = dict(
        session.execute(
            sa.select(col(Letter.prisoner_id), sa.func.sum(col(Letter.replies)))
            .where(col(Letter.prisoner_id).in_(ids), _is_answered())
            .group_by(col(Letter.prisoner_id))
        ).all()
    )
    people = session.execute(
        sa.select(col(Prisoner.id), col(Prisoner.created_at), last_letter()).where(
            col(Prisoner.id).in_(ids)
        )
    )
    return {
        id_: Had(replies.get(id_, 0), last, since.get(id_, created).date())
        for id_, created, last in people
    }
