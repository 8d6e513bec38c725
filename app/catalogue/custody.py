"""Where a person is: moved, in transfer, released, exchanged, dead. Letters follow or wait."""

from datetime import date

from sqlmodel import Session

from app.addressing import present_place, standing_hold
from app.catalogue import letters, said_gone
from app.catalogue.details import Move, require_come
from app.catalogue.history import apply, credit, remember
from app.catalogue.rules import Standing
from app.catalogue.standing import (
    Occasion,
    must_be_confirmed,
    person_to_change,
    refresh,
    standing_of,
)
from app.errors import Invalid
from app.lifecycle import Hold
from app.locale import N_
from app.models import Facility, Placement
from app.models.importing import COORDINATOR
from app.models.people import HOLDS

DEPARTURES = HOLDS
"""What can become of somebody who leaves a place, and why their unprinted letters then wait."""


def move(session: Session, prisoner_id: str, to: Move, occasion: Occasion) -> Standing:
    """Somebody is at another place now: the old placement ends, unprinted letters are re-addressed.

    Whoever could be found or written to only since then waits for a coordinator, unless one moved
    them; and so do their letters. Raises `Invalid` for an unknown place, or a day before the last
    move or after today.
    """
    row = person_to_change(session, prisoner_id)
    facility = session.get(Facility, to.facility_id)
    if facility is None:
        raise Invalid({"facility_id": N_("Choose a place from the list.")})
    stood = standing_of(session, row, occasion)
    before = _end_placement(session, prisoner_id, to.from_day, occasion, "from_day")
    placement = Placement(
        prisoner_id=row.id,
        facility_id=to.facility_id,
        from_day=to.from_day,
        checked_on=to.checked_on,
        source=to.source,
    )
    session.add(placement)
    changed = apply(row, {"status": "in_custody"})
    row.status_since = to.from_day
    changed["facility"] = (before, facility.name_ru)
    credit(row, ["facility"], COORDINATOR)
    row.changed_at = occasion.now
    unconfirmed = must_be_confirmed(session, row, stood, occasion)
    if unconfirmed:
        changed |= apply(row, {"custody_confirmed_on": None})
    standing = refresh(session, row, occasion)
    remember(session, "prisoner", row.id, "moved", occasion, changed)
    if unconfirmed or standing_hold(row, occasion.today):
        # Nobody writes to them wherever they are; letters follow when that ends.
        changed_letters = letters.hold(session, row.id, Hold.NOT_WRITABLE, occasion)
    else:
        changed_letters = letters.send_to(session, row.id, placement.id, occasion)
    letters.tell(session, changed_letters, occasion)
    letters.follow(session, row, standing, occasion)
    return standing


def leave(
    session: Session, prisoner_id: str, status: str, on: date, occasion: Occasion
) -> Standing:
    """Somebody left a place for one of `DEPARTURES`: unprinted letters wait.

    Who is known or writable only since then waits for a coordinator here too. Raises `Invalid`
    for another status or an impossible day.
    """
    if status not in DEPARTURES:
        raise Invalid({"status": N_("Choose what happened.")})
    row = person_to_change(session, prisoner_id)
    stood = standing_of(session, row, occasion)
    before = _end_placement(session, prisoner_id, on, occasion, "on")
    changed = apply(row, {"status": status})
    row.status_since = on
    if must_be_confirmed(session, row, stood, occasion):
        changed |= apply(row, {"custody_confirmed_on": None})
    if before:
        changed["facility"] = (before, None)
    row.changed_at = occasion.now
    standing = refresh(session, row, occasion)
    remember(session, "prisoner", row.id, status, occasion, changed)
    if status in said_gone.KIND_OF:
        kind = said_gone.KIND_OF[status]
        said_gone.settle(session, row.id, occasion.actor, occasion.now, kind=kind)
    letters.tell(session, letters.hold(session, row.id, DEPARTURES[status], occasion), occasion)
    return standing


def _end_placement(
    session: Session, prisoner_id: str, on: date, occasion: Occasion, field: str
) -> str | None:
    """End the present placement on a day; returns the name of its facility."""
    require_come({field: on}, occasion.today)
    placed = present_place(session, prisoner_id)
    if placed is None:
        return None
    if on < placed[0].from_day:
        raise Invalid({field: N_("This is before the day of the last move.")})
    placed[0].to_day = on
    session.flush()
    return placed[1].name_ru
