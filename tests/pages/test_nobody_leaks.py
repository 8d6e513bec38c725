"""Somebody who is not shown is nowhere: every public page, answer, file and picture is walked."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.finding.asking import FILTERS
from app.lifecycle import ReplyState, State
from app.models import Prisoner, Prosecution, Reply
from app.service import Service
from tests.crawling import walk
from tests.world import NOON, make_facility, make_letter, make_prisoner

MARKERS = (
    "Маркерова",
    "Markerova",
    "маркерова",
    "marker-person",
    "MARKER-STORY",
    "МЕТКА-РАССКАЗ",
    "marker-liking",
    "метка-интерес",
    "marker-work",
    "метка-работа",
    "Marker Freedom",
    "399.9",
    "Marker Stage",
    "Marker Rating",
    "Metka Region",
    "Kobylka",
    "1911",
    "86421",
)
UNKNOWN = {"published": False, "eligible": False}
HIDDEN = {"hidden": True, "eligible": False}


def make_marker(service: Service, facts: dict[str, Any]) -> Prisoner:
    """Somebody of whom every word is a marker, beside eleven ordinary people with letters."""
    with service.database.write() as session:
        for _ in range(11):
            person = make_prisoner(session)
            session.add(Prosecution(prisoner_id=person.id, category="speech", started_year=2022))
            letter = make_letter(session, person, State.ANSWERED)
            session.add(
                Reply(letter_id=letter.id, state=ReplyState.MATCHED, received_on=NOON.date())
            )
        place = make_facility(
            session, kind="hospital", region="Metka Region", settlement="пос. Kobylka"
        )
        marker = make_prisoner(
            session,
            place,
            slug="marker-person",
            surname="Маркерова",
            latin_name="Irina Markerova",
            gender="he",
            birth_year=1911,
            birthday=date(1911, 12, 1),
            story_en="MARKER-STORY",
            story_ru="МЕТКА-РАССКАЗ",
            interests_en="marker-liking",
            interests_ru="метка-интерес",
            profession_en="marker-work",
            profession_ru="метка-работа",
            portrait_file_id=service.vault.put(b"MARKER-PORTRAIT"),
            letter_count=86_421,
            **facts,
        )
        session.add(
            Prosecution(
                prisoner_id=marker.id,
                articles=["ст. 399.9"],
                category="Marker Freedom",
                stage="Marker Stage",
                ratings=["Marker Rating"],
                region="Metka Region",
                started_on=date(2022, 1, 20),
                started_year=1999,
                sentence_months=60,
            )
        )
    return marker


def public_files() -> Iterator[str]:
    """What no page links to with these questions, asked of every public door."""
    asked = [{"q": "Markerova"}, {"q": "Маркерова"}, {"q": "MARKER-STORY"}, {"sex": "he"}]
    values = {
        "age": "65-199",
        "soon": "birthday",
        "category": "marker freedom",
        "article": "399.9",
        "interest": "marker liking",
        "work": "marker work",
        "rating": "marker rating",
        "stage": "marker stage",
        "region": "metka region",
        "held": "metka region",
        "place": "hospital",
        "year": "1999",
        "sentence": "to_5",
        "sex": "he",
    }
    assert values.keys() == set(FILTERS)
    asked += [{name: value} for name, value in values.items()] + [{"soon": "release"}, {}]
    for each in asked:
        query = urlencode(each)
        yield from (f"{path}?{query}" for path in ("/people", "/figures"))
        yield from (f"/figures.{kind}?{query}" for kind in ("csv", "json"))
        yield f"/api/v1/prisoners?{query}"
    yield from ("/api/v1/prisoners/marker-person", "/api/v1/openapi.json", "/health/live")
    yield from ("/people/marker-person", "/people/marker-person/portrait")
    yield "/objection?person=marker-person"


def found_in(text: str, address: str) -> list[str]:
    """Markers in an answer that the question did not bring along itself."""
    return [marker for marker in MARKERS if marker in text and marker.lower() not in address]


@pytest.mark.trust(74, 75, 76)
@pytest.mark.parametrize("facts", [UNKNOWN, HIDDEN], ids=["imported", "hidden"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_nobody_who_is_not_shown_appears_anywhere(
    client: TestClient, service: Service, facts: dict[str, bool], language: str
) -> None:
    make_marker(service, facts)
    client.headers["accept-language"] = language
    walked = dict(walk(client, "/"))
    assert {"/", "/people", "/figures", "/somebody-like-you"} <= walked.keys()
    for address, page in walked.items():
        assert found_in(page, address) == [], address
    for address in public_files():
        answer = client.get(address)
        assert answer.status_code < 500, address
        # The search field and the filters repeat what was asked, and nothing else does.
        said = {"Markerova", "Маркерова", "MARKER-STORY", "399.9"}
        asked = [marker for marker in found_in(answer.text, address) if marker not in said]
        assert asked == [], address
        assert "Irina" not in answer.text, address
        assert b"MARKER-PORTRAIT" not in answer.content


@pytest.mark.trust(75)
def test_hidden_is_the_same_answer_as_nobody(client: TestClient, service: Service) -> None:
    make_marker(service, HIDDEN)
    for path in ("/people/{}", "/people/{}/portrait", "/api/v1/prisoners/{}"):
        hidden, nobody = (client.get(path.format(who)) for who in ("marker-person", "no-person"))
        assert hidden.status_code == nobody.status_code == 404
        assert hidden.text.replace("marker-person", "no-person") == nobody.text
    refused, unknown = (client.post(f"/people/{who}/write") for who in ("marker-person", "nobody"))
    assert refused.status_code == unknown.status_code == 404


@pytest.mark.trust(76)
def test_the_marker_is_there_once_shown_but_never_in_numbers(
    client: TestClient, service: Service
) -> None:
    make_marker(service, {})
    assert "Irina Markerova" in client.get("/people?q=Markerova").text
    assert "MARKER-STORY" in client.get("/people/marker-person").text
    assert client.get("/people/marker-person/portrait").content == b"MARKER-PORTRAIT"
    for address in public_files():
        text = client.get(address).text
        assert "86421" not in text
        assert "86,421" not in text
    figures = client.get("/figures.json").json()
    assert figures["people"] == 12
    assert figures["tables"]["sex"] == [
        {"value": "he", "name": "men", "people": None},
        {"value": "she", "name": "women", "people": None},
    ]
    assert client.get("/figures.json?sex=he").json()["people"] is None


def test_downloads_say_where_they_come_from_and_when(client: TestClient, service: Service) -> None:
    make_marker(service, {})
    told = client.get("/figures.csv?category=speech")
    assert told.headers["content-type"].startswith("text/csv")
    lines = told.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "table,value,name,people"
    assert lines[1].startswith('note,source,"People in the catalogue of http')
    assert lines[2] == "note,date,2026-11-22,"
    assert "filter,category,speech," in lines
    assert "people,all,,11" in lines
    assert "category,speech,freedom of speech,11" in lines
    assert "year,2022,2022,11" in lines
    assert "letters to everybody,written,,10" in lines
    whole = client.get("/figures.json?category=speech").json()
    assert (whole["date"], whole["filters"], whole["people"]) == (
        "2026-11-22",
        {"category": "speech"},
        11,
    )
    assert whole["letters_to_everybody"]["answered"] == 10
