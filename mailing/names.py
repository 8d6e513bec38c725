"""Names of people as they arrive, as they are read abroad, and as a Russian envelope wants them."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

import iuliia
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

GenderName = Literal["male", "female"]

_GENDERS = {"male": Gender.MALE, "female": Gender.FEMALE}
_DECLINE = PetrovichDeclinationMaker()

# Double surnames whose first part stays as it is: «Владимиру Кара-Мурзе».
_UNCHANGING_FIRST_PARTS = frozenset(
    ("абу", "аль", "бек", "бен", "бин", "ван", "дер", "кара", "мак", "сан", "тер", "фон", "эль")
)
# Patronymics with these words stay as they are: «Рашиду Мамед оглы».
_UNCHANGING_PATRONYMICS = frozenset(("оглы", "оглу", "кызы", "гызы", "улы", "уулу"))
# Surnames of men with a vowel that the rules do not drop.
_FLEETING_VOWELS = {"заяц": "Зайцу", "журавель": "Журавлю", "палец": "Пальцу"}

_RUSSIAN_NAME = re.compile(r"[А-ЯЁа-яёІіЇїЄєҐґЎў'’ʼ.\- ]+")

_LATIN = "aceopxyABCEHKMOPTXYëË"
_CYRILLIC = "асеорхуАВСЕНКМОРТХУёЁ"
_FROM_LATIN = str.maketrans(_LATIN, _CYRILLIC)
_WORD = re.compile(r"[^\W\d_]+")
_HAS_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_ONLY_LOOKALIKES = re.compile(f"[а-яёіїєґў{_LATIN}]+", re.IGNORECASE)

_OFTEN_THE_SAME = 60
"""Lists say the same short things again and again, of ten thousand people."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_OPENING_QUOTE = re.compile(r"(?<![^\s(«\-])[\"“”„‟″](?=\S)")
_ANY_QUOTE = re.compile(r"[\"“”„‟″]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")


class CannotDecline(ValueError):
    """The name is not written in Cyrillic letters: a person has to give the dative."""


def tidy(text: str) -> str:
    """One clean line of a name or an address, whatever list it came from.

    Line breaks and non-breaking spaces become single spaces, invisible characters go, quotes
    become «», and Latin letters that slipped into a Cyrillic word become the Cyrillic ones they
    look like. Nothing else changes.
    """
    return _tidy(text) if len(text) <= _OFTEN_THE_SAME else _tidy.__wrapped__(text)


@lru_cache(maxsize=20_000)
def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    line = " ".join(composed.split())
    quoted = _ANY_QUOTE.sub("»", _OPENING_QUOTE.sub("«", line))
    return _WORD.sub(_in_one_alphabet, quoted)


def _in_one_alphabet(word: re.Match[str]) -> str:
    letters = word[0]
    if _HAS_CYRILLIC.search(letters) and _ONLY_LOOKALIKES.fullmatch(letters):
        return letters.translate(_FROM_LATIN)
    return letters


def has_latin(*parts: str | None) -> bool:
    """Whether Latin letters stand in a name: no post office in Russia has to read them."""
    return any(_LATIN_LETTER.search(part) for part in parts if part)


def transliterate(name: str) -> str:
    """The name in Latin letters, as newspapers write it: «Ефремов Юрий» is "Yefremov Yury"."""
    return str(iuliia.WIKIPEDIA.translate(name))


def dative(surname: str, given: str, patronymic: str, gender: GenderName) -> str:
    """Surname, given name and patronymic in the dative, as an envelope addresses them.

    A proposal for a coordinator to confirm: the rules are right for about nine names in ten.
    Empty parts are left out. Raises `CannotDecline` for names that are not in Cyrillic.
    """
    parts = (
        (NamePart.LASTNAME, surname),
        (NamePart.FIRSTNAME, given),
        (NamePart.MIDDLENAME, patronymic),
    )
    return " ".join(_decline(part, tidy(name), gender) for part, name in parts if tidy(name))


def _decline(part: NamePart, name: str, gender: GenderName) -> str:
    if not _RUSSIAN_NAME.fullmatch(name):
        raise CannotDecline("Only names in Cyrillic letters can be put into the dative")
    words = re.split(r"[ \-]", name.lower())
    if part is NamePart.MIDDLENAME and _UNCHANGING_PATRONYMICS.intersection(words):
        return name
    if part is NamePart.LASTNAME and gender == "male" and words[0] in _FLEETING_VOWELS:
        return _FLEETING_VOWELS[words[0]]
    pieces = re.split(r"([ \-])", name)
    last = len(pieces) - 1
    return "".join(
        piece if _stays(piece, index, last) else _decline_piece(part, piece, gender)
        for index, piece in enumerate(pieces)
    )


def _stays(piece: str, index: int, last: int) -> bool:
    if not piece.strip(" -"):
        return True
    return index < last and piece.lower() in _UNCHANGING_FIRST_PARTS


def _decline_piece(part: NamePart, piece: str, gender: GenderName) -> str:
    spoken = piece.capitalize() if piece.isupper() and len(piece) > 1 else piece
    return str(_DECLINE.make(part, _GENDERS[gender], Case.DATIVE, spoken))
