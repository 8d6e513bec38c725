"""Whom an import brings is counted in the public figures when it is done, and found by nobody."""

import pytest
from sqlmodel import select

from app.finding.asking import Wanted
from app.finding.counting import count_others
from app.finding.keeping import index_what_is_missing
from app.models import PersonWord, Prisoner
from app.queries import finding
from app.queries.figures_of_people import figures_of_people
from app.service import Service
from tests.importing.bringing import LOCATIONS, VERA, bring_in
from tests.standins import source

SOURCE = source.make(seed=5, people=150, cases=200, places=12)
NAMES = "Анна Белла Вера Галина Дарья Елена Жанна Зоя Инна Кира Лидия Мария".split()  # noqa: SIM905


@pytest.mark.trust(74)
def test_newcomers_in_custody_are_counted_and_nobody_finds_them(service: Service) -> None:
    bring_in(service, SOURCE.data, SOURCE.locations)
    with service.database.read() as session:
        in_prison = [
            row
            for row in session.exec(select(Prisoner))
            if row.status in {"in_custody", "in_transfer"}
            and row.bar not in {"abroad", "wanted", "house_arrest"}
        ]
        figures = figures_of_people(session, Wanted(), service.today())
        found = finding.find(session, Wanted(), service.today(), 1)
        named = finding.find(session, Wanted(in_prison[0].surname), service.today(), 1)
        assert session.exec(select(PersonWord)).all() == []
    assert len(in_prison) > 30
    assert figures.total == len(in_prison) - len(in_prison) % 10
    assert figures.writable is None
    assert sum(row.people or 0 for row in figures.tables["region"].rows) > 0
    assert (found.people, named.people) == ([], [])
    with service.database.write() as session:
        assert index_what_is_missing(session) == 0
    assert count_others(service.database) == 0


@pytest.mark.trust(74)
def test_a_later_list_is_followed_in_the_figures(service: Service) -> None:
    held = [
        VERA | {"person_id": f"p{at}", "name_ru": f"Полевая{at} {name} Ильинична"}
        for at, name in enumerate(NAMES)
    ]
    free = [row | {"persecution_person_state_en": "Released"} for row in held[:3]]
    bring_in(service, held, LOCATIONS)
    for rows, total in ((held, 10), (free + held[3:], None), (held, 10)):
        bring_in(service, rows, LOCATIONS)
        with service.database.read() as session:
            figures = figures_of_people(session, Wanted(), service.today())
            assert figures.total == total
            articles = figures.tables["article"].rows if total else []
            assert [row.value for row in articles] == (["207.3"] if total else [])
