"""A letter's place in a volunteer's batch, for every room that may have to take it out of there.

Whoever changes what is in a batch locks the batch first: a PDF that is being made must not hold
a letter that has just been withdrawn.
"""

from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import moving
from app.lifecycle import State
from app.models import Batch, BatchItem, Facility, Letter, ReturnAddress
from app.moving import Actor


def place_of(session: Session, letter_id: str) -> tuple[BatchItem, Batch] | None:
    """The live place of a letter and its batch, locked; None when it is in no batch."""
    found = session.exec(
        select(BatchItem, Batch)
        .join(Batch, col(Batch.id) == BatchItem.batch_id)
        .where(BatchItem.letter_id == letter_id, col(BatchItem.left_at).is_(None))
        .with_for_update(of=Batch)
        .execution_options(populate_existing=True)
    ).first()
    return None if found is None else (found[0], found[1])


def is_on_paper(session: Session, letter: Letter) -> bool:
    """Whether somebody may have printed it: its batch was downloaded, or it is marked printed."""
    if letter.state != State.BATCHED:
        return letter.state in {State.PRINTED, State.UNKNOWN}
    place = place_of(session, letter.id)
    return place is not None and place[1].downloaded_at is not None


def leave(session: Session, letter_id: str, now: datetime) -> None:
    """Take a letter out of its batch, if it is in one; an empty batch is finished."""
    place = place_of(session, letter_id)
    if place is None:
        return
    item, batch = place
    item.left_at = now
    session.add(item)
    session.flush()
    if live_items(session, batch.id) == []:
        batch.finished_at = now
        session.add(batch)
        session.flush()


def live_items(session: Session, batch_id: str) -> list[BatchItem]:
    """What is still in a batch, in the order of its pages."""
    return list(
        session.exec(
            select(BatchItem)
            .where(BatchItem.batch_id == batch_id, col(BatchItem.left_at).is_(None))
            .order_by(col(BatchItem.position))
        ).all()
    )


def thin_out(session: Session, prisoner_id: str, most: int, actor: Actor, now: datetime) -> None:
    """No batch that nobody has downloaded holds more than `most` letters to one person.

    Those that were taken last go back to be printed in another batch. The caller has locked them.
    """
    rows = session.exec(
        select(Letter, BatchItem.batch_id)
        .join(BatchItem, col(BatchItem.letter_id) == col(Letter.id))
        .join(Batch, col(Batch.id) == col(BatchItem.batch_id))
        .where(
            col(BatchItem.left_at).is_(None),
            col(Batch.downloaded_at).is_(None),
            Letter.prisoner_id == prisoner_id,
            Letter.state == State.BATCHED,
            col(Letter.held_reason).is_(None),
        )
        .order_by(col(BatchItem.batch_id), col(BatchItem.position))
        .execution_options(populate_existing=True)
    ).all()
    for _, of_batch in groupby(rows, key=lambda found: found[1]):
        for letter, _ in list(of_batch)[most:]:
            leave(session, letter.id, now)
            moving.move(session, letter, State.READY, actor, now, why="one_person")


def withdraw(session: Session, letter: Letter, actor: Actor, now: datetime) -> bool:
    """The writer wants a letter back. False: it is on paper, and was marked to be taken out.

    Raises `WrongState` when it is too late: posted, or settled.
    """
    if is_on_paper(session, letter) and letter.state != State.UNKNOWN:
        moving.note_change(session, letter, take_out=True)
        moving.record(session, "letter", letter.id, actor, now, origin=letter.state, to="take_out")
        return False
    leave(session, letter.id, now)
    moving.move(session, letter, State.WITHDRAWN, actor, now)
    return True


def may_be_posted_in(country: str, posted_from: str) -> sa.ColumnElement[bool]:
    """Whether a rendering can be posted in `country`; a condition over Facility, ReturnAddress.

    Inside the country of the prison post goes with an address of that country for the reply and
    without a line for the country; abroad the other way round.
    """
    made_for = sa.func.coalesce(col(ReturnAddress.country), posted_from)
    here = col(Facility.country)
    return sa.or_(
        sa.and_(made_for == here, here == country), sa.and_(made_for != here, here != country)
    )
