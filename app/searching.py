"""Names in either alphabet made equal, whatever way they were put into Latin letters.

The public search stands in `app.finding`. The desks look for parts of names in one line, kept with
each person: the Cyrillic name (ё as е), the Latin one, and both folded to a common sound
(«Ефремов», "Yefremov" and "Efremov" all fold to "efremov"). Every word must occur in it.
"""

import re
import unicodedata
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import col

from app.models import Prisoner
from mailing.names import transliterate

LONGEST = 400
MOST_WORDS = 8
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


def is_shown() -> sa.ColumnElement[bool]:
    """The one condition for appearing in public: a page, found, counted."""
    return sa.and_(sa.or_(col(Prisoner.published), col(Prisoner.named)), *_in_the_open())


def is_writable() -> sa.ColumnElement[bool]:
    """The one condition for being chosen by name: whoever is shown and takes letters."""
    return sa.and_(col(Prisoner.published), *_in_the_open())


def _in_the_open() -> list[sa.ColumnElement[bool]]:
    return [sa.not_(col(column)) for column in (Prisoner.hidden, Prisoner.identity_hidden)]


def name_matches(query: str) -> sa.ColumnElement[bool]:
    """A condition: every word of `query` is part of the person's name. An empty query finds all."""
    return sa.and_(sa.true(), *(_has(word) for word in plain(query).split()[:MOST_WORDS]))


def _has(word: str) -> sa.ColumnElement[bool]:
    written = col(Prisoner.search_name).contains(word, autoescape=True)
    sound = folded(word)
    return (
        sa.or_(written, col(Prisoner.search_name).contains(sound, autoescape=True))
        if sound
        else written
    )
