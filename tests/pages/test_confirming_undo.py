"""Confirming several together: what it does is told before, and it is taken back as a whole."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import moving
from app.lifecycle import Hold, Role, State
from app.models import Letter, Placement, Prisoner
from app.service import Service
from tests.conftest import Clock
from tests.staffing import desk_of
from tests.world import UNCONFIRMED, make_letter, make_prisoner, make_return_address

PATH = "/desk/catalogue/newcomers"
MADE_SURE = {
    "custody_confirmed_on": "2026-11-22",
    "address_checked_on": "2026-11-21",
    "address_source": "a lawyer",
    "wants_letters": "yes",
    "wish_source": "their list of wishes",
    "wish_date": "2026-10-01",
    "names_right": "yes",
}


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with desk_of(service, Role.COORDINATOR) as browser:
        yield browser


@pytest.mark.trust(74)
def test_what_it_does_is_told_and_taken_back(
    service: Service, desk: TestClient, client: TestClient, clock: Clock
) -> None:
    with service.database.write() as session:
        make_return_address(session)
        good = make_prisoner(session, surname="Добрая", **UNCONFIRMED)
        letter = make_letter(session, good, State.APPROVED)
        moving.hold(session, letter, Hold.NOT_WRITABLE, moving.SYSTEM, service.now())
        touched = make_prisoner(session, surname="Другая", **UNCONFIRMED)
    typed = {**MADE_SURE, "person": [good.id, touched.id]}

    told = desk.post(PATH, data={**typed, "look": "yes"}).text
    assert "2 of them become public. 1 letter that waited goes on." in told
    assert "Nothing is changed yet." in told
    assert 'value="their list of wishes"' in told
    assert client.get(f"/people/{good.slug}").status_code == 404

    done = desk.post(PATH, data=typed).text
    assert "2 people confirmed. 2 of them are public now." in done
    assert client.get(f"/people/{good.slug}").status_code == 200
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).held_reason is None
    at = re.search(r'name="at" value="([^"]*)"', done)
    assert at
    assert f'action="{PATH}/undo"' in done
    clock.forward(hours=1)
    desk.post(f"/desk/catalogue/{touched.id}/confirm", data={**MADE_SURE, "dative_name": "Другой"})

    back = {"at": unescape(at[1])}
    undone = desk.post(f"{PATH}/undo", data=back).text
    assert "1 confirmation taken back: they are as they were before." in undone
    assert client.get(f"/people/{good.slug}").status_code == 404
    assert client.get(f"/people/{touched.slug}").status_code == 200  # somebody changed her since
    with service.database.read() as session:
        row = session.get_one(Prisoner, good.id)
        assert {name: getattr(row, name) for name in UNCONFIRMED} == UNCONFIRMED
        assert (row.confirmed_by, row.provenance.get("status")) == (None, None)
        assert session.get_one(Letter, letter.id).held_reason == Hold.NOT_WRITABLE
        (placed,) = session.exec(select(Placement).where(Placement.prisoner_id == good.id))
        assert (placed.checked_on, placed.source) == (date(2026, 11, 1), "family")
    assert "Confirmation taken back" in desk.get(f"/desk/catalogue/{good.id}").text
    assert "0 confirmations taken back" in desk.post(f"{PATH}/undo", data=back).text
    assert desk.post(f"{PATH}/undo", data={"at": "yesterday"}).status_code == 422
