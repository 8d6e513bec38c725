"""An id of a list that means somebody else one day: nobody is renamed before somebody looked."""

from typing import Any

import pytest
from sqlmodel import Session, select

from app.models import Event, Prisoner, Prosecution, SourceId
from app.service import Service
from tests.importing.bringing import bring_table, decide, without_doubts

VERA = {
    "person": "1",
    "name": "Полевая Вера Ильинична",
    "birth_year": "1990",
    "state": "in custody",
    "articles": "207.3",
    "started_year": "2022",
}
PYOTR = {
    "person": "2",
    "name": "Горный Пётр Олегович",
    "birth_year": "1970",
    "state": "in custody",
    "articles": "205.2",
    "started_year": "2023",
}
OLEG = VERA | {"name": "Лесной Олег Юрьевич", "birth_year": "1981", "articles": "280.3"}


def everybody(session: Session) -> dict[str, Prisoner]:
    return {row.surname: row for row in session.exec(select(Prisoner))}


def known_as(session: Session) -> dict[str, str]:
    names = {row.id: row.surname for row in session.exec(select(Prisoner))}
    return {row.key: names[row.target_id] for row in session.exec(select(SourceId))}


def articles(session: Session) -> dict[str, list[str]]:
    names = {row.id: row.surname for row in session.exec(select(Prisoner))}
    found: dict[str, list[str]] = {}
    for case in session.exec(select(Prosecution)):
        found.setdefault(names[case.prisoner_id], []).extend(case.articles)
    return found


def test_a_list_that_was_sorted_anew_renames_nobody(service: Service) -> None:
    bring_table(service, VERA, PYOTR)
    made = bring_table(service, VERA | {"person": "2"}, PYOTR | {"person": "1"})
    assert [doubt.topic for doubt in made.doubts] == ["same_person", "same_person"]
    assert without_doubts(made) == {}
    with service.database.read() as session:
        people = everybody(session)
        assert people.keys() == {"Полевая", "Горный"}
        assert people["Полевая"].birth_year == 1990
        assert articles(session) == {"Полевая": ["207.3"], "Горный": ["205.2"]}


def test_who_is_somebody_else_is_entered_and_the_former_one_stays(service: Service) -> None:
    bring_table(service, VERA)
    made = bring_table(service, OLEG)
    [doubt] = made.doubts
    assert (doubt.topic, doubt.title) == ("same_person", "Лесной Олег Юрьевич")
    assert doubt.detail["ours"] == "Полевая Вера Ильинична"
    decide(service, "same_person", "other")
    for _time in range(2):
        bring_table(service, OLEG)
        with service.database.read() as session:
            assert everybody(session).keys() == {"Полевая", "Лесной"}
            assert known_as(session) == {"1": "Лесной"}
            assert articles(session) == {"Полевая": ["207.3"], "Лесной": ["280.3"]}
            vera = everybody(session)["Полевая"]
            told = select(Event.to).where(Event.subject_id == vera.id)
            assert list(session.exec(told)).count("gone") == 1
    assert bring_table(service, OLEG).doubts == []


def test_who_is_the_same_after_all_gets_the_new_name(service: Service) -> None:
    bring_table(service, VERA)
    bring_table(service, OLEG)
    decide(service, "same_person", "same")
    made = bring_table(service, OLEG)
    assert made.doubts == []
    with service.database.read() as session:
        assert everybody(session).keys() == {"Лесной"}
    assert [doubt.topic for doubt in bring_table(service, PYOTR | {"person": "1"}).doubts] == [
        "same_person"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Лесная Вера Ильинична"},  # married
        {"name": "Полевая Вера Ильинична", "birth_year": "1991"},
        {"name": "Полевая Вера Илинична", "birth_year": "1991"},
        {"name": "Лесная Вера", "birth_year": ""},
    ],
)
def test_a_new_surname_or_a_corrected_year_alone_is_no_other_person(
    service: Service, changed: dict[str, Any]
) -> None:
    bring_table(service, VERA)
    made = bring_table(service, VERA | changed)
    assert not [doubt for doubt in made.doubts if doubt.topic == "same_person"]
    with service.database.read() as session:
        [row] = everybody(session).values()
        assert row.surname == changed["name"].split()[0]


def test_without_a_year_another_name_altogether_is_asked_about(service: Service) -> None:
    bring_table(service, VERA | {"birth_year": ""})
    made = bring_table(service, OLEG | {"birth_year": ""})
    assert [doubt.topic for doubt in made.doubts] == ["same_person"]
    with service.database.read() as session:
        assert everybody(session).keys() == {"Полевая"}
