"""Bytes of a file as text: which letters they mean, and which of them were lost on the way."""

import re
from collections import Counter

from app.importing.sources.troubles import CannotRead

LOST = "\ufffd"
"""Stands where a byte is no letter; the row with it is not believed."""

_MARKED = (
    *((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")),
    *((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")),
)
_RUSSIAN = ("cp1251", "koi8-r", "cp866", "mac_cyrillic")
_LOOKED_AT = 200_000
_WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
_CYRILLIC = "А-ЯЁІЇЄҐЎ", "а-яёіїєґў"
_SPELLED = re.compile("[{0}A-Z]?[{1}a-z]+|[{0}A-Z]+".format(*_CYRILLIC))
_OFTEN = frozenset("оеаинтсрвл")
_LEAST, _UNSURE = 1.1, 0.15
"""Of Russian text at least 1.4 is to be expected; a few words alone are taken as most save them."""


def is_marked(content: bytes) -> bool:
    """Whether the first bytes say that each letter has two bytes or four."""
    return any(content.startswith(mark) for mark, _ in _MARKED)


def unicode_of(content: bytes) -> str:
    """Text in UTF-8, or in UTF-16 or 32 with a mark; `LOST` stands where it is none of it."""
    encoding = next((name for mark, name in _MARKED if content.startswith(mark)), "utf-8-sig")
    return content.decode(encoding, errors="replace").replace("\0", "")


def text_of(content: bytes) -> str:
    """The same, or in what Windows saves, where it is not nearly all UTF-8.

    Raises `CannotRead` when no way to read it gives Russian words.
    """
    text = unicode_of(content)
    lost = text.count(LOST)
    if not lost or is_marked(content) or sum(map(str.isalpha, _beyond_latin(text))) > lost:
        return text
    return content.decode(_russian(content[:_LOOKED_AT]), errors="replace")


def _beyond_latin(text: str) -> str:
    return re.sub("[\x00-\x7f]+", "", text)


def _russian(content: bytes) -> str:
    """The encoding in which most words are spelled as words are, with the most common letters."""
    how = {encoding: _likeness(content.decode(encoding, "replace")) for encoding in _RUSSIAN}
    best = max(_RUSSIAN, key=lambda encoding: how[encoding])
    usual = _RUSSIAN[0]
    if how[best] < _LEAST:
        raise CannotRead("letters")
    return usual if how[usual] > how[best] - _UNSURE else best


def _likeness(text: str) -> float:
    """From 0 to 2: which part of the words is spelled as Russian is, and of letters is common."""
    words = _WORD.findall(text)
    if not words:  # nothing but signs such as «№»
        return _LEAST
    spelled = sum(
        1 for word in words if _SPELLED.fullmatch(word) and len(word) < 2 * _foreign(word)
    )
    letters = Counter("".join(words).lower())
    common = sum(letters[letter] for letter in _OFTEN) / letters.total()
    return spelled / len(words) + common


def _foreign(word: str) -> int:
    return sum(not letter.isascii() for letter in word)
