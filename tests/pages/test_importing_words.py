"""Words of a list that mean one of ours: said at the desk, understood, told when they cannot be."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.importing.sources import reading
from app.importing.sources.meanings import is_understood
from app.lifecycle import Role
from app.locale import translations
from app.pages.catalogue.importing_words import OUR_WORDS, PEOPLE_COLUMNS
from app.service import Service
from tests.pages.test_importing_lists import PEOPLE, chosen, hand_in, the_reading
from tests.pages.test_writing import words_on
from tests.staffing import desk_of

WORDS = (
    "Кто такой: учит детей = учительница\n"
    "\n"
    'Где сидит: "за решёткой" = «под стражей»\n'
    "Где сидит: Ушёл = released\n"
)
CALLED = PEOPLE.replace("учительница", "Учит детей").replace("под стражей", "За решёткой")
SAID = {
    "label": "Комитет",
    "head": "1",
    "column-1": "name",
    "column-2": "birth",
    "column-3": "profession_ru",
    "column-4": "state",
}


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with desk_of(service, Role.CATALOGUE) as browser:
        yield browser


def words_typed(page: str) -> str:
    field = re.search(r'<textarea[^>]*name="words"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert field
    return unescape(field[1]).strip()


def test_words_of_a_list_mean_what_is_said_of_them(service: Service, desk: TestClient) -> None:
    asked = hand_in(desk, CALLED)
    assert "For example: Где сидит: За решёткой = in custody" in words_on(asked.text)
    desk.post(asked.url.path, data=SAID | {"words": WORDS})
    assert the_reading(service).mapping["words"] == {
        "profession_ru": {"учит детей": "учительница"},
        "state": {"за решёткой": "под стражей", "Ушёл": "released"},
    }
    assert reading.carry(service, the_reading(service).id, "1") == "read"
    lines = words_on(desk.get(f"{desk.get(asked.url.path).url.path}?kind=new").text)
    assert "учительница" in lines
    assert "in custody" in lines
    assert "What does this mean?" not in lines, "nothing is asked about «За решёткой»"
    again = hand_in(desk, CALLED + "4;Озёрная Анна Львовна;1990;;Ушёл\n").text
    assert words_typed(again).split("\n") == [
        "Кто такой: учит детей = учительница",
        "Где сидит: за решёткой = под стражей",
        "Где сидит: Ушёл = released",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("за решёткой = in custody", "Line 1: begin it with the name of a column"),
        ("\nНомер дела: 1 = 2", "Line 2: begin it with the name of a column"),
        ("Где сидит: за решёткой", "Line 1: after the word of the list comes ="),
        ("Где сидит: = in custody", "Line 1: after the word of the list comes ="),
        ("Где сидит: там = ", "Line 1: after the word of the list comes ="),
        (
            "Где сидит: там = на Марсе",
            "Line 1: «на Марсе» is not understood in this column. There are: in custody, in",
        ),
        ("Кто такой: x = y\n" * 2000, "At most 20000 characters fit."),
    ],
)
def test_words_that_cannot_be_meant_are_told_and_kept(
    service: Service, desk: TestClient, words: str, told: str
) -> None:
    path = hand_in(desk, CALLED).url.path
    answer = desk.post(path, data=SAID | {"words": words})
    assert answer.status_code == 422
    assert told in words_on(answer.text)
    assert 'id="words-error"' in answer.text
    assert words_typed(answer.text) == words.strip()
    assert chosen(answer.text)["Где сидит"] == "state"
    assert the_reading(service).state == "chosen"


def test_words_of_places_too(service: Service, desk: TestClient) -> None:
    content = "Где;Режим\nФКУ ОИК-2;строгач\n"
    path = hand_in(desk, content, "places").url.path
    said = {"label": "Places", "head": "1", "column-0": "name", "column-1": "kind"}
    wrong = desk.post(path, data=said | {"words": "Режим: строгач = крепость"})
    assert "There are: remand prison, penal colony, strict regime" in words_on(wrong.text)
    desk.post(path, data=said | {"words": "Режим: строгач = strict regime"})
    assert reading.carry(service, the_reading(service).id, "1") == "read"
    lines = words_on(desk.get(f"{desk.get(path).url.path}?kind=new").text)
    assert "strict-regime penal colony" in lines


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("column", OUR_WORDS)
def test_every_word_that_is_offered_is_understood(language: str, column: str) -> None:
    concerns = "people" if column in PEOPLE_COLUMNS else "places"
    for word in translations(language).gettext(OUR_WORDS[column]).split(", "):
        assert is_understood(concerns, column, word), word
    assert not is_understood(concerns, column, "крепость")
