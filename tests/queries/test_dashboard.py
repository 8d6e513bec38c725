"""The dashboard's numbers add up, and each is the length of the list it leads to."""

import random
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from app import moving
from app.database import Database
from app.lifecycle import Hold, State
from app.models import Posting
from app.queries import dashboard, people, walking
from app.queries.letters import Wanted, all_letters, find_letters
from app.queries.people import Letters, Show
from mailing import letter_numbers
from tests.world import NOON, make_letter, make_prisoner

ZONE = "Europe/Berlin"


def everything(session: Session) -> None:
    """A letter in every state, three held ones, four people of whom one has none."""
    people = [make_prisoner(session) for _ in range(4)]
    for state in State:
        make_letter(session, people[0], state)
    for reason in (Hold.IN_TRANSFER, Hold.IN_TRANSFER, Hold.SUSPECTED_ABUSE):
        letter = make_letter(session, people[1], State.IN_REVIEW)
        moving.hold(session, letter, reason, moving.SYSTEM, NOON)
    make_letter(session, people[2], State.TRANSLATING, now=NOON - timedelta(days=40))


def test_states_holds_and_people_add_up(database: Database) -> None:
    with database.write() as session:
        everything(session)
    with database.read() as session:
        seen = dashboard.overview(session, NOON, ZONE, 5)
    assert seen.total == len(State) + 4
    assert {queue.state: queue.count for queue in seen.letters}[State.IN_REVIEW] == 4
    assert [queue.state for queue in seen.letters] == list(State)
    assert [(held.reason, held.count) for held in seen.held] == [
        ("in_transfer", 2),
        ("suspected_abuse", 1),
    ]
    late = next(queue for queue in seen.letters if queue.state == State.TRANSLATING)
    assert (late.overdue, seen.overdue) == (1, 1)
    assert late.oldest == NOON - timedelta(days=40)
    assert seen.people == 4
    assert seen.without_letters == 1
    # Three of the letters in every state count no more: returned, refused, withdrawn.
    counts = {each.label: each.people for each in seen.bins if each.people}
    assert counts == {"0": 1, "1": 1, "3": 1, "11–20": 1}


@pytest.mark.trust(65)
def test_every_number_is_the_length_of_its_list(database: Database) -> None:
    with database.write() as session:
        everything(session)
    with database.read() as session:
        seen = dashboard.overview(session, NOON, ZONE, 5)
        for queue in seen.letters:
            wanted = Wanted(state=State(queue.state))
            assert find_letters(session, wanted, NOON, 1).total == queue.count
        for held in seen.held:
            assert find_letters(session, Wanted(held=held.reason), NOON, 1).total == held.count
        assert find_letters(session, Wanted(held="any"), NOON, 1).total == seen.held_total
        assert find_letters(session, Wanted(overdue=True), NOON, 1).total == seen.overdue
        assert find_letters(session, Wanted(), NOON, 1).total == seen.total
        assert len(all_letters(session, Wanted(), NOON, "")) == seen.total
        none = people.Wanted(letters=Letters.NONE)
        found = people.find_people(session, none, NOON.date(), 180, 1)
        assert found.total == seen.without_letters
        # A year later everything that has a deadline is overdue.
        later = NOON + timedelta(days=400)
        waiting = [s for s in State if s not in {State.CLOSED, State.REFUSED, State.WITHDRAWN}]
        assert dashboard.overview(session, later, ZONE, 5).overdue == len(waiting) + 1


def test_letters_and_cost_month_by_month(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        letters = [
            make_letter(session, row, State.POSTED, now=moment)
            for moment in (NOON, NOON, NOON - timedelta(days=30), NOON - timedelta(days=800))
        ]
        for letter, day, cents, currency, undone in (
            (letters[0], date(2026, 11, 20), 110, "EUR", None),
            (letters[1], date(2026, 11, 1), 240, "CHF", None),
            (letters[2], date(2026, 10, 31), 110, "EUR", None),
            (letters[2], date(2026, 10, 31), 990, "EUR", NOON),
            (letters[3], date(2024, 10, 1), 110, "EUR", None),
        ):
            session.add(
                Posting(
                    letter_id=letter.id,
                    posted_on=day,
                    country="DE",
                    cost_cents=cents,
                    currency=currency,
                    undone_at=undone,
                )
            )
    with database.read() as session:
        months = dashboard.overview(session, NOON, ZONE, 5).months
    assert len(months) == 12
    assert months[0] == dashboard.Month(date(2026, 11, 1), 2, 2, {"EUR": 110, "CHF": 240})
    assert months[1] == dashboard.Month(date(2026, 10, 1), 1, 1, {"EUR": 110})
    assert all(month.letters == month.posted == 0 for month in months[2:])


def test_a_month_begins_at_midnight_where_letters_are_posted(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        # 23:30 UTC on the last of October is half past midnight in Berlin.
        make_letter(session, row, now=NOON.replace(month=10, day=31, hour=23, minute=30))
    with database.read() as session:
        months = dashboard.overview(session, NOON, ZONE, 5).months
    assert (months[0].letters, months[1].letters) == (1, 0)


def test_letters_are_found_by_number_and_by_name(database: Database) -> None:
    with database.write() as session:
        number = letter_numbers.new(random.Random(5))
        row = make_prisoner(session, search_name="полевая вера vera polevaya", surname="Полевая")
        letter = make_letter(session, row, number=number)
        make_letter(session, make_prisoner(session))
    with database.read() as session:
        for query in (letter_numbers.grouped(number), "Polevaya", "полевая вера"):
            found = find_letters(session, Wanted(query=query), NOON, 1)
            assert [each.id for each in found.letters] == [letter.id]


def test_groups_of_people(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session)
        make_prisoner(session, published=False, eligible=False, status="unknown")
        make_prisoner(session, hidden=True, published=False, eligible=False)
        make_prisoner(session, status="released", published=False, eligible=False)
        make_prisoner(session, status="in_transfer", eligible=False, placed=False)
    with database.read() as session:
        found = people.find_people(session, people.Wanted(), NOON.date(), 180, 1)
        assert found.counts == {
            Show.ALL: 5,
            Show.PUBLIC: 2,
            Show.TO_CONFIRM: 1,
            Show.SET_ASIDE: 0,
            Show.REFUSED: 0,
            Show.AGEING: 0,
            Show.NO_ADDRESS: 1,
            Show.IN_TRANSFER: 1,
            Show.HIDDEN: 1,
            Show.GONE: 1,
        }
        later = date(2027, 4, 10)
        ageing = people.find_people(session, people.Wanted(show=Show.AGEING), later, 180, 1)
        assert ageing.total == 1
        asked = (session, people.Wanted(), NOON.date(), 180)
        first = walking.next_to_confirm(*asked)
        assert first is not None
        assert walking.next_to_confirm(*asked, first.person_id, first.rank) is None
