"""What was read on a reply whose letter is not found: kept sealed, to suggest letters by.

Each change is an event of the reply with a note, which goes when the reply is erased.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app import moving
from app.models import Event, Note, Reply
from app.moving import Actor
from mailing.letter_numbers import DIGITS

READ_ON_IT = "read_on_it"


@dataclass(frozen=True)
class Clues:
    """numbers: eleven digits each, of no letter or of several; since: the letter's first day."""

    numbers: tuple[str, ...] = ()
    name: str = ""
    town: str = ""
    since: date | None = None


def clues_of(session: Session, reply_id: str) -> Clues:
    """What is known of this reply by now."""
    note = session.exec(
        select(Note)
        .join(Event, col(Event.note_id) == Note.id)
        .where(Event.subject == "reply", Event.subject_id == reply_id, Event.to == READ_ON_IT)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
    if note is None or not note.text:
        return Clues()
    kept = json.loads(note.text)
    since = date.fromisoformat(kept["since"]) if kept["since"] else None
    return Clues(tuple(kept["numbers"]), kept["name"], kept["town"], since)


def keep(session: Session, reply: Reply, actor: Actor, now: datetime, **read: Any) -> None:
    """Keep what was `read` (fields of `Clues`); what was known before and is not read stays."""
    before = clues_of(session, reply.id)
    clues = replace(before, **read)
    if clues == before:
        return
    note = json.dumps(asdict(clues), ensure_ascii=False, default=date.isoformat)
    moving.record(
        session, "reply", reply.id, actor, now, origin=reply.state, to=READ_ON_IT, note=note
    )


def numbers_in(typed: str) -> tuple[str, ...]:
    """The number that somebody typed, if it is as long as a letter number."""
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    return (digits,) if len(digits) == DIGITS else ()
