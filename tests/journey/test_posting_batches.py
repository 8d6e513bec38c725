"""Taking letters into a batch: which, how many, for whom, and giving them back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from app import addressing, moving
from app.errors import Conflict, Invalid, NotFound
from app.journey import posting_batches
from app.journey.posting_batches import Measure, Volunteer
from app.lifecycle import Hold, Role, State
from app.models import Batch, BatchItem, Letter, Prisoner, Rendering
from app.moving import SYSTEM
from app.service import Service
from tests import world
from tests.world import NOON

TODAY = NOON.date()
MEASURE = Measure(letters=20, per_facility=3, per_person=1, address_days=180, posted_from="DE")


def volunteer(session: Session, **facts: object) -> Volunteer:
    staff = world.make_staff(session, Role.PRINTER, **facts)
    return Volunteer(staff.id, staff.country, "Bremen")


def letters_of(session: Session, batch: Batch) -> list[Letter]:
    return [letter for _, letter in posting_batches.live_letters(session, batch)]


def take(session: Session, who: Volunteer, wanted: int = 20) -> Batch:
    batch = posting_batches.take(session, who, wanted, MEASURE, TODAY, NOON)
    assert batch is not None
    return batch


def nothing_to_take(session: Session) -> bool:
    return posting_batches.take(session, volunteer(session), 20, MEASURE, TODAY, NOON) is None


def test_the_letters_that_wait_longest_come_first(service: Service) -> None:
    with service.database.write() as session:
        young, old, middle = (
            world.make_letter(
                session, world.make_prisoner(session), State.READY, now=NOON - timedelta(days=days)
            )
            for days in (1, 9, 5)
        )
        batch = take(session, volunteer(session), wanted=2)
        assert [letter.id for letter in letters_of(session, batch)] == [old.id, middle.id]
        assert (old.state, young.state) == (State.BATCHED, State.READY)


def test_at_most_three_letters_to_one_place_and_one_to_one_person(service: Service) -> None:
    with service.database.write() as session:
        crowded = world.make_facility(session)
        for _ in range(5):
            world.make_letter(session, world.make_prisoner(session, crowded), State.READY)
        popular = world.make_prisoner(session)
        for _ in range(3):
            world.make_letter(session, popular, State.READY)
        letters = letters_of(session, take(session, volunteer(session)))
        assert len(letters) == 4
        assert [letter.prisoner_id for letter in letters].count(popular.id) == 1


def test_more_than_a_page_of_letters_to_one_place_hides_nobody_behind_them(
    service: Service,
) -> None:
    with service.database.write() as session:
        crowd = world.make_prisoner(session)
        for _ in range(120):
            world.make_letter(session, crowd, State.READY, now=NOON - timedelta(days=3))
        other = world.make_letter(session, world.make_prisoner(session), State.READY)
        assert other.id in {
            letter.id for letter in letters_of(session, take(session, volunteer(session)))
        }


def test_held_letters_are_not_taken(service: Service) -> None:

    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.READY)
        moving.hold(session, letter, Hold.OBJECTED, SYSTEM, NOON)
        assert nothing_to_take(session)


def test_a_letter_whose_address_grew_too_old_is_held_with_the_reason(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session, placed=False)
        facility = world.make_facility(session)
        world.place(session, prisoner, facility, checked_on=date(2026, 1, 1))
        stale = world.make_letter(session, prisoner, State.READY)
        world.make_letter(session, world.make_prisoner(session), State.READY)
        batch = take(session, volunteer(session))
        assert len(letters_of(session, batch)) == 1
        assert stale.held_reason == Hold.STALE_ADDRESS


def test_a_letter_to_somebody_who_moved_meanwhile_is_made_again(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        letter = world.make_letter(session, prisoner, State.READY)
        world.make_letter(session, world.make_prisoner(session), State.READY)

        placed = addressing.present_place(session, prisoner.id)
        assert placed is not None
        placed[0].to_day = TODAY
        session.flush()
        world.place(session, prisoner, world.make_facility(session))
        assert len(letters_of(session, take(session, volunteer(session)))) == 1
        assert (letter.state, letter.rendering_id) == (State.APPROVED, None)


def test_inside_the_country_only_letters_with_an_address_of_that_country(service: Service) -> None:
    with service.database.write() as session:
        abroad = world.make_letter(session, world.make_prisoner(session), State.READY)
        inside = world.make_letter(session, world.make_prisoner(session), State.READY)
        rendering = session.get_one(Rendering, inside.rendering_id)
        rendering.return_address_id = world.make_return_address(session, country="RU").id
        session.flush()
        local = letters_of(session, take(session, volunteer(session, country="RU")))
        distant = letters_of(session, take(session, volunteer(session, country="NL")))
        assert [letter.id for letter in local] == [inside.id]
        assert [letter.id for letter in distant] == [abroad.id]


def test_an_ended_return_address_is_not_printed(service: Service) -> None:
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.READY)
        ended = world.make_return_address(session, ends_on=TODAY)
        session.get_one(Rendering, letter.rendering_id).return_address_id = ended.id
        session.flush()
        assert nothing_to_take(session)
        assert (letter.state, letter.rendering_id) == (State.APPROVED, None), "made anew"


@pytest.mark.parametrize("wanted", [0, -1, 21])
def test_an_impossible_number_is_refused(service: Service, wanted: int) -> None:
    with service.database.write() as session, pytest.raises(Invalid):
        take(session, volunteer(session), wanted)


def test_nothing_to_take_leaves_no_empty_batch(service: Service) -> None:
    with service.database.write() as session:
        assert nothing_to_take(session)
        assert session.exec(select(func.count()).select_from(Batch)).one() == 0


@pytest.mark.trust(17)
def test_a_hundred_volunteers_at_once_never_get_the_same_letter(service: Service) -> None:
    with service.database.write() as session:
        who = volunteer(session)
        for _ in range(30):
            world.make_letter(session, world.make_prisoner(session), State.READY)

    def one(_: int) -> int:
        with service.database.write() as session:
            batch = posting_batches.take(session, who, 2, MEASURE, TODAY, NOON)
            return 0 if batch is None else 1

    with ThreadPoolExecutor(24) as crowd:
        winners = sum(crowd.map(one, range(100)))
    with service.database.read() as session:
        items = session.exec(select(BatchItem.letter_id)).all()
        batched = session.exec(select(Letter.id).where(Letter.state == State.BATCHED)).all()
    assert winners == 15
    assert len(items) == len(set(items)) == len(batched) == 30


def test_a_batch_given_back_waits_for_somebody_else(service: Service) -> None:
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.READY)
        who = volunteer(session)
        batch = take(session, who)
        assert posting_batches.give_back(session, who, batch.id, NOON) == 1
        assert letter.state == State.READY
        assert batch.finished_at == NOON
        assert take(session, volunteer(session)).id != batch.id


@pytest.mark.trust(13)
def test_somebody_elses_batch_is_not_found_but_a_coordinator_reaches_it(service: Service) -> None:
    with service.database.write() as session:
        world.make_letter(session, world.make_prisoner(session), State.READY)
        batch = take(session, volunteer(session))
        stranger = volunteer(session)
        with pytest.raises(NotFound):
            posting_batches.give_back(session, stranger, batch.id, NOON)
        coordinator = Volunteer(
            world.make_staff(session, Role.COORDINATOR).id, "DE", coordinates=True
        )
        assert posting_batches.give_back(session, coordinator, batch.id, NOON) == 1


@pytest.mark.trust(16)
def test_nothing_is_marked_printed_before_the_pages_were_downloaded(service: Service) -> None:
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.READY)
        who = volunteer(session)
        batch = take(session, who)
        with pytest.raises(Conflict):
            posting_batches.mark_printed(session, who, batch.id, NOON)
        assert letter.state == State.BATCHED


def test_taking_counts_nothing_twice(service: Service) -> None:
    with service.database.write() as session:
        prisoner = world.make_prisoner(session)
        world.make_letter(session, prisoner, State.READY)
        before = session.exec(
            select(Prisoner.letter_count).where(col(Prisoner.id) == prisoner.id)
        ).one()
        take(session, volunteer(session))
        after = session.exec(
            select(Prisoner.letter_count).where(col(Prisoner.id) == prisoner.id)
        ).one()
        assert before == after == 1


def test_printed_by_mistake_the_letters_stay_in_their_places_and_nobody_else_gets_them(
    service: Service,
) -> None:
    with service.database.write() as session:
        letters = [
            world.make_letter(session, world.make_prisoner(session), State.READY) for _ in range(3)
        ]
        who = volunteer(session)
        batch = take(session, who)
        batch.downloaded_at = NOON
        places = [item.id for item, _ in posting_batches.live_letters(session, batch)]
        posting_batches.mark_printed(session, who, batch.id, NOON)
        flagged = letters_of(session, batch)[1]
        moving.note_change(session, flagged, take_out=True)
        assert posting_batches.undo_printed(session, who, batch.id, NOON) == 2
        live = posting_batches.live_letters(session, batch)
        assert [item.id for item, _ in live] == places
        assert [letter.state for _, letter in live] == [State.BATCHED, State.PRINTED, State.BATCHED]
        assert batch.finished_at is None
        assert nothing_to_take(session)
        assert all(letter.rendering_id for letter in letters)
        with pytest.raises(Conflict):
            posting_batches.undo_printed(session, who, batch.id, NOON)
