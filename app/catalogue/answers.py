"""What was decided about a list once, and is not asked about again."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.catalogue.standing import Occasion
from app.inserting import insertion
from app.models import ImportAnswer
from app.moving import Actor

Answer = dict[str, Any]
"""A row of `ImportAnswer`."""

_QUESTION = ("source", "topic", "key")
_DECIDED = ("answer", "staff_id", "at")


def given(source: str, topic: str, key: str, answer: str, actor: Actor, now: datetime) -> Answer:
    """One answer, to be kept."""
    by = actor.staff_id
    return {
        "source": source,
        "topic": topic,
        "key": key,
        "answer": answer,
        "staff_id": by,
        "at": now,
    }


def keep(session: Session, answer: Answer) -> None:
    """In place of an earlier answer to the same question, whoever gave it, at this moment too."""
    row = insertion(session, ImportAnswer).values(answer)
    instead = {name: row.excluded[name] for name in _DECIDED}
    session.execute(row.on_conflict_do_update(index_elements=_QUESTION, set_=instead))


def keep_new(session: Session, answers: list[Answer]) -> int:
    """Those whose questions nobody has answered; returns how many."""
    rows = insertion(session, ImportAnswer).values(answers).on_conflict_do_nothing()
    return len(session.execute(rows.returning(col(ImportAnswer.key))).all())


def forget(session: Session, source: str, topic: str, key: str) -> None:
    """Take the answer to a question back, if there is one."""
    session.execute(
        sa.delete(ImportAnswer).where(
            col(ImportAnswer.source) == source,
            col(ImportAnswer.topic) == topic,
            col(ImportAnswer.key) == key,
        )
    )


def remember(
    session: Session, source: str, topic: str, key: str, answer: str, occasion: Occasion
) -> None:
    """Keep an answer that a change to the catalogue gives."""
    keep(session, given(source, topic, key, answer, occasion.actor, occasion.now))


def refuse(session: Session, source: str, key: str, occasion: Occasion) -> None:
    """Keep what we have of one value, whatever this list says of it."""
    remember(session, source, "other_value", key, "ours", occasion)
