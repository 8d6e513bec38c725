"""Names in an order of their own: what the head of a column says, and what was saved before."""

from datetime import date

import pytest
from sqlmodel import select

from app.importing.gathering.people import gather
from app.importing.records import Gathered
from app.importing.sources import columns, tables
from app.models import Prisoner
from app.service import Service
from tests.importing.bringing import bring_table, decide

TODAY = date(2026, 11, 22)
NAMES = "Анна Иванова", "Мартин Роман", "Мин Пак", "Ковалёва Ольга"


def read(head: str, *names: str, **fixed: str) -> Gathered:
    """A table of names under this head, read as the desk guesses and reads it."""
    mapping = {ours: theirs for theirs, ours in columns.guessed([head], "people").items()}
    mapped = tables.Mapped(source="list", label="A list", columns=mapping, fixed=dict(fixed))
    content = "\n".join([f'"{head}";"x"', *(f'"{name}";""' for name in names)]).encode()
    return tables.read_content(content, "list.csv", mapped, "people", TODAY)


def titles(gathered: Gathered) -> list[str]:
    return [person.title for person in gathered.people.values()]


def asked_about(gathered: Gathered) -> list[str]:
    return [doubt.title for doubt in gathered.doubts if doubt.topic == "name"]


@pytest.mark.parametrize(
    ("head", "found", "asked"),
    [
        ("Имя и фамилия", ["Роман Мартин", "Пак Мин"], []),
        ("Фамилия, имя", ["Мартин Роман", "Мин Пак"], []),
        ("Name", ["Мартин Роман", "Мин Пак"], ["Мартин Роман", "Мин Пак"]),
    ],
)
def test_the_head_decides_what_the_words_do_not(
    head: str, found: list[str], asked: list[str]
) -> None:
    gathered = read(head, *NAMES)
    assert titles(gathered) == ["Иванова Анна", *found, "Ковалёва Ольга"]
    assert asked_about(gathered) == asked


def test_a_mapping_says_it_where_the_head_does_not() -> None:
    gathered = read("Name", *NAMES, name_order="given")
    assert titles(gathered) == ["Иванова Анна", "Роман Мартин", "Пак Мин", "Ковалёва Ольга"]
    assert asked_about(gathered) == []


def gathered_from(*rows: dict[str, str]) -> Gathered:
    gathered = Gathered("list", "A list")
    gather(enumerate(rows, 1), gathered, TODAY)
    return gathered


def test_a_row_with_initials_is_understood_by_another_row_of_the_same_id() -> None:
    whole = {"person": "7", "name": "Шевчук Олег Андреевич"}
    gathered = gathered_from(whole, {"person": "7", "name": "О.А. Шевчук"})
    assert (titles(gathered), gathered.unreadable) == (["Шевчук Олег Андреевич"], [])
    assert [doubt.topic for doubt in gathered.doubts if doubt.topic != "gender"] == []
    other = gathered_from(whole, {"person": "7", "name": "О.А. Бондарь"})
    assert titles(other) == []
    assert {broken.reason for broken in other.unreadable} == {"initials"}


def test_an_initial_makes_nobody_gone() -> None:
    with_id = gathered_from({"person": "7", "name": "О.А. Шевчук"})
    assert (with_id.seen_people, with_id.damaged) == (["7"], [])
    assert gathered_from({"name": "О.А. Шевчук"}).damaged == [""]


def test_a_patronymic_that_one_row_has_whole_is_taken_from_it() -> None:
    rows = ({"person": "7", "name": name} for name in ("Шевчук Олег А.", "Шевчук Олег Ильич"))
    gathered = gathered_from(*rows)
    assert (titles(gathered), asked_about(gathered)) == (["Шевчук Олег Ильич"], [])


def test_who_was_saved_the_wrong_way_round_is_put_right_by_the_id(service: Service) -> None:
    anna = {"person": "7", "surname": "Анна", "given_name": "Иванова", "gender": "ж"}
    bring_table(service, anna)
    made = bring_table(service, {"person": "7", "name": "Анна Иванова", "gender": "ж"})
    assert made.counts == {"changed.person": 1}
    with service.database.read() as session:
        row = session.exec(select(Prisoner)).one()
        assert (row.surname, row.given_name) == ("Иванова", "Анна")


def test_without_an_id_it_is_asked_and_nobody_is_entered_twice(service: Service) -> None:
    bring_table(service, {"surname": "Анна", "given_name": "Иванова", "gender": "ж"})
    rows = {"name": "Анна Иванова", "gender": "ж"}
    made = bring_table(service, rows)
    [doubt] = made.doubts
    assert (doubt.topic, doubt.title, doubt.detail["why"]) == (
        "same_person",
        "Иванова Анна",
        "swapped",
    )
    decide(service, "same_person", "same")
    bring_table(service, rows)
    with service.database.read() as session:
        row = session.exec(select(Prisoner)).one()
        assert (row.surname, row.given_name) == ("Иванова", "Анна")
