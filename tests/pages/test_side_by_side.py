"""Paragraphs stay one to one between the form and the text, however unfinished."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.shell.side_by_side import MOST_FIELDS, joined, missing, pairs, typed

LINES = st.lists(st.text("абв xyz.", max_size=12), min_size=1, max_size=8)
WORDS = st.lists(st.text("где", min_size=1, max_size=5), min_size=0, max_size=3)


@given(LINES, st.data())
def test_what_was_typed_stands_beside_the_same_paragraph_again(
    lines: list[str], data: st.DataObject
) -> None:
    original = "\n".join(lines)
    count = sum(1 for line in lines if line.strip())
    values = [" ".join(data.draw(WORDS)) for _ in range(count)]
    again = [pair.translation for pair in pairs(original, joined(original, values))]
    assert again == values


@given(LINES, st.text("где", min_size=1))
def test_what_follows_the_letter_keeps_a_field_of_its_own(lines: list[str], extra: str) -> None:
    original = "\n".join(lines)
    values = ["да" for line in lines if line.strip()] + [extra]
    assert [pair.translation for pair in pairs(original, joined(original, values))] == values


def test_a_line_break_typed_inside_a_paragraph_becomes_a_space() -> None:
    assert joined("A\n\nB", ["а\nа", "б"]) == "а а\n\nб"


def test_texts_that_do_not_agree_are_shown_in_order() -> None:
    side = pairs("A\n\nB", "а\nб\nв")
    assert [(pair.original, pair.translation) for pair in side] == [
        ("A", "а"),
        ("B", "б"),
        ("", "в"),
    ]


def test_fields_come_in_the_order_of_their_numbers() -> None:
    fields = {f"paragraph-{number}": str(number) for number in (10, 2, 1)}
    assert typed(fields | {"signature": "x", "paragraph-x": "?"}) == ["1", "2", "10"]


def test_a_letter_of_very_many_lines_is_one_field() -> None:
    original = "\n".join("a" * (MOST_FIELDS + 1))
    [only] = pairs(original, "всё")
    assert joined(original, [only.translation]) == "всё"


@pytest.mark.parametrize(("russian", "found"), [("а\n\nб", set()), ("\n\nб", {"paragraph-1"})])
def test_empty_paragraphs_are_named(russian: str, found: set[str]) -> None:
    assert missing(pairs("A\n\nB", russian), str).keys() == found
