"""Letters go on while somebody looks at what a change would do: nobody waits, nothing breaks.

On PostgreSQL with two connections; SQLite has one writer at a time.
"""

import threading

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app import batching, moving
from app.catalogue import editing
from app.catalogue.foreseeing import carry_out
from app.catalogue.letters_seen import Fate
from app.lifecycle import Hold, Role, State
from app.models import Batch, BatchItem, Letter, Prisoner
from app.moving import SYSTEM
from app.service import Service
from tests.catalogue.test_every_state import OCCASION
from tests.world import make_letter, make_prisoner, make_staff

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

PATIENCE = 30  # seconds, until something is broken for good


def hide(session: Session, prisoner_id: str) -> bool:
    editing.hide(session, prisoner_id, "her sister phoned", OCCASION)
    return True


@pytest.mark.parametrize(
    ("state", "became", "fate"),
    [
        (State.PRINTED, State.POSTED, Fate.SENT),
        (State.IN_REVIEW, State.WITHDRAWN, Fate.UNTOUCHED),
    ],
)
def test_a_letter_that_leaves_our_hands_meanwhile(
    service: Service, state: State, became: State, fate: Fate
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        letter = make_letter(session, anna, state)

    def act(session: Session) -> bool:
        with service.database.write() as other:
            found = other.get_one(Letter, letter.id)
            if became is State.WITHDRAWN:
                batching.withdraw(other, found, SYSTEM, OCCASION.now)
            else:
                moving.move(other, found, became, SYSTEM, OCCASION.now)
        return hide(session, anna.id)

    carried = carry_out(service, [anna.id], act, OCCASION, lambda _: True)
    assert dict(carried.seen.letters) == {(fate, None): 1}
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).hidden
        row = session.get_one(Letter, letter.id)
        assert (row.state, row.held_reason) == (became, None)


def test_whoever_looks_takes_batches_in_the_order_of_everybody(service: Service) -> None:
    """The letter that comes first is in the batch that comes last."""
    with service.database.write() as session:
        anna = make_prisoner(session)
        staff = make_staff(session, Role.PRINTER)
        letters = [make_letter(session, anna, State.READY) for _ in range(2)]
        by_id = sorted(letters, key=lambda letter: letter.id)
        for letter, batch_id in zip(by_id, ("b" * 24, "a" * 24), strict=True):
            session.add(
                Batch(id=batch_id, staff_id=staff.id, created_at=OCCASION.now, country="DE")
            )
            session.flush()
            session.add(
                BatchItem(
                    batch_id=batch_id,
                    letter_id=letter.id,
                    rendering_id=str(letter.rendering_id),
                    position=1,
                )
            )
            session.flush()
            moving.move(session, letter, State.BATCHED, SYSTEM, OCCASION.now)
    has_first, failed = threading.Event(), []

    def take(session: Session, batch_id: str) -> None:
        session.exec(select(Batch.id).where(Batch.id == batch_id).with_for_update()).one()

    def somebody_else() -> None:
        try:
            with service.database.write() as session:
                take(session, "a" * 24)
                has_first.set()
                wait_until_somebody_waits(service)
                take(session, "b" * 24)
        except Exception as error:  # noqa: BLE001 — told by the test
            failed.append(error)

    other = threading.Thread(target=somebody_else)
    other.start()
    assert has_first.wait(PATIENCE)
    seen = carry_out(service, [anna.id], lambda on: hide(on, anna.id), OCCASION, lambda _: False)
    other.join(PATIENCE)
    assert failed == []
    assert dict(seen.seen.letters) == {(Fate.HELD, Hold.NOT_WRITABLE): 2}
    assert seen.seen.left_batches == 2


def wait_until_somebody_waits(service: Service) -> None:
    waiting = sa.text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    for _ in range(10_000):
        with service.database.read() as session:
            if session.execute(waiting).scalar_one():
                return
    raise AssertionError("nobody waits")
