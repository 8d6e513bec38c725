"""The portrait of somebody who wants to be known: a picture in the vault, encoded anew."""

from sqlmodel import Session

from app.catalogue.history import remember
from app.catalogue.standing import Occasion, person_to_change


def hang(session: Session, prisoner_id: str, file_id: str | None, occasion: Occasion) -> str | None:
    """Show this picture, or none; returns the file of the one before, to be removed.

    The history says that it changed, and keeps no picture. Raises `NotFound`.
    """
    row = person_to_change(session, prisoner_id)
    before, row.portrait_file_id = row.portrait_file_id, file_id
    row.changed_at = occasion.now
    what = "portrait" if file_id else "no_portrait"
    remember(session, "prisoner", row.id, what, occasion, {})
    return before
