"""The people of the API are those of the public pages."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.finding.asking import FILTERS, Wanted
from app.models import Letter, Prisoner, Prosecution
from app.queries import finding
from app.service import Service
from tests.api.conftest import HandIn
from tests.world import hide, make_case, make_prisoner


def slugs(client: TestClient, query: str = "") -> list[str]:
    found = client.get("/api/v1/prisoners", params={"q": query}).json()["prisoners"]
    return [person["slug"] for person in found]


@pytest.mark.parametrize("query", ["Озеров", "ozerova", "OZEROVA anna"])
def test_people_are_found_in_either_alphabet(
    client: TestClient, prisoner: Prisoner, query: str
) -> None:
    assert slugs(client, query) == [prisoner.slug]
    assert slugs(client, "Nobody") == []


def test_twenty_people_a_page(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        for _ in range(21):
            make_prisoner(session)
    first = client.get("/api/v1/prisoners").json()
    second = client.get("/api/v1/prisoners", params={"page": 2}).json()
    assert (len(first["prisoners"]), first["pages"]) == (20, 2)
    assert len(second["prisoners"]) == 1


def test_one_person_as_they_wish_to_be_known(client: TestClient, prisoner: Prisoner) -> None:
    shown = client.get(f"/api/v1/prisoners/{prisoner.slug}").json()
    assert shown["name"] == "Озерова Анна Петровна"
    assert shown["story"]["ru"] == "Школьный библиотекарь, читает детям."
    assert shown["place"] == "penal_colony"


@pytest.mark.trust(74, 75)
@pytest.mark.parametrize("facts", [{"published": False}, {"hidden": True}])
def test_who_is_not_shown_is_nobody(
    client: TestClient, service: Service, hand_in: HandIn, facts: dict[str, Any]
) -> None:
    with service.database.write() as session:
        person = make_prisoner(session, eligible=False, **facts)
    assert slugs(client) == slugs(client, "Ozerova") == []
    nobody = client.get("/api/v1/prisoners/nobody-here")
    hidden = client.get(f"/api/v1/prisoners/{person.slug}")
    assert hidden.status_code == nobody.status_code == 404
    assert hidden.json() == nobody.json()
    refused, unknown = hand_in(prisoner=person.slug), hand_in(prisoner="nobody-here")
    assert refused.status_code == unknown.status_code == 422
    assert refused.json() == unknown.json()
    assert hand_in().status_code == 404


NAMED: dict[str, Any] = {"published": False, "eligible": False, "may_be_named": True, "named": True}


@pytest.mark.trust(74)
def test_whoever_is_shown_says_whether_one_can_write(
    client: TestClient, service: Service, prisoner: Prisoner, hand_in: HandIn
) -> None:
    with service.database.write() as session:
        free = make_prisoner(session, slug="vera", status="released", placed=False, **NAMED)
    assert slugs(client) == [prisoner.slug, free.slug]
    told = client.get("/api/v1/prisoners/vera").json()
    assert (told["can_write"], told["no_letters"]) == (False, "free")
    told = client.get(f"/api/v1/prisoners/{prisoner.slug}").json()
    assert (told["can_write"], told["no_letters"]) == (True, None)
    for letters, found in (("now", [prisoner.slug]), ("none", ["vera"])):
        answer = client.get("/api/v1/prisoners", params={"letters": letters}).json()
        assert [person["slug"] for person in answer["prisoners"]] == found
    assert client.get("/api/v1/prisoners?letters=perhaps").status_code == 422
    refused = hand_in(prisoner="vera")
    assert refused.status_code == 422
    assert refused.json()["errors"] == {
        "prisoner": "Nobody can write to this person now; their page says why."
    }
    with service.database.read() as session:
        assert session.exec(select(Letter.id)).all() == []


@pytest.mark.trust(75)
def test_an_objection_hides_on_the_next_request(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    assert slugs(client) == [prisoner.slug]
    with service.database.write() as session:
        hide(session.get_one(Prisoner, prisoner.id))
    assert slugs(client) == []


@pytest.mark.trust(76)
def test_nobodys_counts_are_told(client: TestClient, service: Service, prisoner: Prisoner) -> None:
    with service.database.write() as session:
        session.get_one(Prisoner, prisoner.id).letter_count = 86_421
    answers = [
        client.get(path).text
        for path in ("/api/v1/prisoners", f"/api/v1/prisoners/{prisoner.slug}")
    ]
    assert not any("86421" in answer or "86,421" in answer for answer in answers)
    document = client.get("/api/v1/openapi.json").text
    assert "letter_count" not in document


@pytest.mark.trust(47)
def test_looking_changes_nothing(client: TestClient, service: Service, prisoner: Prisoner) -> None:
    with service.database.read() as session:
        before = session.exec(select(Prisoner)).one().model_dump()
    slugs(client, "anna")
    client.get(f"/api/v1/prisoners/{prisoner.slug}")
    with service.database.read() as session:
        assert session.exec(select(Prisoner)).one().model_dump() == before


@pytest.mark.parametrize("path", ["%00", "..%2f", "Anna", "a" * 90])
def test_what_is_no_slug_is_refused_in_words(client: TestClient, path: str) -> None:
    refused = client.get(f"/api/v1/prisoners/{path}")
    assert refused.status_code in {404, 422}
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_search_with_strange_signs_finds_nobody(client: TestClient, prisoner: Prisoner) -> None:
    for query in ("%00%25", "%F0%9F", "'; --", "🙂"):
        assert client.get(f"/api/v1/prisoners?q={query}").status_code == 200


@pytest.fixture
def case(service: Service, prisoner: Prisoner) -> Prisoner:
    """Anna with a case, beside twelve men without one."""
    with service.database.write() as session:
        session.add(
            Prosecution(
                prisoner_id=prisoner.id,
                articles=["ст. 280.3"],
                category="Freedom of speech",
                region="Москва",
                started_on=date(2024, 12, 1),
                stage="appeal",
                sentence_months=26,
                ratings=["memorial"],
            )
        )
        row = session.get_one(Prisoner, prisoner.id)
        row.birthday, row.profession_en = date(1985, 12, 1), "librarian"
        row.languages_read = "en"
        for _ in range(12):
            make_prisoner(session, gender="he", birth_year=1960, interests_en="", interests_ru="")
    return prisoner


def test_every_filter_of_the_public_search_is_one_of_the_api(
    client: TestClient, service: Service, case: Prisoner
) -> None:
    with service.database.read() as session:
        offered = finding.find(session, Wanted("Ozerova", {"sex": "she"}), service.today(), 1)
    values = {facet.field: facet.options[0].value for facet in offered.facets if facet.options}
    assert values.keys() == set(FILTERS) - {"letters"}, "everybody can be written to"
    for name, value in values.items():
        found = client.get("/api/v1/prisoners", params={name: value, "q": "Ozerova"}).json()
        public = client.get("/people", params={name: value, "q": "Ozerova"}).text
        assert case.slug in [person["slug"] for person in found["prisoners"]], name
        assert f"/people/{case.slug}" in public, name
    together = client.get("/api/v1/prisoners", params=values).json()
    assert [person["slug"] for person in together["prisoners"]] == [case.slug]


@pytest.mark.trust(76)
def test_facets_count_people_and_never_fewer_than_ten(client: TestClient, case: Prisoner) -> None:
    plain = client.get("/api/v1/prisoners").json()
    assert (plain["total"], plain["facets"]) == (13, None)
    told = client.get("/api/v1/prisoners?facets=true").json()["facets"]
    assert told.keys() == set(FILTERS)
    assert {option["value"]: option["people"] for option in told["sex"]} == {"he": 12, "she": None}
    assert told["region"] == [
        {
            "value": "RU-MOW",
            "name": {"en": "Moscow", "ru": "Москва"},
            "people": None,
            "chosen": False,
        }
    ]
    few = client.get("/api/v1/prisoners?sex=she&facets=true").json()
    assert few["total"] is None
    assert few["facets"]["sex"][0] == {
        "value": "she",
        "name": {"en": "she", "ru": "she"},
        "people": None,
        "chosen": True,
    }
    numbers = [option["people"] for options in told.values() for option in options]
    assert all(number is None or number >= 10 for number in numbers)


@pytest.mark.parametrize(
    "asked", ["sex=it", "place=home", "age=7", "soon=now", "sexx=she", "page=0"]
)
def test_a_filter_that_does_not_exist_is_refused(client: TestClient, asked: str) -> None:
    refused = client.get(f"/api/v1/prisoners?{asked}")
    assert refused.status_code == 422
    assert asked.split("=", maxsplit=1)[0] in refused.json()["errors"]


def test_what_nobody_has_finds_nobody(client: TestClient, case: Prisoner) -> None:
    found = client.get("/api/v1/prisoners?interest=submarines&facets=true").json()
    assert (found["prisoners"], found["total"], found["pages"]) == ([], None, 1)


def test_filters_are_described_with_their_values(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    asked = {
        each["name"]: each for each in document["paths"]["/api/v1/prisoners"]["get"]["parameters"]
    }
    assert asked.keys() == {"q", "page", "facets", *FILTERS}
    assert asked["sex"]["schema"]["enum"] == ["", "she", "he"]
    assert all(each["description"] for name, each in asked.items() if name != "page")


def test_everything_the_page_tells(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        person = make_prisoner(
            session, languages_read="ru,de", portrait_file_id="f" * 32, eligible=False
        )
        make_case(session, person)
        plain = make_prisoner(session)
    shown = client.get(f"/api/v1/prisoners/{person.slug}").json()
    assert shown["languages"] == ["ru", "de"]
    assert shown["portrait"] == f"/people/{person.slug}/portrait"
    assert (shown["can_write"], shown["letter_waits"]) == (True, True)
    assert shown["cases"] == [
        {
            "name": "The reading circle",
            "group": "Anti-war cases",
            "began": 2022,
            "category": "Freedom of speech",
            "articles": ["ст. 280.3 ч. 1"],
            "region": "Кировская область",
            "region_code": "RU-KIR",
            "city": "Киров",
            "stage": "appeal",
            "verdict": "колония",
            "first_verdict_on": "2024-02-06",
            "sentence_months": 30,
            "for_life": False,
            "recognised_by": ["memorial"],
        }
    ]
    other = client.get(f"/api/v1/prisoners/{plain.slug}").json()
    assert (other["languages"], other["portrait"], other["cases"]) == ([], None, [])
    assert other["letter_waits"] is False
    listed = client.get("/api/v1/prisoners").json()["prisoners"]
    assert sorted(listed, key=lambda each: each["slug"]) == sorted(
        [shown, other], key=lambda each: each["slug"]
    )
