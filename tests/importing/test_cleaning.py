"""Values of other people's lists, made clean: whatever comes is understood, or nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sameness import cleaning

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
        ('{"207.3 ч. 2","318, ч. 1","\\"а\\""}', ["207.3 ч. 2", "318, ч. 1", "«а»"]),
        ("{'c', 'b', 'a'}", ["c", "b", "a"]),
        ("[280.10, 7]", ["280.10", "7"]),
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
    cleaning.truth(value)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        *(("10 000", 10_000), ("10\u00a0000", 10_000), ("10\u202f000", 10_000)),
        *(("10\u2009000", 10_000), ("10,000", 10_000), ("10.000", 10_000), ("10'000", 10_000)),
        *(("1 234 567", 1_234_567), ("1,234,567.0", 1_234_567), ("66,5", 66), ("66.0", 66)),
        *((66.125, 66), ("12 34", 12), ("№ 7", 7), ("", None), (None, None), (True, None)),
    ],
)
def test_a_number_with_its_thousands(value: object, whole: int | None) -> None:
    assert cleaning.number(value) == whole


def test_a_long_story_ends_with_a_sentence() -> None:
    story = cleaning.prose("He reads.\u00a0 He writes.\r\n\r\n\r\n\r\n" * 900)
    assert len(story) <= cleaning.LONGEST_PROSE
    assert story.endswith(".")
    assert "He reads. He writes.\n\nHe reads." in story
