"""Two records of one person had the same prosecution: it is one case after they are merged."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.catalogue import cases, joining_cases, merging, two_cases
from app.catalogue.cases import CaseDetails
from app.catalogue.standing import Occasion
from app.database import Database
from app.errors import Invalid, NotFound
from app.models import Event, Note, Prisoner, Prosecution
from app.moving import by_staff
from app.queries import doubtful
from app.service import Service
from tests.importing.bringing import VERA, bring_in, bring_table, decide, without_doubts
from tests.world import NOON, make_prisoner

OCCASION = Occasion(by_staff("c" * 24), NOON, NOON.date(), 180, by_coordinator=True)
TOLD: dict[str, Any] = {
    "articles": ["207.3 p. 2"],
    "region": "Kirov Region",
    "region_iso": "RU-KIR",
    "started_on": date(2022, 3, 1),
    "started_year": 2022,
    "city": "Kirov",
    "stage": "Appeal",
    "source": "ovdinfo",
    "source_id": "a",
    "provenance": {"articles": "ovdinfo", "region": "ovdinfo"},
}
OTHER: dict[str, Any] = {
    "articles": ["ст. 207.3 ч. 2 УК РФ"],
    "region": "Кировская область",
    "started_year": 2022,
    "verdict": "семь лет",
    "ratings": ["memorial"],
    "source": "memorial",
    "source_id": "m1",
    "provenance": {"verdict": "memorial", "ratings": "memorial", "ratings/memorial": "memorial"},
}


def two_records(database: Database, first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    with database.write() as session:
        people = [make_prisoner(session) for _ in range(2)]
        for person, case in zip(people, (first, second), strict=True):
            session.add(Prosecution(prisoner_id=person.id, **case))
        return [person.id for person in people]


def merged(database: Database, first: dict[str, Any], second: dict[str, Any]) -> str:
    kept, other = two_records(database, first, second)
    with database.write() as session:
        merging.merge(session, kept, other, {}, OCCASION)
    return kept


def cases_of(session: Session, person: str) -> list[Prosecution]:
    mine = select(Prosecution).where(Prosecution.prisoner_id == person)
    return list(session.exec(mine.order_by(col(Prosecution.source_id))).all())


def test_the_same_prosecution_is_one_case_after_merging(database: Database) -> None:
    kept = merged(database, TOLD, OTHER)
    with database.read() as session:
        [case] = cases_of(session, kept)
        assert (case.source, case.source_id) == ("ovdinfo", "a")
        assert (case.articles, case.region) == (["207.3 p. 2"], "Kirov Region")
        assert (case.verdict, case.ratings) == ("семь лет", ["memorial"])
        assert case.provenance["verdict"] == case.provenance["ratings/memorial"] == "memorial"
        [note] = session.exec(
            select(Note)
            .join(Event, col(Event.note_id) == Note.id)
            .where(Event.to == "cases_joined", Event.subject_id == kept)
        ).all()
        assert "articles: ст. 207.3 ч. 2 УК РФ → —" in (note.text or "").split("\n")
        assert two_cases.pairs(session, [case]) == []


@pytest.mark.parametrize(
    ("changed", "differ"),
    [
        ({"sentence_months": 60}, ("sentence_months",)),
        ({"sentence_life": True}, ("sentence_months",)),
        ({"first_verdict_on": date(2023, 1, 1)}, ("first_verdict_on",)),
        ({"started_year": None, "region": ""}, ()),  # nobody can tell
        ({"region": "Москва"}, ()),
    ],
)
def test_what_contradicts_or_nobody_can_tell_is_asked(
    database: Database, changed: dict[str, Any], differ: tuple[str, ...]
) -> None:
    told = TOLD | {"sentence_months": 84, "first_verdict_on": date(2023, 5, 5)}
    kept = merged(database, told, OTHER | changed)
    with database.read() as session:
        [pair] = two_cases.pairs(session, cases_of(session, kept))
        assert (pair.first.source, pair.differ) == ("ovdinfo", differ)
        found = doubtful.find_doubtful(session, "cases_twice", 1)
        assert [person.id for person in found.people] == [kept]
    with database.write() as session:
        joining_cases.join(session, kept, pair.second.id, pair.first.id, OCCASION)
    with database.read() as session:
        [case] = cases_of(session, kept)
        assert case.source == "memorial"
        assert case.ratings == ["memorial"]
        assert doubtful.find_doubtful(session, "cases_twice", 1).people == []


def test_two_cases_that_are_two_are_asked_about_once(database: Database) -> None:
    kept = merged(database, TOLD, OTHER | {"region": "Москва"})
    with database.write() as session:
        [pair] = two_cases.pairs(session, cases_of(session, kept))
        joining_cases.keep_two(session, kept, pair.second.id, pair.first.id, OCCASION)
    with database.read() as session:
        assert two_cases.pairs(session, cases_of(session, kept)) == []
        assert doubtful.find_doubtful(session, "cases_twice", 1).people == []


def test_different_prosecutions_stay_two(database: Database) -> None:
    kept = merged(database, TOLD, OTHER | {"articles": ["318"], "started_year": 2024})
    with database.read() as session:
        assert len(cases_of(session, kept)) == 2
        assert two_cases.pairs(session, cases_of(session, kept)) == []


def test_cases_of_one_record_are_not_joined_by_merging(database: Database) -> None:
    """A list that has two cases of somebody knows why."""
    kept, other = two_records(database, TOLD, TOLD | {"source_id": "b", "case_name": "A post"})
    with database.write() as session:
        session.add(Prosecution(prisoner_id=kept, **(TOLD | {"source_id": "a-2"})))
        merging.merge(session, kept, other, {}, OCCASION)
    with database.read() as session:
        found = cases_of(session, kept)
        assert [case.source_id for case in found] == ["a", "a-2", "b"]
        assert two_cases.pairs(session, found) == []


def test_whose_case_it_is_is_looked_at(database: Database) -> None:
    kept, other = two_records(database, TOLD, OTHER)
    with database.write() as session:
        [first], [second] = cases_of(session, kept), cases_of(session, other)
        with pytest.raises(NotFound):
            joining_cases.join(session, kept, first.id, second.id, OCCASION)
        with pytest.raises(Invalid):
            joining_cases.join(session, kept, first.id, first.id, OCCASION)


def test_no_list_brings_a_joined_case_again(service: Service) -> None:
    row = {
        "person": "7",
        "name": "Полевая Вера Ильинична",
        "birth_year": 1990,
        "articles": "207.3",
        "started": "2022-03-01",
        "term": "70 месяцев",
        "category": "свобода слова",
        "ratings": ["memorial"],
    }
    bring_in(service, [VERA])
    bring_table(service, row)
    decide(service, "same_person", "other")
    bring_table(service, row)
    with service.database.write() as session:
        theirs = session.exec(select(Prosecution).where(Prosecution.source == "memorial")).one()
        ours = session.exec(select(Prosecution).where(Prosecution.source == "ovdinfo")).one()
        kept, other = ours.prisoner_id, theirs.prisoner_id
        typed = {"articles": "207.3", "started_year": 2022, "category": "speech"}
        details = CaseDetails.model_validate(typed | {"ratings": "Amnesty"})
        cases.add(session, kept, details, OCCASION)
        merging.merge(session, kept, other, {}, OCCASION)
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 1
        # The one that was entered by hand contradicts nothing; the lists' sentences differ.
        [pair] = two_cases.pairs(session, cases_of(session, kept))
        assert {pair.first.source, pair.second.source} == {"ovdinfo", "memorial"}
        assert pair.differ == ("sentence_months",)
    with service.database.write() as session:
        joining_cases.join(session, kept, ours.id, theirs.id, OCCASION)
    with service.database.read() as session:
        [case] = cases_of(session, kept)
        assert (case.source, case.category, case.sentence_months) == ("ovdinfo", "speech", 66)
        assert sorted(case.ratings) == ["Amnesty", "memorial"]
    for _ in range(2):
        made = bring_table(service, row)
        assert (made.doubts, made.steps) == ([], [])
        assert without_doubts(bring_in(service, [VERA])) == {}
