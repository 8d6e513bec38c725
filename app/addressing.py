"""Where a letter to somebody goes at this moment, or why it must stand still.

One rule for approving, rendering, batches and the catalogue: present placement, facility and
person become the address of `mailing`, and its problems become the reason to hold.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, or_, select

from app.ages import may_be_under_age
from app.lifecycle import Hold
from app.models import Facility, Placement, Prisoner, ReturnAddress
from app.models.people import HOLDS
from mailing import address
from mailing.address import PostalAddress, Problem, Recipient

_COUNTRY_LINES = {"UA": "UKRAINE", "BY": "BELARUS"}
"""Of places that are not in Russia; there the line follows from the country of posting."""
_OF_AGE = frozenset({Problem.UNCHECKED_ADDRESS, Problem.STALE_ADDRESS})


@dataclass(frozen=True)
class Destination:
    """Where a letter goes. `hold` says why it must wait; None when it can be printed.

    recipient, placement and codes_allowed are None while no place is known. paper_style: see
    `app.models.places.PAPER_STYLES`.
    """

    hold: Hold | None
    placement_id: str | None = None
    recipient: Recipient | None = None
    codes_allowed: bool | None = None
    paper_style: str = "lined"


def destination(
    session: Session, prisoner_id: str, posted_from: str, today: date, address_days: int
) -> Destination:
    """The present destination of letters to this person.

    posted_from: ISO country of posting. address_days: age at which a checked address is stale.
    """
    prisoner = session.get_one(Prisoner, prisoner_id)
    standing = standing_hold(prisoner, today)
    placed = present_place(session, prisoner_id)
    if placed is None:
        return Destination(standing or Hold.NO_ADDRESS)
    placement, facility = placed
    recipient = recipient_of(prisoner, placement, facility)
    found = address.problems(recipient, posted_from, today, timedelta(days=address_days))
    return Destination(
        standing or _reason(found),
        placement.id,
        recipient,
        facility.codes_allowed,
        facility.paper_style,
    )


def present_place(session: Session, prisoner_id: str) -> tuple[Placement, Facility] | None:
    """Where somebody is now, as far as is known; read anew, whatever the session has in hand."""
    return session.exec(
        select(Placement, Facility)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(Placement.prisoner_id == prisoner_id, col(Placement.to_day).is_(None))
        .execution_options(populate_existing=True)
    ).first()


def return_address(
    session: Session, own_id: str | None, country: str, today: date
) -> ReturnAddress | None:
    """The correspondence's own return address while it lasts, else the first in `country`."""
    lasting = or_(col(ReturnAddress.ends_on).is_(None), col(ReturnAddress.ends_on) > today)
    own = select(ReturnAddress).where(ReturnAddress.id == own_id, lasting)
    usual = (
        select(ReturnAddress)
        .where(ReturnAddress.country == country, lasting)
        .order_by(col(ReturnAddress.created_at))
        .limit(1)
    )
    return session.exec(own).first() or session.exec(usual).first()


def standing_hold(prisoner: Prisoner, today: date) -> Hold | None:
    """Why nothing may be sent to this person now, wherever they are."""
    if prisoner.hidden:
        return Hold.OBJECTED
    under_age = may_be_under_age(prisoner.birth_year, prisoner.birthday, today)
    if prisoner.bar is not None or under_age or not prisoner.wants_letters:
        return Hold.NOT_WRITABLE
    return HOLDS.get(prisoner.status)


def recipient_of(prisoner: Prisoner, placement: Placement, facility: Facility) -> Recipient:
    """The person as addressed there; a dative nobody confirmed is none."""
    return Recipient(
        surname=prisoner.surname,
        given=prisoner.given_name,
        patronymic=prisoner.patronymic or "",
        dative_name=(prisoner.dative_name or "") if prisoner.dative_confirmed else "",
        birth_year=prisoner.birth_year,
        has_patronymic=prisoner.has_patronymic,
        address=PostalAddress(
            place=facility.name_ru,
            street=facility.street,
            settlement=facility.settlement,
            district=facility.district,
            region=facility.region,
            postal_code=facility.postal_code,
            country_line=_COUNTRY_LINES.get(facility.country, ""),
            checked_on=placement.checked_on,
        ),
    )


def _reason(found: list[Problem]) -> Hold | None:
    if not found:
        return None
    return Hold.STALE_ADDRESS if _OF_AGE.issuperset(found) else Hold.INCOMPLETE_ADDRESS
