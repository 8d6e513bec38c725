"""The catalogue's desk, as a browser meets it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.lifecycle import Role
from app.models import Facility, Prisoner, ReturnAddress
from app.service import Service
from tests.pages.agreeing import agree
from tests.staffing import browser_of
from tests.world import make_facility, make_prisoner


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


NEW = {
    "surname": "Щёголева",
    "given_name": "Вера",
    "patronymic": "Ильинична",
    "has_patronymic": "yes",
    "gender": "she",
    "birth_year": "1990",
    "story_en": "Teaches geography & draws maps.",
}


def only_person(service: Service) -> Prisoner:
    with service.database.read() as session:
        return session.exec(select(Prisoner)).one()


@pytest.mark.trust(74)
def test_from_entering_somebody_to_being_public(
    service: Service, desk: TestClient, client: TestClient
) -> None:
    with service.database.write() as session:
        facility = make_facility(session)
    page = desk.post("/desk/catalogue", data=NEW).text
    assert "Nobody sees it yet" in page
    row = only_person(service)
    public = client.get(f"/people/{row.slug}")
    assert public.status_code == 404
    assert row.latin_name not in client.get("/people?q=Вера").text

    today = service.today().isoformat()
    page = agree(
        desk,
        f"/desk/catalogue/{row.id}/move",
        {
            "facility_id": facility.id,
            "from_day": today,
            "checked_on": today,
            "source": "her lawyer",
        },
    ).text
    assert "The new place is noted." in page
    form = desk.get("/desk/catalogue/next")
    assert form.url.path == f"/desk/catalogue/{row.id}/confirm"
    assert "Щеголевой Вере Ильиничне" in form.text or "Щёголевой Вере Ильиничне" in form.text
    wrong = desk.post(
        f"/desk/catalogue/{row.id}/confirm",
        data={"custody_confirmed_on": today, "wants_letters": "yes", "wish_source": "her sister"},
    )
    assert wrong.status_code == 422
    assert "A wish for letters needs its source and its date." in wrong.text
    assert 'value="her sister"' in wrong.text
    done = desk.post(
        f"/desk/catalogue/{row.id}/confirm",
        data={
            "custody_confirmed_on": today,
            "address_checked_on": today,
            "wants_letters": "yes",
            "wish_source": "her sister",
            "wish_date": today,
            "dative_name": "Щёголевой Вере Ильиничне",
        },
    )
    assert "Public, and may be picked." in done.text
    assert "draws maps" in client.get(f"/people/{row.slug}").text


def test_wrong_fields_are_told_and_kept(desk: TestClient) -> None:
    answer = desk.post(
        "/desk/catalogue", data={**NEW, "surname": " ", "birth_year": "soon", "birthday": "1.2.90"}
    )
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Write a number." in answer.text
    assert "Write the day as year-month-day." in answer.text
    assert "Teaches geography &amp; draws maps." in answer.text
    both = desk.post("/desk/catalogue", data={**NEW, "birthday": "1991-02-01"})
    assert "The birthday and the birth year do not agree." in both.text
    nul = desk.post("/desk/catalogue", data={**NEW, "source": "a\0b"})
    assert nul.status_code == 422


@pytest.mark.trust(6)
def test_only_what_the_form_asks_can_be_set(service: Service, desk: TestClient) -> None:
    desk.post(
        "/desk/catalogue",
        data={**NEW, "published": "yes", "eligible": "yes", "letter_count": "99", "id": "x" * 24},
    )
    row = only_person(service)
    assert (row.published, row.eligible, row.letter_count) == (False, False, 0)
    assert row.id != "x" * 24


def test_the_list_filters_searches_and_is_a_file(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        here = make_facility(session, name_ru="ФКУ ИК-9")
        make_prisoner(
            session,
            here,
            surname="Полевая",
            search_name="полевая анна anna polevaya",
            latin_name="Anna P",
        )
        make_prisoner(session, hidden=True, published=False, eligible=False)
    assert "Полевая" in desk.get("/desk/catalogue?q=Polevaya").text
    assert "Озерова" not in desk.get("/desk/catalogue?q=полев").text
    assert "Полевая" not in desk.get("/desk/catalogue?show=hidden").text
    page = desk.get(f"/desk/catalogue?place={here.id}").text
    assert "1 person" in page
    link = re.search(r'href="(/desk/catalogue\.csv[^"]*)"', page)
    assert link
    lines = desk.get(link[1]).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Полевая" in lines[1]
    for sort in ("-name", "letters", "-letters", "checked", "-checked"):
        assert desk.get(f"/desk/catalogue?sort={sort}").status_code == 200


def test_hide_show_and_history(service: Service, desk: TestClient, client: TestClient) -> None:
    with service.database.write() as session:
        row = make_prisoner(session)
    assert client.get(f"/people/{row.slug}").status_code == 200
    page = desk.post(f"/desk/catalogue/{row.id}/hide", data={"why": "her sister phoned"}).text
    assert "Hidden at once." in page
    assert "her sister phoned" in desk.get(f"/desk/catalogue/{row.id}").text
    assert client.get(f"/people/{row.slug}").status_code == 404
    agree(desk, f"/desk/catalogue/{row.id}/show", {"why": "a mistake"})
    assert client.get(f"/people/{row.slug}").status_code == 200
    edited = desk.post(
        f"/desk/catalogue/{row.id}/edit",
        data={**NEW, "surname": "Озерова", "given_name": "Анна", "patronymic": "Петровна"},
    ).text
    assert "birth year: 1985 → 1990" in edited


def test_places(service: Service, desk: TestClient) -> None:
    place = {
        "name_ru": "ФКУ СИЗО-3",
        "kind": "remand_prison",
        "street": "ул. Тихая, д. 4",
        "settlement": "г. Озёрск-на-Дальней",
        "region": "Вятская область",
        "postal_code": "61099",
    }
    wrong = desk.post("/desk/places", data=place)
    assert wrong.status_code == 422
    assert "This is not written as it must be." in wrong.text
    place["postal_code"] = "610999"
    for region in ("Республика Крым", "Донецкая Народная Республика"):
        in_russia = desk.post("/desk/places", data={**place, "region": region, "country": "RU"})
        assert in_russia.status_code == 422
        assert "This region is occupied territory of Ukraine." in in_russia.text
    page = desk.post("/desk/places", data=place).text
    assert "not known: figures only" in page
    with service.database.read() as session:
        row = session.exec(select(Facility)).one()
    changed = {**place, "postal_code": "610997", "codes_allowed": "yes"}
    page = desk.post(f"/desk/places/{row.id}/edit", data=changed).text
    assert "postal code: 610999 → 610997" in page
    assert "ФКУ СИЗО-3" in desk.get("/desk/places?q=вятская").text
    occupied = {**changed, "region": "Республика Крым", "country": "UA"}
    assert "region: Вятская область → Республика Крым" in (
        desk.post(f"/desk/places/{row.id}/edit", data=occupied).text
    )
    assert desk.get(f"/desk/places/{row.id}/edit").status_code == 200


@pytest.mark.trust(19)
def test_return_addresses_are_for_coordinators_and_sealed(service: Service) -> None:
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as keeper:
        assert keeper.get("/desk/return-addresses").status_code == 403
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as coordinator:
        coordinator.follow_redirects = True
        details = {
            "country": "DE",
            "holder": "M. Winter",
            "lines": "Postfach 12 34 56\r\n10999 Berlin\r\nDeutschland",
            "consent_on": "2026-01-01",
        }
        page = coordinator.post("/desk/return-addresses", data=details).text
        assert "Postfach 12 34 56<br>" in page
        long = coordinator.post(
            "/desk/return-addresses", data={**details, "lines": "\n".join("abcdef")}
        )
        assert long.status_code == 422
        assert "An address has five lines at most." in long.text
        with service.database.read() as session:
            row = session.exec(select(ReturnAddress)).one()
            assert b"Winter" not in (row.holder_sealed or b"")
        ended = coordinator.post(
            f"/desk/return-addresses/{row.id}/end", data={"ends_on": "2026-06-01"}
        ).text
        assert "ended on" in ended


@pytest.mark.trust(12)
@pytest.mark.parametrize("role", [Role.PRINTER, Role.REVIEWER, Role.TRANSLATOR, Role.SCANNER])
def test_only_the_catalogue_comes_in(service: Service, role: Role) -> None:
    with browser_of(main.assemble(service), service, role) as browser:
        for path in (
            "/desk/catalogue",
            "/desk/catalogue.csv",
            "/desk/catalogue/new",
            "/desk/places",
        ):
            assert browser.get(path).status_code == 403
        assert browser.post("/desk/catalogue", data=NEW).status_code == 403


def test_whoever_keeps_the_catalogue_prepares_and_a_coordinator_confirms(service: Service) -> None:
    with service.database.write() as session:
        row = make_prisoner(session, published=False, eligible=False, custody_confirmed_on=None)
    path = f"/desk/catalogue/{row.id}"
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as keeper:
        assert "Confirm</a>" not in keeper.get(path).text
        assert keeper.get(f"{path}/confirm").status_code == 403
        assert keeper.post(f"{path}/confirm", data={}).status_code == 403
        assert keeper.post(f"{path}/show", data={"why": "x"}).status_code == 403
        assert keeper.get(f"{path}/edit").status_code == 200


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "yes"),
        ({"wants_letters": False}, "no: that is the wish"),
        ({"wants_letters": False, "wish_date": None}, "not known"),
        ({"wants_letters": False, "wish_source": "", "wish_date": None}, "not known"),
    ],
)
def test_a_refusal_is_not_the_same_as_not_knowing(
    service: Service, desk: TestClient, facts: dict[str, Any], said: str
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, **facts)
    page = desk.get(f"/desk/catalogue/{anna.id}").text
    [wants] = re.findall(r"<dt>Wants letters</dt>\s*<dd><bdi>([^<]*)</bdi></dd>", page)
    assert wants.strip() == said
