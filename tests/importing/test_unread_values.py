"""What stands in a list and nobody can read is asked about, and empties nothing that we have."""

from typing import Any

import pytest
from sqlmodel import select

from app.models import Prisoner, Prosecution
from app.service import Service
from tests.importing.bringing import (
    VERA,
    bring_in,
    confirmed,
    decide,
    without_doubts,
)

BAD: dict[str, tuple[str, str, Any]] = {
    "persecution_started": ("31.02.2022", "started_on", None),
    "persecution_ended_year": ("soon", "ended_year", None),
    "first_verdict_date": ("in spring", "first_verdict_on", None),
    "verdict_imprisonment_term": ("шесть", "sentence_months", None),
    "birth_year": ("young", "birth_year", None),
    "birthday": ("30.02.1990", "birthday", None),
}


def asked(made: Any) -> list[tuple[str, str]]:
    return [
        (doubt.detail["field"], doubt.detail["said"])
        for doubt in made.doubts
        if doubt.topic == "unread"
    ]


@pytest.mark.parametrize("column", BAD)
def test_it_is_asked_about_once(service: Service, column: str) -> None:
    said, field, _ = BAD[column]
    rows = [VERA | {column: said}]
    assert asked(bring_in(service, rows)) == [(field, said)]
    decide(service, "unread", "seen")
    again = bring_in(service, rows)
    assert asked(again) == []
    assert without_doubts(again) == {}


def test_it_empties_nothing_that_we_have(service: Service) -> None:
    well = VERA | {
        "persecution_id": "c1",
        "persecution_started": "15.01.22",
        "first_verdict_date": "3 марта 2023 г.",
        "persecution_ended_year": 2024,
        "birthday": "01/02/1990",
    }
    bring_in(service, [well])
    with service.database.read() as session:
        before = session.exec(select(Prosecution)).one().model_dump()
        born = session.exec(select(Prisoner)).one().model_dump()
    assert (str(before["started_on"]), str(before["first_verdict_on"])) == (
        "2022-01-15",
        "2023-03-03",
    )
    assert str(born["birthday"]) == "1990-02-01"
    ill = well | {column: said for column, (said, _, _) in BAD.items()}
    made = bring_in(service, [ill])
    assert sorted(asked(made)) == sorted((field, said) for said, field, _ in BAD.values())
    assert without_doubts(made) == {}
    with service.database.read() as session:
        assert session.exec(select(Prosecution)).one().model_dump() == before
        assert session.exec(select(Prisoner)).one().model_dump() == born


@pytest.mark.parametrize("day", ["9990-03-01", "0022-03-01", "1 марта 9990"])
def test_a_day_of_another_age_is_asked_about_and_breaks_nothing(service: Service, day: str) -> None:
    person = confirmed(service)
    far = VERA | {"persecution_started": day, "verdict_imprisonment_term": 400}
    assert ("started_on", day) in asked(bring_in(service, [far]))
    with service.database.read() as session:
        days = {str(row.started_on) for row in session.exec(select(Prosecution))}
        assert days <= {"2022-03-01", "None"}
        assert session.get_one(Prisoner, person.id).published
