"""What a change to somebody does to letters, writers and the person, told by doing it.

There is no second rule that guesses: the change is carried out, every letter is looked at before
and after, and a transaction whose outcome nobody has agreed to yet is rolled back. So what is
announced is what happens, also when letters move between the announcement and the deed.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from sqlmodel import Session

from app import locking
from app.catalogue import letters_seen
from app.catalogue.letters_seen import SENT, TOUCHED, Fate
from app.catalogue.rules import Standing, Why
from app.catalogue.standing import Occasion, person, standing_of
from app.lifecycle import WITH_US, Hold, State
from app.models import Prisoner
from app.service import Service

DoneT = TypeVar("DoneT")
_ANSWERS = ("shown", "writable", "picked")


@dataclass(frozen=True)
class Consequences:
    """Letters by what becomes of them and why they wait; what the rule says of the people.

    approved: the same, of letters that were approved before. left_batches: letters that leave a
    volunteer's batch. told: writers to whom an e-mail is owed; untold: whose letter is touched and
    who gets none. writing: forms that are open for them. standings: of everybody who is left, what
    the rule said before and says after.
    """

    letters: Counter[tuple[Fate, Hold | None]]
    approved: Counter[tuple[Fate, Hold | None]]
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
    def is_harmless(self) -> bool:
        """No letter is touched, and whoever could find, choose or be given the person still can."""
        lost = sum(self.people(answer, before=True, after=False) for answer in _ANSWERS)
        return not self.number(*TOUCHED) and not lost

    @property
    def is_slight(self) -> bool:
        """Harmless, and nobody can find, choose or be given the person who could not before."""
        gained = sum(self.people(answer, before=False, after=True) for answer in _ANSWERS)
        return self.is_harmless and not gained and not self.waits_for_confirmation

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether a coordinator has to confirm somebody anew, because of this change."""
        why = Why.CUSTODY_UNCONFIRMED
        return any(why in now.reasons and why not in was.reasons for was, now in self.standings)

    @property
    def mark(self) -> str:
        """The same for the same consequences; others have another.

        Only of what the change does. Forms are opened, letters sent in and posted, all the time:
        whoever is written to a lot must not be asked about again and again for that.
        """
        told = sorted(
            (str(fate), str(why), count)
            for (fate, why), count in self.approved.items()
            if fate not in (Fate.FOLLOWS, Fate.UNTOUCHED, Fate.SENT)
        )
        standings = [
            [getattr(each, answer) for each in pair for answer in _ANSWERS] + [pair[1].reasons]
            for pair in self.standings
        ]
        return sha256(repr((told, self.left_batches, standings)).encode()).hexdigest()[:16]


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
    locking.lock_batches(session, *ids)
    standings = {id_: standing_of(session, person(session, id_), occasion) for id_ in ids}
    before = letters_seen.look(session, ids, occasion, posted_from)
    sent = letters_seen.number_of(session, ids, SENT)
    others = letters_seen.number_of(session, ids, set(State) - WITH_US - SENT)
    writing = letters_seen.open_forms(session, ids)
    owed = letters_seen.owed(session, ids)
    done = act(session)
    session.flush()
    after = letters_seen.look(session, ids, occasion, posted_from)
    # Somebody else may have posted or withdrawn one in between: it was out of our hands.
    still = {id_: (was, after[id_]) for id_, was in before.items() if id_ in after}
    fates = {id_: letters_seen.fate(*pair) for id_, pair in still.items()}
    out_of_hand = letters_seen.out_of_hand(session, before.keys() - still.keys())
    gone: Counter[tuple[Fate, Hold | None]] = Counter((fate, None) for fate in out_of_hand)
    touched = {after[id_].correspondence_id for id_, (fate, _) in fates.items() if fate in TOUCHED}
    told = letters_seen.owed(session, ids) - owed
    seen = Consequences(
        letters=Counter(fates.values())
        + gone
        + Counter({(Fate.SENT, None): sent, (Fate.UNTOUCHED, None): others}),
        approved=Counter(fate for id_, fate in fates.items() if before[id_].is_approved),
        left_batches=sum(was.in_batch and not now.in_batch for was, now in still.values()),
        told=len(told),
        untold=len(touched - {correspondence_id for _, correspondence_id in told}),
        writing=writing,
        standings=tuple(
            (was, standing_of(session, row, occasion))
            for id_, was in standings.items()
            if (row := session.get(Prisoner, id_)) is not None
        ),
    )
    return seen, done
