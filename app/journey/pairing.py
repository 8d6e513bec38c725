"""Who gets the next letter.

The next recipient is the one with the lowest count, by chance among equals, whom this writer was
not given before. Picks are serialised: SQLite's write sessions are, PostgreSQL takes an advisory
lock for the length of the short transaction (row locks alone left gaps of 2 to 8).
"""

import random
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from app import moving
from app.errors import NotFound
from app.models import Correspondence, Prisoner, Reservation
from app.models.columns import new_id
from app.sealing import keyring
from app.settings import Settings

_PICK_LOCK = 7_216_001


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
    _serialise(session)
    before = _given_back(session, instead_of)
    sitting = before.sitting if before else new_id()
    prisoner = pick(session, rules.letters_a_day, today, writer_id, sitting)
    if prisoner is None and before is not None:
        # Everybody was shown in this sitting: begin again rather than turn the writer away.
        sitting = new_id()
        prisoner = pick(session, rules.letters_a_day, today, writer_id, sitting)
    if prisoner is None:
        raise NotFound("There is nobody to write to at this moment.")
    _weigh(session, prisoner, today, chance)
    wish = _Wish(prisoner.id, sitting, writer_id, random=True)
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
    """Reserve somebody who was chosen; whether they may be written to is the caller's question."""
    moving.count(session, prisoner_id, 1)
    wish = _Wish(prisoner_id, new_id(), writer_id, random=False, continues_id=continues_id)
    return _reserve(session, token, wish, rules, now)


def reservation_of(session: Session, token: str) -> Reservation:
    """The reservation a form carries. Raises `NotFound`."""
    found = session.exec(
        select(Reservation).where(Reservation.token_hash == _hashed(token))
    ).first()
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
    for reservation in expired:
        _uncount(session, reservation)
    return len(expired)


def use(session: Session, reservation: Reservation, now: datetime) -> bool:
    """The letter is sent: its count takes the place of the reservation's.

    Returns whether the reservation still counted; if not, the letter counts anew.
    """
    counted = _uncount(session, reservation, keep_count=True)
    reservation.used_at = now
    return counted


def pick(
    session: Session, letters_a_day: int, today: date, writer_id: str | None, sitting: str
) -> Prisoner | None:
    """The eligible person with the lowest count whom this writer was not given before.

    Who had `letters_a_day` random letters today waits until tomorrow, unless everybody has:
    a newcomer at zero must not get every letter of the day.
    """
    given = sa.select(col(Reservation.prisoner_id)).where(col(Reservation.sitting) == sitting)
    unseen = [col(Prisoner.id).not_in(given)]
    if writer_id is not None:
        for table in (Correspondence, Reservation):
            before = sa.select(col(table.prisoner_id)).where(col(table.writer_id) == writer_id)
            unseen.append(col(Prisoner.id).not_in(before))
    below_cap = sa.or_(
        col(Prisoner.picked_on).is_(None),
        col(Prisoner.picked_on) != today,
        col(Prisoner.picked_today) < letters_a_day,
    )
    lowest = (
        select(Prisoner)
        .where(col(Prisoner.eligible), *unseen)
        .order_by(col(Prisoner.letter_count), col(Prisoner.shuffle))
        .limit(1)
    )
    return session.exec(lowest.where(below_cap)).first() or session.exec(lowest).first()


def _weigh(session: Session, prisoner: Prisoner, today: date, chance: random.Random) -> None:
    """Count the pick, and shuffle the person anew among those of the next count."""
    session.execute(
        sa.update(Prisoner)
        .where(col(Prisoner.id) == prisoner.id)
        .values(
            letter_count=Prisoner.letter_count + 1,
            shuffle=chance.random(),
            picked_on=today,
            picked_today=sa.case(
                (col(Prisoner.picked_on) == today, Prisoner.picked_today + 1), else_=1
            ),
        )
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class _Wish:
    """Who is to be reserved, and for whom."""

    prisoner_id: str
    sitting: str
    writer_id: str | None
    random: bool
    continues_id: str | None = None


def _reserve(session: Session, token: str, wish: _Wish, rules: Rules, now: datetime) -> Reserved:
    reservation = Reservation(
        token_hash=_hashed(token),
        counted=True,
        created_at=now,
        expires_at=now + rules.reservation,
        **asdict(wish),
    )
    session.add(reservation)
    session.flush()
    return Reserved(token, wish.prisoner_id)


def _given_back(session: Session, token: str | None) -> Reservation | None:
    if not token:
        return None
    reservation = session.exec(
        select(Reservation).where(Reservation.token_hash == _hashed(token))
    ).first()
    if reservation is not None and reservation.used_at is None:
        _uncount(session, reservation)
    return reservation


def _uncount(session: Session, reservation: Reservation, *, keep_count: bool = False) -> bool:
    """Claim the reservation's count once, by a conditional update; returns whether we got it."""
    claimed = session.execute(
        sa.update(Reservation)
        .where(col(Reservation.id) == reservation.id, col(Reservation.counted))
        .values(counted=False)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(reservation, "counted", False)
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return False
    if not keep_count:
        moving.count(session, reservation.prisoner_id, -1)
    return True


def _serialise(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_PICK_LOCK)))


def _hashed(token: str) -> str:
    return keyring().hashed("reservation", token)
