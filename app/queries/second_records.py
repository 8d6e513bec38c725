"""Two records that may be one person: who comes into question, what merging would do."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.two_people import namesakes_of
from app.catalogue.two_records import Outcome, Record, Side, outcome, record_of
from app.models import Letter, Prisoner, Prosecution, Reservation, SourceId
from app.sameness.matching import Somebody
from app.searching import name_matches
from app.spelling import folded

MOST = 10
_LOOKED_AT = 300


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the same person. letters: how many were sent to this record."""

    id: str
    name: str
    latin_name: str
    birth_year: int | None
    status: str
    letters: int


@dataclass(frozen=True)
class Summary:
    """One of the two records in short. sources: lists that know it; open: forms that hold it."""

    record: Record
    letters: int
    reservations: int
    cases: int
    sources: list[str]


@dataclass(frozen=True)
class SideBySide:
    """Both records and what they would become."""

    kept: Summary
    other: Summary
    outcome: Outcome


def candidates(session: Session, prisoner_id: str, query: str) -> list[Candidate]:
    """Who may be the same person, the likeliest first; with a query, whoever is called so.

    Likely is the same surname by its sound, a typing mistake allowed, or the same given name and
    birth year. Raises `NotFound`.
    """
    person = record_of(session, prisoner_id).person
    asked = name_matches(query) if query else _may_be(session, person)
    rows = session.exec(
        select(Prisoner)
        .where(asked, Prisoner.id != prisoner_id)
        .order_by(col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
        .limit(_LOOKED_AT)
    ).all()
    likeliest = sorted(rows, key=lambda row: -_likeness(person, row))
    return [
        Candidate(
            row.id, row.full_name, row.latin_name, row.birth_year, row.status, row.letter_count
        )
        for row in likeliest[:MOST]
    ]


def side_by_side(
    session: Session,
    kept_id: str,
    other_id: str,
    chosen: dict[str, Side],
    today: date,
    address_days: int,
) -> SideBySide:
    """Two records, and what becomes of them. Raises `NotFound`."""
    kept, other = record_of(session, kept_id), record_of(session, other_id)
    became = outcome(kept, other, chosen, today, address_days)
    return SideBySide(_summary(session, kept), _summary(session, other), became)


def _may_be(session: Session, person: Prisoner) -> sa.ColumnElement[bool]:
    name = person.surname, person.given_name, person.patronymic
    # Whom the list of doubtful records shows beside this one.
    doubles = namesakes_of(session, Somebody("", *name, person.birth_year))
    namesakes = sa.or_(name_matches(person.surname), col(Prisoner.id).in_(doubles))
    if person.birth_year is None:
        return namesakes
    same_year = col(Prisoner.birth_year) == person.birth_year
    return sa.or_(namesakes, sa.and_(name_matches(person.given_name), same_year))


def _likeness(one: Prisoner, other: Prisoner) -> int:
    def sounds_alike(part: str) -> bool:
        values = [folded(getattr(each, part) or "") for each in (one, other)]
        return values[0] == values[1] != ""

    years = {one.birth_year, other.birth_year} - {None}
    return (
        4 * sounds_alike("surname")
        + 2 * sounds_alike("given_name")
        + sounds_alike("patronymic")
        + (2 if one.birth_year and len(years) == 1 and other.birth_year else 0)
        - 3 * (len(years) == 2)
    )


def _summary(session: Session, record: Record) -> Summary:
    def number(table: type[Letter | Prosecution | Reservation], *more: object) -> int:
        mine = sa.select(sa.func.count()).where(col(table.prisoner_id) == record.person.id, *more)  # type: ignore[arg-type]
        return int(session.execute(mine).scalar_one())

    known = select(SourceId).where(
        SourceId.subject == "prisoner", SourceId.target_id == record.person.id
    )
    return Summary(
        record,
        number(Letter),
        number(Reservation, col(Reservation.counted)),
        number(Prosecution),
        [f"{each.source} {each.key}" for each in session.exec(known)],
    )
