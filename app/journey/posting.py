"""Letters are posted, or not: the whole batch but some, or one by one; and corrected afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from app import batching, locking, moving, readdressing
from app.errors import Conflict, Invalid, NotFound
from app.journey.posting_batches import (
    Volunteer,
    back_to_ready,
    is_flagged,
    live_letter,
    live_letters,
    own_batch,
)
from app.lifecycle import Hold, State
from app.locale import N_
from app.models import Batch, BatchItem, Letter, Posting
from app.models.columns import new_id
from app.moving import by_staff

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "PLN", "CZK", "SEK", "NOK", "DKK", "GEL", "AMD", "RUB")
HIGHEST_COST = 100_00  # cents a letter


@dataclass(frozen=True)
class PostingFacts:
    """When and where letters went into a post box; cost_cents: postage of one letter."""

    on: date
    country: str
    cost_cents: int
    currency: str = "EUR"

    def problems(self, earliest: date, today: date) -> dict[str, str]:
        """What cannot be, by field; empty when all can."""
        found: dict[str, str] = {}
        if self.on > today:
            found["posted_on"] = N_("This day has not come yet.")
        elif self.on < earliest:
            found["posted_on"] = N_("This is before the letters were taken.")
        if len(self.country) != 2 or not (self.country.isascii() and self.country.isupper()):
            found["country"] = N_("Write the country as two letters, such as DE.")
        if not 0 <= self.cost_cents <= HIGHEST_COST:
            found["cost"] = N_("Write what the postage of one letter cost, up to 100.")
        if self.currency not in CURRENCIES:
            found["currency"] = N_("Choose a currency from the list.")
        return found


@dataclass(frozen=True)
class Posted:
    """How many letters were posted, and how many flagged ones left the pile instead."""

    letters: int
    taken_out: int


def post(
    session: Session,
    volunteer: Volunteer,
    batch_id: str,
    facts: PostingFacts,
    excepted: Collection[str],
    today: date,
    now: datetime,
) -> Posted:
    """Everything in the batch is posted, except the items `excepted` and what is flagged.

    Flagged letters leave the pile: withdrawn, or back to where they belong. Raises `NotFound`,
    `Invalid`, and `Conflict` before the download or when nothing is left to post.
    """
    batch = _printed_batch(session, volunteer, batch_id, facts, today)
    posted = taken_out = 0
    found = live_letters(session, batch)
    flagged = {letter.prisoner_id for item, letter in found if is_flagged(letter)}
    locking.lock_people(session, *flagged)
    for item, letter in found:
        if item.id in excepted:
            continue
        if is_flagged(letter):
            readdressing.take_out(session, letter, volunteer.actor, now)
            taken_out += 1
        else:
            _post(session, volunteer, batch, letter, facts, now)
            posted += 1
    if posted + taken_out == 0:
        raise Conflict(N_("No letter of this batch is left to post."))
    return Posted(posted, taken_out)


def post_one(
    session: Session,
    volunteer: Volunteer,
    batch_id: str,
    item_id: str,
    facts: PostingFacts,
    today: date,
    now: datetime,
) -> None:
    """One letter is posted; also one that should have been taken out, but is in the box already."""
    batch = _printed_batch(session, volunteer, batch_id, facts, today)
    letter = live_letter(session, batch, item_id)
    moving.release(session, letter, volunteer.actor, now)
    _post(session, volunteer, batch, letter, facts, now)


def spoil(
    session: Session, volunteer: Volunteer, batch_id: str, item_id: str, now: datetime
) -> None:
    """A printed page is no good, or will not be posted: the letter waits for somebody else."""
    letter = live_letter(session, own_batch(session, batch_id, volunteer), item_id)
    back_to_ready(session, letter, volunteer, "spoiled", now)


def take_out(
    session: Session, volunteer: Volunteer, batch_id: str, item_id: str, now: datetime
) -> None:
    """A flagged letter was taken out of the pile. Raises `Conflict` when it is not flagged."""
    letter = live_letter(session, own_batch(session, batch_id, volunteer), item_id)
    if not is_flagged(letter):
        raise Conflict(N_("This letter may stay in the pile."))
    readdressing.take_out(session, letter, volunteer.actor, now)


def lose(
    session: Session, volunteer: Volunteer, batch_id: str, item_id: str, now: datetime
) -> None:
    """Nobody knows whether this one was posted: a coordinator settles it, never a machine.

    A held letter stays held: whoever prints releases nothing.
    """
    batch = own_batch(session, batch_id, volunteer)
    letter = live_letter(session, batch, item_id)
    reason = letter.held_reason
    moving.release(session, letter, volunteer.actor, now)
    _printed(session, volunteer, batch, letter, now)
    batching.leave(session, letter.id, now)
    moving.move(session, letter, State.UNKNOWN, volunteer.actor, now)
    if reason is not None:
        moving.hold(session, letter, Hold(reason), volunteer.actor, now)


def settle(
    session: Session,
    staff_id: str,
    letter_id: str,
    facts: PostingFacts | None,
    today: date,
    now: datetime,
) -> None:
    """A coordinator found out about an unknown letter: posted as in `facts`, or (None) never.

    Raises `NotFound`, `Invalid`, `WrongState`.
    """
    letter = session.get(Letter, letter_id)
    if letter is None or letter.state != State.UNKNOWN:
        raise NotFound("There is no such letter.")
    if facts is None:
        readdressing.take_out(session, letter, by_staff(staff_id), now, why="never_posted")
        return
    moving.release(session, letter, by_staff(staff_id), now)
    _check(facts, letter.created_at.date(), today)
    _note(session, letter.id, None, staff_id, facts, now)
    on = _last_posting(session, letter.id)
    moving.move(
        session, letter, State.POSTED, by_staff(staff_id), now, why="found_out", posted_on=on
    )


def correct(
    session: Session,
    volunteer: Volunteer,
    batch_id: str,
    item_id: str,
    reason: str,
    now: datetime,
) -> None:
    """It was not posted after all: back among the printed letters of its batch, with a reason.

    The posting stays, marked as undone. Raises `NotFound`, `Invalid` without a reason, and
    `WrongState` when the letter has been answered, returned or closed.
    """
    if not reason.strip():
        raise Invalid({"reason": N_("Write why this is corrected.")})
    batch = own_batch(session, batch_id, volunteer)
    found = session.exec(
        select(BatchItem, Letter, Posting)
        .join(Letter, col(Letter.id) == BatchItem.letter_id)
        .join(Posting, col(Posting.letter_id) == Letter.id)
        .where(
            BatchItem.id == item_id,
            BatchItem.batch_id == batch.id,
            Posting.batch_id == batch.id,
            col(Posting.undone_at).is_(None),
        )
    ).first()
    if found is None:
        raise NotFound("This letter was not posted with this batch.")
    item, letter, posting = found
    posting.undone_at, item.left_at, batch.finished_at = now, None, None
    session.add_all([posting, item, batch])
    moving.move(
        session,
        letter,
        State.PRINTED,
        volunteer.actor,
        now,
        why="correction",
        note=reason.strip(),
        posted_on=_last_posting(session, letter.id),
    )


def _printed_batch(
    session: Session, volunteer: Volunteer, batch_id: str, facts: PostingFacts, today: date
) -> Batch:
    batch = own_batch(session, batch_id, volunteer)
    if batch.downloaded_at is None:
        raise Conflict(N_("Download the pages first, then print them."))
    _check(facts, batch.created_at.date(), today)
    return batch


def _check(facts: PostingFacts, earliest: date, today: date) -> None:
    problems = facts.problems(min(earliest, today), today)
    if problems:
        raise Invalid(problems)


def _post(
    session: Session,
    volunteer: Volunteer,
    batch: Batch,
    letter: Letter,
    facts: PostingFacts,
    now: datetime,
) -> None:
    _printed(session, volunteer, batch, letter, now)
    _note(session, letter.id, batch.id, volunteer.staff_id, facts, now)
    batching.leave(session, letter.id, now)
    on = _last_posting(session, letter.id)
    moving.move(session, letter, State.POSTED, volunteer.actor, now, take_out=False, posted_on=on)


def _printed(
    session: Session, volunteer: Volunteer, batch: Batch, letter: Letter, now: datetime
) -> None:
    """Who says «posted» says «printed»."""
    if batch.downloaded_at is None:
        raise Conflict(N_("Download the pages first, then print them."))
    if letter.state == State.BATCHED:
        moving.move(session, letter, State.PRINTED, volunteer.actor, now)


def _last_posting(session: Session, letter_id: str) -> date | None:
    """The day of a letter's last posting that was not undone."""
    posted = select(func.max(Posting.posted_on)).where(
        Posting.letter_id == letter_id, col(Posting.undone_at).is_(None)
    )
    return session.exec(posted).one()


def _note(
    session: Session,
    letter_id: str,
    batch_id: str | None,
    staff_id: str,
    facts: PostingFacts,
    now: datetime,
) -> None:
    session.add(
        Posting(
            id=new_id(),
            letter_id=letter_id,
            batch_id=batch_id,
            staff_id=staff_id,
            posted_on=facts.on,
            country=facts.country,
            cost_cents=facts.cost_cents,
            currency=facts.currency,
            created_at=now,
        )
    )
