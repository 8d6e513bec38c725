"""Letters that a reply in the holding pen may answer; never who wrote them."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.journey.reply_clues import Clues, clues_of
from app.lifecycle import State
from app.models import Facility, Letter, Placement, Posting, Prisoner
from app.searching import name_matches
from mailing.letter_numbers import DIGITS, NotALetterNumber, grouped, parse

SENT = (State.POSTED, State.ANSWERED, State.CLOSED, State.RETURNED, State.PRINTED, State.UNKNOWN)
"""Letters that may have reached somebody."""
LATELY = timedelta(days=240)
"""A reply most likely answers a letter that was posted within this time before it came."""
FASTEST = timedelta(days=14)
"""No paper goes there and back sooner; where nothing else waits, later letters are shown too."""
_MOST = 20


@dataclass(frozen=True)
class Suggestion:
    """A letter that a reply may answer."""

    letter_id: str
    number: str
    recipient: str
    town: str
    posted_on: date | None


class By(StrEnum):
    """What letters are suggested by."""

    NUMBER = "number"
    PERSON = "person"
    DAY = "day"


@dataclass(frozen=True)
class Suggested:
    """Letters, likeliest first; `clues` is what was read on the reply."""

    by: By
    letters: Sequence[Suggestion]
    clues: Clues


def suggested(session: Session, reply_id: str, received_on: date, most: int = _MOST) -> Suggested:
    """By the numbers that were read on it; else by name and town; else by the day it came.

    By the day: posted lately but not just now, not answered, to somebody whose place is known.
    """
    clues = clues_of(session, reply_id)
    if found := suggest_by_numbers(session, clues.numbers, most):
        return Suggested(By.NUMBER, found, clues)
    if found := suggest_by_person(session, clues.name, clues.town, clues.since, most):
        return Suggested(By.PERSON, found, clues)
    since = clues.since or received_on - LATELY
    found = _waiting_since(session, since, received_on - FASTEST, most)
    return Suggested(By.DAY, found or _waiting_since(session, since, received_on, most), clues)


def suggest_by_numbers(
    session: Session, numbers: Iterable[str], most: int = _MOST
) -> list[Suggestion]:
    """Letters with one of these numbers, or one that differs by one digit or swapped neighbours."""
    known = [each for number in numbers for each in {number, *near_numbers(number)}]
    if not known:
        return []
    return _suggestions(session, col(Letter.number).in_(known), most)


def suggest_by_person(
    session: Session, name: str, town: str, since: date | None, most: int = _MOST
) -> list[Suggestion]:
    """Letters that may have reached somebody with this name, in this town, posted since a day."""
    if not name.strip() and not town.strip():
        return []
    conditions = [name_matches(name)]
    if town.strip():
        # Databases do not fold Cyrillic letters alike: the usual ways to write it are tried.
        ways = {town.strip(), town.strip().capitalize(), town.strip().title()}
        settlement = col(Facility.settlement)
        conditions.append(sa.or_(*(settlement.contains(way, autoescape=True) for way in ways)))
    if since is not None:
        conditions.append(col(Posting.posted_on) >= since)
    return _suggestions(session, sa.and_(*conditions), most)


def _waiting_since(session: Session, first: date, last: date, most: int) -> list[Suggestion]:
    """Letters posted from a day to a day that nobody answered yet."""
    posted = col(Posting.posted_on).between(first, last)
    waits = sa.and_(posted, col(Letter.state) == State.POSTED, col(Placement.id).is_not(None))
    return _suggestions(session, waits, most)


def near_numbers(digits: str) -> set[str]:
    """Every valid letter number that is one slip of the pen away from eleven digits."""
    if len(digits) != DIGITS:
        return set()
    slips = {
        digits[:place] + digit + digits[place + 1 :]
        for place, digit in itertools.product(range(DIGITS), "0123456789")
    }
    slips |= {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(DIGITS - 1)
    }
    return {number for number in slips if number != digits and _is_valid(number)}


def _is_valid(number: str) -> bool:
    try:
        return parse(number) == number
    except NotALetterNumber:
        return False


def _suggestions(session: Session, which: sa.ColumnElement[bool], most: int) -> list[Suggestion]:
    rows = session.exec(
        select(Letter, Prisoner, Facility.settlement, col(Posting.posted_on))
        .join(Prisoner, col(Prisoner.id) == Letter.prisoner_id)
        .outerjoin(
            Placement,
            sa.and_(col(Placement.prisoner_id) == Prisoner.id, col(Placement.to_day).is_(None)),
        )
        .outerjoin(Facility, col(Facility.id) == Placement.facility_id)
        .outerjoin(
            Posting,
            sa.and_(col(Posting.letter_id) == Letter.id, col(Posting.undone_at).is_(None)),
        )
        .where(which, col(Letter.state).in_(SENT))
        .order_by(col(Posting.posted_on).desc(), col(Letter.number))
        .limit(most)
    ).all()
    found = {
        letter.id: Suggestion(
            letter_id=letter.id,
            number=grouped(letter.number),
            recipient=prisoner.full_name,
            town=town or "",
            posted_on=posted_on,
        )
        for letter, prisoner, town, posted_on in reversed(rows)
    }
    return list(reversed(found.values()))
