"""How a letter's text is cut into paragraphs, and which characters the paper can show."""

import pytest

from mailing.paper import missing_glyphs
from mailing.paper.text import Paragraph, paragraphs


def typed(found: list[Paragraph]) -> list[str]:
    return ["".join(piece.text for piece in paragraph.pieces) for paragraph in found]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_lines_between_all_paragraphs_leave_no_gaps(end: str) -> None:
    found = paragraphs(end.join(["Раз.", "", "Два.", "", "", "Три."]))
    assert typed(found) == ["Раз.", "Два.", "Три."]
    assert [paragraph.apart for paragraph in found] == [False, False, False]


def test_stanzas_stand_apart() -> None:
    found = paragraphs("стих\nстих\n\nстих\nстих")
    assert [paragraph.apart for paragraph in found] == [False, False, True, False]


def test_a_dash_begins_no_line_in_mid_sentence() -> None:
    assert typed(paragraphs("Он пришёл — и ушёл.")) == ["Он пришёл\u00a0— и\u00a0ушёл."]
    assert typed(paragraphs("— Да!")) == ["— Да!"]


def test_a_word_of_one_letter_ends_no_line() -> None:
    assert typed(paragraphs("Мы с ним и я в доме.")) == ["Мы с\u00a0ним и\u00a0я в\u00a0доме."]


def test_words_with_a_hyphen_stay_whole_and_plain_ones_are_left_alone() -> None:
    (paragraph,) = paragraphs("Кто-то сказал, что «нет».")
    whole = [piece.text for piece in paragraph.pieces if piece.whole]
    assert whole == ["Кто-то"]


def test_a_word_wider_than_the_page_may_break() -> None:
    (paragraph,) = paragraphs("а-" * 500)
    assert not any(piece.whole for piece in paragraph.pieces)


def test_text_pasted_with_hard_spaces_only_may_break_at_them() -> None:
    (paragraph,) = paragraphs("\u00a0".join(["слово"] * 60))
    assert "\u00a0" not in "".join(piece.text for piece in paragraph.pieces)


def test_the_paper_shows_the_languages_that_letters_are_printed_in() -> None:
    assert missing_glyphs("Ёё Йй Ъъ «»„“—–…№§₽€ за́мок") == []
    assert missing_glyphs("Її Єє Ґґ Ўў әөұқңғһі җөүң straße łódź") == []
    assert missing_glyphs("й ё") == []  # composed before it is printed


@pytest.mark.trust(3)
def test_what_cannot_be_printed_is_named_once_each_and_never_lost_silently() -> None:
    assert missing_glyphs("Привет 🙂🙂 שלום!") == ["🙂", "ש", "ל", "ו", "ם"]
    assert missing_glyphs("да\x00нет\u200b\u00ad") == ["\x00", "\u200b", "\u00ad"]
