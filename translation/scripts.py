"""Which alphabet a text is written in, counted letter by letter."""

import unicodedata
from collections import Counter
from functools import lru_cache

CYRILLIC = "CYRILLIC"
LATIN = "LATIN"


@lru_cache(maxsize=4096)
def script_of(character: str) -> str | None:
    """The script of one letter as Unicode names it ("LATIN", "CJK", …); None if it is no letter."""
    if not character.isalpha():
        return None
    return unicodedata.name(character, "UNNAMED").split(" ", 1)[0].split("-", 1)[0]


def count_scripts(text: str) -> Counter[str]:
    """How many letters of each script a text has; empty for digits, emoji and punctuation alone."""
    return Counter(script for character in text if (script := script_of(character)))


def has_letters(text: str) -> bool:
    """Whether there is anything to translate at all."""
    return any(character.isalpha() for character in text)
