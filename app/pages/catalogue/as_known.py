"""What a form about somebody was made from: what it sends, and the facts that stand above it."""

from sqlmodel import Session

from app.addressing import present_place
from app.catalogue.details import Confirmation
from app.models import Facility, Prisoner
from app.pages.catalogue import meanwhile
from app.pages.catalogue.people import as_typed
from app.pages.shell.forms import Form

OF_CONFIRMING = (*Confirmation.model_fields, "whom", "status_now", "where")
OF_MOVING = ("status_now", "where")
"""Fields that the mark of a form is made of (`app.pages.catalogue.meanwhile`)."""
_OF_ADDRESS = ("where", "address_checked_on", "address_source")


def known(session: Session, row: Prisoner) -> Form:
    """Somebody as they are, with where they are now; no fact is without words."""
    placed = present_place(session, row.id)
    items = list(as_typed(row, Confirmation).items)
    items.append(("whom", f"{row.full_name}, {row.birth_year or '–'}"))
    items.append(("status_now", row.status))
    items.append(("where", _address(placed[1]) if placed else meanwhile.NOTHING))
    if placed:
        day = placed[0].checked_on
        items.append(("address_checked_on", day.isoformat() if day else ""))
        items.append(("address_source", placed[0].source))
    return Form(tuple(items))


def confirming(sent: Form, now: Form) -> Form:
    """What is confirmed; of an address that nobody made sure of nothing is overwritten."""
    if sent.text("address_checked_on"):
        return sent
    rest = tuple(item for item in sent.items if item[0] not in _OF_ADDRESS)
    return Form((*rest, *((name, now.text(name)) for name in _OF_ADDRESS)), sent.uploads)


def _address(facility: Facility) -> str:
    return f"{facility.name_ru}, {facility.address_line}"
