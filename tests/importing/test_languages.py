"""Languages as lists write them."""

from typing import Any

import pytest

from app.importing.gathering.languages import languages
from translation.languages import LANGUAGES


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("русский", ["ru"]),
        ("Русский, английский и немецкий", ["ru", "en", "de"]),
        ("Russian and English", ["ru", "en"]),
        ("ru; EN; de", ["ru", "en", "de"]),
        ("ru en", ["ru", "en"]),
        ("RU/EN", ["ru", "en"]),
        ("en-GB, pt_BR", ["en", "pt"]),
        ("на русском и английском языках", ["ru", "en"]),
        ("по-русски, по-украински", ["ru", "uk"]),
        ("Русский язык (родной), English (B2, со словарём)", ["ru", "en"]),
        ("Deutsch, Français, Українська, עברית, 中文", ["de", "fr", "uk", "he", "zh"]),
        ("иврит + фарси", ["he", "fa"]),
        (["русский", "English"], ["ru", "en"]),
        ('["ru", "en"]', ["ru", "en"]),
        ("английский\nи\u00a0 русский", ["en", "ru"]),
        ("русский, Russian, ru", ["ru"]),
        ("итальянский и индонезийский", None),
        (None, []),
        ("", []),
        ("нет данных", []),
        ("—", []),
    ],
)
def test_a_list_of_languages(said: Any, codes: list[str] | None) -> None:
    found, strange = languages(said)
    if codes is None:
        assert (found, strange) == (["it"], "индонезийский")
    else:
        assert (found, strange) == (codes, "")


@pytest.mark.parametrize(
    ("said", "strange"),
    [
        ("крымскотатарский", "крымскотатарский"),
        ("русский, эльфийский, 5", "эльфийский, 5"),
        ("читает со словарём", "читает со словарём"),
        ("xx", "xx"),
        ("ru-", ""),
        ("языки", "языки"),
        ("р", "р"),
    ],
)
def test_what_is_no_language_of_ours_is_told(said: str, strange: str) -> None:
    assert languages(said)[1] == strange


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_every_language_by_its_names(language: Any) -> None:
    for name in (language.code, language.english, language.own, language.english.upper()):
        assert languages(name) == ([language.code], "")
