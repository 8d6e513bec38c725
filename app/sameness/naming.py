"""Names as lists have them: taken apart, and compared by their sound."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.sameness.cleaning import line
from app.spelling import folded

_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PATRONYMIC = re.compile(r"(?:вич|вна|ична|инична|ьич|мич|кич|тич)$")
_OF_FATHER = frozenset(("оглы", "оглу", "кызы", "гызы", "кизи", "улы", "уулу"))
_SHE = re.compile(r"(?:вна|ична|кызы|гызы|кизи)$")
_HE = re.compile(r"(?:вич|ьич|мич|кич|тич|оглы|оглу|улы|уулу)$")
_SURNAME_SHE = re.compile(r"(?:[оеё]ва|ина|ына|ская|цкая|ная)$")
_SURNAME_HE = re.compile(r"(?:[оеё]в|ин|ын|ский|цкий|ной|ный)$")
_SHORTEST_MISTYPED = 5
"""Letters a surname must have before one of them may be a typing mistake: «Ким» is not «Кум»."""


class NoName(ValueError):
    """There is no given name and surname in it."""


@dataclass(frozen=True)
class Name:
    """A name taken apart. sure: the order of its words left no doubt."""

    surname: str
    given: str
    patronymic: str | None = None
    sure: bool = True

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)


def parted(text: str) -> Name:
    """Surname, given name, patronymic out of one line, in the usual order or given name first.

    Raises `NoName`.
    """
    words = [_capital(word) for word in line(_BRACKETED.sub(" ", text)).replace(",", " ").split()]
    if len(words) < 2:
        raise NoName(text)
    if words[-1].lower() in _OF_FATHER and len(words) >= 4:
        return Name(" ".join(words[:-3]), words[-3], f"{words[-2]} {words[-1].lower()}")
    at = next((i for i, word in enumerate(words) if i and _PATRONYMIC.search(word)), None)
    if len(words) == 2:
        if at is not None and _is_given_and_patronymic(words):
            raise NoName(text)
        return Name(words[0], words[1])
    if at is not None and at == len(words) - 1:
        return Name(" ".join(words[: at - 1]), words[at - 1], words[at])
    if at == 1:
        return Name(" ".join(words[2:]), words[0], words[1])
    return Name(words[0], words[1], " ".join(words[2:]), sure=False)


def gender(name: Name) -> str | None:
    """ "she" or "he" by the endings of patronymic and surname; None when they do not tell."""
    father = (name.patronymic or "").lower()
    surname = name.surname.lower()
    if _SHE.search(father) or (not father and _SURNAME_SHE.search(surname)):
        return "she"
    if _HE.search(father) or (not father and _SURNAME_HE.search(surname)):
        return "he"
    return None


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


def _is_given_and_patronymic(words: list[str]) -> bool:
    """«Иван Петрович» lacks its surname; «Иванович Иван» is a surname that looks like one."""
    return not _SURNAME_HE.search(words[0].lower()) and not _SURNAME_SHE.search(words[0].lower())


def _capital(word: str) -> str:
    if len(word) > 1 and (word.isupper() or word.islower()) and word.lower() not in _OF_FATHER:
        return "-".join(part.capitalize() for part in word.split("-"))
    return word


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
