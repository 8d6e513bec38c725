"""What in our own records of people looks wrong: pure, on what is told of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.catalogue.rules import latin_in_name
from app.finding.tags import match


class Looks(StrEnum):
    """A doubt about one record, or about two that may be one person."""

    MISSING = "missing"
    NO_BIRTH_YEAR = "no_birth_year"
    NO_PATRONYMIC = "no_patronymic"
    LATIN_LETTERS = "latin_letters"
    TWICE = "twice"
    CASES_TWICE = "cases_twice"
    STORY = "story"
    TAGS = "tags"


@dataclass(frozen=True)
class Looked:
    """What is looked at of a person. told: whether the story stands there in both languages, of
    who is shown; interests, work: the tags in English and in Russian; shown: to everybody."""

    id: str
    surname: str
    given_name: str
    patronymic: str | None
    has_patronymic: bool
    dative_name: str | None
    birth_year: int | None
    told: bool
    interests: tuple[str, str]
    work: tuple[str, str]
    shown: bool = True


def doubtful(people: Iterable[Looked]) -> dict[Looks, list[str]]:
    """The ids of those with each doubt that one record alone gives, in the order given."""
    found: dict[Looks, list[str]] = {look: [] for look in Looks}
    for person in people:
        if person.birth_year is None:
            found[Looks.NO_BIRTH_YEAR].append(person.id)
        if person.has_patronymic and not person.patronymic:
            found[Looks.NO_PATRONYMIC].append(person.id)
        if latin_in_name(person):
            found[Looks.LATIN_LETTERS].append(person.id)
        if not person.told:
            found[Looks.STORY].append(person.id)
        if not all(_in_both(tags, person.shown) for tags in (person.interests, person.work)):
            found[Looks.TAGS].append(person.id)
    return found


def _in_both(tags: tuple[str, str], shown: bool) -> bool:
    """Whether tags can be found in both languages, of who is shown; else whether they can match."""
    return match(*tags) and not (shown and any(tags) and not all(tags))
