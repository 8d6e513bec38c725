"""The public figures as a page and as files: nothing is cut, and it is said who is counted."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app import worker
from app.finding.counting import count_others
from app.models import Prisoner, Prosecution
from app.service import Service
from app.spelling import search_name
from tests.world import make_prisoner

IMPORTED: dict[str, Any] = {"published": False, "eligible": False, "wants_letters": False}
ARTICLES = [f"{200 + at}" for at in range(40)]
YEARS = [1995, *range(2000, 2025)]


def make_people(session: Session, number: int, **case: Any) -> None:
    for _ in range(number):
        person = make_prisoner(session, **IMPORTED)
        session.add(Prosecution(prisoner_id=person.id, **case))


@pytest.fixture
def long_tables(service: Service) -> Service:
    """Forty articles and years from 1995 on; twelve cases in a region that is none."""
    with service.database.write() as session:
        for _ in range(10):
            make_people(session, 1, articles=ARTICLES, started_year=1995, region="Москва")
        for year in YEARS:
            make_people(session, 10, started_year=year, region="Москва", stage="обжалование")
        make_people(session, 12, started_year=2024, region="Край света", stage="appeal")
    count_others(service.database)
    return service


def lines(client: TestClient, address: str, table: str) -> dict[str, tuple[str, str]]:
    text = client.get(address).content.decode("utf-8-sig")
    rows: Iterator[list[str]] = csv.reader(io.StringIO(text))
    return {value: (name, people) for of, value, name, people in rows if of == table}


def test_downloads_hold_every_line_with_words_in_the_language_of_the_page(
    client: TestClient, long_tables: Service
) -> None:
    articles = lines(client, "/figures.csv", "article")
    assert articles.keys() == {*ARTICLES, "(other)", "(unknown)"}
    assert articles["239"] == ("article 239", "10")
    assert articles["(unknown)"] == ("not known", "270")
    years = lines(client, "/figures.csv", "year")
    assert len(years) == 32
    assert (years["1995"], years["1997"]) == (("1995", "20"), ("1997", ""))
    regions = lines(client, "/figures.csv", "region")
    assert regions["(other)"] == ("another region", "10")
    assert len(regions) == 91
    assert lines(client, "/figures.csv", "stage")["appeal"] == ("on appeal", "270")
    client.headers["accept-language"] = "ru"
    assert lines(client, "/figures.csv", "region")["RU-MOW"] == ("Москва", "270")
    whole = client.get("/figures.json").json()
    assert len(whole["tables"]["article"]) == 42
    assert whole["tables"]["region"][-2] == {
        "value": "(other)",
        "name": "другой регион",
        "people": 10,
    }


def test_the_page_folds_long_tables_and_has_all_of_them(
    client: TestClient, long_tables: Service
) -> None:
    page = client.get("/figures").text
    assert "At least 280 people are known to be in prison." in page
    assert "can be written to." not in page
    assert "The whole table, 40 lines" in page
    assert page.count("article 239") == 1 + page.count("article=239")
    assert "The last 20 years; the table has the years before." in page
    assert "another region: 10" in page
    assert "also those who cannot be written to through it yet" in page


@pytest.mark.trust(76)
def test_too_few_are_told_apart_from_nobody_by_no_word(
    client: TestClient, long_tables: Service
) -> None:
    with long_tables.database.write() as session:
        make_people(session, 3, started_year=2024, category="Seldom")
    count_others(long_tables.database)
    few, nobody = (client.get(f"/figures?category={value}").text for value in ("seldom", "never"))
    assert "Too few people for figures" in few
    assert few.replace("seldom", "never") == nobody


@pytest.mark.trust(74, 75, 76)
def test_an_objection_tells_nobody_whether_somebody_is_in_the_catalogue(
    client: TestClient, service: Service
) -> None:
    with service.database.write() as session:
        for number in range(40):
            he = number % 2 == 0
            surname, given = ("Скрытов", "Егор") if number == 6 else ("Белов", "Иван")
            someone = make_prisoner(
                session,
                surname=surname,
                given_name=given,
                search_name=search_name(surname, given, "Петрович", given),
                gender="he" if he else "she",
                **IMPORTED,
            )
            session.add(
                Prosecution(
                    prisoner_id=someone.id,
                    articles=["205.5" if he else "207.3"],
                    region_iso="RU-MOW" if he else "RU-SPE",
                    started_year=2022,
                )
            )
    count_others(service.database)
    before = client.get("/figures.json").json()
    assert (before["people"], before["tables"]["article"][0]["people"]) == (40, 20)
    told = {"relation": "other", "message": "", "contact": ""}
    answers = [
        client.post("/objection", data={"about": name, **told}).text
        for name in ("Скрытов Егор", "Никого Нет")
    ]
    assert answers[0] == answers[1]
    with service.database.read() as session:
        hidden = session.exec(select(Prisoner.surname).where(Prisoner.hidden)).all()
    assert hidden == ["Скрытов"], "the objection acts at once, and no figure tells it"
    assert client.get("/figures.json").json() == before
    assert "At least 40 people" in client.get("/figures").text
    worker.tidy(service)
    assert client.get("/figures.json").json()["people"] == 30


def test_the_page_says_how_it_counts(client: TestClient, long_tables: Service) -> None:
    note = client.get("/figures.json").json()["note"]
    assert "Whoever has a page here is counted one by one." in note
    assert "rounded down to tens" in note
    assert note.replace("'", "&#39;") in client.get("/figures").text
    client.headers["accept-language"] = "ru"
    assert "округлено вниз до десятков" in client.get("/figures").text
