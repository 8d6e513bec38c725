"""A confirmation is taken back: every field is again what the event says it was before."""

from datetime import date
from typing import Any

from sqlmodel import Session

from app.addressing import present_place
from app.catalogue import letters
from app.catalogue.history import apply, before_of, remember
from app.catalogue.standing import Occasion, person_to_change, refresh

_DAYS = frozenset({"custody_confirmed_on", "wish_date", "checked_on", "release_on"})
_TICKS = frozenset({"wants_letters", "may_be_named", "dative_confirmed"})
_OF_PERSON = (
    *("custody_confirmed_on", "wants_letters", "may_be_named", "wish_source", "wish_date"),
    *("dative_name", "dative_confirmed", "status", "release_on"),
)


def take_back(session: Session, prisoner_id: str, note: str, occasion: Occasion) -> None:
    """note: what the event of the confirmation told. Letters that went on for it wait again."""
    row = person_to_change(session, prisoner_id)
    changed = apply(row, _before(row, _OF_PERSON, note))
    if "status" in changed:  # nobody of us set it: lists may fill it again
        row.provenance = {name: by for name, by in row.provenance.items() if name != "status"}
    if row.custody_confirmed_on is None:
        row.confirmed_by = None
    placed = present_place(session, prisoner_id)
    if placed is not None:
        changed |= apply(placed[0], _before(placed[0], ("checked_on", "source"), note))
    row.changed_at = occasion.now
    standing = refresh(session, row, occasion)
    remember(session, "prisoner", row.id, "unconfirmed", occasion, changed)
    letters.follow(
        session, row, standing, occasion, corrected=bool(changed.keys() & {"dative_name"})
    )


def _before(row: Any, fields: tuple[str, ...], note: str) -> dict[str, Any]:
    told = {field: before_of(note, field, getattr(row, field)) for field in fields}
    return {field: _value(field, text) for field, text in told.items() if text is not None}


def _value(field: str, text: str) -> date | bool | str | None:
    if field in _DAYS:
        return date.fromisoformat(text) if text else None
    if field in _TICKS:
        return text == "yes"
    return None if field == "dative_name" and not text else text
