"""Letters to somebody before and after a change, and what became of each.

Nothing here takes a lock: to look at letters must not stand in anybody's way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.addressing import destination, return_address
from app.catalogue.standing import Occasion
from app.lifecycle import BEFORE_APPROVAL, ON_PAPER, WITH_US, Hold, State
from app.models import (
    Approval,
    Batch,
    BatchItem,
    Correspondence,
    Letter,
    Notice,
    Placement,
    Reservation,
)

SENT = frozenset({State.POSTED, State.ANSWERED})


class Fate(StrEnum):
    """What becomes of a letter. FOLLOWS: not approved yet, it goes wherever the person is then."""

    LAID_OUT_AGAIN = "laid_out_again"
    FOLLOWS = "follows"
    GOES_ON = "goes_on"
    HELD = "held"
    TAKEN_OUT = "taken_out"
    PUT_BACK = "put_back"
    STAYS_HELD = "stays_held"
    UNTOUCHED = "untouched"
    SENT = "sent"


TOUCHED = frozenset({Fate.LAID_OUT_AGAIN, Fate.GOES_ON, Fate.HELD, Fate.TAKEN_OUT})


@dataclass(frozen=True)
class Seen:
    """A letter at one moment. held: also what the machine will hold it for when it comes to it.

    facility_id: where its recipient is.
    """

    state: State
    held: Hold | None
    approval_id: str | None
    on_paper: bool
    in_batch: bool
    facility_id: str | None
    correspondence_id: str

    @property
    def is_approved(self) -> bool:
        """Somebody approved it; until then it waits, or follows wherever the person is."""
        return self.state not in BEFORE_APPROVAL


def fate(before: Seen, after: Seen) -> tuple[Fate, Hold | None]:
    """What became of a letter, and why it waits if it does."""
    if after.held is not None:
        if after.held == before.held:
            return Fate.STAYS_HELD, after.held
        return (Fate.TAKEN_OUT if before.on_paper else Fate.HELD), after.held
    if after.state == State.APPROVED and after.approval_id != before.approval_id:
        return Fate.LAID_OUT_AGAIN, None
    if before.held is not None:
        return Fate.GOES_ON, None
    moves = after.facility_id not in (None, before.facility_id)
    if (before.state, after.state) == (State.BATCHED, State.READY):
        return Fate.PUT_BACK, None
    follows = moves and after.state in BEFORE_APPROVAL
    return (Fate.FOLLOWS if follows else Fate.UNTOUCHED), None


def look(
    session: Session, ids: Sequence[str], occasion: Occasion, posted_from: str
) -> dict[str, Seen]:
    """Every letter that is still with us, by its id."""
    holds = _Holds(session, occasion, posted_from)
    return {
        letter.id: Seen(
            State(letter.state),
            holds.of(letter, approval, writes),
            letter.approval_id,
            letter.state in ON_PAPER
            or (letter.state == State.BATCHED and downloaded_at is not None),
            item is not None,
            facility_id,
            letter.correspondence_id,
        )
        for letter, approval, writes, item, downloaded_at, facility_id in _with_us(session, ids)
    }


class _Holds:
    """Why letters are held, or will be as soon as the machine wants to lay them out.

    Many go to the same people, and answers to the same address: of each it is asked once.
    """

    def __init__(self, session: Session, occasion: Occasion, posted_from: str) -> None:
        today, days = occasion.today, occasion.address_days
        self._there = cache(lambda whom: destination(session, whom, posted_from, today, days))
        self._back = cache(lambda own_id: return_address(session, own_id, posted_from, today))

    def of(self, letter: Letter, approval: Approval | None, writes: Correspondence) -> Hold | None:
        if letter.held_reason or letter.state != State.APPROVED or approval is None:
            return Hold(letter.held_reason) if letter.held_reason else None
        there = self._there(letter.prisoner_id)
        if there.hold is not None:
            return there.hold
        if there.placement_id != approval.placement_id:
            return Hold.STALE_ADDRESS
        return None if self._back(writes.return_address_id) else Hold.NO_RETURN_ADDRESS


def out_of_hand(session: Session, letter_ids: Iterable[str]) -> list[Fate]:
    """What became of letters that are not with us any more."""
    gone = sa.select(col(Letter.state)).where(col(Letter.id).in_(list(letter_ids)))
    return [Fate.SENT if state in SENT else Fate.UNTOUCHED for state in session.scalars(gone)]


def number_of(session: Session, ids: Sequence[str], states: Iterable[State]) -> int:
    """How many letters to these people are in one of these states."""
    mine = sa.select(sa.func.count()).where(
        col(Letter.prisoner_id).in_(ids), col(Letter.state).in_(list(states))
    )
    return int(session.execute(mine).scalar_one())


def open_forms(session: Session, ids: Sequence[str]) -> int:
    """How many letters to them are being written."""
    mine = sa.select(sa.func.count()).where(
        col(Reservation.prisoner_id).in_(ids), col(Reservation.counted)
    )
    return int(session.execute(mine).scalar_one())


def owed(session: Session, ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Notices to writers, with the correspondence each belongs to."""
    rows = session.execute(
        select(Notice.id, Notice.correspondence_id)
        .join(Correspondence, col(Correspondence.id) == col(Notice.correspondence_id))
        .where(col(Correspondence.prisoner_id).in_(ids))
    )
    return frozenset((notice_id, correspondence_id) for notice_id, correspondence_id in rows)


def _with_us(session: Session, ids: Sequence[str]) -> "Sequence[sa.Row[*tuple[Any, ...]]]":
    """Letters with their approval, correspondence and batch, and where their recipient is."""
    return session.execute(
        sa.select(
            Letter,
            Approval,
            Correspondence,
            col(BatchItem.id),
            col(Batch.downloaded_at),
            col(Placement.facility_id),
        )
        .join(Approval, col(Approval.id) == col(Letter.approval_id), isouter=True)
        .join(Correspondence, col(Correspondence.id) == col(Letter.correspondence_id))
        .join(
            BatchItem,
            sa.and_(col(BatchItem.letter_id) == col(Letter.id), col(BatchItem.left_at).is_(None)),
            isouter=True,
        )
        .join(Batch, col(Batch.id) == col(BatchItem.batch_id), isouter=True)
        .join(
            Placement,
            sa.and_(
                col(Placement.prisoner_id) == col(Letter.prisoner_id),
                col(Placement.to_day).is_(None),
            ),
            isouter=True,
        )
        .where(col(Letter.prisoner_id).in_(ids), col(Letter.state).in_(WITH_US))
        .order_by(col(Letter.id))
        .execution_options(populate_existing=True)
    ).all()
