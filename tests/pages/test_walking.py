"""Confirming one after the other: the urgent first, through the list as it was asked for."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session

from app import main
from app.lifecycle import Role, State
from app.models import Prisoner
from app.queries import walking
from app.queries.asked import ASK_AGAIN_DAYS
from app.queries.people import Show, Wanted
from app.service import Service
from tests.conftest import Clock
from tests.pages.test_catalogue_lists import table
from tests.staffing import browser_of
from tests.world import NOON, make_facility, make_letter, make_prisoner

TODAY = NOON.date()
NEW: dict[str, Any] = {
    "published": False,
    "eligible": False,
    "wants_letters": False,
    "wish_source": "",
    "wish_date": None,
    "custody_confirmed_on": None,
}
BEFORE = {"published": False, "eligible": False}
MADE_SURE = {"custody_confirmed_on": TODAY.isoformat(), "dative_name": "Озеровой Анне Петровне"}
WANTS = {"wants_letters": "yes", "wish_source": "her lawyer", "wish_date": "2026-11-01"}


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


def named(session: Session, surname: str, **facts: Any) -> Prisoner:
    return make_prisoner(
        session, surname=surname, latin_name=surname, search_name=surname.lower(), **facts
    )


def shown(page: Response) -> str:
    """Whose confirmation is asked for; "" where a list is."""
    found = re.search(r"<h1>Confirm (\w+)</h1>", page.text)
    return found[1] if found else ""


def listed(desk: TestClient, show: str) -> list[str]:
    return [row[0].split()[0] for row in table(desk.get(f"/desk/catalogue?show={show}").text)]


def send(desk: TestClient, page: Response, typed: dict[str, str]) -> Response:
    """Fill in the form of the page and go on to the next person."""
    action = re.search(
        r'<form method="post" action="(/desk/catalogue/[^"]*/confirm[^"]*)">', page.text
    )
    assert action
    return desk.post(unescape(action[1]), data={**MADE_SURE, **typed, "next": "yes"})


def skip(desk: TestClient, page: Response) -> Response:
    link = re.search(r'href="(/desk/catalogue/next\?[^"]*after=[^"]*)"', page.text)
    assert link
    return desk.get(unescape(link[1]))


def some(session: Session) -> None:
    named(session, "Янин", **NEW)
    named(session, "Абаев", **NEW)
    named(session, "Прежний", **BEFORE)
    held = named(session, "Ждущий", **BEFORE)
    make_letter(session, held, State.IN_REVIEW)
    arrived = named(session, "Былой", **BEFORE)
    make_letter(session, arrived, State.POSTED)
    named(session, "Общий")


def test_the_urgent_come_first_on_the_list_and_on_the_way(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        some(session)
    order = ["Ждущий", "Былой", "Прежний", "Абаев", "Янин"]
    assert listed(desk, "to_confirm") == order
    newcomers = table(desk.get("/desk/catalogue/newcomers").text)
    assert [row[0].split()[0] for row in newcomers] == order
    page, met = desk.get("/desk/catalogue/next"), []
    while shown(page):
        met.append(shown(page))
        page = skip(desk, page)
    assert met == order
    assert page.url.path == "/desk/catalogue"  # the end leads back to the list
    assert page.url.params["show"] == "to_confirm"


def test_confirm_and_next_walks_through_the_filtered_list(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        here, there = make_facility(session), make_facility(session)
        for surname, place, source in (
            ("Арсов", here, "Мой & список"),
            ("Борин", there, "Мой & список"),
            ("Ведин", here, "Мой & список"),
            ("Гусин", here, "другой"),
            ("Дарин", here, "Мой & список"),
        ):
            named(session, surname, facility=place, source=source, **NEW)
    asked = {"place": here.id, "source": "Мой & список"}
    page = desk.get("/desk/catalogue/newcomers", params=asked)
    link = re.search(r'href="(/desk/catalogue/next[^"]*)"', page.text)
    assert link
    page = desk.get(unescape(link[1]))
    assert shown(page) == "Арсов"
    wrong = send(desk, page, {"wants_letters": "yes"})
    assert wrong.status_code == 422
    page = send(desk, wrong, WANTS)  # the way is kept where something was typed wrong
    assert shown(page) == "Ведин"
    page = send(desk, page, {"wish_source": "her lawyer", "wish_date": "2026-11-01"})
    assert shown(page) == "Дарин"
    page = send(desk, page, {})
    assert shown(page) == ""
    assert page.url.params["place"] == here.id
    assert page.url.params["source"] == "Мой & список"
    assert listed(desk, "to_confirm") == ["Борин", "Гусин"]
    assert listed(desk, "refused") == ["Ведин"]
    assert listed(desk, "set_aside") == ["Дарин"]
    assert "Арсов" in listed(desk, "public")


def test_by_name_and_from_the_list_of_people(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        named(session, "Ветров", **NEW)
        named(session, "Иной", **NEW)
    page = desk.get("/desk/catalogue?q=ветров")
    link = re.search(r'href="(/desk/catalogue/next[^"]*)"', page.text)
    assert link
    page = desk.get(unescape(link[1]))
    assert shown(page) == "Ветров"
    assert shown(send(desk, page, {})) == ""


def test_a_dated_refusal_is_not_asked_about_again(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        person = named(session, "Отказов", **NEW)
    page = desk.get(f"/desk/catalogue/{person.id}/confirm")
    send(desk, page, {"wish_source": "her lawyer", "wish_date": "2026-11-01"})
    assert listed(desk, "to_confirm") == []
    assert listed(desk, "refused") == ["Отказов"]
    page = desk.get("/desk/catalogue/next?show=refused")
    assert shown(page) == "Отказов"  # whoever wants to go through them can
    send(desk, page, WANTS)
    assert listed(desk, "refused") == []
    assert listed(desk, "public") == ["Отказов"]


def test_whose_name_may_stand_there_some_day_is_still_to_be_confirmed(
    service: Service, desk: TestClient
) -> None:
    said = {"wish_source": "her lawyer", "wish_date": date(2026, 11, 1), "may_be_named": True}
    with service.database.write() as session:
        named(session, "Безгода", **{**NEW, **said, "birth_year": None})
    assert listed(desk, "to_confirm") == ["Безгода"]


def test_nothing_known_comes_back_after_a_while(
    service: Service, desk: TestClient, clock: Clock
) -> None:
    with service.database.write() as session:
        person = named(session, "Неясный", **NEW)
    send(desk, desk.get(f"/desk/catalogue/{person.id}/confirm"), {})
    assert listed(desk, "set_aside") == ["Неясный"]
    page = desk.get("/desk/catalogue?show=set_aside").text
    assert f"{ASK_AGAIN_DAYS} days after that day they come back" in page
    for days, show in ((ASK_AGAIN_DAYS - 1, Show.SET_ASIDE), (ASK_AGAIN_DAYS, Show.TO_CONFIRM)):
        with service.database.read() as session:
            stop = walking.next_to_confirm(
                session, Wanted(show=show), TODAY + timedelta(days=days), 400
            )
        assert stop is not None, days


def test_the_way_goes_on_from_the_place_where_somebody_stood(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        some(session)
    page = desk.get("/desk/catalogue/next")
    assert shown(page) == "Ждущий"
    page = send(desk, page, WANTS)
    assert shown(page) == "Былой"
    assert shown(desk.get("/desk/catalogue/next?after=nobody&rank=1")) == "Былой"
    assert shown(desk.get("/desk/catalogue/next?rank=9&after=%00")) == "Былой"
