"""What a change to somebody does to letters, writers and the person, told by doing it.

There is no second rule that guesses: the change is carried out, every letter is looked at before
and after, and a transaction whose outcome nobody has agreed to yet is rolled back. So what is
announced is what happens, also when letters move between the announcement and the deed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import batching
from app.addressing import destination, present_place, return_address
from app.catalogue.rules import Standing, eligibility
from app.catalogue.standing import Occasion, facts, person
from app.lifecycle import Hold, State
from app.models import (
    Approval,
    BatchItem,
    Correspondence,
    Letter,
    Notice,
    Placement,
    Prisoner,
    Reservation,
)
from app.service import Service

DoneT = TypeVar("DoneT")
_BEFORE_APPROVAL = (State.RECEIVED, State.TRANSLATING, State.IN_REVIEW, State.NEEDS_CHANGES)
_OURS = (
    *_BEFORE_APPROVAL,
    *(State.APPROVED, State.READY, State.BATCHED, State.PRINTED, State.UNKNOWN),
)
_SENT = (State.POSTED, State.ANSWERED)


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


_ANSWERS = ("shown", "writable", "picked")
TOUCHED = frozenset({Fate.LAID_OUT_AGAIN, Fate.GOES_ON, Fate.HELD, Fate.TAKEN_OUT})


@dataclass(frozen=True)
class Consequences:
    """Letters by what becomes of them and why they wait; what the rule says of the people.

    left_batches: letters that leave a volunteer's batch. told: writers to whom an e-mail is owed;
    untold: whose letter is touched and who gets none. writing: forms that are open for them.
    standings: of everybody who is left, what the rule said before and says after.
    """

    letters: Counter[tuple[Fate, Hold | None]]
    left_batches: int
    told: int
    untold: int
    writing: int
    standings: tuple[tuple[Standing, Standing], ...]

    @property
    def before(self) -> Standing:
        """What the rule said of the first of them."""
        return self.standings[0][0]

    @property
    def after(self) -> Standing:
        """What it says now."""
        return self.standings[0][1]

    @property
    def all_picked(self) -> bool:
        """Whether whatever is sent to any of them goes the usual way."""
        return all(after.picked for _, after in self.standings)

    def people(self, answer: str, *, before: bool, after: bool) -> int:
        """How many were and are `shown`, `writable` or `picked`, as the two say."""
        return sum(
            (getattr(was, answer), getattr(is_now, answer)) == (before, after)
            for was, is_now in self.standings
        )

    def number(self, *fates: Fate) -> int:
        """How many letters have one of these fates."""
        return sum(count for (fate, _), count in self.letters.items() if fate in fates)

    def by_reason(self, fate: Fate) -> list[tuple[Hold, int]]:
        """How many letters of this fate wait, for each reason."""
        found = [(why, count) for (each, why), count in self.letters.items() if each == fate]
        return sorted((why, count) for why, count in found if why is not None)

    @property
    def is_slight(self) -> bool:
        """No letter is touched, and whoever could find, choose or be given the person still can."""
        lost = sum(self.people(answer, before=True, after=False) for answer in _ANSWERS)
        return not self.number(*TOUCHED) and not lost

    @property
    def mark(self) -> str:
        """The same for the same consequences, and for no others."""
        told = sorted((str(fate), str(why), count) for (fate, why), count in self.letters.items())
        numbers = (self.left_batches, self.told, self.untold, self.writing)
        standings = [
            [getattr(each, answer) for each in pair for answer in _ANSWERS] + [pair[1].reasons]
            for pair in self.standings
        ]
        return sha256(repr((told, numbers, standings)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class CarriedOut(Generic[DoneT]):
    """What the change does, and its answer where it was kept; `done` None: nothing is changed."""

    seen: Consequences
    done: DoneT | None


class _NotAgreed(Exception):
    """Ends the transaction of a change that is only to be looked at."""

    def __init__(self, seen: Consequences) -> None:
        super().__init__()
        self.seen = seen


@dataclass(frozen=True)
class _Seen:
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


def carry_out(
    service: Service,
    ids: Sequence[str],
    act: Callable[[Session], DoneT],
    occasion: Occasion,
    agrees: Callable[[Consequences], bool],
) -> CarriedOut[DoneT]:
    """Do it if `agrees` to what it does, in one transaction; otherwise nothing is changed.

    ids: whom it concerns, somebody who is left first. Raises what `act` raises, and `NotFound`.
    """
    try:
        with service.database.write() as session:
            seen, done = watch(session, ids, act, occasion, service.settings.posted_from)
            if not agrees(seen):
                raise _NotAgreed(seen)
    except _NotAgreed as undone:
        return CarriedOut(undone.seen, None)
    return CarriedOut(seen, done)


def watch(
    session: Session,
    ids: Sequence[str],
    act: Callable[[Session], DoneT],
    occasion: Occasion,
    posted_from: str,
) -> tuple[Consequences, DoneT]:
    """Do it, and tell what it did. posted_from: ISO country of posting."""
    session.flush()
    standings = {id_: _standing(session, id_, occasion) for id_ in ids}
    before = _look(session, ids, occasion, posted_from)
    sent = _number_of(session, ids, _SENT)
    others = _number_of(session, ids, set(State) - {*_OURS, *_SENT})
    writing = _open_forms(session, ids)
    owed = _owed(session, ids)
    done = act(session)
    session.flush()
    after = _look(session, ids, occasion, posted_from)
    fates = {id_: _fate(was, after[id_]) for id_, was in before.items()}
    letters = Counter(fates.values())
    touched = {after[id_].correspondence_id for id_, (fate, _) in fates.items() if fate in TOUCHED}
    told = _owed(session, ids) - owed
    seen = Consequences(
        letters=letters + Counter({(Fate.SENT, None): sent, (Fate.UNTOUCHED, None): others}),
        left_batches=sum(before[id_].in_batch and not after[id_].in_batch for id_ in before),
        told=len(told),
        untold=len(touched - {correspondence_id for _, correspondence_id in told}),
        writing=writing,
        standings=tuple(
            (was, _standing(session, id_, occasion))
            for id_, was in standings.items()
            if session.get(Prisoner, id_) is not None
        ),
    )
    return seen, done


def _fate(before: _Seen, after: _Seen) -> tuple[Fate, Hold | None]:
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
    follows = moves and after.state in _BEFORE_APPROVAL
    return (Fate.FOLLOWS if follows else Fate.UNTOUCHED), None


def _look(
    session: Session, ids: Sequence[str], occasion: Occasion, posted_from: str
) -> dict[str, _Seen]:
    """Every letter that is still with us, by its id."""
    rows = session.execute(
        sa.select(Letter, Approval, Correspondence, col(BatchItem.id), col(Placement.facility_id))
        .join(Approval, col(Approval.id) == col(Letter.approval_id), isouter=True)
        .join(Correspondence, col(Correspondence.id) == col(Letter.correspondence_id))
        .join(
            BatchItem,
            sa.and_(col(BatchItem.letter_id) == col(Letter.id), col(BatchItem.left_at).is_(None)),
            isouter=True,
        )
        .join(
            Placement,
            sa.and_(
                col(Placement.prisoner_id) == col(Letter.prisoner_id),
                col(Placement.to_day).is_(None),
            ),
            isouter=True,
        )
        .where(col(Letter.prisoner_id).in_(ids), col(Letter.state).in_(_OURS))
        .order_by(col(Letter.id))
        .execution_options(populate_existing=True)
    ).all()
    return {
        letter.id: _Seen(
            State(letter.state),
            _will_wait(session, letter, approval, writes, occasion, posted_from),
            letter.approval_id,
            batching.is_on_paper(session, letter),
            item is not None,
            facility_id,
            letter.correspondence_id,
        )
        for letter, approval, writes, item, facility_id in rows
    }


def _will_wait(
    session: Session,
    letter: Letter,
    approval: Approval | None,
    writes: Correspondence,
    occasion: Occasion,
    posted_from: str,
) -> Hold | None:
    """Why it is held, or will be as soon as the machine wants to lay it out."""
    if letter.held_reason or letter.state != State.APPROVED or approval is None:
        return Hold(letter.held_reason) if letter.held_reason else None
    there = destination(
        session, letter.prisoner_id, posted_from, occasion.today, occasion.address_days
    )
    if there.hold is not None:
        return there.hold
    if there.placement_id != approval.placement_id:
        return Hold.STALE_ADDRESS
    back = return_address(session, writes.return_address_id, posted_from, occasion.today)
    return None if back else Hold.NO_RETURN_ADDRESS


def _standing(session: Session, prisoner_id: str, occasion: Occasion) -> Standing:
    placed = facts(present_place(session, prisoner_id))
    row = person(session, prisoner_id)
    return eligibility(row, placed, occasion.today, occasion.address_days)


def _number_of(session: Session, ids: Sequence[str], states: Iterable[State]) -> int:
    mine = sa.select(sa.func.count()).where(
        col(Letter.prisoner_id).in_(ids), col(Letter.state).in_(list(states))
    )
    return int(session.execute(mine).scalar_one())


def _open_forms(session: Session, ids: Sequence[str]) -> int:
    mine = sa.select(sa.func.count()).where(
        col(Reservation.prisoner_id).in_(ids), col(Reservation.counted)
    )
    return int(session.execute(mine).scalar_one())


def _owed(session: Session, ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Notices to writers, with the correspondence each belongs to."""
    rows = session.execute(
        select(Notice.id, Notice.correspondence_id)
        .join(Correspondence, col(Correspondence.id) == col(Notice.correspondence_id))
        .where(col(Correspondence.prisoner_id).in_(ids))
    )
    return frozenset((notice_id, correspondence_id) for notice_id, correspondence_id in rows)
