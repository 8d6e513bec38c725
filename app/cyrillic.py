"""A foreign name as a Russian letter writes it: a proposal that a reviewer corrects."""

import re
import unicodedata

_GROUPS = {
    "schtsch": "щ", "shch": "щ", "tsch": "ч", "sch": "ш", "tch": "ч", "sh": "ш", "ch": "ч",
    "zh": "ж", "kh": "х", "ph": "ф", "th": "т", "ck": "к", "cz": "ч", "sz": "ш", "ts": "ц",
    "qu": "кв", "ya": "я", "ja": "я", "yu": "ю", "ju": "ю", "jü": "ю", "yo": "йо", "jo": "йо",
    "ye": "е",
    "ia": "ия", "ei": "ай", "eu": "ой", "oo": "у", "ee": "и", "ie": "и", "ll": "лл", "ou": "у",
    "ä": "э", "ö": "ё", "ü": "ю", "ß": "сс", "č": "ч", "š": "ш", "ž": "ж", "ł": "л", "ñ": "нь",
    "ç": "с", "ø": "ё", "å": "о", "æ": "э", "ć": "ч", "ś": "сь", "ń": "нь",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_LATIN = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))


def in_cyrillic(name: str) -> str:
    """`name` with its Latin letters written in Cyrillic; other alphabets stay as they are."""
    return re.sub(r"[^\W\d_]+", _word, unicodedata.normalize("NFC", name))


def _word(match: re.Match[str]) -> str:
    word = match[0]
    if not any("LATIN" in unicodedata.name(letter, "") for letter in word):
        return word
    plain = "".join(c if c in _GROUPS else _without_accents(c) for c in word.lower())
    russian = _LATIN.sub(lambda group: _GROUPS[group[0]], plain)
    if plain.startswith("e") and russian.startswith("е"):
        russian = "э" + russian[1:]
    return russian.capitalize() if word[0].isupper() else russian


def _without_accents(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]
