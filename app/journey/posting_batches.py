"""A volunteer takes letters to print: which, how many, and what happens when they go back.

Taking is exclusive (row 17): SQLite's write sessions follow one another, PostgreSQL takes an
advisory lock, and the database refuses a second live place for one letter.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import addressing, batching, moving, readdressing
from app.errors import Conflict, Invalid, NotFound
from app.lifecycle import State
from app.locale import N_
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
)
from app.models.columns import UTCDateTime, new_id
from app.moving import Actor, by_staff
from app.turns import Turn, take_turn

_PAGE = 100  # letters looked at in one query


@dataclass(frozen=True)
class Volunteer:
    """Who prints and posts, and from which country. A coordinator may settle anybody's batch."""

    staff_id: str
    country: str
    town: str = ""
    coordinates: bool = False

    @property
    def actor(self) -> Actor:
        return by_staff(self.staff_id)


@dataclass(frozen=True)
class Measure:
    """How many letters a batch may hold: in all, to one place, to one person.

    address_days: age at which a checked address is stale. posted_from: country of renderings
    without a return address.
    """

    letters: int
    per_facility: int
    per_person: int
    address_days: int
    posted_from: str


def take(
    session: Session,
    volunteer: Volunteer,
    wanted: int,
    measure: Measure,
    today: date,
    now: datetime,
    *,
    cover: bool = True,
) -> Batch | None:
    """A new batch of up to `wanted` ready letters, those that wait longest first; None: no letter.

    A letter whose recipient has left the address it was made for, or whose return address has
    ended, is held or made again instead. Raises `Invalid` for an impossible number.
    """
    if not 1 <= wanted <= measure.letters:
        raise Invalid({"wanted": N_("Choose how many letters, up to the number beside the field.")})
    take_turn(session, Turn.TAKING)
    batch = Batch(
        id=new_id(),
        staff_id=volunteer.staff_id,
        town=volunteer.town,
        country=volunteer.country,
        cover=cover,
        created_at=now,
    )
    session.add(batch)
    session.flush()
    taken = 0
    for letter in _printable(session, volunteer, wanted, measure, today, now):
        taken += 1
        session.add(
            BatchItem(
                id=new_id(),
                batch_id=batch.id,
                position=taken,
                letter_id=letter.id,
                rendering_id=letter.rendering_id or "",
            )
        )
        moving.move(session, letter, State.BATCHED, volunteer.actor, now)
    if taken == 0:
        session.delete(batch)
        session.flush()
        return None
    moving.record(session, "batch", batch.id, volunteer.actor, now, origin=None, to="taken")
    return batch


def own_batch(session: Session, batch_id: str, volunteer: Volunteer) -> Batch:
    """The batch, locked, if this volunteer took it or coordinates. Raises `NotFound` (row 13)."""
    batch = session.exec(
        select(Batch)
        .where(Batch.id == batch_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if batch is None or not (volunteer.coordinates or batch.staff_id == volunteer.staff_id):
        raise NotFound("There is no such batch.")
    return batch


def live_letters(session: Session, batch: Batch) -> list[tuple[BatchItem, Letter]]:
    """What is still in a batch, in the order of its pages."""
    return [
        (item, letter)
        for item, letter in session.exec(
            select(BatchItem, Letter)
            .join(Letter, col(Letter.id) == BatchItem.letter_id)
            .where(BatchItem.batch_id == batch.id, col(BatchItem.left_at).is_(None))
            .order_by(col(BatchItem.position))
            .execution_options(populate_existing=True)
        ).all()
    ]


def live_letter(session: Session, batch: Batch, item_id: str) -> Letter:
    """One letter that is still in the batch. Raises `NotFound`."""
    for item, letter in live_letters(session, batch):
        if item.id == item_id:
            return letter
    raise NotFound("This letter is not in the batch any more.")


def is_flagged(letter: Letter) -> bool:
    """Whether it must be taken out of the pile: withdrawn by its writer, or held."""
    return letter.take_out or letter.held_reason is not None


def give_back(session: Session, volunteer: Volunteer, batch_id: str, now: datetime) -> int:
    """Every letter of the batch that is not marked printed waits for somebody else again.

    Returns how many. Raises `NotFound`, or `Conflict` when there is none.
    """
    batch = own_batch(session, batch_id, volunteer)
    unprinted = [
        letter for _, letter in live_letters(session, batch) if letter.state == State.BATCHED
    ]
    if not unprinted:
        raise Conflict(N_("Nothing in this batch can be given back any more."))
    for letter in unprinted:
        back_to_ready(session, letter, volunteer, "given_back", now)
    return len(unprinted)


def back_to_ready(
    session: Session, letter: Letter, volunteer: Volunteer, why: str, now: datetime
) -> None:
    """A batched or printed letter waits for somebody else; a flagged one goes where it should."""
    if is_flagged(letter):
        readdressing.take_out(session, letter, volunteer.actor, now)
        return
    batching.leave(session, letter.id, now)
    moving.move(session, letter, State.READY, volunteer.actor, now, why=why)
    readdressing.catch_up(session, letter, volunteer.actor, now)


def mark_printed(session: Session, volunteer: Volunteer, batch_id: str, now: datetime) -> int:
    """All letters of a downloaded batch are on paper; flagged ones stay to be taken out.

    Returns how many. Raises `NotFound`, or `Conflict` before the download (row 16).
    """
    batch = own_batch(session, batch_id, volunteer)
    if batch.downloaded_at is None:
        raise Conflict(N_("Download the pages first, then print them."))
    printed = 0
    for _, letter in live_letters(session, batch):
        if letter.state == State.BATCHED and not is_flagged(letter):
            moving.move(session, letter, State.PRINTED, volunteer.actor, now)
            printed += 1
    return printed


def undo_printed(session: Session, volunteer: Volunteer, batch_id: str, now: datetime) -> int:
    """They were not printed after all: what is not posted yet waits in the batch to be printed.

    Each letter keeps its place. The table leads back through `ready` only, so both steps are
    taken, and nobody else can take it between them. What must be taken out of the pile stays
    marked, and what was once marked as posted stays printed: it is on paper. Returns how many.
    Raises `NotFound`, or `Conflict` when there is none.
    """
    batch = own_batch(session, batch_id, volunteer)
    once_posted = corrected(session, batch)
    undone = 0
    for _, letter in live_letters(session, batch):
        if letter.state != State.PRINTED or is_flagged(letter) or letter.id in once_posted:
            continue
        moving.move(session, letter, State.READY, volunteer.actor, now, why="not_printed")
        moving.move(session, letter, State.BATCHED, volunteer.actor, now, why="not_printed")
        undone += 1
    if undone == 0:
        raise Conflict(N_("Nothing in this batch is marked as printed and not posted."))
    return undone


def corrected(session: Session, batch: Batch) -> frozenset[str]:
    """Letters that were marked as posted with this batch, and were not after all."""
    return frozenset(
        session.exec(
            select(Posting.letter_id).where(
                Posting.batch_id == batch.id, col(Posting.undone_at).is_not(None)
            )
        ).all()
    )


def _printable(
    session: Session,
    volunteer: Volunteer,
    wanted: int,
    measure: Measure,
    today: date,
    now: datetime,
) -> Iterator[Letter]:
    people: Counter[str] = Counter()
    places: Counter[str] = Counter()
    found = 0
    for letter, approval, facility_id, ends_on in _waiting(session, volunteer, measure):
        if people[letter.prisoner_id] >= measure.per_person:
            continue
        if places[facility_id] >= measure.per_facility:
            continue
        destination = addressing.destination(
            session, letter.prisoner_id, volunteer.country, today, measure.address_days
        )
        if destination.hold is not None:
            moving.hold(session, letter, destination.hold, moving.SYSTEM, now)
        elif destination.placement_id != approval.placement_id or (ends_on and ends_on <= today):
            placement_id = destination.placement_id or approval.placement_id
            readdressing.carry_over(session, letter, placement_id, moving.SYSTEM, now)
        else:
            people[letter.prisoner_id] += 1
            places[facility_id] += 1
            found += 1
            yield letter
            if found == wanted:
                return


def _waiting(
    session: Session, volunteer: Volunteer, measure: Measure
) -> Iterator[tuple[Letter, Approval, str, date | None]]:
    """Ready letters by age, a page at a time, that may be posted from the volunteer's country.

    With each its approval, the facility, and the last day of its return address.
    """
    statement = (
        select(Letter, Approval, Placement.facility_id, col(ReturnAddress.ends_on))
        .join(Approval, col(Approval.id) == Letter.approval_id)
        .join(Placement, col(Placement.id) == Approval.placement_id)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .join(Rendering, col(Rendering.id) == Letter.rendering_id)
        .outerjoin(ReturnAddress, col(ReturnAddress.id) == Rendering.return_address_id)
        .where(
            Letter.state == State.READY,
            col(Letter.held_reason).is_(None),
            batching.may_be_posted_in(volunteer.country, measure.posted_from),
        )
        .order_by(col(Letter.state_since), col(Letter.id))
        .limit(_PAGE)
        .execution_options(populate_existing=True)
    )
    place_in_line = sa.tuple_(col(Letter.state_since), col(Letter.id))
    unseen: sa.ColumnElement[bool] = sa.true()
    while True:
        page = session.exec(statement.where(unseen)).all()
        for letter, approval, facility_id, ends_on in page:
            last = sa.literal(letter.state_since, UTCDateTime()), sa.literal(letter.id)
            unseen = place_in_line > sa.tuple_(*last)
            yield letter, approval, facility_id, ends_on
        if len(page) < _PAGE:
            return
