"""Two records are merged while letters come and go: none is lost, none counts twice."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from app.addressing import present_place
from app.catalogue import custody
from app.errors import Conflict, LifelineError
from app.journey import following, pairing, writing
from app.lifecycle import State
from app.models import (
    Correspondence,
    Letter,
    Prisoner,
    Reservation,
)
from app.queries import second_records
from app.queries.second_records import Fate
from app.service import Service
from tests.catalogue.test_merging import OCCASION, TODAY, is_counted_right, merge, two_records
from tests.journey.test_writing import CHANCE, DRAFT, RULES
from tests.world import NOON, make_facility, make_letter, make_prisoner, make_staff


def test_letters_and_open_forms_count_once_and_forms_go_on(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        for state in (State.IN_REVIEW, State.POSTED, State.RETURNED, State.WITHDRAWN):
            make_letter(session, kept, state)
            make_letter(session, other, state)
        pairing.reserve_chosen(session, "form-1", other.id, RULES, now=NOON)
    with service.database.write() as session:
        merge(session, kept, other)
    with service.database.read() as session:
        assert session.get_one(Prisoner, kept.id).letter_count == 2 + 2 + 1
    assert is_counted_right(service)
    with service.database.write() as session:
        sent = writing.submit(session, "form-1", DRAFT, NOON, CHANCE)
        assert sent.prisoner_id == kept.id
    with service.database.read() as session:
        assert session.get_one(Prisoner, kept.id).letter_count == 5
    assert is_counted_right(service)


def test_whoever_wrote_to_either_is_not_given_this_person_again(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        letter = make_letter(session, other, State.POSTED)
        writer_id = session.get_one(Correspondence, letter.correspondence_id).writer_id
        merge(session, kept, other)
    with service.database.write() as session:
        assert pairing.pick(session, RULES, TODAY, CHANCE, writer_id=writer_id) is None
        assert pairing.pick(session, RULES, TODAY, CHANCE) == kept.id


def test_a_writer_of_both_keeps_both_codes_and_goes_on(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        first = make_letter(session, kept, State.POSTED, receipt_hash="first")
        second = make_letter(session, other, State.POSTED, receipt_hash="second")
        one, two = (
            session.get_one(Correspondence, letter.correspondence_id) for letter in (first, second)
        )
        two.writer_id = one.writer_id
        merge(session, kept, other)
    with service.database.write() as session:
        both = session.exec(select(Correspondence)).all()
        assert {(each.receipt_hash, each.prisoner_id) for each in both} == {
            ("first", kept.id),
            ("second", kept.id),
        }
        for each in both:
            reserved = following.go_on(session, each.id, f"form-{each.id}", RULES, NOON)
            assert reserved.prisoner_id == kept.id
    assert is_counted_right(service)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Every deed in a thread of its own, all at the same moment; what went wrong."""
    start, failures = threading.Barrier(len(deeds)), list[object]()

    def run(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except LifelineError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_two_coordinators_merge_at_once_and_one_does(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        make_letter(session, other, State.READY)

    def merging_them(one: Prisoner, two: Prisoner) -> Callable[[], object]:
        def deed() -> None:
            with service.database.write() as session:
                merge(session, one, two)

        return deed

    [failure] = at_once(merging_them(kept, other), merging_them(other, kept))
    assert isinstance(failure, Conflict)
    with service.database.read() as session:
        left = session.exec(select(Prisoner)).one()
        assert left.letter_count == 1
        assert session.exec(select(Letter)).one().prisoner_id == left.id
    assert is_counted_right(service)


def test_letters_that_come_and_go_meanwhile_are_neither_lost_nor_miscounted(
    service: Service,
) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        letters = [make_letter(session, other, State.IN_REVIEW) for _ in range(6)]
        tokens = [f"form-{at}" for at in range(6)]
        for token in tokens:
            pairing.reserve_chosen(session, token, other.id, RULES, now=NOON)

    def send(token: str) -> Callable[[], object]:
        def deed() -> None:
            with service.database.write() as session:
                writing.submit(session, token, DRAFT, NOON, CHANCE)

        return deed

    def withdraw(letter_id: str) -> Callable[[], object]:
        def deed() -> None:
            with service.database.write() as session:
                following.withdraw(session, session.get_one(Letter, letter_id), NOON)

        return deed

    def merging_them() -> None:
        with service.database.write() as session:
            merge(session, kept, other)

    assert not at_once(
        *(withdraw(letter.id) for letter in letters),
        merging_them,
        *(send(token) for token in tokens),
    )
    with service.database.read() as session:
        assert {letter.prisoner_id for letter in session.exec(select(Letter))} == {kept.id}
        assert {each.prisoner_id for each in session.exec(select(Reservation))} == {kept.id}
        assert session.get_one(Prisoner, kept.id).letter_count == 6
    assert is_counted_right(service)


@pytest.mark.parametrize("addresses", ["same", "other", "none"])
def test_what_is_foreseen_is_what_happens(service: Service, addresses: str) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        if addresses == "other":
            present = present_place(session, other.id)
            assert present is not None
            present[0].facility_id = make_facility(session).id
        staff = make_staff(session)
        letters = [
            make_letter(session, person, state, staff=staff)
            for person in (kept, other)
            for state in State
        ]
        if addresses == "none":
            for person in (kept, other):
                custody.leave(session, person.id, "unknown", TODAY, OCCASION)
    with service.database.read() as session:
        seen = second_records.side_by_side(session, kept.id, other.id, {}, TODAY, 180)
        before = {letter.id: as_it_is(letter) for letter in session.exec(select(Letter))}
    with service.database.write() as session:
        merge(session, kept, other)
    happened = dict.fromkeys(Fate, 0)
    with service.database.read() as session:
        for letter in session.exec(select(Letter)):
            if letter.held_reason:
                paper = letter.state == State.PRINTED
                happened[Fate.TAKEN_OUT if paper else Fate.HELD] += 1
            elif as_it_is(letter) != before[letter.id]:
                assert (letter.state, letter.rendering_id) == (State.APPROVED, None)
                happened[Fate.LAID_OUT_AGAIN] += 1
            else:
                happened[Fate.UNTOUCHED] += 1
    assert happened == {fate: seen.fates[fate] for fate in Fate}
    assert sum(happened.values()) == len(letters)


def as_it_is(letter: Letter) -> tuple[object, ...]:
    return letter.state, letter.approval_id, letter.rendering_id


def test_suggestions_put_the_likeliest_first(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        twin = make_prisoner(session, latin_name="Anna Ozyorova")
        typed_wrong = make_prisoner(
            session, surname="Озирова", search_name="озирова анна петровна anna ozirova"
        )
        sister = make_prisoner(
            session,
            given_name="Вера",
            birth_year=1990,
            search_name="озерова вера петровна vera ozerova",
        )
        make_prisoner(
            session, surname="Полевая", birth_year=1990, search_name="полевая анна anna polevaya"
        )
    with service.database.read() as session:
        found = [each.id for each in second_records.candidates(session, anna.id, "")]
        assert found == [twin.id, typed_wrong.id, sister.id]
        [asked] = second_records.candidates(session, anna.id, "Polevaya")
        assert asked.name.startswith("Полевая")


def test_todays_random_letters_of_both_count_against_the_cap(service: Service) -> None:
    rules = pairing.Rules(timedelta(hours=2), letters_a_day=3)
    with service.database.write() as session:
        kept, other = two_records(session)
        kept.picked_on = other.picked_on = TODAY
        kept.picked_today, other.picked_today = 1, 2
        session.flush()
        merge(session, kept, other)
        newcomer = make_prisoner(session, letter_count=0)
        session.flush()
        assert session.get_one(Prisoner, kept.id).picked_today == 3
        assert pairing.pick(session, rules, TODAY, CHANCE) == newcomer.id
