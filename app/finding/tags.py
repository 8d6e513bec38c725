"""Tags in two languages: lists with commas between, paired by their order. Pure."""

import re
from functools import lru_cache

MOST_TAGS = 12
LONGEST_TAG = 60
_BETWEEN = re.compile(r"[,;\n]+")


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
