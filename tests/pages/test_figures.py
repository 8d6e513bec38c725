"""The public figures as a page and as files: nothing is cut, and it is said who is counted."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models import Prosecution
from app.service import Service
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
    assert articles["(unknown)"] == ("not known", "272")
    years = lines(client, "/figures.csv", "year")
    assert len(years) == 32
    assert (years["1995"], years["1997"]) == (("1995", "20"), ("1997", ""))
    regions = lines(client, "/figures.csv", "region")
    assert regions["(other)"] == ("another region", "12")
    assert len(regions) == 91
    assert lines(client, "/figures.csv", "stage")["appeal"] == ("on appeal", "272")
    client.headers["accept-language"] = "ru"
    assert lines(client, "/figures.csv", "region")["RU-MOW"] == ("Москва", "270")
    whole = client.get("/figures.json").json()
    assert len(whole["tables"]["article"]) == 42
    assert whole["tables"]["region"][-2] == {
        "value": "(other)",
        "name": "другой регион",
        "people": 12,
    }


def test_the_page_folds_long_tables_and_has_all_of_them(
    client: TestClient, long_tables: Service
) -> None:
    page = client.get("/figures").text
    assert "282 people who are known to be in prison." in page
    assert "can be written to." not in page
    assert "The whole table, 40 lines" in page
    assert page.count("article 239") == 1 + page.count("article=239")
    assert "The last 20 years; the table has the years before." in page
    assert "another region: 12" in page
    assert "also those who cannot be written to through it yet" in page


@pytest.mark.trust(76)
def test_too_few_are_told_apart_from_nobody_by_no_word(
    client: TestClient, long_tables: Service
) -> None:
    with long_tables.database.write() as session:
        make_people(session, 3, started_year=2024, category="Seldom")
    few, nobody = (client.get(f"/figures?category={value}").text for value in ("seldom", "never"))
    assert "Too few people for figures" in few
    assert few.replace("seldom", "never") == nobody
