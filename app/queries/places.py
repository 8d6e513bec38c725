"""Places of detention and return addresses, as the catalogue desk sees them."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.standing import is_complete
from app.errors import NotFound
from app.models import Facility, Letter, Placement, Prisoner, ReturnAddress
from app.queries.histories import Step, steps
from app.queries.people import PersonRow, person_row

_SHOWN_PEOPLE = 500


@dataclass(frozen=True)
class PlaceRow:
    """One place in the list."""

    id: str
    name_ru: str
    name_en: str
    kind: str
    region: str
    postal_code: str
    complete: bool
    people: int


@dataclass(frozen=True)
class PlaceChoice:
    """One place to choose; region as the address has it."""

    id: str
    name: str
    region: str


@dataclass(frozen=True)
class PlacePage:
    """One place, who is there, and its history. returned: letters that came back from there.

    people: the first of the `number` who are there.
    """

    facility: Facility
    complete: bool
    people: list[PersonRow]
    number: int
    posted: int
    returned: int
    steps: list[Step]


@dataclass(frozen=True)
class ReturnRow:
    """A return address."""

    id: str
    country: str
    holder: str
    lines: str
    consent_on: date
    ends_on: date | None


def find_places(session: Session, query: str = "") -> list[PlaceRow]:
    """Every place, by region and name; there are hundreds, not thousands."""
    here = (
        sa.select(col(Placement.facility_id), sa.func.count().label("people"))
        .where(col(Placement.to_day).is_(None))
        .group_by(col(Placement.facility_id))
        .subquery()
    )
    rows = session.execute(
        sa.select(Facility, sa.func.coalesce(here.c.people, 0))
        .join(here, here.c.facility_id == col(Facility.id), isouter=True)
        .order_by(col(Facility.region), col(Facility.name_ru))
    )
    words = query.lower().split()
    return [
        _place(facility, people)
        for facility, people in rows
        if all(word in _searched(facility) for word in words)
    ]


def place_choices(session: Session) -> list[PlaceChoice]:
    """Every place, for a form."""
    rows = session.execute(sa.select(col(Facility.id), col(Facility.name_ru), col(Facility.region)))
    return [PlaceChoice(*row) for row in rows]


def place_page(session: Session, facility_id: str) -> PlacePage:
    """One place. Raises `NotFound`."""
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("There is no such place.")
    people = session.execute(
        sa.select(Prisoner, col(Facility.name_ru), col(Placement.checked_on))
        .join(Placement, col(Placement.prisoner_id) == Prisoner.id)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(col(Placement.facility_id) == facility_id, col(Placement.to_day).is_(None))
        .order_by(col(Prisoner.surname), col(Prisoner.given_name))
        .limit(_SHOWN_PEOPLE)
    )
    states = _states_at(session, facility_id)
    return PlacePage(
        facility,
        is_complete(facility),
        [person_row(*row) for row in people],
        _number_at(session, facility_id),
        states.get("posted", 0) + states.get("answered", 0),
        states.get("returned", 0),
        list(steps(session, "facility", facility_id)),
    )


def return_addresses(session: Session) -> list[ReturnRow]:
    """All return addresses, those in use first."""
    rows = session.exec(
        select(ReturnAddress).order_by(
            col(ReturnAddress.ends_on).is_not(None),
            col(ReturnAddress.country),
            col(ReturnAddress.id),
        )
    ).all()
    return [
        ReturnRow(
            row.id, row.country, row.holder or "", row.lines or "", row.consent_on, row.ends_on
        )
        for row in rows
    ]


def _number_at(session: Session, facility_id: str) -> int:
    there = sa.select(sa.func.count()).where(
        col(Placement.facility_id) == facility_id, col(Placement.to_day).is_(None)
    )
    return int(session.execute(there).scalar_one())


def _states_at(session: Session, facility_id: str) -> dict[str, int]:
    """States of the letters to people who are there now."""
    rows = session.execute(
        sa.select(col(Letter.state), sa.func.count())
        .join(Placement, col(Placement.prisoner_id) == Letter.prisoner_id)
        .where(col(Placement.facility_id) == facility_id, col(Placement.to_day).is_(None))
        .group_by(col(Letter.state))
    )
    return dict(rows.all())


def _searched(facility: Facility) -> str:
    parts = (facility.name_ru, facility.name_en, facility.settlement, facility.region)
    return f"{' '.join(parts)} {facility.postal_code}".lower()


def _place(facility: Facility, people: int) -> PlaceRow:
    return PlaceRow(
        facility.id,
        facility.name_ru,
        facility.name_en,
        facility.kind,
        facility.region,
        facility.postal_code,
        is_complete(facility),
        people,
    )
