"""What the posting desk shows: numbers and towns, never who writes, and no names at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import batching
from app.errors import NotFound
from app.lifecycle import LETTER, State
from app.models import (
    Approval,
    Batch,
    BatchItem,
    Facility,
    Letter,
    Placement,
    Posting,
    Rendering,
    ReturnAddress,
    Staff,
)
from mailing.letter_numbers import grouped
from mailing.paper import cover_pages

LATE_AFTER = timedelta(days=(LETTER[State.BATCHED].days or 0) + (LETTER[State.PRINTED].days or 0))
"""A batch that is not finished by then is listed as overdue."""
_HISTORY = 30


@dataclass(frozen=True)
class BatchSummary:
    """One batch in a list. `volunteer` is a pseudonym; `live`: letters that still wait in it."""

    id: str
    volunteer: str
    created_at: datetime
    letters: int
    live: int
    posted: int
    downloaded: bool
    overdue: bool
    finished_at: datetime | None


@dataclass(frozen=True)
class Line:
    """One letter of a batch. `flag`: "withdrawn" or "held" when it must leave the pile.

    corrected: it was marked as posted with this batch, and was not after all.
    """

    item_id: str
    position: int
    number: str
    town: str
    sheets: int
    state: State
    live: bool
    flag: str | None
    posted_on: date | None
    corrected: bool


@dataclass(frozen=True)
class BatchView:
    """A batch as its volunteer works through it."""

    id: str
    own: bool
    volunteer: str
    created_at: datetime
    town: str
    cover: bool
    downloaded_at: datetime | None
    finished_at: datetime | None
    overdue: bool
    lines: Sequence[Line]

    @property
    def live(self) -> list[Line]:
        return [line for line in self.lines if line.live]

    @property
    def pile(self) -> list[Line]:
        """What is still to be posted."""
        return [line for line in self.live if line.flag is None]

    @property
    def flagged(self) -> list[Line]:
        return [line for line in self.live if line.flag is not None]

    @property
    def left(self) -> list[Line]:
        """What was posted, or given back, with its day."""
        return [line for line in self.lines if not line.live]

    @property
    def unprinted(self) -> list[Line]:
        return [line for line in self.pile if line.state == State.BATCHED]

    @property
    def sheets(self) -> int:
        """How many sheets of paper the printer gives out for the pile, the cover among them."""
        cover = cover_pages([line.town for line in self.pile]) if self.cover else 0
        return cover + sum(line.sheets for line in self.pile)

    @property
    def undoable(self) -> list[Line]:
        """What is marked as printed, and could be marked as not printed again."""
        return [line for line in self.pile if line.state == State.PRINTED and not line.corrected]

    @property
    def printable_again(self) -> list[Line]:
        """Whose pages can be downloaded once more: not of what was marked as posted before."""
        return [line for line in self.pile if not line.corrected]

    @property
    def names_closed(self) -> bool:
        """Whether some pages of this batch are not shown any more."""
        return any(line.corrected or line.posted_on for line in self.lines)


@dataclass(frozen=True)
class LastPosting:
    """What the volunteer wrote down last time, so that it need not be typed again."""

    country: str
    cost_cents: int
    currency: str


@dataclass(frozen=True)
class Unknown:
    """A letter of which nobody knows whether it was posted."""

    letter_id: str
    number: str
    town: str
    since: datetime


def ready_here(session: Session, country: str, posted_from: str) -> tuple[int, int]:
    """How many letters are ready to be printed in `country`, and how many elsewhere."""
    here = batching.may_be_posted_in(country, posted_from)
    counts = session.exec(
        select(
            sa.func.count(sa.case((here, 1))),
            sa.func.count(),
        )
        .select_from(Letter)
        .join(Approval, col(Approval.id) == Letter.approval_id)
        .join(Placement, col(Placement.id) == Approval.placement_id)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .join(Rendering, col(Rendering.id) == Letter.rendering_id)
        .outerjoin(ReturnAddress, col(ReturnAddress.id) == Rendering.return_address_id)
        .where(Letter.state == State.READY, col(Letter.held_reason).is_(None))
    ).one()
    return counts[0], counts[1] - counts[0]


def own_batches(session: Session, staff_id: str, now: datetime) -> list[BatchSummary]:
    """The volunteer's batches: unfinished ones first, then the latest finished."""
    return _summaries(session, now, col(Batch.staff_id) == staff_id, _HISTORY)


def unfinished_of_others(session: Session, staff_id: str, now: datetime) -> list[BatchSummary]:
    """For coordinators: what other volunteers still hold, the oldest first."""
    others = sa.and_(col(Batch.staff_id) != staff_id, col(Batch.finished_at).is_(None))
    found = _summaries(session, now, others, 200)
    return sorted(found, key=lambda batch: batch.created_at)


def batch_view(
    session: Session, batch_id: str, staff_id: str, now: datetime, *, coordinates: bool
) -> BatchView:
    """One batch of one's own; any for a coordinator. Raises `NotFound` (row 13)."""
    found = session.exec(
        select(Batch, Staff.pseudonym)
        .join(Staff, col(Staff.id) == Batch.staff_id)
        .where(Batch.id == batch_id)
    ).first()
    if found is None or not (coordinates or found[0].staff_id == staff_id):
        raise NotFound("There is no such batch.")
    batch, pseudonym = found
    return BatchView(
        id=batch.id,
        own=batch.staff_id == staff_id,
        volunteer=pseudonym,
        created_at=batch.created_at,
        town=batch.town,
        cover=batch.cover,
        downloaded_at=batch.downloaded_at,
        finished_at=batch.finished_at,
        overdue=_is_overdue(batch, now),
        lines=_lines(session, batch.id),
    )


def last_posting(session: Session, staff_id: str) -> LastPosting | None:
    """The latest posting of this volunteer."""
    row = session.exec(
        select(Posting)
        .where(Posting.staff_id == staff_id)
        .order_by(col(Posting.created_at).desc())
        .limit(1)
    ).first()
    return None if row is None else LastPosting(row.country, row.cost_cents, row.currency)


def unknown_letters(session: Session) -> list[Unknown]:
    """Letters that a coordinator must ask about, the oldest first."""
    rows = session.exec(
        select(Letter, Facility.settlement)
        .join(Approval, col(Approval.id) == Letter.approval_id)
        .join(Placement, col(Placement.id) == Approval.placement_id)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(Letter.state == State.UNKNOWN)
        .order_by(col(Letter.state_since))
        .limit(200)
    ).all()
    return [
        Unknown(letter.id, grouped(letter.number), town, letter.state_since)
        for letter, town in rows
    ]


def _summaries(
    session: Session, now: datetime, which: sa.ColumnElement[bool], limit: int
) -> list[BatchSummary]:
    batches = session.exec(
        select(Batch, Staff.pseudonym)
        .join(Staff, col(Staff.id) == Batch.staff_id)
        .where(which)
        .order_by(col(Batch.finished_at).is_not(None), col(Batch.created_at).desc())
        .limit(limit)
    ).all()
    ids = [batch.id for batch, _ in batches]
    items = {
        batch_id: (letters, live)
        for batch_id, letters, live in session.exec(
            select(
                BatchItem.batch_id,
                sa.func.count(),
                sa.func.count(sa.case((col(BatchItem.left_at).is_(None), 1))),
            )
            .where(col(BatchItem.batch_id).in_(ids))
            .group_by(col(BatchItem.batch_id))
        ).all()
    }
    posted = dict(
        session.exec(
            select(Posting.batch_id, sa.func.count())
            .where(col(Posting.batch_id).in_(ids), col(Posting.undone_at).is_(None))
            .group_by(col(Posting.batch_id))
        ).all()
    )
    return [
        BatchSummary(
            id=batch.id,
            volunteer=pseudonym,
            created_at=batch.created_at,
            letters=items.get(batch.id, (0, 0))[0],
            live=items.get(batch.id, (0, 0))[1],
            posted=posted.get(batch.id, 0),
            downloaded=batch.downloaded_at is not None,
            overdue=_is_overdue(batch, now),
            finished_at=batch.finished_at,
        )
        for batch, pseudonym in batches
    ]


def _lines(session: Session, batch_id: str) -> list[Line]:
    rows = session.exec(
        select(BatchItem, Letter, Rendering.pages, Facility.settlement)
        .join(Letter, col(Letter.id) == BatchItem.letter_id)
        .join(Rendering, col(Rendering.id) == BatchItem.rendering_id)
        .join(Approval, col(Approval.id) == Rendering.approval_id)
        .join(Placement, col(Placement.id) == Approval.placement_id)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(BatchItem.batch_id == batch_id)
        .order_by(col(BatchItem.position))
    ).all()
    postings = session.exec(select(Posting).where(Posting.batch_id == batch_id)).all()
    posted = {each.letter_id: each.posted_on for each in postings if each.undone_at is None}
    undone = {each.letter_id for each in postings if each.undone_at is not None}
    return [
        Line(
            item_id=item.id,
            position=item.position,
            number=grouped(letter.number),
            town=town,
            sheets=pages,
            state=State(letter.state),
            live=item.left_at is None,
            flag=_flag(letter) if item.left_at is None else None,
            posted_on=posted.get(letter.id) if item.left_at is not None else None,
            corrected=letter.id in undone,
        )
        for item, letter, pages, town in rows
    ]


def _flag(letter: Letter) -> str | None:
    if letter.take_out:
        return "withdrawn"
    return "held" if letter.held_reason is not None else None


def _is_overdue(batch: Batch, now: datetime) -> bool:
    return batch.finished_at is None and batch.created_at < now - LATE_AFTER
