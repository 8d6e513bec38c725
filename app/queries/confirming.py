"""Who is to be confirmed together: people at one place, newcomers; and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.catalogue import editing
from app.catalogue.looked_at import mark_of
from app.catalogue.rules import Why, eligibility
from app.catalogue.standing import facts
from app.catalogue.together import CHECKED, CONFIRMED, MOST
from app.models import Event, Facility, Placement, Prisoner
from app.queries.asked import urgency
from app.queries.paging import cut
from app.queries.people import SOON_DAYS, Show, confirmable, group, placed_people
from app.searching import name_matches


@dataclass(frozen=True)
class PlaceByAge:
    """Addresses at one place. unchecked: nobody ever did; due: too old now or soon."""

    id: str
    name: str
    region: str
    people: int
    unchecked: int
    due: int
    oldest: date | None


@dataclass(frozen=True)
class Candidate:
    """Somebody to be ticked, with everything that is to be looked at before.

    dative: as it stands or would be proposed; reasons: what the rule has against them now;
    alone: took back the wish for letters, so only their own page confirms them; mark: of what they
    are now (`app.catalogue.looked_at`).
    """

    id: str
    name: str
    latin_name: str
    birth_year: int | None
    status: str
    place: str
    checked_on: date | None
    address_source: str
    source: str
    dative: str
    dative_confirmed: bool
    reasons: tuple[Why, ...]
    published: bool
    alone: bool
    mark: str


@dataclass(frozen=True)
class Newcomers:
    """Which newcomers; source: the list that they came from."""

    query: str = ""
    facility_id: str = ""
    source: str = ""


@dataclass(frozen=True)
class Candidates:
    """One page of them."""

    people: list[Candidate]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Outcome:
    """What became of one confirmation. left: those whom the rule still keeps from the public."""

    done: int
    public: int
    left: list[Candidate]


def places_by_age(session: Session, today: date, address_days: int) -> list[PlaceByAge]:
    """Places where people are, those first whose addresses were longest not made sure of."""
    checked = col(Placement.checked_on)
    oldest = sa.func.min(checked)
    unchecked = sa.func.count().filter(checked.is_(None))
    due = sa.func.count().filter(checked < today - timedelta(days=address_days - SOON_DAYS))
    place = (col(Facility.id), col(Facility.name_ru), col(Facility.region))
    rows = session.execute(
        sa.select(*place, sa.func.count(), unchecked, due, oldest)
        .select_from(placed_people())
        .where(confirmable(), col(Placement.id).is_not(None))
        .group_by(*place)
        .order_by(sa.case((unchecked > 0, 0), else_=1), oldest, col(Facility.name_ru))
    )
    return [PlaceByAge(*row) for row in rows]


def at_place(
    session: Session, facility_id: str, today: date, address_days: int, page: int
) -> Candidates:
    """Everybody at a place whose address can be made sure of, the longest ago first."""
    here = sa.and_(confirmable(), col(Placement.facility_id) == facility_id)
    age = sa.func.coalesce(col(Placement.checked_on), date(1970, 1, 1))
    return _candidates(session, here, [age], today, address_days, page)


def newcomers(
    session: Session, wanted: Newcomers, today: date, address_days: int, page: int | None
) -> Candidates:
    """People who are not public yet and may become so, the urgent first; page None for all."""
    conditions = [group(Show.TO_CONFIRM, today, address_days), name_matches(wanted.query)]
    if wanted.facility_id:
        conditions.append(col(Placement.facility_id) == wanted.facility_id)
    if wanted.source:
        conditions.append(col(Prisoner.source) == wanted.source)
    return _candidates(session, sa.and_(*conditions), [urgency()], today, address_days, page)


def sources_of_newcomers(session: Session, today: date, address_days: int) -> list[str]:
    """The lists that people came from who are still to be confirmed."""
    rows = session.execute(
        sa.select(col(Prisoner.source))
        .select_from(placed_people())
        .where(group(Show.TO_CONFIRM, today, address_days), col(Prisoner.source) != "")
        .distinct()
        .order_by(col(Prisoner.source))
    )
    return [source for (source,) in rows]


def checked_at(session: Session, moment: datetime, staff_id: str) -> int:
    """How many addresses this coordinator made sure of at this moment."""
    counted = sa.select(sa.func.count()).select_from(Event).where(*_of(CHECKED, moment, staff_id))
    return int(session.execute(counted).scalar_one())


def confirmed_at(
    session: Session, moment: datetime, staff_id: str, today: date, address_days: int
) -> Outcome:
    """What became of the people whom this coordinator confirmed at this moment."""
    ids = sa.select(col(Event.subject_id)).where(*_of(CONFIRMED, moment, staff_id))
    whom = col(Prisoner.id).in_(ids)
    people = _candidates(session, whom, [], today, address_days, None).people
    left = [person for person in people if not person.published]
    return Outcome(len(people), len(people) - len(left), left)


def _of(what: str, moment: datetime, staff_id: str) -> list[sa.ColumnElement[bool]]:
    return [
        col(Event.subject) == "prisoner",
        col(Event.at) == moment,
        col(Event.staff_id) == staff_id,
        col(Event.to) == what,
    ]


def _candidates(
    session: Session,
    whom: sa.ColumnElement[bool],
    first: Sequence[sa.ColumnElement[Any]],
    today: date,
    address_days: int,
    page: int | None,
) -> Candidates:
    counted = sa.select(sa.func.count()).select_from(placed_people()).where(whom)
    total = int(session.execute(counted).scalar_one())
    number, pages, start = cut(total, page or 1, MOST)
    rows = (
        sa.select(Prisoner, Placement, Facility)
        .select_from(placed_people())
        .where(whom)
        .order_by(*first, col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
    )
    if page is not None:
        rows = rows.offset(start).limit(MOST)
    found = [
        _candidate(row, placement, facility, today, address_days)
        for row, placement, facility in session.execute(rows)
    ]
    return Candidates(found, total, number, pages)


def _candidate(
    row: Prisoner,
    placement: Placement | None,
    facility: Facility | None,
    today: date,
    address_days: int,
) -> Candidate:
    placed = (placement, facility) if placement and facility else None
    return Candidate(
        row.id,
        row.full_name,
        row.latin_name,
        row.birth_year,
        row.status,
        facility.name_ru if facility else "",
        placement.checked_on if placement else None,
        placement.source if placement else "",
        row.source,
        row.dative_name or editing.suggested_dative(row) or "",
        row.dative_confirmed,
        eligibility(row, facts(placed), today, address_days).reasons,
        row.published,
        not editing.may_be_confirmed(row),
        mark_of(row, placed),
    )
