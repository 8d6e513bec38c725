"""Values of other people's lists, made clean: whatever comes is understood, or nothing."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.importing import cleaning
from app.catalogue.importing.cleaning import Born, Term

WORDS = st.text(alphabet="абвгёжЯЖ ", min_size=1, max_size=12).filter(
    lambda text: text.strip() and cleaning.line(text) != ""
)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  Иванов\u00a0Иван\r\nИванович ", "Иванов Иван Иванович"),
        ('ФКУ "ИК-5"', "ФКУ «ИК-5»"),
        ("ФКУ “ИК-5”", "ФКУ «ИК-5»"),
        ("Ивaнов", "Иванов"),  # the second a is Latin
        ("\u200bАнна\u00ad", "Анна"),
        (["Омск", "Пермь"], "Омск, Пермь"),
        ("NaN", ""),
        ("—", ""),
        (None, ""),
        (1985.0, "1985.0"),
    ],
)
def test_a_line(dirty: object, clean: str) -> None:
    assert cleaning.line(dirty) == clean


@given(ANYTHING)
def test_a_line_is_one_line_and_stays_as_it_is(value: object) -> None:
    clean = cleaning.line(value)
    assert "\n" not in clean
    assert "\u00a0" not in clean
    assert cleaning.line(clean) == clean


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["a", "b", "a", "", None], ["a", "b"]),
        ('["a", "b"]', ["a", "b"]),
        ("['a', 'b']", ["a", "b"]),
        ("{a,b}", ["a", "b"]),
        ("[a, b]", ["a", "b"]),
        ("a; b | c", ["a", "b", "c"]),
        ("one\nvalue", ["one value"]),
        (['["a"]', "b"], ["a", "b"]),
        (7, ["7"]),
        (None, []),
        ("[", ["["]),
    ],
)
def test_items(value: object, found: list[str]) -> None:
    assert cleaning.items(value) == found


@given(st.lists(WORDS, max_size=5))
def test_a_list_that_became_a_string_is_the_same_list(values: list[str]) -> None:
    expected = cleaning.items(values)
    assert cleaning.items(json.dumps(values, ensure_ascii=False)) == expected
    assert cleaning.items(repr(values)) == expected


@given(ANYTHING)
def test_nothing_breaks_on_anything(value: object) -> None:
    assert all(item == cleaning.line(item) for item in cleaning.items(value))
    assert len(cleaning.prose(value)) <= cleaning.LONGEST_PROSE
    cleaning.number(value)
    year = cleaning.year(value)
    assert year is None or 1800 <= year <= 2099
    cleaning.day(value)
    cleaning.truth(value)
    months = cleaning.term(value).months
    assert months is None or 0 < months <= cleaning.LONGEST_TERM


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_way_it_is_written(day: date) -> None:
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 — spreadsheets have no zones
    ways = [day, moment, day.isoformat(), f"{day.isoformat()}T00:00:00.000Z"]
    ways += [f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year} г.", f"{day:%Y/%m/%d}"]
    assert {cleaning.day(way) for way in ways} == {day}


@pytest.mark.parametrize("value", ["31.02.2020", "1985", "soon", "", None, "00.00.0000"])
def test_what_is_no_day_is_none(value: object) -> None:
    assert cleaning.day(value) is None


@pytest.mark.parametrize(
    ("birth", "birth_year", "known"),
    [
        ("1985", None, Born(None, 1985)),
        (None, "1985 г.р.", Born(None, 1985)),
        ("12.03.1985", None, Born(date(1985, 3, 12), 1985)),
        ("12.03.1985", 1985, Born(date(1985, 3, 12), 1985)),
        ("12.03.1985", 1986, Born(None, None, agree=False)),
        (None, None, Born(None, None)),
    ],
)
def test_birthday_and_birth_year(birth: object, birth_year: object, known: Born) -> None:
    assert cleaning.born(birth, birth_year) == known


@pytest.mark.parametrize(
    ("value", "verdict", "term"),
    [
        (66, "", Term(66)),
        ("66.0", "", Term(66)),
        ("5 лет 6 месяцев", "", Term(66)),
        ("5,5 лет", "", Term(66)),
        ("1 year", "", Term(12)),
        ("пожизненно", "", Term(life=True)),
        (12_345, "Life imprisonment", Term(life=True)),
        (12_345, "Imprisonment", Term(stated=12_345)),
        (10_000, "", Term(stated=10_000)),
        (700, "Life imprisonment", Term(stated=700)),
        (-3, "", Term(stated=-3)),
        (0, "", Term()),
        ("", "", Term()),
        ("не назначено", "", Term()),
    ],
)
def test_terms(value: object, verdict: str, term: Term) -> None:
    assert cleaning.term(value, verdict) == term


def test_a_long_story_ends_with_a_sentence() -> None:
    story = cleaning.prose("He reads.\u00a0 He writes.\r\n\r\n\r\n\r\n" * 900)
    assert len(story) <= cleaning.LONGEST_PROSE
    assert story.endswith(".")
    assert "He reads. He writes.\n\nHe reads." in story
