"""Places of detention and return addresses: adding, editing, ending."""

from datetime import date

from sqlmodel import Session, col, select

from app import locking
from app.catalogue import letters
from app.catalogue.details import FacilityDetails, ReturnAddressDetails
from app.catalogue.history import apply, remember
from app.catalogue.standing import Occasion, people_to_change, refresh
from app.errors import NotFound
from app.models import Facility, Placement, Prisoner, ReturnAddress
from app.models.columns import new_id

_ON_THE_ENVELOPE = frozenset(
    {
        "name_ru",
        "street",
        "settlement",
        "district",
        "region",
        "postal_code",
        "country",
        "codes_allowed",
        "paper_style",
    }
)


def add_facility(session: Session, details: FacilityDetails, occasion: Occasion) -> Facility:
    row = Facility(**details.model_dump(), created_at=occasion.now)
    session.add(row)
    session.flush()
    remember(session, "facility", row.id, "added", occasion, {})
    return row


def place_to_change(session: Session, facility_id: str) -> Facility:
    """As it is now, and nobody else changes it until this transaction ends. Raises `NotFound`.

    In the order of everybody: batches with letters to there first, then the place, then people.
    """
    session.flush()
    locking.lock_batches(session, *(row.id for row in people_at(session, facility_id)))
    row = session.get(
        Facility, facility_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if row is None:
        raise NotFound("There is no such place.")
    return row


def edit_facility(
    session: Session, facility_id: str, details: FacilityDetails, occasion: Occasion
) -> Facility:
    """Change a place. A changed address reaches every unprinted letter to people there.

    Raises `NotFound`.
    """
    row = place_to_change(session, facility_id)
    changed = apply(row, details.model_dump())
    if changed:
        remember(session, "facility", row.id, "edited", occasion, changed)
    if changed.keys() & _ON_THE_ENVELOPE:
        there = [each.id for each in people_at(session, facility_id)]
        for prisoner in people_to_change(session, there):
            standing = refresh(session, prisoner, occasion)
            letters.follow(session, prisoner, standing, occasion, corrected=True)
    return row


def add_return_address(
    session: Session, details: ReturnAddressDetails, occasion: Occasion
) -> ReturnAddress:
    """Somebody agreed to receive replies; holder and lines are kept sealed."""
    row = ReturnAddress(
        id=new_id(),
        country=details.country,
        consent_on=details.consent_on,
        ends_on=details.ends_on,
        created_at=occasion.now,
        holder_sealed=b"",
        lines_sealed=b"",
    )
    row.holder = details.holder
    row.lines = details.lines
    session.add(row)
    session.flush()
    return row


def end_return_address(session: Session, address_id: str, on: date) -> None:
    """No letter names it from the day `on`; letters already printed still do. Raises `NotFound`."""
    row = session.get(ReturnAddress, address_id)
    if row is None:
        raise NotFound("There is no such return address.")
    row.ends_on = on


def people_at(session: Session, facility_id: str) -> list[Prisoner]:
    """Everybody who is there now."""
    here = (
        select(Prisoner)
        .join(Placement, col(Placement.prisoner_id) == Prisoner.id)
        .where(Placement.facility_id == facility_id, col(Placement.to_day).is_(None))
    )
    return list(session.exec(here).all())
