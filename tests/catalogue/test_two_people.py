"""Who is in the catalogue twice: found by the sound of names, asked once, warned of on entering."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.catalogue.doubts import Looks
from app.database import Database
from app.lifecycle import Role
from app.models import ImportAnswer, Prisoner, SourceId
from app.queries import doubtful
from app.sameness.matching import pair_key
from app.service import Service
from tests.staffing import browser_of
from tests.world import make_prisoner


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


def named(database: Database, *spellings: tuple[str, str, str | None, int | None]) -> list[str]:
    with database.write() as session:
        return [
            make_prisoner(
                session,
                surname=surname,
                given_name=given,
                patronymic=patronymic,
                birth_year=year,
                placed=False,
            ).id
            for surname, given, patronymic, year in spellings
        ]


def twice(database: Database) -> dict[str, set[str]]:
    """Surname and patronymic of everybody listed → of those who may be the same."""
    with database.read() as session:
        found = doubtful.find_doubtful(session, Looks.TWICE, 1)
    assert found.total == len(found.people)
    return {row.name: {other.name for other in found.doubles[row.id]} for row in found.people}


def test_two_spellings_of_one_person(database: Database) -> None:
    named(
        database,
        ("Кригер", "Марк", "Львович", 1980),
        ("Кригир", "Марк", "Львович", 1980),
        ("Krieger", "Марк", "Львович", 1980),
        ("Зимин", "Марк", "Львович", 1980),
    )
    first, second, third = (f"{name} Марк Львович" for name in ("Кригер", "Кригир", "Krieger"))
    found = twice(database)
    assert found[first] == {second, third}
    assert first in found[second]
    assert first in found[third]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("first", "second", "doubt"),
    [
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Петр", "Петрович", 1980), True),
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Пётр", "Львович", 1980), False),
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Пётр", None, 1980), True),
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Пётр", "Петрович", None), True),
        (("Иванов", "Пётр", "Петрович", None), ("Иванов", "Пётр", "Петрович", None), True),
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Пётр", "Петрович", 1981), True),
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Пётр", None, 1981), False),
        (("Иванов", "Пётр", "Петрович", 1980), ("Иванов", "Пётр", "Петрович", 1982), False),
        (("Иванов", "Артём", "Петрович", 1980), ("Иванов", "Артемий", "Петрович", None), True),
        (("Иванов", "Артём", "Петрович", 1980), ("Иванов", "Артрём", "Петрович", 1980), True),
        (("Иванов", "Пётр", "Петрович", 1980), ("Пётр", "Иванов", "Петрович", 1980), True),
        (("Иванова", "Анна", "Петровна", 1980), ("Иванова", "Яна", "Петровна", 1980), False),
        (("Иванов", "Пётр", "Петрович", None), ("Иванов", "Пётр", "Львович", None), False),
        (("Ким", "Пётр", "Петрович", 1980), ("Кум", "Пётр", "Петрович", 1980), False),
    ],
)
def test_who_is_doubted(
    database: Database,
    first: tuple[str, str, str | None, int | None],
    second: tuple[str, str, str | None, int | None],
    doubt: bool,
) -> None:
    named(database, first, second, ("Чужой", "Пётр", "Петрович", 1980))
    with database.read() as session:
        assert doubtful.find_doubtful(session, Looks.TWICE, 1).total == (2 if doubt else 0)


def test_two_people_are_said_to_be_two_once(service: Service, desk: TestClient) -> None:
    first, second, third = named(
        service.database,
        ("Кригер", "Марк", None, 1980),
        ("Кригир", "Марк", None, 1980),
        ("Крюгер", "Марк", None, None),
    )
    page = desk.get("/desk/catalogue/doubtful?kind=twice").text
    assert f'href="/desk/catalogue/{first}/same/{second}"' in page
    compared = desk.get(f"/desk/catalogue/{second}/same/{first}").text
    path = f"/desk/catalogue/{second}/same/{first}/two"
    assert f'action="{path}"' in compared
    answer = desk.post(path)
    assert "They stay two people" in answer.text
    page = desk.get("/desk/catalogue/doubtful?kind=twice").text
    assert f'href="/desk/catalogue/{first}/same/{second}"' not in page
    assert f'href="/desk/catalogue/{second}/same/{first}"' not in page
    # Of the third nobody said anything.
    assert f'href="/desk/catalogue/{first}/same/{third}"' in page
    assert desk.post(f"/desk/catalogue/{first}/same/{first}/two").status_code == 409
    assert desk.post(f"/desk/catalogue/{first}/same/nobody/two").status_code == 404


def test_what_was_answered_where_an_import_asked_holds_here(database: Database) -> None:
    ours, theirs = named(database, ("Кригер", "Марк", None, 1980), ("Кригир", "Марк", None, 1980))
    assert set(twice(database)) == {"Кригер Марк", "Кригир Марк"}
    with database.write() as session:
        session.add(SourceId(source="list", subject="prisoner", key="p7", target_id=theirs))
        key = pair_key("p7", f"our:{ours}")
        session.add(ImportAnswer(source="list", topic="same_person", key=key, answer="other"))
    assert twice(database) == {}


ENTERED = {
    "surname": "Кригир",
    "given_name": "Марк",
    "patronymic": "Львович",
    "has_patronymic": "yes",
    "gender": "he",
    "birthday": "1980-05-06",
    "story_en": "Sings in the evening.",
}


def test_entering_somebody_who_is_there(service: Service, desk: TestClient) -> None:
    (there,) = named(service.database, ("Кригер", "Марк", "Львович", 1980))
    answer = desk.post("/desk/catalogue", data=ENTERED)
    assert answer.status_code == 409
    assert "Somebody of that name is there already" in answer.text
    assert f'href="/desk/catalogue/{there}"' in answer.text
    assert 'value="Кригир"' in answer.text
    assert "Sings in the evening." in answer.text
    assert f'name="not_these" value="{there}"' in answer.text
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 1
    answer = desk.post("/desk/catalogue", data=ENTERED | {"not_these": there})
    assert "Nobody sees it yet" in answer.text
    # Somebody who came meanwhile was not on the page.
    assert desk.post("/desk/catalogue", data=ENTERED | {"not_these": there}).status_code == 409


def test_entering_somebody_else_asks_nothing(service: Service, desk: TestClient) -> None:
    named(service.database, ("Кригер", "Марк", "Петрович", 1980))
    assert "Nobody sees it yet" in desk.post("/desk/catalogue", data=ENTERED).text
