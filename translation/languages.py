"""The languages a writer can choose, and which of them a text is probably in."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from translation.scripts import CYRILLIC, count_scripts

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

RUSSIAN = "ru"


@dataclass(frozen=True)
class Language:
    """One offered language: ISO 639-1 code, English name, its own name, writing direction."""

    code: str
    english: str
    own: str
    right_to_left: bool = False

    @property
    def direction(self) -> str:
        """The value of HTML's `dir` attribute."""
        return "rtl" if self.right_to_left else "ltr"


LANGUAGES: tuple[Language, ...] = (
    Language("ar", "Arabic", "العربية", right_to_left=True),
    Language("hy", "Armenian", "Հայերեն"),
    Language("az", "Azerbaijani", "Azərbaycanca"),
    Language("be", "Belarusian", "Беларуская"),
    Language("bg", "Bulgarian", "Български"),
    Language("zh", "Chinese", "中文"),
    Language("cs", "Czech", "Čeština"),
    Language("nl", "Dutch", "Nederlands"),
    Language("en", "English", "English"),
    Language("et", "Estonian", "Eesti"),
    Language("fi", "Finnish", "Suomi"),
    Language("fr", "French", "Français"),
    Language("ka", "Georgian", "ქართული"),
    Language("de", "German", "Deutsch"),
    Language("el", "Greek", "Ελληνικά"),
    Language("he", "Hebrew", "עברית", right_to_left=True),
    Language("hu", "Hungarian", "Magyar"),
    Language("it", "Italian", "Italiano"),
    Language("ja", "Japanese", "日本語"),
    Language("kk", "Kazakh", "Қазақша"),
    Language("ko", "Korean", "한국어"),
    Language("lv", "Latvian", "Latviešu"),
    Language("lt", "Lithuanian", "Lietuvių"),
    Language("fa", "Persian", "فارسی", right_to_left=True),
    Language("pl", "Polish", "Polski"),
    Language("pt", "Portuguese", "Português"),
    Language("ro", "Romanian", "Română"),
    Language("ru", "Russian", "Русский"),
    Language("sr", "Serbian", "Српски"),
    Language("es", "Spanish", "Español"),
    Language("sv", "Swedish", "Svenska"),
    Language("tt", "Tatar", "Татарча"),
    Language("tr", "Turkish", "Türkçe"),
    Language("uk", "Ukrainian", "Українська"),
)

OFFERED: Mapping[str, Language] = MappingProxyType({each.code: each for each in LANGUAGES})


@dataclass(frozen=True)
class Recognised:
    """A guess at a text's language; when it is not `certain`, ask the writer."""

    code: str
    certain: bool


# Fewer letters than this say too little: "Hallo" alone looks Italian to the model.
_ENOUGH_LETTERS = 20
# The model spreads its trust over close relatives (Russian, Bulgarian, Serbian …), so that a whole
# Russian sentence rarely reaches more than 0.6; strangers to each other reach 0.99.
_ENOUGH_TRUST = 0.5

_EAST_SLAVIC = frozenset({"ru", "uk", "be"})
_TURKIC_OR_SERBIAN_LETTERS = frozenset("әғқңөұүһҗђјљњћџ")


def recognise(text: str) -> Recognised:
    """Guess which offered language a text is written in.

    In: a text of any length. Out: always an offered code; `certain` is False for short texts, for
    close calls, and when the text looks most like a language that is not offered. Safe in threads.
    The letter rules for Russian, Ukrainian and Belarusian follow their alphabets.
    """
    letters = count_scripts(text)
    enough = letters.total() >= _ENOUGH_LETTERS
    if not letters:
        return Recognised("en", certain=False)
    ranking = _model().rank(text)
    best, trust = ranking[0]
    guess = next(code for code, _ in ranking if code in OFFERED)
    certain = enough and guess == best and trust >= _ENOUGH_TRUST
    if letters[CYRILLIC] * 2 <= letters.total():
        return Recognised(guess, certain)
    if guess in _EAST_SLAVIC or not certain:
        by_alphabet = _east_slavic_by_letters(text.lower())
        if by_alphabet:
            return Recognised(by_alphabet, certain=enough)
        if not certain and guess not in _EAST_SLAVIC and not _has_own_letters(text.lower()):
            return Recognised(RUSSIAN, certain=False)
    return Recognised(guess, certain)


def _east_slavic_by_letters(text: str) -> str | None:
    """The one East Slavic language whose alphabet fits, or None if the letters do not decide."""
    if _has_own_letters(text):
        return None
    ukrainian = sum(map(text.count, "їєґ"))
    dotted_i = text.count("і")
    never_ukrainian = sum(map(text.count, "ыэё"))
    if "ў" in text or (dotted_i and never_ukrainian and not ukrainian):
        return "be"
    if ukrainian:
        return "uk" if ukrainian + dotted_i >= never_ukrainian else "ru"
    if dotted_i:
        # Belarusian has no и; a text with і alone may be either.
        return "uk" if "и" in text else None
    # Bulgarian and Serbian have neither ы nor э.
    return "ru" if never_ukrainian else None


def _has_own_letters(text: str) -> bool:
    """Whether a Cyrillic text has letters of Kazakh, Tatar or Serbian alone."""
    return not _TURKIC_OR_SERBIAN_LETTERS.isdisjoint(text)


_loading = threading.Lock()


def _model() -> "LanguageIdentifier":
    """The language model; its half a second of loading is paid once, on first use."""
    with _loading:
        return _loaded_model()


@lru_cache(maxsize=1)
def _loaded_model() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    model: LanguageIdentifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return model
