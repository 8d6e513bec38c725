"""Who gets the next letter.

The next recipient is the one with the lowest count, by chance among equals, whom this writer was
not given before. SQLite has one writer at a time. On PostgreSQL a pick locks its person until its
transaction ends; others skip who is locked among those of the lowest count, and where all of them
are, ask again (plain row locks left gaps of 2 to 8: the order is not looked at anew after waiting).
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from app import moving
from app.errors import NotFound, Unavailable
from app.inserting import insert, table_of
from app.models import Correspondence, Prisoner, Reservation
from app.models.columns import new_id
from app.sealing import keyring
from app.settings import Settings
from app.turns import Turn, take_turn

NOBODY = "There is nobody to write to at this moment."
_PATIENCE = 5_000  # pauses of two milliseconds
_RESERVATIONS = table_of(Reservation)
_GIVEN = (Correspondence, Reservation)
"""Where it stands whom a writer was given before."""


@dataclass(frozen=True)
class Rules:
    """How recipients are given: how long a reservation counts, and random letters a day."""

    reservation: timedelta
    letters_a_day: int

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        """The rules of this installation."""
        return cls(
            timedelta(minutes=settings.reservation_minutes), settings.letters_per_person_a_day
        )


@dataclass(frozen=True)
class Reserved:
    """A recipient on somebody's form. `token` is secret and single-use: it submits the letter."""

    token: str
    prisoner_id: str


def reserve_next(
    session: Session,
    token: str,
    rules: Rules,
    *,
    now: datetime,
    today: date,
    chance: random.Random,
    writer_id: str | None = None,
    instead_of: str | None = None,
) -> Reserved:
    """Reserve the next recipient by the balance rule, in a write session of its own.

    token: a fresh secret for the form. instead_of: the token of a reservation that is given back
    («somebody else, please»). Raises `NotFound` when nobody may be written to.
    """
    before = _given_back(session, instead_of)
    sitting = before.sitting if before else new_id()
    writer_id = before.writer_id if before and writer_id is None else writer_id
    shown = sitting if before else None
    picked = pick(session, rules, today, chance, writer_id=writer_id, sitting=shown)
    if picked is None and before is not None:
        # Everybody was shown in this sitting: begin again rather than turn the writer away.
        sitting = new_id()
        picked = pick(session, rules, today, chance, writer_id=writer_id)
    if picked is None:
        raise NotFound(NOBODY)
    wish = _Wish(picked, sitting, writer_id, random=True)
    return _reserve(session, token, wish, rules, now)


def reserve_chosen(
    session: Session,
    token: str,
    prisoner_id: str,
    rules: Rules,
    *,
    now: datetime,
    writer_id: str | None = None,
    continues_id: str | None = None,
) -> Reserved:
    """Reserve somebody who was chosen; whether they may be written to is the caller's question.

    Was the record merged into another at this very moment, the kept one is reserved.
    """
    counted_id = moving.count(session, prisoner_id, 1)
    wish = _Wish(counted_id, new_id(), writer_id, random=False, continues_id=continues_id)
    return _reserve(session, token, wish, rules, now)


def reservation_of(session: Session, token: str) -> Reservation:
    """The reservation a form carries. Raises `NotFound`."""
    found = session.exec(select(Reservation).where(Reservation.token_hash == hashed(token))).first()
    if found is None:
        raise NotFound("This form is not known here.")
    return found


def give_back(session: Session, token: str) -> None:
    """The writer does not write after all: the count goes back. Unknown tokens are no error."""
    _given_back(session, token)


def expire(session: Session, now: datetime, limit: int = 500) -> int:
    """Give the count of unused, expired reservations back; returns how many. Run it till zero.

    The person stays on the form: sending it later counts again.
    """
    expired = session.exec(
        select(Reservation)
        .where(col(Reservation.counted), Reservation.expires_at <= now)
        .order_by(col(Reservation.expires_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for reservation in sorted(expired, key=lambda each: each.prisoner_id):  # as others take people
        _uncount(session, reservation)
    return len(expired)


def taken_up(session: Session, token: str) -> Any:
    """What a form's reservation says, as a row; parallel repeats wait here for one another.

    Raises `NotFound`.
    """
    found = session.connection().execute(_TAKEN_UP, {"token_hash": hashed(token)}).first()
    if found is None:
        raise NotFound("This form is not known here.")
    return found


_TAKEN_UP = (
    sa.select(
        *(
            col(column)
            for column in (
                Reservation.id,
                Reservation.prisoner_id,
                Reservation.writer_id,
                Reservation.random,
                Reservation.counted,
                Reservation.continues_id,
                Reservation.used_at,
            )
        )
    )
    .where(col(Reservation.token_hash) == sa.bindparam("token_hash"))
    .with_for_update()
)


def use(
    session: Session,
    reservation: Any,
    writer_id: str | None,
    now: datetime,
) -> None:
    """The letter is sent: its count takes the place of the reservation's, if that still counted."""
    session.connection().execute(_USE, {"used": reservation.id, "writer": writer_id, "now": now})


_USE = (
    sa.update(_RESERVATIONS)
    .where(_RESERVATIONS.c.id == sa.bindparam("used"))
    .values(counted=False, used_at=sa.bindparam("now"), writer_id=sa.bindparam("writer"))
)


def pick(
    session: Session,
    rules: Rules,
    today: date,
    chance: random.Random,
    *,
    writer_id: str | None = None,
    sitting: str | None = None,
) -> str | None:
    """Pick and count the eligible person with the lowest count; returns their id.

    writer_id, sitting: nobody whom this writer was given before, or who was shown in this sitting.
    Who had a day's random letters waits until tomorrow, unless everybody has: a newcomer at zero
    must not get every letter of the day. The person is shuffled anew among those of the next count.
    """
    facts = {
        "today": today,
        "a_day": rules.letters_a_day,
        "chance": chance.random(),
        "writer": writer_id,
        "sitting": sitting,
    }
    connection = session.connection()
    locks = connection.dialect.name == "postgresql"
    for below_cap in (True, False):
        asked = (below_cap, writer_id is not None, sitting is not None)
        for _ in range(_PATIENCE):
            picked: str | None = connection.execute(_picking(locks, *asked), facts).scalar()
            if picked is not None:
                return picked
            # Nobody is left, or all with the lowest count are being picked at this moment.
            if not locks or connection.execute(_pause(*asked), facts).first() is None:
                break
        else:
            raise Unavailable("Everybody is being written to at this very moment.")
    return None


@cache
def _picking(locks: bool, *asked: bool) -> sa.Executable:
    """One statement that picks, counts and shuffles; made once for each kind of question."""
    table, today = table_of(Prisoner), sa.bindparam("today", type_=sa.Date)
    lowest = _lowest(*asked)
    if locks:
        # A row that somebody else picked meanwhile is looked at again: it has another count now.
        count = _lowest(*asked).with_only_columns(col(Prisoner.letter_count))
        lowest = lowest.where(
            col(Prisoner.letter_count) == count.correlate(None).scalar_subquery()
        ).with_for_update(skip_locked=True, key_share=True)
    return (
        sa.update(table)
        .where(table.c.id == lowest.correlate(None).scalar_subquery())
        .values(
            letter_count=table.c.letter_count + 1,
            shuffle=sa.bindparam("chance"),
            picked_on=today,
            picked_today=sa.case((table.c.picked_on == today, table.c.picked_today + 1), else_=1),
        )
        .returning(table.c.id)
    )


@cache
def _pause(*asked: bool) -> sa.Executable:
    """One row after two milliseconds, none if there is nobody.

    It waits for time and not for a row: who looked at rows has locked some that others wait for.
    """
    return sa.select(sa.func.pg_sleep(0.002)).select_from(_lowest(*asked).subquery())


def _lowest(below_cap: bool, known_writer: bool, sitting: bool) -> "sa.Select[Any]":
    # Written as the index has it: SQLite takes "eligible = 1" for another question.
    unseen: list[Any] = [sa.literal_column("prisoner.eligible"), sa.not_(col(Prisoner.hidden))]
    if below_cap:
        had_less = col(Prisoner.picked_today) < sa.bindparam("a_day")
        today = sa.bindparam("today", type_=sa.Date)
        unseen.append(sa.or_(col(Prisoner.picked_on).is_distinct_from(today), had_less))
    if known_writer:
        unseen += [_not_given(table, table.writer_id, "writer") for table in _GIVEN]
    if sitting:
        unseen.append(_not_given(Reservation, Reservation.sitting, "sitting"))
    return (
        sa.select(col(Prisoner.id))
        .where(*unseen)
        .order_by(col(Prisoner.letter_count), col(Prisoner.shuffle))
        .limit(1)
    )


def _not_given(table: Any, column: Any, name: str) -> sa.ColumnElement[bool]:
    given = sa.select(col(table.prisoner_id)).where(col(column) == sa.bindparam(name))
    return col(Prisoner.id).not_in(given)


@dataclass(frozen=True)
class _Wish:
    """Who is to be reserved, and for whom."""

    prisoner_id: str
    sitting: str
    writer_id: str | None
    random: bool
    continues_id: str | None = None


def _reserve(session: Session, token: str, wish: _Wish, rules: Rules, now: datetime) -> Reserved:
    insert(
        session,
        Reservation,
        {
            "id": new_id(),
            "token_hash": hashed(token),
            "counted": True,
            "created_at": now,
            "expires_at": now + rules.reservation,
            **vars(wish),
        },
    )
    return Reserved(token, wish.prisoner_id)


def _given_back(session: Session, token: str | None) -> Reservation | None:
    if not token:
        return None
    reservation = session.exec(
        select(Reservation).where(Reservation.token_hash == hashed(token))
    ).first()
    if reservation is not None and reservation.used_at is None:
        _uncount(session, reservation)
    return reservation


def _uncount(session: Session, reservation: Reservation) -> None:
    """Give the reservation's count back once, claimed by a conditional update."""
    claimed = session.execute(
        sa.update(Reservation)
        .where(col(Reservation.id) == reservation.id, col(Reservation.counted))
        .values(counted=False)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(reservation, "counted", False)
    if claimed.rowcount:  # type: ignore[attr-defined]
        moving.count(session, reservation.prisoner_id, -1)


def serialise(session: Session) -> None:
    """One at a time from here to the end of this transaction, among those who call this."""
    take_turn(session, Turn.CHOOSING)


def hashed(token: str) -> str:
    """What is kept of a form's token."""
    return keyring().hashed("reservation", token)
