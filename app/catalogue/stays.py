"""Where somebody was, and since when: corrected, or taken away when it was never so.

Where they are now is told by moving (`app.catalogue.custody`): letters follow that. The days of a
stay reach no letter.
"""

from typing import Any

import sqlalchemy as sa
from pydantic import model_validator
from sqlmodel import Session, col

from app.catalogue.details import Day, Line, MaybeDay, Typed, require_come
from app.catalogue.history import apply, remember
from app.catalogue.standing import Occasion, person_to_change
from app.errors import Conflict, Invalid, NotFound
from app.locale import N_
from app.models import Approval, Facility, Placement, Prisoner


class StayDetails(Typed):
    """Since when, until when, and by whom we know."""

    about_all = "to_day"

    from_day: Day
    to_day: MaybeDay = None
    source: Line = ""

    @model_validator(mode="after")
    def _in_order(self) -> "StayDetails":
        if self.to_day and self.to_day < self.from_day:
            raise ValueError(N_("This is before the first day there."))
        return self


def stay_of(session: Session, prisoner_id: str, stay_id: str) -> tuple[Placement, Facility]:
    """A stay and its place. Raises `NotFound`, for a stay of somebody else too."""
    stay = session.get(Placement, stay_id)
    if stay is None or stay.prisoner_id != prisoner_id:
        raise NotFound("There is no such stay.")
    return stay, session.get_one(Facility, stay.facility_id)


def stay_to_change(
    session: Session, prisoner_id: str, stay_id: str
) -> tuple[Prisoner, Placement, Facility]:
    """Whose it is and the same, as they are now; nobody else changes them meanwhile."""
    row = person_to_change(session, prisoner_id)
    stay, place = stay_of(session, prisoner_id, stay_id)
    session.refresh(stay)
    return row, stay, place


def correct(
    session: Session, prisoner_id: str, stay_id: str, details: StayDetails, occasion: Occasion
) -> None:
    """The days of a stay, and its source, as they were. The present stay stays without an end.

    Raises `NotFound`, `Invalid` for days that have not come, or a past stay without its end.
    """
    row, stay, place = stay_to_change(session, prisoner_id, stay_id)
    if stay.to_day is not None and details.to_day is None:
        raise Invalid({"to_day": N_("Please fill this in.")})
    days = {"from_day": details.from_day}
    if stay.to_day is not None and details.to_day is not None:
        days["to_day"] = details.to_day
    require_come(days, occasion.today)
    first = stay.from_day
    changed = apply(stay, {**days, "source": details.source})
    if not changed:
        return
    if stay.to_day is None and row.status_since == first:
        row.status_since = stay.from_day
    _note(session, row, "stay_changed", {"facility": (None, place.name_ru), **changed}, occasion)


def remove(session: Session, prisoner_id: str, stay_id: str, occasion: Occasion) -> None:
    """Somebody was never there. What it said stays in the history.

    Raises `NotFound`, `Conflict` for the present stay and one that letters were addressed to.
    """
    row, stay, place = stay_to_change(session, prisoner_id, stay_id)
    if not may_be_removed(session, stay):
        raise Conflict(N_("Letters were addressed to this place, or it is the present one."))
    held = {
        "facility": (place.name_ru, None),
        "from_day": (stay.from_day, None),
        "to_day": (stay.to_day, None),
        "source": (stay.source, None),
    }
    session.delete(stay)
    _note(session, row, "stay_removed", held, occasion)


def may_be_removed(session: Session, stay: Placement) -> bool:
    """Whether somebody left it, and no letter was ever addressed to it."""
    addressed = sa.select(sa.exists().where(col(Approval.placement_id) == stay.id))
    return stay.to_day is not None and not session.execute(addressed).scalar_one()


def _note(
    session: Session,
    row: Prisoner,
    what: str,
    changed: dict[str, tuple[Any, Any]],
    occasion: Occasion,
) -> None:
    row.changed_at = occasion.now
    remember(session, "prisoner", row.id, what, occasion, changed)
