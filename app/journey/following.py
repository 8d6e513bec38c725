"""What a writer does with a receipt code: take a letter back, write it again, go on, read.

Every function takes rows that the code opened (`app.queries.following.own_letter`); none of them
asks again whose they are.
"""

import random
from datetime import date, datetime

from sqlmodel import Session, select

from app import batching, locking, moving
from app.errors import Conflict, WrongState
from app.journey import pairing, sending
from app.journey.pairing import Reserved, Rules
from app.lifecycle import WITHDRAWABLE, ReplyState, State
from app.models import Correspondence, Letter, Prisoner, Reply
from app.moving import WRITER


def withdraw(session: Session, letter: Letter, now: datetime) -> bool:
    """Take a letter back. False: it is printed already, and was marked to be taken out.

    Raises `WrongState` when it is too late.
    """
    return batching.withdraw(session, letter, WRITER, now)


def revise(session: Session, letter: Letter, text: str, signature: str, now: datetime) -> None:
    """Send a new text of a letter that a reviewer gave back. Raises `WrongState`, `Held`."""
    if letter.state != State.NEEDS_CHANGES:
        raise WrongState("This letter does not wait for changes any more.")
    sending.keep_text(session, letter, text, signature, now)
    sending.send_on(session, letter, now)


def go_on(
    session: Session, correspondence_id: str, token: str, rules: Rules, now: datetime
) -> Reserved:
    """Reserve the same person for the next letter of a correspondence.

    Raises `Conflict` when they are no longer shown, or asked for no more letters.
    """
    row = session.get_one(Correspondence, correspondence_id)
    prisoner = session.get_one(Prisoner, row.prisoner_id)
    if not prisoner.published or prisoner.hidden or row.stopped_at is not None:
        raise Conflict("One cannot write to this person at the moment.")
    return pairing.reserve_chosen(
        session,
        token,
        prisoner.id,
        rules,
        now=now,
        writer_id=row.writer_id,
        continues_id=row.id,
    )


def go_on_to_another(
    session: Session,
    correspondence_id: str,
    token: str,
    rules: Rules,
    *,
    now: datetime,
    today: date,
    chance: random.Random,
) -> Reserved:
    """Reserve the next person for this writer: nobody whom they were given before.

    Raises `NotFound` when nobody may be written to.
    """
    writer_id = session.get_one(Correspondence, correspondence_id).writer_id
    return pairing.reserve_next(
        session, token, rules, now=now, today=today, chance=chance, writer_id=writer_id
    )


def stop_letters(session: Session, correspondence_id: str, now: datetime) -> None:
    """Take back whatever can still be taken back, before everything is deleted."""
    letters = session.exec(
        select(Letter).where(Letter.correspondence_id == correspondence_id)
    ).all()
    locking.lock_all(session, *{letter.prisoner_id for letter in letters})
    for letter in letters:
        if letter.state in WITHDRAWABLE:
            batching.withdraw(session, letter, WRITER, now)


def mark_read(session: Session, reply: Reply, now: datetime) -> None:
    """The writer opened a forwarded reply; opening it again changes nothing."""
    if reply.state == ReplyState.FORWARDED:
        moving.move_reply(session, reply, ReplyState.READ, WRITER, now)
