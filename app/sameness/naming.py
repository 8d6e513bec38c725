"""Names compared: as they are written, as they sound, with a typing mistake."""

from functools import lru_cache

from app.spelling import folded

_SHORTEST_MISTYPED = 5
"""Letters a surname must have before one of them may be a typing mistake: «Ким» is not «Кум»."""


def alike(ours: str, theirs: str) -> bool:
    """Whether two spellings differ in nothing but ё and capital letters."""
    return _plain(ours) == _plain(theirs)


def richer(spellings: list[str]) -> str:
    """Of spellings that are alike, the one with most ё: it tells more."""
    return max(spellings, key=lambda spelling: spelling.lower().count("ё"))


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """How a word sounds, whatever alphabet it is written in."""
    return folded(word)


@lru_cache(maxsize=65_536)
def mistypings(word: str) -> tuple[str, ...]:
    """The sound of a word, and that sound with each one letter left out: two words that have one
    of these in common are a typing mistake apart at most."""
    heard = sound(word)
    if len(heard) < _SHORTEST_MISTYPED:
        return (heard,)
    return (heard, *{heard[:at] + heard[at + 1 :] for at in range(len(heard))})


def may_be_one_father(ours: str | None, theirs: str | None) -> bool:
    """Whether two patronymics can be one person's: alike, one typing mistake apart, or missing."""
    if not ours or not theirs:
        return True
    return not set(mistypings(ours)).isdisjoint(mistypings(theirs))


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
