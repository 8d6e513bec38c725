"""What was decided about a list once, and is not asked about again."""

from sqlmodel import Session

from app.catalogue.standing import Occasion
from app.models import ImportAnswer


def remember(
    session: Session, source: str, topic: str, key: str, answer: str, occasion: Occasion
) -> None:
    """Keep one answer, in place of an earlier one to the same question."""
    session.merge(
        ImportAnswer(
            source=source,
            topic=topic,
            key=key,
            answer=answer,
            staff_id=occasion.actor.staff_id,
            at=occasion.now,
        )
    )


def refuse(session: Session, source: str, key: str, occasion: Occasion) -> None:
    """Keep what we have of one value, whatever this list says of it."""
    remember(session, source, "other_value", key, "ours", occasion)
