"""In which order rows are taken, so that no two transactions wait for each other.

Turns (`app.turns`), claims and replies; batches by id; forms (reservations); the place; people by
id; letters. Whoever needs several takes them so, and takes early what comes early. SQLite has one
writer at a time.
"""

from sqlmodel import Session, col, select

from app.models import Batch, BatchItem, Letter, Prisoner


def lock_batches(session: Session, *prisoner_ids: str) -> None:
    """All batches with letters to these people."""
    session.exec(
        select(Batch.id)
        .join(BatchItem, col(BatchItem.batch_id) == Batch.id)
        .join(Letter, col(Letter.id) == BatchItem.letter_id)
        .where(col(Letter.prisoner_id).in_(prisoner_ids), col(BatchItem.left_at).is_(None))
        .order_by(col(Batch.id))
        .with_for_update(of=Batch)
    ).all()


def lock_people(session: Session, *prisoner_ids: str) -> None:
    """These people, as far as they are there; what refers to them may be written meanwhile."""
    session.exec(
        select(Prisoner.id)
        .where(col(Prisoner.id).in_(prisoner_ids))
        .order_by(col(Prisoner.id))
        .with_for_update(key_share=True)
    ).all()


def lock_all(session: Session, *prisoner_ids: str) -> None:
    """Both, before letters to these people are changed more than once."""
    lock_batches(session, *prisoner_ids)
    lock_people(session, *prisoner_ids)
