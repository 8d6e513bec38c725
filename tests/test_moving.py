"""The one door: what a move writes, and what it refuses."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app import moving
from app.database import Database
from app.errors import Held, WrongState
from app.lifecycle import Hold, State
from app.models import Event, Letter, Prisoner
from tests.world import NOON, make_letter, make_prisoner


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_reached_and_counts_as_the_table_says(
    database: Database, state: State
) -> None:
    with database.write() as session:
        prisoner = make_prisoner(session)
        letter = make_letter(session, prisoner, state)
    with database.read() as session:
        found = session.get_one(Letter, letter.id)
        assert found.state == state
        counts = state not in {State.REFUSED, State.WITHDRAWN, State.RETURNED}
        assert session.get_one(Prisoner, prisoner.id).letter_count == int(counts)
        path = session.exec(select(Event.to).where(Event.subject_id == letter.id)).all()
        assert path[-1] == state


def test_a_missing_edge_and_a_held_letter_are_refused(database: Database) -> None:
    with database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.IN_REVIEW)
        with pytest.raises(WrongState):
            moving.move(session, letter, State.PRINTED, moving.MACHINE, NOON)
        moving.hold(session, letter, Hold.IN_TRANSFER, moving.SYSTEM, NOON)
        with pytest.raises(Held):
            moving.move(session, letter, State.NEEDS_CHANGES, moving.MACHINE, NOON)
        moving.release(session, letter, moving.SYSTEM, NOON)
        moving.move(session, letter, State.NEEDS_CHANGES, moving.MACHINE, NOON)


def test_the_database_refuses_what_the_code_forgets(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.IN_REVIEW)
        moving.move(session, letter, State.APPROVED, moving.MACHINE, NOON)


def test_who_was_slower_is_told(database: Database) -> None:
    with database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.IN_REVIEW)
    with database.write() as session:
        moving.move(
            session, session.get_one(Letter, letter.id), State.NEEDS_CHANGES, moving.MACHINE, NOON
        )
    with database.write() as session, pytest.raises(WrongState):
        moving.move(session, letter, State.REFUSED, moving.MACHINE, NOON)
