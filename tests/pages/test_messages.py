"""Every word that people read can be read in every offered language."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from app.locale import DEFAULT_LANGUAGE, FOLDER, LANGUAGES, catalogue_file, translations

EXTRACT = (
    "pybabel extract -F app/locale/babel.cfg -k N_ -k say -k Conflict -k Forbidden -k NotFound"
    " -k WrongState --no-location --sort-output -o /tmp/messages.pot ."
)
REFRESH = f"""
Refresh the catalogues from the top of the project, then translate what is new:
    {EXTRACT}
    pybabel update -i /tmp/messages.pot -d app/locale --no-fuzzy-matching --ignore-obsolete
"""
TRANSLATED = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """All messages of code and templates, by the very command that refreshes the catalogues."""
    target = tmp_path / "messages.pot"
    monkeypatch.chdir(FOLDER.parents[1])
    command = EXTRACT.replace("pybabel", "pybabel -q").replace("/tmp/messages.pot", str(target))
    CommandLineInterface().run(command.split())  # type: ignore[no-untyped-call]
    with target.open("rb") as file:
        return read_po(file)


def _catalogue(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def _strings(message: Message) -> list[str]:
    if not message.id:  # the head of the file
        return ["head"]
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(source: Catalog, language: str) -> None:
    catalogue = _catalogue(language)
    known = {(message.id, message.context) for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in source if message.id}
    assert sorted(map(str, wanted - known)) == [], REFRESH
    assert sorted(map(str, known - wanted)) == [], REFRESH
    empty = [str(message.id) for message in catalogue if not all(_strings(message))]
    assert empty == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_entry_is_guessed_or_left_over(language: str) -> None:
    catalogue = _catalogue(language)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == [], REFRESH


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_what_is_filled_in(language: str) -> None:
    catalogue = _catalogue(language)
    for message in catalogue:
        if message.id:
            assert [str(error) for error in message.check(catalogue)] == []


def test_russian_never_shouts_and_keeps_its_letters() -> None:
    for message in _catalogue("ru"):
        for words in _strings(message) if message.id else []:
            assert "!" not in words or "!" in str(message.id), words
            assert " еще" not in f" {words.lower()}", words


def test_a_language_that_is_not_offered_is_refused() -> None:
    with pytest.raises(KeyError):
        translations("xx")
