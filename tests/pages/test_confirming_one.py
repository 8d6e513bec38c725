"""One person is confirmed: what stands on the page, what came of it, and the way back."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from sqlmodel import col, select

from app.lifecycle import Role
from app.models import Event, Placement, Prisoner
from app.service import Service
from tests.browser import OpenPage
from tests.pages.test_catalogue_looks import signed_in
from tests.serving import Pages
from tests.staffing import desk_of
from tests.world import NOON, UNCONFIRMED, make_facility, make_prisoner

MADE_SURE = {
    "custody_confirmed_on": NOON.date().isoformat(),
    "dative_name": "Озеровой Анне Петровне",
    "wants_letters": "yes",
    "wish_source": "her lawyer",
    "wish_date": "2026-11-01",
}


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with desk_of(service, Role.COORDINATOR) as browser:
        yield browser


def checked(service: Service, prisoner_id: str) -> date | None:
    with service.database.read() as session:
        there = select(Placement).where(Placement.prisoner_id == prisoner_id)
        return session.exec(there).one().checked_on


@pytest.mark.trust(74)
def test_who_was_confirmed_is_told_and_taken_back(
    service: Service, desk: TestClient, client: TestClient
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, latin_name="Anna Ozerova", **UNCONFIRMED)
        make_prisoner(session, latin_name="Vera Sosnova", **UNCONFIRMED)
    typed = {**MADE_SURE, "next": "yes", "release_on": "2028-03-01"}

    following = desk.post(f"/desk/catalogue/{anna.id}/confirm", data=typed).text
    assert "<h1>Confirm Vera Sosnova</h1>" in following
    assert "Anna Ozerova is confirmed, and can be written to." in following
    assert client.get(f"/people/{anna.slug}").status_code == 200

    undo = re.search(r'action="(/desk/catalogue/\w+/confirm/undo)"', following)
    at = re.search(r'name="at" value="([^"]*)"', following)
    assert undo
    assert at
    undone = desk.post(undo[1], data={"at": unescape(at[1])}).text
    assert "<h1>Confirm Anna Ozerova</h1>" in undone
    assert "Taken back: everything is as it was before." in undone
    assert client.get(f"/people/{anna.slug}").status_code == 404
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert {name: getattr(row, name) for name in UNCONFIRMED} == UNCONFIRMED
        assert row.release_on is None

    again = desk.post(undo[1], data={"at": unescape(at[1])}).text
    assert "Nothing was taken back: somebody has changed this person since." in again


def test_what_still_stands_against_letters_is_told(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, latin_name="Anna Ozerova", **UNCONFIRMED)
    unsaid = {**MADE_SURE, "wants_letters": "", "wish_source": "", "wish_date": ""}
    del unsaid["wants_letters"]
    page = desk.post(f"/desk/catalogue/{anna.id}/confirm", data=unsaid).text
    assert "Anna Ozerova is confirmed as far as that goes. Against letters:" in page


def test_an_address_is_made_sure_of_by_a_tick_and_not_by_the_way(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        there = make_facility(session, street="ул. Садовая, 7", settlement="Псков")
        anna = make_prisoner(session, there, **UNCONFIRMED)
    before = checked(service, anna.id)
    path = f"/desk/catalogue/{anna.id}/confirm"
    page = desk.get(path).text
    assert "ул. Садовая, 7, Псков" in page  # what is made sure of stands there whole
    assert f'href="/desk/places/{there.id}"' in page

    desk.post(path, data=MADE_SURE)
    assert checked(service, anna.id) == before != NOON.date()
    desk.post(path, data={**MADE_SURE, "address_today": "yes"})
    assert checked(service, anna.id) == NOON.date()
    day = {**MADE_SURE, "address_today": "yes", "address_checked_on": "2026-11-20"}
    desk.post(path, data=day)
    assert checked(service, anna.id) == date(2026, 11, 20)


@pytest.mark.trust(74)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_that_is_held_down_confirms_nobody_by_itself(
    open_page: OpenPage, service: Service, pages: Pages
) -> None:
    with service.database.write() as session:
        for number in range(4):
            make_prisoner(session, surname=f"Озерова-{number}", **UNCONFIRMED)
    page = signed_in(open_page(), service, pages)
    page.goto(f"{pages.url}/desk/catalogue")
    for _ in range(5):
        page.keyboard.down("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirm")
    for _ in range(5):
        page.keyboard.down("n")
    page.keyboard.up("n")
    for _ in range(5):
        page.keyboard.down("y")
    expect(page.get_by_role("status")).to_contain_text("is confirmed")
    for _ in range(5):
        page.keyboard.down("y")
    page.keyboard.up("y")
    page.reload()
    with service.database.read() as session:
        confirmed = session.exec(select(Event.id).where(col(Event.to) == "confirmed")).all()
    assert len(confirmed) == 1
