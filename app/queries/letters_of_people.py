"""Which letters and replies people had: for the lists of the catalogue's desk, never in public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Event, Letter, Posting, Prisoner, Reply, Reservation

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


def last_letters() -> "sa.Select[str, date]":
    """prisoner_id, day: when the last letter was posted that did not come back."""
    return (
        sa.select(
            col(Letter.prisoner_id).label("prisoner_id"),
            sa.func.max(col(Posting.posted_on)).label("day"),
        )
        .join(Posting, col(Posting.letter_id) == col(Letter.id))
        .where(col(Posting.undone_at).is_(None), col(Letter.counted))
        .group_by(col(Letter.prisoner_id))
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


def who_answered() -> "sa.Select[str]":
    """Ids of people from whom a reply came."""
    return sa.select(col(Letter.prisoner_id)).join(Reply, col(Reply.letter_id) == col(Letter.id))


def who_was_written_to() -> "sa.Select[str]":
    """Ids of people to whom a letter was posted, whatever became of it."""
    return (
        sa.select(col(Letter.prisoner_id))
        .join(Posting, col(Posting.letter_id) == col(Letter.id))
        .where(col(Posting.undone_at).is_(None))
    )


def who_is_written_to_now(now: datetime) -> "sa.Select[str]":
    """Ids of people who were shown to somebody who has not sent a letter yet; it counts already.

    The sweeper gives expired ones back: only those of the last day are looked at.
    """
    return sa.select(col(Reservation.prisoner_id)).where(
        col(Reservation.counted), col(Reservation.expires_at) > now - _A_DAY
    )


def _had(session: Session, ids: Sequence[str]) -> dict[str, Had]:
    last = dict(session.execute(last_letters().where(col(Letter.prisoner_id).in_(ids))).all())
    since = dict(session.execute(first_confirmed().where(col(Event.subject_id).in_(ids))).all())
    replies = dict(
        session.execute(
            sa.select(col(Letter.prisoner_id), sa.func.count())
            .join(Reply, col(Reply.letter_id) == col(Letter.id))
            .where(col(Letter.prisoner_id).in_(ids))
            .group_by(col(Letter.prisoner_id))
        ).all()
    )
    entered = session.execute(
        sa.select(col(Prisoner.id), col(Prisoner.created_at)).where(col(Prisoner.id).in_(ids))
    )
    return {
        id_: Had(replies.get(id_, 0), last.get(id_), since.get(id_, created).date())
        for id_, created in entered
    }
