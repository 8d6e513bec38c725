"""Held and withdrawn letters on paper: whoever prints releases nothing, and nothing is revived."""

import pytest

from app import batching, moving
from app.journey import posting
from app.lifecycle import Hold, Role, State
from app.moving import SYSTEM, WRITER
from app.service import Service
from tests import world
from tests.journey.test_posting import FACTS, TODAY, pile
from tests.world import NOON


@pytest.mark.trust(75)
def test_a_held_letter_nobody_knows_about_stays_held(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        [letter] = made.letters
        coordinator = world.make_staff(session, Role.COORDINATOR)
        moving.hold(session, letter, Hold.SUSPECTED_ABUSE, SYSTEM, NOON)
        posting.lose(session, made.who, made.batch.id, made.items[0], NOON)
        assert (letter.state, letter.held_reason) == (State.UNKNOWN, Hold.SUSPECTED_ABUSE)
        posting.settle(session, coordinator.id, letter.id, None, TODAY, NOON)
        assert (letter.state, letter.held_reason) == (State.READY, Hold.SUSPECTED_ABUSE)


def test_a_held_letter_that_was_posted_after_all_is_posted(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        [letter] = made.letters
        coordinator = world.make_staff(session, Role.COORDINATOR)
        moving.hold(session, letter, Hold.OBJECTED, SYSTEM, NOON)
        posting.lose(session, made.who, made.batch.id, made.items[0], NOON)
        posting.settle(session, coordinator.id, letter.id, FACTS, TODAY, NOON)
        assert (letter.state, letter.held_reason) == (State.POSTED, None)


def test_a_letter_its_writer_took_back_is_not_printed_again(service: Service) -> None:
    with service.database.write() as session:
        made = pile(session, 1)
        [letter] = made.letters
        coordinator = world.make_staff(session, Role.COORDINATOR)
        assert batching.withdraw(session, letter, WRITER, NOON) is False
        posting.lose(session, made.who, made.batch.id, made.items[0], NOON)
        posting.settle(session, coordinator.id, letter.id, None, TODAY, NOON)
        assert letter.state == State.WITHDRAWN
