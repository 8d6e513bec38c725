"""Whom a list was ticked on: who was changed since is not confirmed unseen."""

from collections.abc import Mapping
from hashlib import sha256

from sqlmodel import Session

from app.addressing import present_place
from app.models import Facility, Placement, Prisoner

LookedAt = Mapping[str, str]
"""Id → the mark that somebody had on the page; "" where no page was looked at."""
_LENGTH = 12


def mark_of(row: Prisoner, placed: tuple[Placement, Facility] | None) -> str:
    """The same as long as nothing that is looked at before confirming is another."""
    told = [
        *(row.full_name, row.birth_year, row.status, row.bar, row.hidden),
        *(row.dative_name, row.dative_confirmed, row.custody_confirmed_on),
        *(row.wants_letters, row.may_be_named, row.wish_source, row.wish_date),
    ]
    if placed:
        stay, place = placed
        told += [stay.id, stay.checked_on, stay.source, place.name_ru, place.address_line]
    return sha256(repr(told).encode()).hexdigest()[:_LENGTH]


def is_unchanged(session: Session, row: Prisoner, looked_at: LookedAt) -> bool:
    """Whether somebody is as they were looked at. row: as it is now, taken to be changed."""
    mark = looked_at.get(row.id, "")
    return not mark or mark == mark_of(row, present_place(session, row.id))
