"""Somebody is moved, in transfer, released or dead: what becomes of letters in every state."""

from datetime import date

import pytest
from sqlmodel import Session

from app import addressing, batching, moving, readdressing
from app.journey import posting_batches
from app.journey.posting_batches import Measure, Volunteer
from app.lifecycle import Hold, Role, State
from app.models import Approval, Letter, Placement, Prisoner
from app.moving import SYSTEM
from app.service import Service
from tests import world
from tests.world import NOON

TODAY = NOON.date()
EVERY = [State(state) for state in State]
BEFORE_APPROVAL = [State.RECEIVED, State.TRANSLATING, State.IN_REVIEW, State.NEEDS_CHANGES]
AFTER_PRINTING = [
    State.UNKNOWN,
    State.POSTED,
    State.ANSWERED,
    State.RETURNED,
    State.CLOSED,
    State.REFUSED,
    State.WITHDRAWN,
]


def transfer(session: Session, prisoner: Prisoner) -> Placement:
    """The old placement ends, a new one begins."""
    placed = addressing.present_place(session, prisoner.id)
    assert placed is not None
    placed[0].to_day = date(2026, 11, 20)
    session.flush()
    return world.place(session, prisoner, world.make_facility(session), checked_on=TODAY)


def batched(session: Session, prisoner: Prisoner, *, downloaded: bool) -> Letter:
    letter = world.make_letter(session, prisoner, State.READY)
    who = Volunteer(world.make_staff(session, Role.PRINTER).id, "DE")
    batch = posting_batches.take(session, who, 1, Measure(20, 3, 1, 180, "DE"), TODAY, NOON)
    assert batch is not None
    batch.downloaded_at = NOON if downloaded else None
    session.flush()
    return letter


def approved_for(session: Session, letter: Letter) -> str:
    return session.get_one(Approval, letter.approval_id).placement_id


@pytest.mark.parametrize("state", BEFORE_APPROVAL)
def test_a_letter_that_has_no_address_yet_goes_on(service: Service, state: State) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = world.make_letter(session, prisoner, state)
        new = transfer(session, prisoner)
        readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        assert (letter.state, letter.held_reason) == (state, None)


@pytest.mark.parametrize("state", [State.APPROVED, State.READY])
def test_an_approved_letter_follows_and_is_rendered_again(service: Service, state: State) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = world.make_letter(session, prisoner, state)
        before, moves = letter.approval_id, letter.moves
        new = transfer(session, prisoner)
        told = readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        approval = session.get_one(Approval, letter.approval_id)
        assert told.carried == 1
        assert (letter.state, letter.rendering_id) == (State.APPROVED, None)
        assert (approval.placement_id, approval.carried_from_id) == (new.id, before)
        assert letter.moves > moves, "the work to render it again has an id of its own"


def test_a_letter_in_a_batch_that_nobody_downloaded_leaves_it(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = batched(session, prisoner, downloaded=False)
        new = transfer(session, prisoner)
        readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        assert letter.state == State.APPROVED
        assert approved_for(session, letter) == new.id
        assert batching.place_of(session, letter.id) is None


def test_a_letter_on_paper_is_held_where_its_volunteer_sees_it(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        on_paper = batched(session, prisoner, downloaded=True)
        printed = batched(session, prisoner, downloaded=True)
        moving.move(session, printed, State.PRINTED, SYSTEM, NOON)
        new = transfer(session, prisoner)
        told = readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        assert told.on_paper == 2
        assert (on_paper.state, on_paper.held_reason) == (State.BATCHED, Hold.STALE_ADDRESS)
        assert (printed.state, printed.held_reason) == (State.PRINTED, Hold.STALE_ADDRESS)
        assert batching.place_of(session, printed.id) is not None


@pytest.mark.parametrize("state", AFTER_PRINTING)
@pytest.mark.parametrize("reason", [None, Hold.DEAD])
def test_what_is_posted_or_over_is_left_alone(
    service: Service, state: State, reason: Hold | None
) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = world.make_letter(session, prisoner, state)
        new = transfer(session, prisoner)
        readdressing.readdress(
            session, prisoner.id, None if reason else new.id, reason, SYSTEM, NOON
        )
        assert (letter.state, letter.held_reason) == (state, None)


@pytest.mark.parametrize("reason", [Hold.IN_TRANSFER, Hold.RELEASED, Hold.DEAD])
def test_everything_unprinted_waits_when_there_is_nowhere_to_write(
    service: Service, reason: Hold
) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letters = [
            world.make_letter(session, prisoner, state)
            for state in [*BEFORE_APPROVAL, State.APPROVED, State.READY]
        ]
        readdressing.readdress(session, prisoner.id, None, reason, SYSTEM, NOON)
        assert {letter.held_reason for letter in letters} == {reason}


def test_without_a_reason_the_address_is_unknown(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = batched(session, prisoner, downloaded=False)
        readdressing.readdress(session, prisoner.id, None, None, SYSTEM, NOON)
        assert (letter.state, letter.held_reason) == (State.READY, Hold.NO_ADDRESS)
        assert batching.place_of(session, letter.id) is None


def test_back_at_a_known_place_letters_go_on(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        early = world.make_letter(session, prisoner, State.IN_REVIEW)
        ready = world.make_letter(session, prisoner, State.READY)
        readdressing.readdress(session, prisoner.id, None, Hold.IN_TRANSFER, SYSTEM, NOON)
        new = transfer(session, prisoner)
        readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        assert (early.state, early.held_reason) == (State.IN_REVIEW, None)
        assert (ready.state, ready.held_reason) == (State.APPROVED, None)
        assert approved_for(session, ready) == new.id


def test_back_at_the_old_place_the_first_approval_serves_again(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = world.make_letter(session, prisoner, State.APPROVED)
        old, old_approval = approved_for(session, letter), letter.approval_id
        new = transfer(session, prisoner)
        readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        readdressing.readdress(session, prisoner.id, old, None, SYSTEM, NOON)
        assert letter.approval_id == old_approval


@pytest.mark.parametrize("state", [State.APPROVED, State.READY])
def test_an_objection_outlives_a_move_but_the_address_is_new(
    service: Service, state: State
) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = world.make_letter(session, prisoner, state)
        moving.hold(session, letter, Hold.OBJECTED, SYSTEM, NOON)
        readdressing.readdress(session, prisoner.id, None, Hold.IN_TRANSFER, SYSTEM, NOON)
        assert letter.held_reason == Hold.OBJECTED
        new = transfer(session, prisoner)
        readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        assert (letter.state, letter.held_reason) == (State.APPROVED, Hold.OBJECTED)
        assert approved_for(session, letter) == new.id


def test_no_state_is_forgotten() -> None:
    covered = {*BEFORE_APPROVAL, *AFTER_PRINTING, State.APPROVED, State.READY}
    assert covered | {State.BATCHED, State.PRINTED} == set(EVERY)
