"""Somebody who is not shown is nowhere: every public page, answer, file and picture is walked."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.finding.asking import FILTERS
from app.finding.counting import count_others
from app.lifecycle import ReplyState, State
from app.models import ImportRun, MergedPerson, Prisoner, Prosecution, Reply, Reservation
from app.service import Service
from tests.crawling import walk
from tests.pages.doors import routes
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
    "Basque",
    "86421",
    "February 2027",
    "февраль 2027",
    "2027-02",
)
UNKNOWN = {"published": False, "eligible": False}
HIDDEN = {"hidden": True, "eligible": False}
UNWISHED = {**UNKNOWN, "status": "released"}
"""Was shown, is free, and never said that the name may stay."""
HIDDEN_AND_NAMED = {"hidden": True, "may_be_named": True, "named": True, **UNKNOWN}
"""Wished to be named also while nobody can write, and was hidden since."""
UNNAMED = {"identity_hidden": True}
"""Wants letters, may be given to anybody who asks, and is not to be named."""


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
            languages_read="eu",
            release_on=date(2027, 2, 8),
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
        session.flush()
        session.add(MergedPerson(id="e" * 24, slug="second-marker", kept_id=marker.id))
    count_others(service.database)
    return marker


def public_files() -> Iterator[str]:
    """What no page links to with these questions, asked of every public door."""
    asked = [{"q": "Markerova"}, {"q": "Маркерова"}, {"q": "MARKER-STORY"}, {"sex": "he"}]
    values = {
        "age": "65-199",
        "soon": "birthday",
        "letters": "none",
        "category": "marker freedom",
        "article": "399.9",
        "interest": "marker liking",
        "work": "marker work",
        "reads": "eu",
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
    asked += [{name: value} for name, value in values.items()]
    asked += [{"soon": "release"}, {"letters": "now"}, {}]
    for each in asked:
        query = urlencode(each)
        yield from (f"{path}?{query}" for path in ("/people", "/figures"))
        yield from (f"/figures.{kind}?{query}" for kind in ("csv", "json"))
        yield f"/api/v1/prisoners?{query}"
        yield f"/api/v1/prisoners?facets=true&{query}"
        yield f"/people?page=2&{query}"
        yield from (f"/people/by/{field}?{query}" for field in ("interest", "work"))
    yield from ("/api/v1/prisoners/marker-person", "/api/v1/openapi.json", "/health/live")
    yield from ("/people/marker-person", "/people/marker-person/portrait")
    yield from ("/people/second-marker", "/people/second-marker/portrait")
    yield "/api/v1/prisoners/second-marker"
    yield "/objection?person=marker-person"


def every_door(marker: Prisoner) -> Iterator[tuple[str, str]]:
    """Every route that is no desk's, opened with what somebody could know or guess of her."""
    for method, path in routes():
        if path.startswith("/desk") or path == "/leave":
            continue
        for told in (marker.slug, "second-marker", marker.id, str(marker.portrait_file_id)):
            yield method, re.sub(r"\{\w+\}", told, path)


def found_in(text: str, address: str) -> list[str]:
    """Markers in an answer that the question did not bring along itself."""
    return [marker for marker in MARKERS if marker in text and marker.lower() not in address]


@pytest.mark.trust(74, 75, 76)
@pytest.mark.parametrize(
    "facts",
    [UNKNOWN, HIDDEN, UNNAMED, UNWISHED, HIDDEN_AND_NAMED],
    ids=["imported", "hidden", "not to be named", "free", "named, then hidden"],
)
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
        said = {"Markerova", "Маркерова", "MARKER-STORY", "399.9", "Basque"}
        asked = [marker for marker in found_in(answer.text, address) if marker not in said]
        assert asked == [], address
        assert "Irina" not in answer.text, address
        assert b"MARKER-PORTRAIT" not in answer.content


@pytest.mark.trust(74, 75)
@pytest.mark.parametrize(
    "facts", [UNKNOWN, HIDDEN, HIDDEN_AND_NAMED], ids=["imported", "hidden", "named, then hidden"]
)
def test_no_door_tells_of_her_whatever_is_guessed(
    client: TestClient, service: Service, facts: dict[str, bool]
) -> None:
    marker = make_marker(service, facts)
    typed = {
        "likes": "marker-liking метка-интерес marker-work",
        "person": marker.slug,
        "prisoner": marker.slug,
        "language": "en",
    }
    opened = 0
    for method, address in every_door(marker):
        answer = client.request(method, address, data=typed if method == "POST" else None)
        assert answer.status_code < 500 or address == "/health/ready", address
        said = answer.text + str(answer.headers)
        # An address and a field give back what was asked; of her own words nothing else may be.
        for asked in (*typed.values(), marker.slug, "second-marker"):
            said = said.replace(asked, "")
        assert [word for word in MARKERS if word in said] == [], (method, address)
        assert b"MARKER-PORTRAIT" not in answer.content, (method, address)
        opened += 1
    assert opened > 60


NAMED = {"may_be_named": True, "named": True, **UNKNOWN, "wants_letters": False}
"""Wishes to be named, and no letters."""


@pytest.mark.trust(74, 75)
@pytest.mark.parametrize("facts", [UNKNOWN, HIDDEN, NAMED], ids=["imported", "hidden", "no wish"])
def test_she_is_neither_picked_nor_suggested(
    client: TestClient, service: Service, facts: dict[str, bool]
) -> None:
    marker = make_marker(service, facts)
    for _ in range(15):
        assert "Marker" not in client.post("/write", follow_redirects=True).text
        for likes in ("marker-liking", "метка-интерес", "marker-work", "poetry, marker-liking"):
            told = client.post("/somebody-like-you", data={"likes": likes}, follow_redirects=True)
            assert "Markerova" not in told.text
            assert "Маркерова" not in told.text
    with service.database.read() as session:
        reserved = session.exec(select(Reservation.prisoner_id)).all()
        assert len(reserved) >= 30
        assert marker.id not in reserved


@pytest.mark.trust(75)
def test_hidden_is_the_same_answer_as_nobody(client: TestClient, service: Service) -> None:
    make_marker(service, HIDDEN)
    for path in ("/people/{}", "/people/{}/portrait", "/api/v1/prisoners/{}"):
        nobody = client.get(path.format("no-person"))
        for who in ("marker-person", "second-marker"):
            hidden = client.get(path.format(who), follow_redirects=False)
            assert hidden.status_code == nobody.status_code == 404
            assert hidden.text.replace(who, "no-person") == nobody.text
    refused, unknown = (client.post(f"/people/{who}/write") for who in ("marker-person", "nobody"))
    assert refused.status_code == unknown.status_code == 404


def test_the_walk_sees_all_of_somebody_who_is_shown(client: TestClient, service: Service) -> None:
    """Each marker stands somewhere as soon as she is shown: the walk would notice a leak."""
    make_marker(service, {})
    said: dict[str, str] = {}
    for language in ("en", "ru"):
        client.headers["accept-language"] = language
        pages = dict(walk(client, "/", each=200))
        for address in public_files():
            pages[address] = client.get(address).text
        for address, page in pages.items():
            said |= dict.fromkeys(found_in(page, address), address)
    # A count, the town of the prison, and the name as it is searched for.
    told_nobody = {"86421", "Kobylka", "маркерова"}
    assert set(MARKERS) - said.keys() == told_nobody


@pytest.mark.trust(75)
def test_an_objection_hides_who_wished_to_be_named_at_once(
    client: TestClient, service: Service
) -> None:
    marker = make_marker(service, NAMED)
    assert "MARKER-STORY" in client.get("/people/marker-person").text
    objection = {"about": "marker-person", "relation": "family", "message": "no"}
    assert client.post("/objection", data=objection).status_code < 400
    for address in public_files():
        told = client.get(address)
        assert "Irina" not in told.text, address
    assert client.get("/people/marker-person").status_code == 404
    with service.database.read() as session:
        row = session.get_one(Prisoner, marker.id)
        assert (row.named, row.published, row.is_public) == (False, False, False)


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
        {"value": "she", "name": "women", "people": 11},
        {"value": "he", "name": "men", "people": None},
        {"value": "(other)", "name": "others", "people": None},
        {"value": "(unknown)", "name": "not known", "people": None},
    ]
    assert client.get("/figures.json?sex=he").json()["people"] is None


def test_downloads_say_where_they_come_from_and_when(client: TestClient, service: Service) -> None:
    make_marker(service, {})
    with service.database.write() as session:
        for source, label in (("ovdinfo", "OVD-Info"), ("sister", "A list of somebody's sister")):
            session.add(ImportRun(source=source, label=label, state="applied"))
        session.add(ImportRun(source="memorial", label="Memorial", state="planned"))
    told = client.get("/figures.csv?category=speech")
    assert told.headers["content-type"].startswith("text/csv")
    lines = told.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "table,value,name,people"
    assert lines[1].startswith('note,source,"Everybody whom the catalogue of http')
    assert "comes from: OVD-Info." in lines[1]
    assert "sister" not in told.text
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


@pytest.mark.trust(75)
@pytest.mark.parametrize("facts", [UNKNOWN, HIDDEN], ids=["no longer confirmed", "hidden"])
def test_a_form_that_is_open_tells_nothing_more_of_who_is_hidden(
    client: TestClient, service: Service, facts: dict[str, bool]
) -> None:
    marker = make_marker(service, {})
    address = client.post("/people/marker-person/write").headers["location"]
    assert "MARKER-STORY" in client.get(address).text
    with service.database.write() as session:
        session.get_one(Prisoner, marker.id).sqlmodel_update(facts)
    letter = {"text": "Liebe Anna, es schneit.", "signature": "Greta", "language": "de"}
    seen = client.get(address).text
    assert "No letters are taken for Anna just now." in seen
    wrong = client.post(address, data=letter).text
    assert "Liebe Anna, es schneit." in wrong, "what was typed is kept"
    other = client.post(f"{address}/somebody-else", data=letter).text
    for page in (seen, wrong, other):
        assert found_in(page, address) == []
    kept = client.post(address, data=letter | {"gender": "she", "engines": "none"})
    assert kept.status_code == 200
    if facts == HIDDEN:
        assert found_in(kept.text, address) == []
