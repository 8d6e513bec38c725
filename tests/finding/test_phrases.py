"""One stage and one category is one value, whichever language a source says it in."""

import pytest

from app.finding.phrases import meant
from app.pages.shell.finding_words import value_called
from app.spelling import plain


@pytest.mark.parametrize(
    ("field", "english", "russian"),
    [
        ("stage", "Serving a sentence", "Отбывает наказание"),
        ("stage", "Serving a sentence (in a penal colony)", "Отбывает наказание в колонии"),
        ("stage", "Sentenced", "Осуждён"),
        ("stage", "Pre-trial", "Предварительное следствие"),
        ("stage", "Under investigation", "Под следствием"),
        ("stage", "On trial", "Судебное разбирательство"),
        ("stage", "Appeal", "Апелляция"),
        ("stage", "Case closed", "Дело прекращено"),
        ("category", "Freedom of speech", "Свобода слова"),
        ("category", "Freedom of assembly", "Свобода собраний"),
        ("category", "Freedom of conscience", "Свобода совести"),
    ],
)
def test_both_languages_mean_one_value(field: str, english: str, russian: str) -> None:
    assert meant(field, plain(english)) == meant(field, plain(russian))
    called = {value_called(field, each, "ru", str.upper) for each in (english, russian)}
    assert len(called) == 1
    assert called != {english}


def test_what_nobody_knows_stands_for_itself() -> None:
    assert meant("stage", "on hold") == "on hold"
    assert meant("category", "freedom of speech and assembly") == "freedom of speech and assembly"
