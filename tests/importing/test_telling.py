"""Whatever a source says of where somebody is, whose letter waits for it is told, once."""

import pytest
from sqlmodel import select

from app.importing.gathering.states import understood
from app.journey.accepting import receipt_hash
from app.lifecycle import Hold, State
from app.models import Letter, Notice, Prisoner
from app.models.people import BARS, STATUSES
from app.service import Service
from tests.importing.bringing import VERA, bring_in, confirmed
from tests.world import make_letter

CODE = "23456ABCDE789FGHJK2345678"
PHRASES = {
    "Exchanged": Hold.RELEASED,
    "Died in the penal colony": Hold.DEAD,
    "Prisoner of war": Hold.NOT_WRITABLE,
    "Held incommunicado": Hold.NOT_WRITABLE,
    "Wanted": Hold.NOT_WRITABLE,
    "Left Russia": Hold.NOT_WRITABLE,
    "Under house arrest": Hold.NOT_WRITABLE,
    "Released from the pre-trial detention centre": Hold.RELEASED,
    "At large (served the sentence)": Hold.RELEASED,
    "In transfer": Hold.IN_TRANSFER,
    "In custody": None,
    "Serving a sentence": None,
}


def test_every_state_that_phrases_lead_to_is_tried() -> None:
    meant = [state for state in map(understood, PHRASES) if state]
    assert len(meant) == len(PHRASES)
    assert {state.status for state in meant} == set(STATUSES)
    assert {state.bar for state in meant} == {*BARS, None} - {"under_18"}


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.READY, State.PRINTED])
@pytest.mark.parametrize("phrase", PHRASES)
def test_whose_letter_waits_is_told_once(service: Service, phrase: str, state: State) -> None:
    vera = confirmed(service)
    with service.database.write() as session:
        person = session.get_one(Prisoner, vera.id)
        code = receipt_hash(CODE)
        letter = make_letter(session, person, state, receipt_hash=code, email="greta@example.org")
        for earlier in session.exec(select(Notice)):
            session.delete(earlier)
    said = VERA | {"persecution_person_state_en": phrase}
    made = bring_in(service, [said])
    waits = PHRASES[phrase] is not None
    assert made.counts.get("letters", 0) == int(waits)
    bring_in(service, [said])
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).held_reason == PHRASES[phrase]
        told = [(row.kind, row.correspondence_id) for row in session.exec(select(Notice))]
    assert told == [("moved", letter.correspondence_id)] * waits


def test_that_somebody_is_a_child_after_all_is_told_too(service: Service) -> None:
    vera = confirmed(service)
    with service.database.write() as session:
        person = session.get_one(Prisoner, vera.id)
        code = receipt_hash(CODE)
        letter = make_letter(
            session, person, State.READY, receipt_hash=code, email="greta@example.org"
        )
        for earlier in session.exec(select(Notice)):
            session.delete(earlier)
    bring_in(service, [VERA | {"birth_year": service.today().year - 16}])
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).held_reason == Hold.NOT_WRITABLE
        assert [row.kind for row in session.exec(select(Notice))] == ["moved"]
