"""People whom a list does not name any more: «still there» is kept until the list changes again."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.catalogue import answers
from app.catalogue.history import remember
from app.catalogue.standing import Occasion, person_to_change
from app.errors import Conflict
from app.models import ImportAnswer, SourceId
from app.models.people import GONE

STILL_THERE = "still_there"
"""The topic of the answer, and the event."""


def key_of(key: str, gone_on: date) -> str:
    """Under what the answer is kept: a list that loses them again on a later day asks anew."""
    return f"{key}|{gone_on.isoformat()}"


def note_still_there(
    session: Session,
    prisoner_id: str,
    source: str,
    label: str,
    occasion: Occasion,
    since: str = "",
) -> None:
    """Somebody made sure: in prison still, whatever this source leaves out.

    label: what people call the source; since: the day it lost them, as the page said that was
    looked at. Raises `NotFound`, and `Conflict` when the source names them again, or never did,
    and when somebody noted meanwhile that they are free or dead, or the list lost them anew.
    """
    row = person_to_change(session, prisoner_id)
    gone = session.exec(
        select(SourceId).where(
            SourceId.source == source,
            SourceId.subject == "prisoner",
            SourceId.target_id == row.id,
            col(SourceId.gone_on).is_not(None),
        )
    ).all()
    if not gone:
        raise Conflict("This list names the person again. There is nothing to answer.")
    if row.status in GONE or (since and _lost_after(session, gone, since)):
        raise Conflict("This has changed since you opened the page. Please look again.")
    for known in gone:
        if known.gone_on is not None:
            key = key_of(known.key, known.gone_on)
            answers.remember(session, source, STILL_THERE, key, "yes", occasion)
    told = {"source": ("", label)}
    remember(session, "prisoner", row.id, STILL_THERE, occasion, told)


def _lost_after(session: Session, gone: Sequence[SourceId], since: str) -> bool:
    """Whether the list lost them once more on a later day, and nobody has answered that."""
    return any(
        each.gone_on is not None
        and each.gone_on.isoformat() > since
        and not session.get(
            ImportAnswer, (each.source, STILL_THERE, key_of(each.key, each.gone_on))
        )
        for each in gone
    )
