"""Somebody is moved, released, or has two records merged: where letters in every state then are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import Session

from app import addressing, batching, moving
from app.catalogue import custody, merging
from app.catalogue.details import Move
from app.catalogue.standing import Occasion
from app.journey import posting_batches, reconciling
from app.journey.posting_batches import Measure, Volunteer
from app.lifecycle import Hold, Role, State
from app.models import Approval, Letter, Prisoner
from app.moving import SYSTEM, by_staff
from app.service import Service
from tests import world
from tests.world import NOON

TODAY = NOON.date()
OCCASION = Occasion(by_staff("c" * 24), NOON, TODAY, 180, by_coordinator=True)
S = State
DOWNLOADED = "batched, and the pages were downloaded"
EVERY = [*S, DOWNLOADED]
BEFORE_APPROVAL = {S.RECEIVED, S.TRANSLATING, S.IN_REVIEW, S.NEEDS_CHANGES}
UNPRINTED = {S.APPROVED, S.READY, S.BATCHED}
ON_PAPER = {S.PRINTED, DOWNLOADED}
LASTING = [Hold.SUSPECTED_ABUSE, Hold.UNRENDERABLE]
"""Why a letter is held, whatever becomes known of somebody's whereabouts."""


@dataclass(frozen=True)
class Where:
    """A letter's state and hold; address: whether it is approved for where the person is now."""

    state: State
    held: Hold | None
    address: bool | None


def state_of(case: State | str) -> State:
    return S.BATCHED if case == DOWNLOADED else S(case)


def follows(case: State | str) -> Where:
    """The design: somebody is at another address."""
    state = state_of(case)
    if case in UNPRINTED:
        return Where(S.APPROVED, None, address=True)  # to be laid out again
    if case in ON_PAPER:
        return Where(state, Hold.STALE_ADDRESS, address=False)  # to be taken out of the pile
    return stays(case)


def stays(case: State | str) -> Where:
    """Nothing changes: it has no address yet, or is out of our hands."""
    state = state_of(case)
    has_address = state not in {*BEFORE_APPROVAL, S.REFUSED, S.WITHDRAWN}
    return Where(state, None, address=False if has_address else None)


def waits(case: State | str, reason: Hold) -> Where:
    """The design: nobody can be written to; what is not posted is held where it is."""
    state = state_of(case)
    if case == S.BATCHED:
        state = S.READY  # nobody prints it
    if case in BEFORE_APPROVAL | UNPRINTED | ON_PAPER:
        return Where(state, reason, stays(case).address)
    return stays(case)


def where(session: Session, letter_id: str) -> Where:
    letter = session.get_one(Letter, letter_id)
    placed = addressing.present_place(session, letter.prisoner_id)
    approval = session.get_one(Approval, letter.approval_id) if letter.approval_id else None
    here = approval.placement_id == (placed[0].id if placed else "") if approval else None
    held = Hold(letter.held_reason) if letter.held_reason else None
    return Where(State(letter.state), held, here)


def make_letter(session: Session, prisoner: Prisoner, case: State | str) -> Letter:
    if case not in (S.BATCHED, DOWNLOADED):
        return world.make_letter(session, prisoner, S(case))
    letter = world.make_letter(session, prisoner, S.READY)
    who = Volunteer(world.make_staff(session, Role.PRINTER).id, "DE")
    batch = posting_batches.take(session, who, 1, Measure(20, 3, 1, 180, "DE"), TODAY, NOON)
    assert batch is not None
    batch.downloaded_at = NOON if case == DOWNLOADED else None
    session.flush()
    return letter


def is_counted_right(service: Service) -> bool:
    return reconciling.reconcile(service).drifted == 0


def move(session: Session, prisoner: Prisoner) -> None:
    to = world.make_facility(session, name_ru="ФКУ ИК-9")
    there = Move(facility_id=to.id, from_day=TODAY, checked_on=TODAY, source="her lawyer")
    custody.move(session, prisoner.id, there, OCCASION)


def leave(status: str) -> Callable[[Session, Prisoner], None]:
    def left(session: Session, prisoner: Prisoner) -> None:
        custody.leave(session, prisoner.id, status, TODAY, OCCASION)

    return left


@pytest.mark.parametrize("case", EVERY)
def test_moved(service: Service, case: State | str) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = make_letter(session, prisoner, case)
        move(session, prisoner)
    with service.database.read() as session:
        assert where(session, letter.id) == follows(case)
        is_in_a_batch = batching.place_of(session, letter.id) is not None
        assert is_in_a_batch == (case == DOWNLOADED)
    assert is_counted_right(service)


@pytest.mark.parametrize(
    ("status", "reason"), [("released", Hold.RELEASED), ("in_transfer", Hold.IN_TRANSFER)]
)
@pytest.mark.parametrize("case", EVERY)
def test_released_or_in_transfer(
    service: Service, case: State | str, status: str, reason: Hold
) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = make_letter(session, prisoner, case)
        leave(status)(session, prisoner)
    with service.database.read() as session:
        assert where(session, letter.id) == waits(case, reason)
    assert is_counted_right(service)


def two_records(session: Session, addresses: str) -> tuple[Prisoner, Prisoner]:
    """Two records of one person: the kept one, whose address was checked last, and the other."""
    place = world.make_facility(session)
    elsewhere = world.make_facility(session, name_ru="ФКУ ИК-9")
    kept = world.make_prisoner(session, place)
    other = world.make_prisoner(session, placed=False)
    there = place if addresses == "same" else elsewhere
    world.place(session, other, there, checked_on=date(2026, 10, 1))
    return kept, other


def merge(session: Session, kept: Prisoner, other: Prisoner) -> None:
    merging.merge(session, kept.id, other.id, {}, OCCASION)


@pytest.mark.parametrize("addresses", ["same", "other"])
@pytest.mark.parametrize("case", EVERY)
def test_merged(service: Service, case: State | str, addresses: str) -> None:
    """The letter of the other record goes where the kept record's person is; its own stays."""
    with service.database.write() as session:
        kept, other = two_records(session, addresses)
        own, letter = make_letter(session, kept, case), make_letter(session, other, case)
        merge(session, kept, other)
    with service.database.read() as session:
        undisturbed = stays(case)
        if undisturbed.address is not None:
            undisturbed = Where(undisturbed.state, undisturbed.held, address=True)
        assert where(session, own.id) == undisturbed
        assert where(session, letter.id) == (undisturbed if addresses == "same" else follows(case))
        assert session.get_one(Letter, letter.id).prisoner_id == kept.id
        is_in_a_batch = batching.place_of(session, letter.id) is not None
        assert is_in_a_batch == (case == DOWNLOADED or (case, addresses) == (S.BATCHED, "same"))
    assert is_counted_right(service)


@pytest.mark.parametrize("case", EVERY)
def test_merged_into_the_place_of_the_other_record(service: Service, case: State | str) -> None:
    with service.database.write() as session:
        other, kept = two_records(session, "other")
        own, letter = make_letter(session, kept, case), make_letter(session, other, case)
        merge(session, kept, other)
    with service.database.read() as session:
        assert where(session, own.id) == follows(case)
        assert where(session, letter.id).state == state_of(case)
        assert where(session, letter.id).held is None
    assert is_counted_right(service)


@pytest.mark.parametrize("case", EVERY)
def test_merged_while_nobody_knows_an_address(service: Service, case: State | str) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, "same")
        letters = [make_letter(session, person, case) for person in (kept, other)]
        for person in (kept, other):
            placed = addressing.present_place(session, person.id)
            assert placed is not None
            placed[0].to_day = TODAY
        session.flush()
        merge(session, kept, other)
    with service.database.read() as session:
        for letter in letters:
            assert where(session, letter.id) == waits(case, Hold.NO_ADDRESS)
    assert is_counted_right(service)


@pytest.mark.parametrize("reason", LASTING)
@pytest.mark.parametrize("state", [S.IN_REVIEW, S.APPROVED, S.READY, S.PRINTED])
@pytest.mark.parametrize("deed", ["moved", "released", "merged"])
def test_what_an_address_does_not_end_outlives_all_three(
    service: Service, deed: str, state: State, reason: Hold
) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, "other")
        letter = world.make_letter(session, other, state)
        moving.hold(session, letter, reason, SYSTEM, NOON)
        if deed == "moved":
            move(session, other)
        elif deed == "released":
            leave("released")(session, other)
        else:
            merge(session, kept, other)
    with service.database.read() as session:
        expected = state if deed == "released" else follows(state).state
        found = where(session, letter.id)
        assert (found.state, found.held) == (expected, reason)
