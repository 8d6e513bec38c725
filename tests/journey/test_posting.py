"""Printed letters are posted, spoiled, lost, taken out of the pile, or corrected."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app import addressing, batching, moving, readdressing
from app.errors import Conflict, Invalid, NotFound, WrongState
from app.journey import posting, posting_batches
from app.journey.posting import PostingFacts
from app.journey.posting_batches import Measure, Volunteer
from app.lifecycle import Hold, Role, State
from app.models import Batch, BatchItem, Event, Letter, Note, Posting, Prisoner
from app.moving import SYSTEM, WRITER
from app.service import Service
from tests import world
from tests.world import NOON

TODAY = NOON.date()
FACTS = PostingFacts(TODAY, "DE", 110)


@dataclass
class Pile:
    """A batch of letters on paper, and who printed it."""

    who: Volunteer
    batch: Batch
    letters: list[Letter]
    items: list[str]


def pile(session: Session, count: int = 3, *, downloaded: bool = True) -> Pile:
    staff = world.make_staff(session, Role.PRINTER)
    who = Volunteer(staff.id, "DE", "Bremen")
    for _ in range(count):
        world.make_letter(session, world.make_prisoner(session), State.READY)
    batch = posting_batches.take(session, who, count, Measure(20, 3, 1, 180, "DE"), TODAY, NOON)
    assert batch is not None
    batch.downloaded_at = NOON if downloaded else None
    session.flush()
    live = posting_batches.live_letters(session, batch)
    return Pile(who, batch, [letter for _, letter in live], [item.id for item, _ in live])


def test_all_posted_except_the_ticked_ones(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session)
        posting_batches.mark_printed(session, made.who, made.batch.id, NOON)
        done = posting.post(session, made.who, made.batch.id, FACTS, {made.items[1]}, TODAY, NOON)
        assert (done.letters, done.taken_out) == (2, 0)
        assert [letter.state for letter in made.letters] == [
            State.POSTED,
            State.PRINTED,
            State.POSTED,
        ]
        assert made.batch.finished_at is None
        posting.post_one(session, made.who, made.batch.id, made.items[1], FACTS, TODAY, NOON)
        assert made.batch.finished_at == NOON
        costs = session.exec(select(Posting)).all()
        assert [(row.cost_cents, row.currency, row.posted_on) for row in costs] == [
            (110, "EUR", TODAY)
        ] * 3
        assert {letter.posted_on for letter in made.letters} == {TODAY}


def test_who_says_posted_says_printed_and_the_record_shows_both(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        steps = session.exec(
            select(Event.to).where(Event.subject_id == made.letters[0].id).order_by(Event.id)  # type: ignore[arg-type]
        ).all()
        assert steps[-3:] == ["batched", "printed", "posted"]


@pytest.mark.trust(16)
def test_nothing_is_posted_before_the_pages_were_downloaded(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1, downloaded=False)
        with pytest.raises(Conflict):
            posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        with pytest.raises(Conflict):
            posting.lose(session, made.who, made.batch.id, made.items[0], NOON)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (PostingFacts(TODAY + timedelta(days=1), "DE", 110), "posted_on"),
        (PostingFacts(date(2020, 1, 1), "DE", 110), "posted_on"),
        (PostingFacts(TODAY, "Germany", 110), "country"),
        (PostingFacts(TODAY, "DE", -1), "cost"),
        (PostingFacts(TODAY, "DE", 110, "XXX"), "currency"),
    ],
)
def test_impossible_facts_are_refused_beside_their_field(
    service: Service, facts: PostingFacts, field: str
) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        with pytest.raises(Invalid) as refused:
            posting.post(session, made.who, made.batch.id, facts, (), TODAY, NOON)
        assert list(refused.value.problems) == [field]


def test_a_spoiled_page_waits_for_somebody_else(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 2)
        posting_batches.mark_printed(session, made.who, made.batch.id, NOON)
        posting.spoil(session, made.who, made.batch.id, made.items[0], NOON)
        assert made.letters[0].state == State.READY
        assert batching.place_of(session, made.letters[0].id) is None
        with pytest.raises(NotFound):
            posting.spoil(session, made.who, made.batch.id, made.items[0], NOON)


def test_a_letter_nobody_knows_about_waits_for_a_person(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 2)
        coordinator = world.make_staff(session, Role.COORDINATOR)
        for item in made.items:
            posting.lose(session, made.who, made.batch.id, item, NOON)
        assert {letter.state for letter in made.letters} == {State.UNKNOWN}
        assert made.batch.finished_at == NOON
        posting.settle(session, coordinator.id, made.letters[0].id, FACTS, TODAY, NOON)
        posting.settle(session, coordinator.id, made.letters[1].id, None, TODAY, NOON)
        assert [letter.state for letter in made.letters] == [State.POSTED, State.READY]
        assert [letter.posted_on for letter in made.letters] == [TODAY, None]


def test_a_letter_withdrawn_after_the_download_leaves_the_pile_unposted(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 2)
        assert batching.withdraw(session, made.letters[0], WRITER, NOON) is False
        assert made.letters[0].take_out
        done = posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        assert (done.letters, done.taken_out) == (1, 1)
        assert [letter.state for letter in made.letters] == [State.WITHDRAWN, State.POSTED]


def test_a_letter_withdrawn_before_the_download_leaves_the_batch_at_once(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 2, downloaded=False)
        assert batching.withdraw(session, made.letters[0], WRITER, NOON) is True
        assert made.letters[0].state == State.WITHDRAWN
        assert [item.id for item in batching.live_items(session, made.batch.id)] == made.items[1:]


def test_a_withdrawn_letter_that_was_in_the_box_already_is_posted(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        posting_batches.mark_printed(session, made.who, made.batch.id, NOON)
        batching.withdraw(session, made.letters[0], WRITER, NOON)
        posting.post_one(session, made.who, made.batch.id, made.items[0], FACTS, TODAY, NOON)
        assert (made.letters[0].state, made.letters[0].take_out) == (State.POSTED, False)


def test_a_held_printed_letter_is_taken_out_and_stays_held(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        posting_batches.mark_printed(session, made.who, made.batch.id, NOON)
        letter = made.letters[0]
        moving.hold(session, letter, Hold.OBJECTED, SYSTEM, NOON)
        posting.take_out(session, made.who, made.batch.id, made.items[0], NOON)
        assert (letter.state, letter.held_reason) == (State.READY, Hold.OBJECTED)
        assert made.batch.finished_at == NOON


def test_only_flagged_letters_are_taken_out(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        with pytest.raises(Conflict):
            posting.take_out(session, made.who, made.batch.id, made.items[0], NOON)


def test_a_correction_needs_a_reason_and_opens_the_batch_again(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        with pytest.raises(Invalid):
            posting.correct(session, made.who, made.batch.id, made.items[0], "  ", NOON)
        posting.correct(session, made.who, made.batch.id, made.items[0], "Found it in my bag", NOON)
        assert made.letters[0].state == State.PRINTED
        assert made.batch.finished_at is None
        assert session.exec(select(Posting)).one().undone_at == NOON
        assert made.letters[0].posted_on is None
        assert "Found it in my bag" in [note.text for note in session.exec(select(Note)).all()]
        posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        assert len(session.exec(select(Posting)).all()) == 2
        assert made.letters[0].posted_on == TODAY


def test_an_answered_letter_cannot_be_corrected_any_more(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        moving.move(session, made.letters[0], State.ANSWERED, SYSTEM, NOON)
        with pytest.raises(WrongState):
            posting.correct(session, made.who, made.batch.id, made.items[0], "mistake", NOON)


def test_a_returned_letter_can_be_taken_again_by_another_volunteer(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        letter = made.letters[0]
        posting.post(session, made.who, made.batch.id, FACTS, (), TODAY, NOON)
        moving.move(session, letter, State.RETURNED, SYSTEM, NOON)
        moving.move(session, letter, State.APPROVED, SYSTEM, NOON, rendering_id=None)
        rendering = world._render(session, letter, "0" * 32)
        moving.move(session, letter, State.READY, SYSTEM, NOON, rendering_id=rendering.id)
        batch = posting_batches.take(
            session, made.who, 1, Measure(20, 3, 1, 180, "DE"), TODAY, NOON
        )
        assert batch is not None
        places = session.exec(select(BatchItem).where(BatchItem.letter_id == letter.id)).all()
        assert {place.batch_id for place in places} == {made.batch.id, batch.id}


@pytest.mark.trust(13)
def test_somebody_elses_pile_is_not_found(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        stranger = Volunteer(world.make_staff(session, Role.PRINTER).id, "DE")
        with pytest.raises(NotFound):
            posting.post(session, stranger, made.batch.id, FACTS, (), TODAY, NOON)
        assert made.letters[0].state == State.BATCHED


def test_a_pile_for_somebody_who_moved_away_goes_to_the_new_address(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        letter = made.letters[0]
        present = addressing.present_place(session, letter.prisoner_id)
        assert present is not None
        present[0].to_day = TODAY
        session.flush()
        prisoner = session.get_one(Prisoner, letter.prisoner_id)
        new = world.place(session, prisoner, world.make_facility(session))
        told = readdressing.readdress(session, prisoner.id, new.id, None, SYSTEM, NOON)
        assert (told.on_paper, letter.state) == (1, State.BATCHED)
        posting.take_out(session, made.who, made.batch.id, made.items[0], NOON)
        assert (letter.state, letter.held_reason) == (State.APPROVED, None)
        assert letter.rendering_id is None
