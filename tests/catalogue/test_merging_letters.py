"""Two records are merged while letters come and go: none is lost, none counts twice."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app import batching
from app.addressing import present_place
from app.catalogue import custody
from app.catalogue.foreseeing import carry_out
from app.catalogue.letters_seen import Fate
from app.errors import Conflict, LifelineError
from app.journey import following, pairing, posting_batches, writing
from app.journey.posting_batches import Measure, Volunteer
from app.lifecycle import State
from app.models import (
    Batch,
    Correspondence,
    Letter,
    Notice,
    Prisoner,
    Reservation,
)
from app.queries import second_records
from app.service import Service
from tests.catalogue.test_merging import OCCASION, TODAY, is_counted_right, merge, two_records
from tests.journey.test_writing import CHANCE, DRAFT, RULES
from tests.world import (
    NOON,
    make_facility,
    make_letter,
    make_prisoner,
    make_return_address,
    make_staff,
)

NOT_APPROVED = (State.RECEIVED, State.TRANSLATING, State.IN_REVIEW, State.NEEDS_CHANGES)


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
        make_return_address(session)
        kept, other = two_records(session)
        if addresses == "other":
            present = present_place(session, other.id)
            assert present is not None
            present[0].facility_id = make_facility(session).id
        staff = make_staff(session)
        for person in (kept, other):
            for state in State:
                make_letter(session, person, state, staff=staff, email="greta@example.org")
        if addresses == "none":
            for person in (kept, other):
                custody.leave(session, person.id, "unknown", TODAY, OCCASION)
    with service.database.read() as session:
        before = {letter.id: as_it_is(letter) for letter in session.exec(select(Letter))}
        whose = {letter.id: letter.prisoner_id for letter in session.exec(select(Letter))}
        owed = len(session.exec(select(Notice)).all())

    def act(session: Session) -> bool:
        merge(session, kept, other)
        return True

    ids = [kept.id, other.id]
    foreseen = carry_out(service, ids, act, OCCASION, lambda _: False)
    assert foreseen.done is None
    with service.database.read() as session:
        letters = session.exec(select(Letter)).all()
        assert {letter.id: as_it_is(letter) for letter in letters} == before
    told = foreseen.seen
    assert carry_out(service, ids, act, OCCASION, told.__eq__).done
    happened: Counter[Fate] = Counter()
    with service.database.read() as session:
        for letter in session.exec(select(Letter)):
            was = before[letter.id]
            if letter.held_reason:
                fate = Fate.TAKEN_OUT if letter.state == State.PRINTED else Fate.HELD
                happened[Fate.STAYS_HELD if was == as_it_is(letter) else fate] += 1
            elif letter.state in (State.POSTED, State.ANSWERED):
                happened[Fate.SENT] += 1
            elif was != as_it_is(letter):
                assert (letter.state, letter.rendering_id) == (State.APPROVED, None)
                happened[Fate.LAID_OUT_AGAIN] += 1
            elif (
                whose[letter.id] == other.id
                and addresses == "other"
                and letter.state in NOT_APPROVED
            ):
                happened[Fate.FOLLOWS] += 1
            else:
                happened[Fate.UNTOUCHED] += 1
        assert happened == Counter({fate: told.number(fate) for fate in happened})
        assert told.number(*Fate) == len(before)
        assert told.told == len(session.exec(select(Notice)).all()) - owed
        assert bool(told.told) == (addresses == "other")


def as_it_is(letter: Letter) -> tuple[object, ...]:
    return letter.state, letter.approval_id, letter.rendering_id, letter.held_reason


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


def test_whoever_the_doubtful_records_show_is_suggested(service: Service) -> None:
    """A typing mistake that cannot be heard, and no year of birth."""
    written = ({"surname": "Ольхович"}, {"surname": "Ольхавич", "birth_year": None})
    with service.database.write() as session:
        one, other = (make_prisoner(session, **each, search_name="") for each in written)
    with service.database.read() as session:
        for each, found in ((one, other), (other, one)):
            assert [row.id for row in second_records.candidates(session, each.id, "")] == [found.id]


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


def test_a_batch_holds_no_second_letter_to_the_merged_person(service: Service) -> None:
    measure = Measure(letters=20, per_facility=9, per_person=1, address_days=180, posted_from="DE")
    with service.database.write() as session:
        place = make_facility(session)
        kept, other = (make_prisoner(session, place) for _ in range(2))
        for person in (kept, other, kept, other):
            make_letter(session, person, State.READY)
        on_paper, fresh = (
            posting_batches.take(
                session, Volunteer(make_staff(session).id, "DE"), 20, measure, TODAY, NOON
            )
            for _ in range(2)
        )
        assert on_paper is not None
        assert fresh is not None
        on_paper.downloaded_at = NOON
        assert [len(held_by(session, batch)) for batch in (on_paper, fresh)] == [2, 2]
        first, second = held_by(session, fresh)

    def act(session: Session) -> bool:
        merge(session, kept, other)
        return True

    told = carry_out(service, [kept.id, other.id], act, OCCASION, lambda _: True).seen
    assert (told.number(Fate.PUT_BACK), told.left_batches, told.number(Fate.UNTOUCHED)) == (1, 1, 3)
    with service.database.read() as session:
        assert len(held_by(session, on_paper)) == 2, "what is on paper is posted"
        assert held_by(session, fresh) == [first]
        assert session.get_one(Letter, second).state == State.READY
    assert is_counted_right(service)


def held_by(session: Session, batch: Batch) -> list[str]:
    return [item.letter_id for item in batching.live_items(session, batch.id)]
