"""Who may be the same person under another id or another spelling. Asked about, never decided."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue.importing.naming import may_be_one_father, mistypings, sound
from app.catalogue.importing.records import Fields


@dataclass(frozen=True)
class Somebody:
    """A person to compare. ref: the source's id, or "our:" and ours; the same in every reading.

    target_id: our id, None for somebody who is new in this very reading, who then has `ref` as key.
    """

    ref: str
    surname: str
    given: str
    patronymic: str | None
    birth_year: int | None
    target_id: str | None = None

    @property
    def title(self) -> str:
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)


def somebody(ref: str, fields: Fields, target_id: str | None = None) -> Somebody:
    """Out of columns of a person."""
    return Somebody(
        ref,
        fields["surname"],
        fields["given_name"],
        fields.get("patronymic"),
        fields.get("birth_year"),
        target_id,
    )


class Namesakes:
    """People by the sound of their names, one typing mistake allowed in the surname."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], list[Somebody]] = defaultdict(list)

    def add(self, person: Somebody) -> None:
        for key in self._keys(person):
            self._people[key].append(person)

    def like(self, person: Somebody) -> list[Somebody]:
        """Everybody added who may be this person."""
        found: dict[str, Somebody] = {}
        for key in self._keys(person):
            for other in self._people.get(key, ()):
                if other.ref != person.ref and _may_be_one(person, other):
                    found[other.ref] = other
        return list(found.values())

    @staticmethod
    def _keys(person: Somebody) -> Iterator[tuple[str, str]]:
        given = sound(person.given)
        return ((given, surname) for surname in mistypings(person.surname))


def surely_one(ours: Somebody, theirs: Somebody) -> bool:
    """Whether every part of the name and the birth year are known and agree: easily answered."""
    parts = (
        (ours.surname, theirs.surname),
        (ours.given, theirs.given),
        (ours.patronymic or "", theirs.patronymic or ""),
    )
    same_name = all(first and sound(first) == sound(second) for first, second in parts)
    return same_name and ours.birth_year is not None and ours.birth_year == theirs.birth_year


def pair_key(ours: str, theirs: str) -> str:
    """One key for a doubt about two people, whichever comes first."""
    return "|".join(sorted((ours, theirs)))


def _may_be_one(ours: Somebody, theirs: Somebody) -> bool:
    years = {ours.birth_year, theirs.birth_year} - {None}
    return len(years) < 2 and may_be_one_father(ours.patronymic, theirs.patronymic)
