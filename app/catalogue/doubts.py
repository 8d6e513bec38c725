"""What in our own records of people looks wrong: pure, on names and years alone."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.searching import plain

_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


class Looks(StrEnum):
    """A doubt about one record, or about two that may be one person."""

    NO_BIRTH_YEAR = "no_birth_year"
    NO_PATRONYMIC = "no_patronymic"
    LATIN_LETTERS = "latin_letters"
    TWICE = "twice"
    CASES_TWICE = "cases_twice"


@dataclass(frozen=True)
class NameAndYear:
    """What is looked at of a person."""

    id: str
    surname: str
    given_name: str
    patronymic: str | None
    has_patronymic: bool
    birth_year: int | None


def doubtful(people: Iterable[NameAndYear]) -> dict[Looks, list[str]]:
    """The ids of those with each doubt, in the order given; namesakes stand side by side."""
    found: dict[Looks, list[str]] = {look: [] for look in Looks}
    same: defaultdict[tuple[str, str, int], list[str]] = defaultdict(list)
    for person in people:
        if person.birth_year is None:
            found[Looks.NO_BIRTH_YEAR].append(person.id)
        else:
            name = plain(person.surname), plain(person.given_name)
            same[(*name, person.birth_year)].append(person.id)
        if person.has_patronymic and not person.patronymic:
            found[Looks.NO_PATRONYMIC].append(person.id)
        if _LATIN.search(f"{person.surname}{person.given_name}{person.patronymic or ''}"):
            found[Looks.LATIN_LETTERS].append(person.id)
    found[Looks.TWICE] = [id_ for ids in same.values() if len(ids) > 1 for id_ in ids]
    return found
