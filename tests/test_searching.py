"""Names are found in either alphabet, however they were put into Latin letters."""

import pytest
from sqlmodel import select

from app.database import Database
from app.models import Prisoner
from app.searching import name_matches
from app.spelling import folded, plain, search_name
from tests.world import make_prisoner


@pytest.mark.parametrize(
    "spelling",
    [
        "Ефремов",
        "ЕФРЕМОВ",
        "Yefremov",
        "Efremov",
        "Jefremow",
        "ефрем",
        "Юрий Ефремов",
        "iurii efremov",
        "Yury",
    ],
)
def test_one_person_is_found_by_every_spelling(database: Database, spelling: str) -> None:
    with database.write() as session:
        make_prisoner(
            session, slug="a", search_name=search_name("Ефремов", "Юрий", "Ильич", "Yury Yefremov")
        )
        make_prisoner(
            session, slug="b", search_name=search_name("Полевая", "Вера", None, "Vera Polevaya")
        )
    with database.read() as session:
        assert session.exec(select(Prisoner.slug).where(name_matches(spelling))).all() == ["a"]


def test_wildcards_find_nothing_and_nothing_finds_all(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session)
    with database.read() as session:
        assert session.exec(select(Prisoner.slug).where(name_matches("O_erova"))).all() == []
        assert len(session.exec(select(Prisoner.slug).where(name_matches(" "))).all()) == 1


def test_letters_are_made_equal() -> None:
    assert plain("  Щёголева-Кор\u0301 ") == "щеголева кор"
    assert folded("Щёголева") == folded("Schegoleva")
    assert folded("Фёдор") == folded("Fyodor") == folded("Fedor")
