"""Paragraphs stay one to one, and pieces fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.paragraphs import cut, split

LETTER = "Liebe Anna,\n\nheute schneit es.\n  Morgen auch.\n\n\nDeine Lena\n"

line = st.text(alphabet=st.sampled_from("aя你 .,!?😀\t«»"), max_size=30)


def test_a_letter_falls_into_its_lines_and_comes_back_exactly() -> None:
    pieces = split(LETTER)
    assert pieces.texts == ("Liebe Anna,", "heute schneit es.", "Morgen auch.", "Deine Lena")
    assert pieces.join(pieces.texts) == LETTER


def test_translations_take_the_places_of_the_paragraphs() -> None:
    assert split(LETTER).join(["А", "Б", "В", "Г"]) == "А\n\nБ\n  В\n\n\nГ\n"


def test_a_missing_paragraph_is_an_error() -> None:
    with pytest.raises(ValueError, match="4 pieces"):
        split(LETTER).join(["А", "Б", "В"])


def test_breaks_of_every_system_are_understood() -> None:
    assert split("a\r\nb\rc\u2028d").texts == ("a", "b", "c", "d")


@pytest.mark.parametrize("empty", ["", "\n", " \n\t\n "])
def test_an_empty_letter_has_no_paragraphs(empty: str) -> None:
    pieces = split(empty)
    assert pieces.texts == ()
    assert pieces.join([]) == empty


@given(st.lists(line, max_size=8).map("\n".join))
def test_splitting_loses_nothing(text: str) -> None:
    pieces = split(text)
    assert pieces.join(pieces.texts) == text
    assert all(each == each.strip() and each and "\n" not in each for each in pieces.texts)


@given(st.text(max_size=200), st.lists(line, max_size=12))
def test_any_unicode_keeps_as_many_paragraphs_as_it_had(text: str, lines: list[str]) -> None:
    once = split("\n".join([text, *lines]))
    joined = once.join(once.texts)
    assert split(joined) == once


def test_cutting_prefers_the_ends_of_sentences() -> None:
    text = "Es schneit. Die Linde ist weiß! „Schön?“ Ja, sehr schön."
    assert cut(text, 35).texts == ("Es schneit. Die Linde ist weiß!", "„Schön?“ Ja, sehr schön.")


def test_then_of_clauses_then_between_words() -> None:
    assert cut("Es schneit, und die Linde ist weiß", 20).texts == (
        "Es schneit,", "und die Linde ist", "weiß",
    )  # fmt: skip


def test_a_word_is_cut_only_if_it_is_too_long_alone() -> None:
    assert cut("so Donaudampfschiff", 10).texts == ("so", "Donaudampf", "schiff")


def test_chinese_sentences_are_cut_without_spaces_and_joined_with_them() -> None:
    pieces = cut("今天下雪了。你好吗？", 6)
    assert pieces.texts == ("今天下雪了。", "你好吗？")
    assert pieces.join(["Сегодня снег.", "Как ты?"], between=" ") == "Сегодня снег. Как ты?"


def test_a_short_paragraph_stays_whole() -> None:
    assert cut("Es schneit. Schön.", 1000).texts == ("Es schneit. Schön.",)
    assert cut("", 10).texts == ("",)


def test_no_engine_takes_less_than_one_character() -> None:
    with pytest.raises(ValueError, match="at least one"):
        cut("a", 0)


@given(st.lists(line, min_size=1).map(" ".join), st.integers(1, 60))
def test_every_piece_fits_and_nothing_is_lost(text: str, limit: int) -> None:
    paragraph = text.strip()
    pieces = cut(paragraph, limit)
    assert all(len(each) <= limit for each in pieces.texts)
    assert pieces.join(pieces.texts) == paragraph
    assert all(not gap.strip() for gap in pieces.gaps)


@given(st.lists(st.text("abя", min_size=1, max_size=9), min_size=1), st.integers(9, 40))
def test_no_word_is_cut_that_fits(words: list[str], limit: int) -> None:
    pieces = cut(" ".join(words), limit)
    assert [word for piece in pieces.texts for word in piece.split()] == words
