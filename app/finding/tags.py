"""Tags in two languages: lists with commas between, paired by their order. Pure.

What is known under one name in either language is one *value*, the English word in plain letters.
A person's list gives *keys*: of both languages («chess|шахматы»), or of one («шахматы»), which
belongs to the value that most of those say who have both.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from app.spelling import plain

MOST_TAGS = 12
LONGEST_TAG = 60
_BETWEEN = re.compile(r"[,;\n]+")
_AND = "|"


def tags(text: str) -> list[str]:
    """«chess, old radio sets» as its parts, tidy."""
    parts = (" ".join(part.split()).strip(" .") for part in _BETWEEN.split(text))
    return [part for part in parts if part]


@lru_cache(maxsize=65_536)
def match(english: str, russian: str) -> bool:
    """Whether each tag of one list can be the other's: as many, or one list is empty."""
    en, ru = tags(english), tags(russian)
    return not (en and ru) or len(en) == len(ru)


def pairs(english: str, russian: str) -> list[tuple[str, str]]:
    """Each tag in both languages, "" where a whole list is empty; none when they do not match."""
    en, ru = tags(english), tags(russian)
    if not match(english, russian):
        return []
    return list(zip(en or [""] * len(ru), ru or [""] * len(en), strict=True))


class Keyed(NamedTuple):
    """A tag of somebody. words: as they say it, in English and Russian or in one language; None
    where their lists do not match, and nobody can tell which language that is."""

    key: str
    words: str | list[str] | None


def keyed(english: str, russian: str) -> list[Keyed]:
    """The tags of one person, of both languages together where they belong together."""
    if not match(english, russian):
        alone = (*tags(english)[:MOST_TAGS], *tags(russian)[:MOST_TAGS])
        return [Keyed(_plain(each), None) for each in alone]
    return [_keyed(one, other) for one, other in pairs(english, russian)[:MOST_TAGS]]


def asked_by(english: str, russian: str, *, in_russian: bool) -> list[tuple[str, str]]:
    """Each tag of one of the two lists, and the value that finds it; "" for what is not kept."""
    one = tags(russian if in_russian else english)
    if not match(english, russian):
        values = [_plain(each) for each in one]
    else:
        both = pairs(english, russian)
        values = [_plain(each) or _plain(other) for each, other in both]
    kept = [*values[:MOST_TAGS], *[""] * len(one)]
    return list(zip(one, kept, strict=False))


def learned(people: Mapping[str, int]) -> dict[str, str]:
    """Russian tag → its value, from how many people have each key. Most decide, then the alphabet.

    What is said in English only is its own value.
    """
    best: dict[str, tuple[int, str]] = {}
    for key, times in people.items():
        value, both, russian = key.partition(_AND)
        if both and (russian not in best or (-times, value) < best[russian]):
            best[russian] = (-times, value)
    return {russian: value for russian, (_, value) in best.items()}


def value_of(key: str, said: Mapping[str, str]) -> str:
    """The value that a key belongs to. said: what was `learned`."""
    value, both, _ = key.partition(_AND)
    return value if both else said.get(key, key)


def best_said(keys: Iterable[str], people: Mapping[str, int]) -> str:
    """Of keys of one value the one whose words are told: both languages first, then most people."""
    return min(keys, key=lambda key: (_AND not in key, -people[key], key))


def _keyed(english: str, russian: str) -> Keyed:
    one, other = _plain(english), _plain(russian)
    if one and other and one != other:
        return Keyed(f"{one}{_AND}{other}", [english[:LONGEST_TAG], russian[:LONGEST_TAG]])
    return Keyed(one or other, (english if one else russian)[:LONGEST_TAG])


def _plain(tag: str) -> str:
    return plain(tag[:LONGEST_TAG])
