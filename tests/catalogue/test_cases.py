"""Cases that one of us enters and corrects: found by them, kept by imports, told in the history."""

from datetime import date

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from app.catalogue import cases
from app.catalogue.cases import CaseDetails
from app.catalogue.standing import Occasion
from app.database import Database
from app.errors import Conflict, NotFound
from app.finding.asking import Wanted
from app.models import Event, Note, Prosecution
from app.moving import by_staff
from app.queries import finding
from tests.world import NOON, make_prisoner

OCCASION = Occasion(by_staff("c" * 24), NOON, NOON.date(), 180, by_coordinator=True)
TYPED = {
    "articles": "ст. 207.3 ч. 2 УК РФ\nст. 280.3 УК РФ",
    "category": "freedom of speech",
    "region": "Москва",
    "started_on": "2023-04-05",
    "sentence_months": "84",
    "ratings": "memorial",
}


def details(**changed: str) -> CaseDetails:
    return CaseDetails.model_validate(TYPED | changed)


def test_a_person_is_found_by_a_case_that_was_entered(database: Database) -> None:
    with database.write() as session:
        person = make_prisoner(session)
    with database.write() as session:
        made = cases.add(session, person.id, details(), OCCASION)
    with database.read() as session:
        assert (made.articles, made.region_iso) == (
            ["ст. 207.3 ч. 2 УК РФ", "ст. 280.3 УК РФ"],
            "RU-MOW",
        )
        assert (made.started_year, made.provenance["articles"]) == (2023, "coordinator")
        for field, value in (("article", "280.3"), ("rating", "memorial"), ("sentence", "to_7")):
            asked = Wanted.of("", [(field, value)])
            found = finding.find(session, asked, NOON.date(), 1)
            assert [each.id for each in found.people] == [person.id], field


def test_a_change_is_credited_and_told(database: Database) -> None:
    with database.write() as session:
        person = make_prisoner(session)
        case = Prosecution(
            prisoner_id=person.id,
            articles=["ст. 207.3 ч. 2 УК РФ", "ст. 280.3 УК РФ"],
            category="freedom of speech",
            region="Москва",
            region_iso="RU-MOW",
            started_on=date(2023, 4, 5),
            started_year=2023,
            sentence_months=60,
            ratings=["memorial"],
            source="ovdinfo",
            source_id="7",
            provenance={"sentence_months": "ovdinfo", "category": "ovdinfo"},
        )
        session.add(case)
        session.flush()
        cases.edit(session, person.id, case.id, details(), OCCASION)
        assert case.provenance == {"sentence_months": "coordinator", "category": "ovdinfo"}
        event = session.exec(select(Event).where(col(Event.to) == "case_changed")).one()
        assert session.get_one(Note, event.note_id).text == "sentence_months: 60 → 84"
        cases.edit(session, person.id, case.id, details(), OCCASION)
        assert len(session.exec(select(Event).where(col(Event.to) == "case_changed")).all()) == 1
        with pytest.raises(Conflict):
            cases.remove(session, person.id, case.id, OCCASION)


def test_what_was_entered_by_mistake_goes_and_is_still_told(database: Database) -> None:
    with database.write() as session:
        person, other = make_prisoner(session), make_prisoner(session)
        case = cases.add(session, person.id, details(), OCCASION)
        session.flush()
        with pytest.raises(NotFound):
            cases.remove(session, other.id, case.id, OCCASION)
        cases.remove(session, person.id, case.id, OCCASION)
    with database.read() as session:
        assert session.exec(select(Prosecution)).all() == []
        event = session.exec(select(Event).where(col(Event.to) == "case_removed")).one()
        assert "ст. 280.3 УК РФ → —" in (session.get_one(Note, event.note_id).text or "")
        assert (
            finding.find(session, Wanted.of("", [("article", "280.3")]), NOON.date(), 1).people
            == []
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"sentence_months": "10000"},
        {"sentence_months": "84", "sentence_life": "yes"},
        {"started_year": "2020"},
        {"started_on": "soon"},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        details(**wrong)


@pytest.mark.parametrize("field", ["started_on", "first_verdict_on"])
@pytest.mark.parametrize("day", ["9990-01-01", "0202-01-01", "1975-01-01", "2101-01-01"])
def test_a_day_of_another_age_is_a_slip_of_the_pen(field: str, day: str) -> None:
    with pytest.raises(ValidationError, match="cannot be right"):
        details(**{field: day})
