"""Lists that tell the day of release and the languages somebody reads."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.catalogue import editing, merging
from app.catalogue.details import PersonDetails
from app.models import Prisoner
from app.service import Service
from tests.importing.bringing import (
    bring_table,
    decide,
    occasion,
    the_only_person,
    without_doubts,
)
from tests.importing.test_unread_values import asked

VERA: dict[str, Any] = {"person": "7", "name": "Полевая Вера Ильинична", "birth": "1990"}
TOLD = VERA | {"release_on": "10.12.2026", "languages": "русский и немецкий"}


def known(service: Service) -> tuple[str, str, dict[str, str]]:
    with service.database.read() as session:
        row = the_only_person(session)
        return str(row.release_on), row.languages_read, row.provenance


def edit(session: Session, service: Service, **values: Any) -> None:
    row = the_only_person(session)
    now = {name: getattr(row, name) for name in PersonDetails.model_fields}
    details = PersonDetails.model_validate(now | values)
    editing.edit(session, row.id, details, occasion(service))


def test_both_are_entered_with_where_they_come_from(service: Service) -> None:
    bring_table(service, TOLD)
    day, languages, origins = known(service)
    assert (day, languages) == ("2026-12-10", "ru,de")
    assert (origins["release_on"], origins["languages_read"]) == ("memorial", "memorial")
    assert without_doubts(bring_table(service, TOLD)) == {}
    assert without_doubts(bring_table(service, TOLD | {"languages": "de, ru"})) == {}


def test_what_the_list_changes_or_takes_back_follows(service: Service) -> None:
    bring_table(service, VERA)
    assert known(service)[:2] == ("None", "")
    bring_table(service, TOLD)
    bring_table(service, TOLD | {"release_on": "2027-01-31", "languages": "ru, en"})
    assert known(service)[:2] == ("2027-01-31", "ru,en")
    bring_table(service, VERA)
    assert known(service)[:2] == ("2027-01-31", "ru,en"), "no such column says nothing"
    bring_table(service, TOLD | {"release_on": "", "languages": ""})
    assert known(service)[:2] == ("None", "")


def test_what_one_of_us_entered_stays_and_is_asked_about_once(service: Service) -> None:
    bring_table(service, VERA)
    with service.database.write() as session:
        edit(session, service, release_on="2027-05-01", languages_read="ru")
    made = bring_table(service, TOLD)
    doubts = {doubt.detail["field"]: doubt.detail for doubt in made.doubts}
    assert (
        doubts["release_on"] | {"ours": "2027-05-01", "theirs": "2026-12-10"}
        == doubts["release_on"]
    )
    assert doubts["languages_read"]["theirs"] == "ru,de"
    day, languages, origins = known(service)
    assert (day, languages, origins["release_on"]) == ("2027-05-01", "ru", "coordinator")
    decide(service, "other_value", "theirs")
    bring_table(service, TOLD)
    assert known(service)[:2] == ("2026-12-10", "ru,de")
    assert without_doubts(bring_table(service, TOLD)) == {}


@pytest.mark.parametrize(
    ("column", "field", "said"),
    [
        ("release_on", "release_on", "декабрь 2026"),
        ("release_on", "release_on", "2026"),
        ("release_on", "release_on", "31.02.2026"),
        ("release_on", "release_on", "10.12.1926"),
        ("release_on", "release_on", "10.12.3026"),
        ("release_on", "release_on", "10.12.2026 или 15.01.2027"),
        ("release_on", "release_on", "скоро"),
        ("languages", "languages_read", "русский, эльфийский"),
    ],
)
def test_what_cannot_be_read_is_asked_about_and_empties_nothing(
    service: Service, column: str, field: str, said: str
) -> None:
    bring_table(service, TOLD)
    made = bring_table(service, TOLD | {column: said})
    strange = "эльфийский" if column == "languages" else said
    assert asked(made) == [(field, strange)]
    assert without_doubts(made) == {}
    assert known(service)[:2] == ("2026-12-10", "ru,de")
    decide(service, "unread", "seen")
    assert asked(bring_table(service, TOLD | {column: said})) == []


@pytest.mark.parametrize(
    "said",
    [
        "10 декабря 2026 г.",
        "December 10, 2026",
        "10.12.26",
        "2026-12-10T00:00:00",
        datetime(2026, 12, 10),  # noqa: DTZ001
        date(2026, 12, 10),
    ],
)
def test_days_as_people_write_them(service: Service, said: Any) -> None:
    bring_table(service, VERA | {"release_on": said})
    assert known(service)[0] == "2026-12-10"


def test_of_several_rows_the_last_day_and_all_languages(service: Service) -> None:
    first = TOLD | {"case": "a", "started": "2024-01-01", "languages": "ru"}
    second = TOLD | {"case": "b", "started": "2022-01-01", "release_on": "01.03.2028"}
    bring_table(service, first, second)
    assert known(service)[:2] == ("2028-03-01", "ru,de")


def test_two_records_that_are_merged_are_not_asked_about_again(service: Service) -> None:
    twice = TOLD | {"person": "8", "name": "Палевая Вера Ильинична", "release_on": "05.05.2027"}
    bring_table(service, TOLD)
    bring_table(service, TOLD, twice)
    decide(service, "same_person", "other")
    bring_table(service, TOLD, twice)
    with service.database.write() as session:
        rows = session.exec(select(Prisoner)).all()
        kept = next(row for row in rows if row.surname == "Полевая")
        other = next(row for row in rows if row.surname == "Палевая")
        merging.merge(session, kept.id, other.id, {}, occasion(service))
    made = bring_table(service, TOLD, twice)
    assert [doubt.detail.get("field") for doubt in made.doubts] == []
    assert without_doubts(made) == {}
    assert known(service)[0] == "2026-12-10"
