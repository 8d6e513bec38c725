"""Somebody is hidden while letters to them move: one after the other, nobody waits in a circle.

On PostgreSQL with two connections; SQLite has one writer at a time.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app import batching, locking, moving
from app.catalogue import editing, places
from app.catalogue.standing import people_to_change
from app.errors import WrongState
from app.journey import (
    following,
    pairing,
    posting,
    posting_batches,
    reply_alarms,
    replying,
    sweeping,
)
from app.journey.pairing import Rules
from app.journey.posting import PostingFacts
from app.journey.posting_batches import Measure, Volunteer
from app.lifecycle import Role, State
from app.models import Batch, BatchItem, Facility, Letter, Prisoner, Reservation
from app.moving import SYSTEM, WRITER
from app.service import Service
from tests.catalogue.test_every_state import OCCASION
from tests.catalogue.test_foreseeing_races import PATIENCE, wait_until_somebody_waits
from tests.catalogue.test_merging import merge, two_records
from tests.catalogue.test_two_at_once import changes_the_place
from tests.journey.test_replying import arrived, scanner
from tests.world import make_facility, make_letter, make_prisoner, make_staff

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

NOW = OCCASION.now
Act = Callable[[Session], object]


def meets(service: Service, first: Act, other: Callable[[], object], then: Act) -> list[Exception]:
    """`other` comes to wait for what `first` took, and only then `then` is done with it.

    Returns how `other` failed, if it did. Whoever waits in a circle is stopped by the database.
    """
    failed: list[Exception] = []

    def run() -> None:
        try:
            other()
        except Exception as error:  # noqa: BLE001 — told by the test
            failed.append(error)

    thread = threading.Thread(target=run)
    with service.database.write() as session:
        first(session)
        thread.start()
        wait_until_somebody_waits(service)
        then(session)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return failed


def writing(service: Service, act: Act) -> Callable[[], object]:
    def run() -> object:
        with service.database.write() as session:
            return act(session)

    return run


def is_hidden(service: Service, prisoner: Prisoner) -> bool:
    with service.database.read() as session:
        return session.get_one(Prisoner, prisoner.id).hidden


def in_batch(session: Session, letter: Letter, batch_id: str) -> None:
    staff = make_staff(session, Role.PRINTER)
    batch = Batch(id=batch_id, staff_id=staff.id, created_at=NOW, country="DE", downloaded_at=NOW)
    session.add(batch)
    session.flush()
    rendering = str(letter.rendering_id)
    session.add(
        BatchItem(batch_id=batch_id, letter_id=letter.id, rendering_id=rendering, position=1)
    )
    moving.move(session, letter, State.BATCHED, SYSTEM, NOW)


def withdraws(letter: Letter) -> Act:
    return lambda on: batching.withdraw(on, on.get_one(Letter, letter.id), WRITER, NOW)


def stops(letter: Letter) -> Act:
    return lambda on: following.stop_letters(on, letter.correspondence_id, NOW)


@pytest.mark.trust(75)
@pytest.mark.parametrize(
    ("deed", "state"),
    [
        (withdraws, State.IN_REVIEW),
        (withdraws, State.READY),
        (stops, State.TRANSLATING),
    ],
)
def test_hiding_and_taking_a_letter_back(
    service: Service, deed: Callable[[Letter], Act], state: State
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        letter = make_letter(session, anna, state)
    failed = meets(
        service,
        lambda on: people_to_change(on, [anna.id]),
        writing(service, deed(letter)),
        lambda on: editing.hide(on, anna.id, "her sister phoned", OCCASION),
    )
    assert [type(error) for error in failed] in ([], [WrongState])  # they may look again
    assert is_hidden(service, anna)
    writing(service, deed(letter))() if failed else None
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.WITHDRAWN
        assert session.get_one(Prisoner, anna.id).letter_count == 0


@pytest.mark.trust(75)
def test_hiding_and_an_answer_to_a_letter_that_is_in_a_pile(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        letter = make_letter(session, anna, State.READY)
        in_batch(session, letter, "a" * 24)
        visitor = scanner(session)
        reply = arrived(session, visitor)
    failed = meets(
        service,
        lambda on: people_to_change(on, [anna.id]),
        writing(service, lambda on: replying.match_letter(on, reply.id, letter.id, visitor, NOW)),
        lambda on: editing.hide(on, anna.id, "her sister phoned", OCCASION),
    )
    assert [type(error) for error in failed] in ([], [WrongState])
    assert is_hidden(service, anna)


@pytest.mark.trust(75)
def test_hiding_and_a_reply_that_asks_for_no_more_letters(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        in_batch(session, make_letter(session, anna, State.READY), "a" * 24)
        answered = make_letter(session, anna, State.POSTED)
        visitor = scanner(session)
        reply = arrived(session, visitor)
        replying.match_letter(session, reply.id, answered.id, visitor, NOW)
        reader = replying.Visitor(visitor.staff_id, frozenset({Role.SCANNER, Role.COORDINATOR}))

    def hide(session: Session) -> None:
        editing.hide(session, anna.id, "her sister phoned", OCCASION)

    failed = meets(
        service,
        lambda on: locking.lock_batches(on, anna.id),
        writing(service, lambda on: reply_alarms.no_more_letters(on, reply.id, reader, NOW)),
        hide,
    )
    assert failed == []
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.hidden, row.wants_letters) == (True, False)


@pytest.mark.trust(75)
def test_hiding_and_making_one_record_of_two(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        make_letter(session, other, State.IN_REVIEW)
    failed = meets(
        service,
        lambda on: people_to_change(on, [other.id]),
        writing(service, lambda on: merge(on, kept, other)),
        lambda on: editing.hide(on, other.id, "her sister phoned", OCCASION),
    )
    assert failed == []
    assert is_hidden(service, kept)


def test_what_is_over_for_several_people_is_ended_in_the_order_of_everybody(
    service: Service,
) -> None:
    """The letter that is due first is to the person whose id comes last."""
    a, b = "a" * 24, "b" * 24
    late = NOW - timedelta(days=60)
    with service.database.write() as session:
        for id_, at in ((b, late), (a, late + timedelta(days=1))):
            anna = make_prisoner(session, id=id_)
            make_letter(session, anna, State.NEEDS_CHANGES, now=at)
    failed = meets(
        service,
        lambda on: people_to_change(on, [a]),
        lambda: sweeping.keep_deadlines(service),
        lambda on: people_to_change(on, [a, b]),
    )
    assert failed == []
    with service.database.read() as session:
        states = set(session.exec(select(Letter.state)))
        assert states == {State.WITHDRAWN}


def test_forms_that_nobody_sent_are_given_back_in_the_order_of_everybody(
    service: Service,
) -> None:
    a, b = "a" * 24, "b" * 24
    rules = Rules.of(service.settings)
    with service.database.write() as session:
        for number, id_ in enumerate((b, a)):
            make_prisoner(session, id=id_)
            at = NOW - timedelta(days=9 - number)
            pairing.reserve_chosen(session, f"t{number}", id_, rules, now=at)
    failed = meets(
        service,
        lambda on: people_to_change(on, [a]),
        writing(service, lambda on: pairing.expire(on, NOW)),
        lambda on: people_to_change(on, [a, b]),
    )
    assert failed == []
    with service.database.read() as session:
        assert set(session.exec(select(Prisoner.letter_count))) == {0}
        assert set(session.exec(select(Reservation.counted))) == {False}


def test_a_place_takes_those_who_are_there_in_the_order_of_everybody(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In which order a database names them is chance: here it is the worst one."""
    ids = [letter * 24 for letter in "abc"]
    with service.database.write() as session:
        place = make_facility(session)
        for id_ in ids:
            make_letter(session, make_prisoner(session, place, id=id_), State.READY)
    named = places.people_at

    def backwards(session: Session, facility_id: str) -> list[Prisoner]:
        return sorted(named(session, facility_id), key=lambda each: each.id, reverse=True)

    monkeypatch.setattr(places, "people_at", backwards)
    failed = meets(
        service,
        lambda on: people_to_change(on, ids[:1]),
        lambda: changes_the_place(service, place),
        lambda on: people_to_change(on, ids),
    )
    assert failed == []
    with service.database.read() as session:
        assert session.get_one(Facility, place.id).street == "ул. Новая, д. 1"
        assert set(session.exec(select(Letter.state))) == {State.APPROVED}  # rendered anew


def test_what_is_taken_out_of_a_pile_is_so_in_the_order_of_everybody(service: Service) -> None:
    """Two volunteers post at once, each with letters to the same two people to be taken out."""
    ids = ["b" * 24, "a" * 24]
    with service.database.write() as session:
        people = [make_prisoner(session, id=id_) for id_ in ids]
        letters = [make_letter(session, anna, State.READY) for anna in people]
        who = Volunteer(make_staff(session, Role.PRINTER).id, "DE")
        measure = Measure(20, 3, 1, 180, "DE")
        batch = posting_batches.take(session, who, 2, measure, NOW.date(), NOW)
        assert batch is not None
        batch.downloaded_at = NOW
        items = session.exec(select(BatchItem)).all()
        for item in items:  # on paper the one whose id comes last lies on top
            item.position = 10 + [letter.id for letter in letters].index(item.letter_id)
        for letter in letters:
            moving.note_change(session, letter, take_out=True)
    facts = PostingFacts(NOW.date(), "DE", 110)
    failed = meets(
        service,
        lambda on: locking.lock_people(on, ids[1]),
        writing(service, lambda on: posting.post(on, who, batch.id, facts, (), NOW.date(), NOW)),
        lambda on: locking.lock_people(on, *ids),
    )
    assert failed == []
    with service.database.read() as session:
        assert set(session.exec(select(Letter.state))) == {State.WITHDRAWN}
