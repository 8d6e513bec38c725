"""The words of the interface in every offered language. English is the source, in the code itself.

The catalogues are the text files `<language>/LC_MESSAGES/messages.po`, read as they are at start:
nothing has to be compiled. Refresh them after adding words, from the top of the project
(errors are told in their own words, so these are words for people too):

    pybabel extract -F app/locale/babel.cfg -k N_ -k say -k Conflict -k Forbidden -k NotFound \\
        -k WrongState --no-location --sort-output -o /tmp/messages.pot .
    pybabel update -i /tmp/messages.pot -d app/locale --no-fuzzy-matching --ignore-obsolete

Layer: beside `errors`; imports nothing of the application.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "ru": "Русский"}
"""Language code → its own name, in the order offered. The first is the source and the default."""

DEFAULT_LANGUAGE = next(iter(LANGUAGES))


def N_(message: str) -> str:  # noqa: N802  (the name gettext tools know)
    """Mark a message where no language is known yet; `_()` translates it later."""
    return message


def catalogue_file(language: str) -> Path:
    """Where the translations of `language` are kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


@cache
def translations(language: str) -> NullTranslations:
    """The gettext object of one offered language; English answers with the source itself.

    Raises `KeyError` for a language that is not offered.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == DEFAULT_LANGUAGE:
        return NullTranslations()
    with catalogue_file(language).open("rb") as source:
        catalogue = read_po(source, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
