"""What may be stored as a translation, and what a reviewer is shown."""

import pytest

from translation.checks import check_answer, foreign_words
from translation.errors import BadAnswer, Reason

GERMAN = (
    "Heute hat es zum ersten Mal geschneit. Vor meinem Fenster steht eine alte Linde, und auf ihren"
    " Zweigen sitzen die Spatzen. Ich habe ihnen Brot gegeben."
)
RUSSIAN = (
    "Сегодня впервые выпал снег. Перед моим окном стоит старая липа, и на её ветвях сидят"
    " воробьи. Я дала им хлеба."
)


def refused(asked: str, answer: str | None, source: str = "de", *, whole: bool = False) -> Reason:
    with pytest.raises(BadAnswer) as caught:
        check_answer(asked, answer, source, "ru", whole=whole)
    assert asked not in str(caught.value)
    return caught.value.reason


def test_a_good_answer_passes_with_tidy_white_space() -> None:
    assert check_answer(GERMAN, f" {RUSSIAN} \n", "de", "ru") == RUSSIAN
    assert check_answer(RUSSIAN, GERMAN, "ru", "de") == GERMAN


@pytest.mark.trust(42)
@pytest.mark.parametrize("nothing", [None, "", "  ", "…", "⟦1⟧"])
def test_nothing_is_refused(nothing: str | None) -> None:
    assert refused(GERMAN, nothing) == Reason.EMPTY


@pytest.mark.trust(42)
@pytest.mark.parametrize("answer", [GERMAN, GERMAN.upper(), GERMAN.replace(",", " ,")])
def test_the_unchanged_text_is_refused(answer: str) -> None:
    assert refused(GERMAN, answer) == Reason.UNCHANGED


@pytest.mark.trust(42)
@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>Сбой</body></html>",
        "<div class='t0'>Сегодня впервые выпал снег.</div>",
        "<p>Подтвердите, что вы не робот</p>",
    ],
)
def test_a_page_is_refused(page: str) -> None:
    assert refused(GERMAN, page) == Reason.HTML


def test_a_letter_about_markup_is_not_a_page() -> None:
    asked = "Ich lerne gerade, dass <p> einen Absatz beginnt."
    answer = "Сейчас я учу, что <p> начинает абзац."
    assert check_answer(asked, answer, "de", "ru") == answer


@pytest.mark.trust(42)
@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8])
def test_a_truncated_answer_is_refused(share: float) -> None:
    stop = int(len(RUSSIAN) * share)
    assert refused(GERMAN, RUSSIAN[:stop].rstrip(" .,")) == Reason.TRUNCATED


@pytest.mark.trust(42)
def test_a_missing_sentence_is_refused() -> None:
    assert refused(GERMAN * 2, f"{RUSSIAN} Сегодня.") == Reason.TRUNCATED


def test_an_endless_answer_is_refused() -> None:
    assert refused(GERMAN, RUSSIAN * 6) == Reason.OVERLONG


def test_chinese_needs_fewer_letters_than_russian() -> None:
    chinese = "今天下了第一场雪。我窗前有一棵老椴树，麻雀坐在树枝上。我给它们喂了面包。"
    assert check_answer(chinese, RUSSIAN, "zh", "ru") == RUSSIAN
    assert refused(chinese, "Сегодня впервые выпал снег", "zh") == Reason.TRUNCATED


@pytest.mark.trust(42)
def test_an_answer_in_another_alphabet_is_no_russian() -> None:
    english = (
        "It snowed today. An old lime tree stands there, and sparrows sit on its branches. Yes."
    )
    assert refused(GERMAN, english) == Reason.WRONG_SCRIPT


def test_a_name_alone_may_stay_in_one_paragraph_but_not_as_a_whole_letter() -> None:
    assert check_answer("ABBA", "ABBA", "de", "ru") == "ABBA"
    assert refused("Hallo", "Hallo", whole=True) == Reason.UNCHANGED


def test_foreign_words_are_shown_to_the_reviewer_with_their_places() -> None:
    text = "Я слушаю Bohemian Rhapsody в XIX веке, Пётр I, cмешно, e-mail."
    found = foreign_words(text)
    assert [each.word for each in found] == ["Bohemian", "Rhapsody", "cмешно", "e-mail"]
    assert all(text[each.start : each.end] == each.word for each in found)


def test_a_russian_text_has_no_foreign_words() -> None:
    assert foreign_words(RUSSIAN) == []
