"""Names of people as lists have them, taken apart: which word is the surname, which the given name.

Words are told apart by what they are: a known given name, the ending of a surname, of a patronymic.
Where they do not tell, the head of the column may say what comes first; else somebody is asked.
"""

import re
from dataclasses import dataclass
from typing import Literal

from app.sameness.cleaning import line
from app.sameness.given_names import given_name, is_hers

Order = Literal["surname", "given"]
"""What comes first."""
Doubted = Literal["", "order", "father", "initial", "parts"]
"""What is doubtful about a name taken apart: which word is the surname; whether the surname is a
patronymic; what the initial of the patronymic stands for; which of many words is what."""

LONGEST_NAME = 80

_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_GLUED = re.compile(r"(?<=\w)\.(?=\w)")
_INITIAL = re.compile(r"[^\W\d_]|(?:[^\W\d_]{1,3}\.-?)+[^\W\d_]?")
_OF_FATHER = frozenset(
    ("оглы", "оглу", "углы", "угли", "кызы", "гызы", "кизи", "кзы", "улы", "уулу")
)
_GLUED_FATHER = rf"(?<=[\w-])(?:{'|'.join(_OF_FATHER)})"
_PATRONYMIC = re.compile(rf"(?:вич|вна|ична|инична|ьич|мич|кич|тич|{_GLUED_FATHER})$")
_NO_SURNAME = re.compile("(?:вна|ична)$")
_SHE = re.compile(r"(?:вна|ична|кызы|гызы|кизи|кзы)$")
_HE = re.compile(r"(?:вич|ьич|мич|кич|тич|оглы|оглу|углы|угли|улы|уулу)$")
_SURNAME_SHE = re.compile(r"(?:[оеё]ва|ина|ына|ская|цкая|ная)$")
_SURNAME_HE = re.compile(r"(?:[оеё]в|ин|ын|ский|цкий|ной|ный)$")
_SURNAMES = (
    re.compile(r"(?:[оеё]ва?|[сц]к(?:ий|ой|ая)|енко|швили|дзе|вич)$"),
    re.compile(r"(?:[иы]на?|[аяоы]й|ий|ая|[иы]х|[уюая]к|ян|ко|ич|берг|штейн|ман|ер|ец)$"),
)
"""Endings of surnames: those that hardly any given name has, and those that some have."""


class NoName(ValueError):
    """There is no given name and surname in it. reason: a code of `reporting.REASONS`."""

    reason = "half_a_name"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        if not text:
            self.reason = "no_name"


class OnlyInitial(NoName):
    """Of the given name there is but an initial: nobody can be addressed by it.

    words: what is written out.
    """

    reason = "initials"

    def __init__(self, text: str, words: list[str]) -> None:
        super().__init__(text)
        self.words = words


class TooLong(NoName):
    """No name is as long."""

    reason = "too_long"


@dataclass(frozen=True)
class Name:
    """A name taken apart. Raises `TooLong`."""

    surname: str
    given: str
    patronymic: str | None = None
    doubted: Doubted = ""

    def __post_init__(self) -> None:
        if any(len(part) > LONGEST_NAME for part in self.parts if part):
            raise TooLong(self.full)

    @property
    def parts(self) -> tuple[str, str, str | None]:
        return self.surname, self.given, self.patronymic

    @property
    def full(self) -> str:
        return " ".join(part for part in self.parts if part)


def parted(text: str, first: Order | None = None) -> Name:
    """Surname, given name and patronymic out of one line.

    first: what the list itself says to come first. Raises `NoName`, and `OnlyInitial`.
    """
    written = _words(line(_BRACKETED.sub(" ", text)).replace(",", " "))
    whole = _written_out(written)
    if len(whole) == len(written):
        return _taken_apart(whole, first, text)
    if len(whole) < 2 or not any(given_name(word) for word in whole):
        raise OnlyInitial(text, whole)
    name = _taken_apart(whole, first, text)
    return Name(name.surname, name.given, name.patronymic, name.doubted or "initial")


def from_parts(surname: str, given: str, patronymic: str) -> Name:
    """A name whose parts stand in columns of their own. Raises `NoName`, and `OnlyInitial`."""
    said = surname, given, patronymic
    family, whole, father = map(_without_initials, said)
    family = family or surname  # «Ю» is one
    if not whole:
        raise OnlyInitial(given, family.split()) if given or family != surname else NoName(surname)
    return Name(family, whole, father or None, "" if (family, whole, father) == said else "initial")


def gender(name: Name) -> str | None:
    """ "she" or "he" by the endings of patronymic and surname; None when they do not tell."""
    father = (name.patronymic or "").lower()
    surname = name.surname.lower()
    if _SHE.search(father) or (not father and _SURNAME_SHE.search(surname)):
        return "she"
    if _HE.search(father) or (not father and _SURNAME_HE.search(surname)):
        return "he"
    return None


def _written_out(written: list[str]) -> list[str]:
    """The words that are no initials. «Ю Дмитрий» and «О Ен Ильич» begin with a surname."""
    start = 0
    if len(written) > 1 and len(written[0]) == 1:
        start = bool(given_name(written[1])) or bool(_PATRONYMIC.search(written[-1].lower()))
    rest = [word for word in written[start:] if not _INITIAL.fullmatch(word)]
    return [_capital(word.rstrip(".")) for word in written[:start] + rest]


def _without_initials(part: str) -> str:
    return " ".join(word for word in _words(part) if not _INITIAL.fullmatch(word))


def _words(text: str) -> list[str]:
    return [word for word in _GLUED.sub(". ", text).split() if word.strip(".")]


def _taken_apart(words: list[str], first: Order | None, text: str) -> Name:
    if len(words) < 2:
        raise NoName(text)
    of_father = next((at for at, word in enumerate(words) if word.lower() in _OF_FATHER), None)
    if of_father is not None:
        father = f"{words[of_father - 1]} {words[of_father].lower()}" if of_father else ""
        return _around(words[: max(of_father - 1, 0)], father, words[of_father + 1 :], text)
    fathers = [at for at, word in enumerate(words) if at and _PATRONYMIC.search(word.lower())]
    if len(words) == 2:
        return _of_two(words, first, text)
    if fathers and fathers[0] in {1, len(words) - 1}:
        at = fathers[0]
        return _around(words[:at], words[at], words[at + 1 :], text)
    return _of_many(words, first)


def _of_many(words: list[str], first: Order | None) -> Name:
    """Without a patronymic that is known by its ending: a guess, and asked about."""
    order, certain = _order(words[0], words[-1])
    second_is_given = given_name(words[1]) is not None
    if (order if certain or not first else first) == "given":
        if second_is_given:
            return Name(words[-1], words[0], " ".join(words[1:-1]), "parts")
        return Name(" ".join(words[1:]), words[0], None, "parts")
    if given_name(words[-1]) and not second_is_given:
        return Name(" ".join(words[:-1]), words[-1], None, "parts")
    return Name(words[0], words[1], " ".join(words[2:]), "parts")


def _around(before: list[str], father: str, after: list[str], text: str) -> Name:
    """«Surname Given Father» or «Given Father Surname»."""
    if not before or len(before) + len(after) < 2:
        raise NoName(text)
    if after:
        return Name(" ".join(after), " ".join(before), father, "parts" if before[1:] else "")
    if len(before) == 2 and given_name(before[0]) and _order(*before) == ("given", True):
        return Name(before[1], before[0], father, "order")
    return Name(" ".join(before[:-1]), before[-1], father)


def _of_two(words: list[str], first: Order | None, text: str) -> Name:
    one, other = words
    if _PATRONYMIC.search(other.lower()) and not _PATRONYMIC.search(one.lower()):
        # «Роман Абрамович», but also «Иван Петрович» without a surname.
        if _NO_SURNAME.search(other.lower()) or (_looks(one) < 2 and not given_name(one)):
            raise NoName(text)
        return Name(other, one, None, "" if is_hers(one) else "father")
    order, certain = _order(one, other)
    if not certain and first:
        order, certain = first, True
    doubted: Doubted = "" if certain else "order"
    return (
        Name(one, other, None, doubted) if order == "surname" else Name(other, one, None, doubted)
    )


def _order(one: str, other: str) -> tuple[Order, bool]:
    """What stands first of a surname and a given name, and whether the words leave no doubt."""
    given = bool(given_name(one)), bool(given_name(other))
    looks = _looks(one), _looks(other)
    if given == (False, True):
        return "surname", True
    if given == (True, False):
        return "given", looks[1] < 2
    if given == (True, True):
        return "surname", False
    return ("given" if looks[1] == 0 < looks[0] else "surname"), 0 in looks and looks != (0, 0)


def _looks(word: str) -> int:
    """How much a word looks like a surname by its ending: 0 much, 1 maybe, 2 not at all."""
    return next((at for at, ends in enumerate(_SURNAMES) if ends.search(word.lower())), 2)


def _capital(word: str) -> str:
    if len(word) > 1 and (word.isupper() or word.islower()) and word.lower() not in _OF_FATHER:
        parts = word.split("-")
        return "-".join(
            part.lower() if at and part.lower() in _OF_FATHER else part.capitalize()
            for at, part in enumerate(parts)
        )
    return word
