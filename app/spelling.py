"""Names in either alphabet made equal, whatever way they were put into Latin letters.

ё is е, and both alphabets fold to a common sound: «Ефремов», "Yefremov" and "Efremov" all fold to
"efremov".
"""

import re
import unicodedata
from functools import lru_cache

from mailing.names import transliterate

LONGEST = 400
_WORD = re.compile(r"\w+")
_SAME_SOUND = (
    ("yo", "e"),
    ("jo", "e"),
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("ck", "k"),
    ("ph", "f"),
    ("w", "v"),
    ("x", "ks"),
    ("j", "i"),
    ("y", "i"),
    ("io", "o"),
    ("ie", "e"),
    ("iu", "u"),
    ("ia", "a"),
)
_SHORT_I = "\ue000"  # й is a letter, not an и with a mark
_MARKS = re.compile("[\u0300-\u036f]")
_TWICE = re.compile(r"(.)\1+")


def plain(text: str) -> str:
    """Lower-case words with one space between; ё is е, accents are gone, й stays."""
    lowered = unicodedata.normalize("NFC", text).lower()
    if not lowered.isascii():
        apart = unicodedata.normalize("NFD", lowered.replace("ё", "е").replace("й", _SHORT_I))
        lowered = unicodedata.normalize("NFC", _MARKS.sub("", apart)).replace(_SHORT_I, "й")
    return " ".join(_WORD.findall(lowered))


def folded(text: str) -> str:
    """`text` as it sounds, in plain Latin letters: for comparing, never for showing."""
    return " ".join(filter(None, map(_folded, plain(text).split())))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """The same names and words come again and again."""
    latin = plain(transliterate(word))
    for written, sound in _SAME_SOUND:
        latin = latin.replace(written, sound)
    return _TWICE.sub(r"\1", latin)


def search_name(surname: str, given: str, patronymic: str | None, latin: str) -> str:
    """What is kept with a person so that they can be found."""
    cyrillic = plain(f"{surname} {given} {patronymic or ''}")
    words = f"{cyrillic} {plain(latin)} {folded(cyrillic)} {folded(latin)}".split()
    return " ".join(dict.fromkeys(words))[:LONGEST]
