"""Somebody is moved, free, or has died: whose letter is under way is told that there is news."""

from datetime import date

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.catalogue import custody
from app.catalogue.details import Move
from app.catalogue.standing import Occasion
from app.journey.accepting import receipt_hash
from app.lifecycle import State
from app.models import Letter, Notice, Prisoner
from app.moving import by_staff
from app.service import Service
from tests.pages.test_writing import words_on
from tests.world import NOON, make_facility, make_letter, make_prisoner

CODE = "23456ABCDE789FGHJK2345678"
OCCASION = Occasion(by_staff("c" * 24), NOON, NOON.date(), 180, by_coordinator=True)
UNDER_WAY = [State.APPROVED, State.READY, State.BATCHED]


def world(service: Service, state: State) -> tuple[Prisoner, Letter]:
    """Somebody with a letter in this state, one that is posted, and one without an e-mail."""
    with service.database.write() as session:
        person = make_prisoner(session)
        letter = make_letter(
            session, person, state, receipt_hash=receipt_hash(CODE), email="greta@example.org"
        )
        make_letter(session, person, State.POSTED, email="late@example.org")
        make_letter(session, person, State.READY)
        for earlier in session.exec(select(Notice)):
            session.delete(earlier)
    return person, letter


def owed(service: Service) -> list[tuple[str, str]]:
    with service.database.read() as session:
        return [(row.kind, row.correspondence_id) for row in session.exec(select(Notice))]


@pytest.mark.parametrize("state", UNDER_WAY)
def test_a_move_is_told_and_shown(client: TestClient, service: Service, state: State) -> None:
    person, letter = world(service, state)
    with service.database.write() as session:
        to = Move(
            facility_id=make_facility(session).id,
            from_day=date(2026, 11, 20),
            checked_on=date(2026, 11, 20),
            source="lawyer",
        )
        custody.move(session, person.id, to, OCCASION)
    assert owed(service) == [("moved", letter.correspondence_id)]
    seen = words_on(client.post("/letter", data={"code": CODE}).text)
    assert "The address has changed. Your letter is laid out anew for it." in seen


@pytest.mark.parametrize("became", sorted(custody.DEPARTURES))
@pytest.mark.parametrize("state", [State.IN_REVIEW, State.READY, State.PRINTED])
def test_a_departure_is_told_once(service: Service, state: State, became: str) -> None:
    person, letter = world(service, state)
    with service.database.write() as session:
        custody.leave(session, person.id, became, NOON.date(), OCCASION)
    assert owed(service) == [("moved", letter.correspondence_id)]
