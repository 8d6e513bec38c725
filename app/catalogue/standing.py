"""The rule of `app.catalogue.rules` applied to rows; its answers are kept with each person."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.addressing import present_place
from app.catalogue.rules import PlacementFacts, Standing, eligibility
from app.errors import NotFound
from app.models import Facility, Placement, Prisoner
from app.moving import Actor


@dataclass(frozen=True)
class Occasion:
    """Who changes the catalogue and when; address_days: the age at which an address is stale.

    by_coordinator: False for somebody who prepares what a coordinator has to confirm.
    """

    actor: Actor
    now: datetime
    today: date
    address_days: int
    by_coordinator: bool = True


def person(session: Session, prisoner_id: str) -> Prisoner:
    """Raises `NotFound`."""
    found = session.get(Prisoner, prisoner_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def is_complete(facility: Facility) -> bool:
    """Whether an envelope can bear the address."""
    needed = (facility.name_ru, facility.street, facility.settlement)
    code = facility.postal_code
    return all(needed) and len(code) == 6 and code.isascii() and code.isdigit()


def facts(placed: tuple[Placement, Facility] | None) -> PlacementFacts | None:
    """What the rule reads of a placement."""
    return PlacementFacts(placed[0].checked_on, is_complete(placed[1])) if placed else None


def standing_of(session: Session, prisoner: Prisoner, occasion: Occasion) -> Standing:
    """What the rule says of somebody."""
    placed = facts(present_place(session, prisoner.id))
    return eligibility(prisoner, placed, occasion.today, occasion.address_days)


def refresh(session: Session, prisoner: Prisoner, occasion: Occasion) -> Standing:
    """Store the rule's answer with the person, after any change to what it reads."""
    session.flush()
    standing = standing_of(session, prisoner, occasion)
    _store(prisoner, standing)
    return standing


def must_be_confirmed(
    session: Session, prisoner: Prisoner, before: Standing, occasion: Occasion
) -> bool:
    """Whether a change makes somebody known or writable who was not, and is no coordinator's."""
    session.flush()
    now = standing_of(session, prisoner, occasion)
    gained = (now.shown and not before.shown) or (now.writable and not before.writable)
    return gained and not occasion.by_coordinator


def refresh_some(
    session: Session, today: date, address_days: int, after: str = "", limit: int = 500
) -> str | None:
    """The same for up to `limit` people with ids above `after`: addresses grow old by themselves.

    Returns the last id, to go on from, or None at the end. Run once a day.
    """
    people = session.exec(
        select(Prisoner).where(Prisoner.id > after).order_by(col(Prisoner.id)).limit(limit)
    ).all()
    ids = [row.id for row in people]
    placements = session.exec(
        select(Placement, Facility)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(col(Placement.prisoner_id).in_(ids), col(Placement.to_day).is_(None))
    ).all()
    placed = {row[0].prisoner_id: facts((row[0], row[1])) for row in placements}
    for row in people:
        _store(row, eligibility(row, placed.get(row.id), today, address_days))
    return people[-1].id if len(people) == limit else None


def _store(prisoner: Prisoner, standing: Standing) -> None:
    # Assigned only when they differ: an unchanged person costs no UPDATE.
    if prisoner.published != standing.writable:
        prisoner.published = standing.writable
    named = standing.shown and not standing.writable
    if prisoner.named != named:
        prisoner.named = named
    if prisoner.eligible != standing.picked:
        prisoner.eligible = standing.picked
