"""The coordinator's letters: lists behind the dashboard's numbers, and one letter's history.

No writer's name, e-mail or text is read here; who prints or coordinates never needs it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.lifecycle import Hold, State
from app.models import Facility, Letter, Placement, Posting, Prisoner, Reply
from app.queries.dashboard import came_in, is_overdue
from app.queries.histories import Step, steps
from app.queries.paging import PAGE, cut
from app.searching import name_matches
from mailing.letter_numbers import NotALetterNumber, parse

CHUNK = 2000
ANY = "any"
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Wanted:
    """Which letters.

    held: a reason, or "any"; trouble: what the machine waits for, or "any"; query: a letter number
    or a prisoner's name; came: the first day of the month they came in, as days are in `zone`.
    """

    state: State | None = None
    held: str = ""
    overdue: bool = False
    trouble: str = ""
    prisoner_id: str = ""
    query: str = ""
    came: date | None = None
    zone: ZoneInfo = UTC


@dataclass(frozen=True)
class LetterRow:
    """One letter in a list."""

    id: str
    number: str
    state: str
    since: datetime
    due_at: datetime | None
    held_reason: str | None
    held_since: datetime | None
    trouble: str | None
    prisoner_id: str
    name: str
    latin_name: str


@dataclass(frozen=True)
class Found:
    """One page of a list, oldest first."""

    letters: list[LetterRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class PostingRow:
    """A posting; undone ones stay."""

    posted_on: date
    country: str
    cents: int
    currency: str
    undone: bool


@dataclass(frozen=True)
class LetterPage:
    """A letter as coordinators see it."""

    letter: LetterRow
    language: str
    engines: str
    random: bool
    take_out: bool
    attempts: int
    next_try_at: datetime | None
    place: str
    steps: list[Step]
    postings: list[PostingRow]
    replies: list[str]


def find_letters(session: Session, wanted: Wanted, now: datetime, page: int) -> Found:
    """One page of the letters wanted; page counts from 1.

    Those that wait longest come first; without a question, the newest.
    """
    order = _order(wanted)
    conditions = _conditions(wanted, now)
    counted = sa.select(sa.func.count()).select_from(Letter).where(*conditions)
    total = session.execute(counted).scalar_one()
    page, pages, start = cut(total, page)
    # Ids first: skipping pages must not join people to letters that nobody looks at.
    ids = session.exec(
        select(Letter.id).where(*conditions).order_by(*order).offset(start).limit(PAGE)
    ).all()
    rows = session.execute(_rows().where(col(Letter.id).in_(ids)).order_by(*order))
    return Found([LetterRow(*row) for row in rows], total, page, pages)


def all_letters(session: Session, wanted: Wanted, now: datetime, after: str) -> list[LetterRow]:
    """Up to `CHUNK` of the letters wanted with ids above `after`, by id: for whole exports."""
    chunk = (
        _rows()
        .where(*_conditions(wanted, now), col(Letter.id) > after)
        .order_by(col(Letter.id))
        .limit(CHUNK)
    )
    return [LetterRow(*row) for row in session.execute(chunk)]


def letter_page(session: Session, letter_id: str) -> LetterPage:
    """Everything a coordinator sees of one letter. Raises `NotFound`."""
    row = session.execute(_rows().where(col(Letter.id) == letter_id)).first()
    if row is None:
        raise NotFound("There is no such letter.")
    letter = session.get_one(Letter, letter_id)
    place = session.execute(
        sa.select(col(Facility.name_ru))
        .join(Placement, col(Placement.facility_id) == Facility.id)
        .where(col(Placement.prisoner_id) == letter.prisoner_id, col(Placement.to_day).is_(None))
    ).scalar()
    postings = session.exec(
        select(Posting).where(Posting.letter_id == letter_id).order_by(col(Posting.created_at))
    ).all()
    return LetterPage(
        LetterRow(*row),
        letter.language,
        letter.engines,
        letter.random,
        letter.take_out,
        letter.attempts,
        letter.next_try_at,
        place or "",
        list(steps(session, "letter", letter_id)),
        [
            PostingRow(
                each.posted_on, each.country, each.cost_cents, each.currency, bool(each.undone_at)
            )
            for each in postings
        ],
        list(session.exec(select(Reply.state).where(Reply.letter_id == letter_id)).all()),
    )


def whole_name() -> sa.ColumnElement[str]:
    """Surname, given name and patronymic, as one column."""
    return sa.func.trim(
        col(Prisoner.surname)
        + " "
        + col(Prisoner.given_name)
        + " "
        + sa.func.coalesce(col(Prisoner.patronymic), "")
    )


def _rows() -> "sa.Select[*tuple[Any, ...]]":
    return sa.select(
        col(Letter.id),
        col(Letter.number),
        col(Letter.state),
        col(Letter.state_since),
        col(Letter.due_at),
        col(Letter.held_reason),
        col(Letter.held_since),
        col(Letter.trouble),
        col(Prisoner.id),
        whole_name(),
        col(Prisoner.latin_name),
    ).join(Prisoner, col(Prisoner.id) == Letter.prisoner_id)


def _order(wanted: Wanted) -> tuple[Any, ...]:
    """An order that an index has: none of the lists may sort a million letters."""
    if wanted.overdue:
        return sa.asc(col(Letter.due_at)), sa.asc(col(Letter.id))
    if wanted.held:
        return sa.asc(col(Letter.held_since)), sa.asc(col(Letter.id))
    if wanted.came is not None:
        return sa.asc(col(Letter.created_at)), sa.asc(col(Letter.id))
    if wanted.state is not None or wanted.trouble or wanted.query or wanted.prisoner_id:
        return sa.asc(col(Letter.state_since)), sa.asc(col(Letter.id))
    return sa.desc(col(Letter.created_at)), sa.asc(col(Letter.id))


def _conditions(wanted: Wanted, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(col(Letter.state) == str(wanted.state))
    if wanted.held in set(Hold):
        conditions.append(col(Letter.held_reason) == wanted.held)
    elif wanted.held:
        conditions.append(col(Letter.held_reason).is_not(None))
    if wanted.overdue:
        conditions.append(is_overdue(now))
    if wanted.trouble:
        conditions.append(col(Letter.state).in_([State.TRANSLATING, State.APPROVED]))
        told = col(Letter.trouble).is_not(None)
        conditions.append(told if wanted.trouble == ANY else col(Letter.trouble) == wanted.trouble)
    if wanted.came is not None:
        conditions.append(came_in(wanted.came, wanted.zone))
    if wanted.prisoner_id:
        conditions.append(col(Letter.prisoner_id) == wanted.prisoner_id)
    if wanted.query:
        conditions.append(_asked_for(wanted.query))
    return conditions


def _asked_for(query: str) -> sa.ColumnElement[bool]:
    try:
        return col(Letter.number) == parse(query)
    except NotALetterNumber:
        people = sa.select(col(Prisoner.id)).where(name_matches(query))
        return col(Letter.prisoner_id).in_(people)
