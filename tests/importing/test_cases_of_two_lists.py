"""One prosecution that two lists tell of stays one case; a mere rating is no case of its own."""

from typing import Any

import pytest
from sqlmodel import col, select

from app.catalogue import cases
from app.catalogue.cases import CaseDetails
from app.importing.records import OWN_CASE
from app.models import Event, ImportLine, Note, Prisoner, Prosecution
from app.service import Service
from tests.importing.bringing import (
    VERA,
    bring_in,
    bring_table,
    decide,
    occasion,
    the_only_person,
    without_doubts,
)

RATED = {
    "person": "7",
    "name": "Полевая Вера Ильинична",
    "birth_year": 1990,
    "ratings": ["memorial"],
}
SECOND = VERA | {
    "persecution_started": "2024-05-06",
    "case_name_en": "A speech",
    "persecution_article_and_part_en": ["280.3 p. 1"],
}


def recognise(service: Service, row: dict[str, Any]) -> None:
    """The list's person is ours: somebody decides that first."""
    bring_table(service, row)
    decide(service, "same_person", "same")


def all_cases(service: Service) -> list[Prosecution]:
    with service.database.read() as session:
        found = session.exec(select(Prosecution)).all()
    return sorted(found, key=lambda case: (case.started_year or 3000, case.articles))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"articles": "ст. 207.3 ч. 1 УК РФ"},
        {"started_year": "2022"},
        {"articles": "207.3", "started_year": "2022"},
    ],
)
def test_a_rating_joins_the_case_that_is_there(service: Service, more: dict[str, str]) -> None:
    bring_in(service, [VERA])
    row = RATED | more
    recognise(service, row)
    assert without_doubts(bring_table(service, row)) == {"changed.person": 1, "changed.case": 1}
    [case] = all_cases(service)
    assert case.ratings == ["memorial"]
    assert (case.source, case.provenance["ratings/memorial"]) == ("ovdinfo", "memorial")
    assert case.articles == ["207.3 p. 1"]
    for _ in range(2):
        assert without_doubts(bring_table(service, row)) == {}
        assert without_doubts(bring_in(service, [VERA])) == {}
    assert all_cases(service) == [case]


def test_a_rating_that_fits_several_cases_is_asked_about(service: Service) -> None:
    bring_in(service, [VERA, SECOND])
    recognise(service, RATED)
    made = bring_table(service, RATED)
    assert [doubt.topic for doubt in made.doubts] == ["which_case"]
    offered = dict(made.doubts[0].detail["cases"])
    first, second = all_cases(service)
    assert offered.keys() == {first.id, second.id}
    assert offered[second.id] == "280.3 p. 1; A speech; 2024-05-06"
    assert (first.ratings, second.ratings) == ([], [])
    decide(service, "which_case", second.id)
    assert without_doubts(bring_table(service, RATED)) == {"changed.case": 1}
    assert [case.ratings for case in all_cases(service)] == [[], ["memorial"]]
    made = bring_table(service, RATED)
    assert (made.doubts, made.steps) == ([], [])


@pytest.mark.parametrize(("answer", "number"), [(OWN_CASE, 3), ("seen", 2)])
def test_a_rating_may_be_of_neither_case(service: Service, answer: str, number: int) -> None:
    bring_in(service, [VERA, SECOND])
    recognise(service, RATED)
    bring_table(service, RATED)
    decide(service, "which_case", answer)
    for _ in range(2):
        bring_table(service, RATED)
        assert len(all_cases(service)) == number


def test_the_year_tells_which_of_several_cases_is_rated(service: Service) -> None:
    bring_in(service, [VERA, SECOND])
    row = RATED | {"started_year": "2024"}
    recognise(service, row)
    assert bring_table(service, row).doubts == []
    assert [case.ratings for case in all_cases(service)] == [[], ["memorial"]]


def test_whoever_has_no_case_gets_one_for_the_rating(service: Service) -> None:
    bring_in(service, [VERA | {"persecution_started": None, "case_name_en": ""} | NO_CASE])
    assert all_cases(service) == []
    recognise(service, RATED)
    assert without_doubts(bring_table(service, RATED)) == {"changed.person": 1, "new.case": 1}
    [case] = all_cases(service)
    assert (case.source, case.ratings) == ("memorial", ["memorial"])
    assert without_doubts(bring_table(service, RATED)) == {}


NO_CASE: dict[str, Any] = {
    "persecution_article_and_part_en": [],
    "verdict_imprisonment_term": None,
    "persecution_person_state_en": "In custody",
}


def test_another_prosecution_is_a_case_of_its_own(service: Service) -> None:
    bring_in(service, [VERA])
    row = RATED | {"articles": "318", "started_year": "2025"}
    recognise(service, row)
    bring_table(service, row)
    assert [case.articles for case in all_cases(service)] == [["207.3 p. 1"], ["318"]]


def test_the_same_prosecution_worded_otherwise_stays_one(service: Service) -> None:
    kirov = {"persecution_region_en": "Kirov Region", "persecution_region_iso": "RU-KIR"}
    bring_in(service, [VERA | kirov])
    row = RATED | {
        "articles": "ст. 207.3 ч. 1 УК РФ",
        "started": "01.03.2022",
        "region": "Кировская область",
        "case_name": "Дело о записи",
        "verdict": "5,5 лет колонии",
        "term": "66 месяцев",
        "occupation": "учительница",
    }
    recognise(service, row)
    made = bring_table(service, row)
    assert made.doubts == []
    [case] = all_cases(service)
    assert (case.case_name, case.region) == ("A post", "Kirov Region")
    assert (case.occupation, case.provenance["occupation"]) == ("учительница", "memorial")
    # What it filled it may change; what the other list said otherwise is asked about once.
    made = bring_table(service, row | {"occupation": "географ", "term": "70 месяцев"})
    assert [doubt.detail["field"] for doubt in made.doubts] == ["sentence_months"]
    [case] = all_cases(service)
    assert (case.occupation, case.sentence_months) == ("географ", 66)
    decide(service, "other_value", "ours")
    made = bring_table(service, row | {"occupation": "географ", "term": "70 месяцев"})
    assert (made.doubts, made.steps) == ([], [])
    assert without_doubts(bring_in(service, [VERA | kirov])) == {}


def test_a_case_that_one_of_us_entered_is_known_again(service: Service) -> None:
    bring_in(service, [VERA | {"persecution_started": None, "case_name_en": ""} | NO_CASE])
    with service.database.write() as session:
        typed = {"articles": "207.3 ч. 1", "started_on": "2022-03-01", "ratings": "Amnesty"}
        details = CaseDetails.model_validate(typed)
        cases.add(session, the_only_person(session).id, details, occasion(service))
    made = bring_in(service, [VERA])
    assert "new.case" not in made.counts
    [case] = all_cases(service)
    assert (case.source, case.case_name, case.ratings) == ("ovdinfo", "A post", ["Amnesty"])
    assert (case.articles, case.provenance["articles"]) == (["207.3 ч. 1"], "coordinator")
    row = RATED | {"articles": "207.3"}
    recognise(service, row)
    bring_table(service, row)
    [case] = all_cases(service)
    assert case.ratings == ["Amnesty", "memorial"]
    # The list gives it up again: what it gave goes, what one of us gave stays.
    bring_table(service, row | {"ratings": []})
    bring_in(service, [VERA | {"persecution_ratings_en": []}])
    [case] = all_cases(service)
    assert case.ratings == ["Amnesty"]


def test_a_rating_that_one_of_us_took_away_does_not_come_back_unasked(service: Service) -> None:
    bring_in(service, [VERA])
    recognise(service, RATED)
    bring_table(service, RATED)
    with service.database.write() as session:
        [case] = session.exec(select(Prosecution)).all()
        now = {name: getattr(case, name) for name in CaseDetails.model_fields}
        details = CaseDetails.model_validate(now | {"ratings": []})
        cases.edit(session, case.prisoner_id, case.id, details, occasion(service))
    made = bring_table(service, RATED)
    assert [doubt.detail["field"] for doubt in made.doubts] == ["ratings"]
    assert [case.ratings for case in all_cases(service)] == [[]]
    decide(service, "other_value", "theirs")
    bring_table(service, RATED)
    assert [case.ratings for case in all_cases(service)] == [["memorial"]]


def test_the_history_tells_of_cases_that_came_and_went(service: Service) -> None:
    bring_in(service, [VERA])
    bring_in(service, [VERA, SECOND])
    other = VERA | {"person_id": "p9", "name_ru": "Речная Нина Львовна"}
    bring_in(service, [VERA, other])
    with service.database.read() as session:
        told = session.exec(
            select(Event.to, Note)
            .join(Note, col(Note.id) == Event.note_id)
            .where(col(Event.to).in_(("case_found", "case_gone")))
            .order_by(col(Event.id))
        ).all()
        vera = select(Prisoner.id).where(Prisoner.surname == "Полевая")
        whose = session.exec(vera).one()
        lines = [(what, (note.text or "").split("\n")) for what, note in told]
        found = session.exec(select(Event.subject_id).where(Event.to == "case_gone")).all()
    assert found == [whose]
    assert [what for what, _ in lines] == [
        "case_found",
        "case_found",
        "case_gone",
        "case_found",
    ] or [what for what, _ in lines] == ["case_found", "case_found", "case_found", "case_gone"]
    expected = [
        "articles: 280.3 p. 1",
        "case_name: A speech",
        "started_on: 2024-05-06",
        "source: OVD-Info",
    ]
    assert lines[1][1] == expected
    assert ("case_gone", expected) in lines


def test_two_ids_in_one_list_bring_the_same_prosecution_once(service: Service) -> None:
    twin = VERA | {"person_id": "p2"}
    bring_in(service, [VERA, twin])
    decide(service, "same_person", "same")
    bring_in(service, [VERA, twin])
    [case] = all_cases(service)
    made = bring_in(service, [twin, VERA | {"verdict_imprisonment_term": 70}])
    assert without_doubts(made) == {"changed.case": 1}
    [case] = all_cases(service)
    assert case.sentence_months == 70
    assert without_doubts(bring_in(service, [VERA | {"verdict_imprisonment_term": 70}, twin])) == {}


def test_a_list_that_loses_a_case_it_shares_reports_it_once(service: Service) -> None:
    bring_in(service, [VERA])
    other = {"person": "8", "name": "Речной Пётр Львович", "articles": "318"}
    recognise(service, RATED)
    bring_table(service, RATED, other)
    gone = {"gone.person": 1, "gone.case": 1}
    assert without_doubts(bring_table(service, other)) == gone
    assert without_doubts(bring_table(service, other)) == {}
    assert all_cases(service)[0].ratings == ["memorial"]
    assert bring_table(service, RATED, other).counts["changed.case"] == 1
    assert without_doubts(bring_table(service, RATED, other)) == {}
    with service.database.read() as session:
        lines = session.exec(select(ImportLine).where(ImportLine.topic == "which_case")).all()
    assert lines == []
