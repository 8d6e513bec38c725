"""Which letters and replies people had: for the lists of the catalogue's desk, never in public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Event, Letter, Posting, Prisoner, Reply, Reservation

_AT_ONCE = 500
_A_DAY = timedelta(days=1)
_LATELY = timedelta(days=14)


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


def last_letter(recent: "sa.Subquery") -> sa.ColumnElement[date | None]:
    """The same for one person of a list, beside whom the `recently_posted` is joined.

    A million letters are not looked through for it: most people had one lately, and only the
    letters of the others are.
    """
    ever = (
        sa.select(sa.func.max(col(Posting.posted_on)))
        .select_from(Letter)
        .join(Posting, col(Posting.letter_id) == col(Letter.id))
        .where(
            col(Letter.prisoner_id) == col(Prisoner.id),
            col(Letter.counted),
            col(Posting.undone_at).is_(None),
        )
        .correlate(Prisoner)
        .scalar_subquery()
    )
    return sa.func.coalesce(recent.c.day, ever)


def recently_posted(today: date) -> "sa.Subquery":
    """prisoner_id, day: as `last_letters`, of people to whom one was posted these two weeks."""
    # Grouped by an expression: SQLite would rather walk its index of all letters by person.
    person = sa.cast(col(Letter.prisoner_id), sa.String)
    return (
        sa.select(person.label("prisoner_id"), sa.func.max(col(Posting.posted_on)).label("day"))
        .select_from(Posting)
        .join(Letter, col(Letter.id) == col(Posting.letter_id))
        .where(
            col(Posting.posted_on) >= today - _LATELY,
            col(Posting.undone_at).is_(None),
            col(Letter.counted),
        )
        .group_by(person)
        .subquery()
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
    return _has(sa.select(sa.literal(1)).join(Reply, col(Reply.letter_id) == col(Letter.id)))


def was_written_to() -> sa.ColumnElement[bool]:
    """A condition: a letter was posted to this person, whatever became of it."""
    posted = sa.select(sa.literal(1)).join(Posting, col(Posting.letter_id) == col(Letter.id))
    return _has(posted.where(col(Posting.undone_at).is_(None)))


def _has(found: "sa.Select[int]") -> sa.ColumnElement[bool]:
    """Whether there is one among a person's letters.

    With a limit, so that PostgreSQL asks of each person and stops at the first, as SQLite does,
    and does not put a million letters together.
    """
    mine = found.select_from(Letter).where(col(Letter.prisoner_id) == col(Prisoner.id)).limit(1)
    return mine.correlate(Prisoner).scalar_subquery().is_not(None)


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
