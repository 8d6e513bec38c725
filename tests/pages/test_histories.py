"""Histories at the desks: whatever was noted can be read, however long ago it was."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app import main, moving
from app.lifecycle import Role, State
from app.moving import SYSTEM
from app.service import Service
from tests.staffing import browser_of
from tests.world import NOON, make_facility, make_letter, make_prisoner

NOTED = 230


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        yield browser


@pytest.mark.parametrize("subject", ["prisoner", "facility", "letter"])
def test_links_lead_to_the_beginning(service: Service, desk: TestClient, subject: str) -> None:
    with service.database.write() as session:
        place = make_facility(session)
        person = make_prisoner(session, place)
        letter = make_letter(session, person, State.RECEIVED)
        which, path = {
            "prisoner": (person.id, f"/desk/catalogue/{person.id}"),
            "facility": (place.id, f"/desk/places/{place.id}"),
            "letter": (letter.id, f"/desk/letters/{letter.id}"),
        }[subject]
        for number in range(NOTED):
            moving.record(
                session,
                subject,
                which,
                SYSTEM,
                NOON,
                origin=None,
                to="edited",
                note=f"entry {number};",
            )
    read: list[int] = []
    page, pages = desk.get(path).text, 1
    while True:
        found = [int(number) for number in re.findall(r"entry (\d+);", page)]
        assert found == sorted(found), "the newest comes last"
        read = found + read
        earlier = re.search(r'href="(\?back=\d+)#history">\d+ earlier entr', page)
        if earlier is None:
            break
        page, pages = desk.get(path + earlier[1]).text, pages + 1
    assert read == list(range(NOTED))
    assert pages == 3
    assert "The newest entries" in page
    later = re.search(r'href="(\?back=\d+)#history">Later entries', page)
    assert later
    assert desk.get(path + later[1]).status_code == 200
    beyond = desk.get(f"{path}?back=99999").text
    assert "entry 0;" in beyond


def test_a_short_history_has_no_parts(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        person = make_prisoner(session)
    assert "The newest entries" not in desk.get(f"/desk/catalogue/{person.id}").text


def test_days_are_told_as_days(service: Service, desk: TestClient) -> None:
    note = "custody_confirmed_on: – → 2026-06-05\nwish_source: – → 2026-06-05 by telephone"
    with service.database.write() as session:
        person = make_prisoner(session)
        moving.record(
            session, "prisoner", person.id, SYSTEM, NOON, origin=None, to="confirmed", note=note
        )
    page = desk.get(f"/desk/catalogue/{person.id}").text
    assert "custody confirmed on: – → 5 Jun 2026" in page
    assert "source of the wish: – → 2026-06-05 by telephone" in page
