"""A record is chosen at the very moment at which it is merged: the letter reaches the kept one.

Whoever chooses has read the record before the merging is committed, and goes on after it.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app import main
from app.journey import following, pairing
from app.models import Correspondence, Letter, Prisoner, Reservation
from app.service import Service
from tests.api.conftest import HandIn, hand_in, token
from tests.catalogue.test_merging import is_counted_right, merge, two_records
from tests.journey.test_writing import RULES
from tests.world import NOON, make_letter

__all__ = ["hand_in", "token"]
PATIENCE = 30  # seconds, until something is broken for good


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(main.assemble(service), follow_redirects=False) as browser:
        yield browser


def while_merging(
    service: Service, kept: Prisoner, other: Prisoner, act: Callable[[], Any]
) -> tuple[Any, bool]:
    """Do `act` in a thread that reads the other record before both are merged, and writes after.

    Returns its answer, and whether it did read before: on SQLite it waits for its turn instead.
    """
    answers: list[Any] = []
    has_read, ours = threading.Event(), threading.current_thread()
    thread = threading.Thread(target=lambda: answers.append(act()))

    def notice(
        _: object, __: object, statement: str, ___: object, ____: object, *_____: Any
    ) -> None:
        reads = statement.startswith("SELECT") and "FROM prisoner" in statement
        if threading.current_thread() is not ours and reads:
            has_read.set()

    sa.event.listen(service.database.engine, "after_cursor_execute", notice)
    try:
        with service.database.write() as session:
            merge(session, kept, other)
            thread.start()
            if not service.database.is_sqlite:
                assert has_read.wait(PATIENCE)
            was_first = has_read.is_set()
        thread.join(PATIENCE)
    finally:
        sa.event.remove(service.database.engine, "after_cursor_execute", notice)
    [answer] = answers
    return answer, was_first


def counts(session: Session, person: Prisoner) -> int:
    return session.get_one(Prisoner, person.id).letter_count


def test_chosen_by_a_writer(service: Service, client: TestClient) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
    path = f"/people/{other.slug}/write"
    answer, was_first = while_merging(service, kept, other, lambda: client.post(path))
    assert was_first or service.database.is_sqlite
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Reservation)).one().prisoner_id == kept.id
        assert counts(session, kept) == 1
    assert is_counted_right(service)


def test_chosen_by_a_partner(service: Service, client: TestClient, hand_in: HandIn) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
    slug = other.slug
    answer, was_first = while_merging(service, kept, other, lambda: hand_in(prisoner=slug))
    assert was_first or service.database.is_sqlite
    assert answer.status_code == 201
    assert answer.json()["prisoner"]["slug"] == kept.slug
    with service.database.read() as session:
        assert session.exec(select(Letter)).one().prisoner_id == kept.id
        assert counts(session, kept) == 1
    assert is_counted_right(service)


def test_written_to_again_by_whoever_wrote_before(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        letter = make_letter(session, other)
        correspondence_id = letter.correspondence_id

    def go_on() -> str:
        with service.database.write() as session:
            reserved = following.go_on(session, correspondence_id, "form-1", RULES, NOON)
        return reserved.prisoner_id

    reserved_id, _ = while_merging(service, kept, other, go_on)
    assert reserved_id == kept.id
    with service.database.read() as session:
        assert pairing.reservation_of(session, "form-1").prisoner_id == kept.id
        assert session.get_one(Correspondence, correspondence_id).prisoner_id == kept.id
        assert counts(session, kept) == 2
    assert is_counted_right(service)
