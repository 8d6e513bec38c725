"""The rule of `app.catalogue.rules` applied to rows; its answers are kept with each person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app import locking
from app.addressing import present_place
from app.catalogue.rules import PlacementFacts, Standing, eligibility
from app.errors import NotFound
from app.models import Facility, Placement, Prisoner
from app.moving import Actor


@dataclass(frozen=True)
class Occasion:
    """Who changes the catalogue and when; address_days: the age at which an address is stale.

    by_coordinator: False for whoever prepares what a coordinator has to confirm, and for imports.
    """

    actor: Actor
    now: datetime
    today: date
    address_days: int
    by_coordinator: bool


def person(session: Session, prisoner_id: str) -> Prisoner:
    """To be read. Raises `NotFound`."""
    found = session.get(Prisoner, prisoner_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def person_to_change(session: Session, prisoner_id: str) -> Prisoner:
    """As they are now, and nobody else changes them until this transaction ends.

    Raises `NotFound`.
    """
    found = people_to_change(session, [prisoner_id])
    if not found:
        raise NotFound("There is no such person.")
    return found[0]


def people_to_change(session: Session, ids: Iterable[str]) -> list[Prisoner]:
    """The same of several people, as far as they are there.

    Batches with letters to them are taken first, then people by their ids: whoever changes several
    in one transaction takes them so, and no two wait for each other. Letters to them are taken in
    meanwhile.
    """
    some = list(ids)
    session.flush()  # what is read anew takes the place of what is not written yet
    locking.lock_batches(session, *some)
    theirs = select(Prisoner).where(col(Prisoner.id).in_(some)).order_by(col(Prisoner.id))
    ours = theirs.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.exec(ours).all())


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
    """Store the rule's answer with the person, after any change to what it reads.

    Judged is what stands in the database: somebody may have hidden them since they were read.
    """
    session.flush()
    session.refresh(prisoner, with_for_update={"key_share": True})
    standing = standing_of(session, prisoner, occasion)
    _store(prisoner, standing)
    return standing


def must_be_confirmed(
    session: Session, prisoner: Prisoner, before: Standing, occasion: Occasion
) -> bool:
    """Whether a change that is no coordinator's may free somebody: then custody is confirmed anew.

    It makes them known or writable who were not; or nothing forbids letters any more where
    something did, so that the next checked address alone would make them writable.
    """
    session.flush()
    now = standing_of(session, prisoner, occasion)
    gained = (now.shown and not before.shown) or (now.writable and not before.writable)
    return (gained or (before.forbidden and not now.forbidden)) and not occasion.by_coordinator


def refresh_some(
    session: Session, today: date, address_days: int, after: str = "", limit: int = 500
) -> str | None:
    """The same for up to `limit` people with ids above `after`: addresses grow old by themselves.

    Returns the last id, to go on from, or None at the end. Run once a day.
    """
    people = session.exec(
        select(Prisoner)
        .where(Prisoner.id > after)
        .order_by(col(Prisoner.id))
        .limit(limit)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
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
