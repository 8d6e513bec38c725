"""Who may be the same person under another id or another spelling. Asked about, never decided."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.sameness.fields import Fields
from app.sameness.naming import may_be_one_father, mistypings, sound


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
        self._people: dict[str, dict[str, list[Somebody]]] = {}

    def add(self, person: Somebody) -> None:
        called_so = self._people.setdefault(sound(person.given), {})
        for surname in mistypings(person.surname):
            if surname in called_so:
                called_so[surname].append(person)
            else:
                called_so[surname] = [person]

    def like(self, person: Somebody) -> list[Somebody]:
        """Everybody added who may be this person."""
        found: dict[str, Somebody] = {}
        called_so = self._people.get(sound(person.given))
        if called_so is None:
            return []
        for surname in mistypings(person.surname):
            for other in called_so.get(surname, ()):
                if other.ref != person.ref and _may_be_one(person, other):
                    found[other.ref] = other
        return list(found.values())


def not_alone(people: Iterable[Somebody]) -> list[Somebody]:
    """Of many, those whose name sounds like another's of the same year, or of an unknown one:
    nobody else needs to be compared."""
    everybody = list(people)
    names = [
        {f"{sound(each.given)} {surname}" for surname in mistypings(each.surname)}
        for each in everybody
    ]
    of_year: dict[int | None, Counter[str]] = {}
    for each, own in zip(everybody, names, strict=True):
        of_year.setdefault(each.birth_year, Counter()).update(own)
    undated: Collection[str] = of_year.get(None, ())
    dated = {name for year, met in of_year.items() if year for name in met} if undated else ()
    return [
        each
        for each, own in zip(everybody, names, strict=True)
        if any(of_year[each.birth_year][name] > 1 for name in own)
        or any(name in (undated if each.birth_year else dated) for name in own)
    ]


def surely_one(ours: Somebody, theirs: Somebody) -> bool:
    """Whether every part of the name and the birth year are known and agree: easily answered."""
    parts = (
        (ours.surname, theirs.surname),
        (ours.given, theirs.given),
        (ours.patronymic or "", theirs.patronymic or ""),
    )
    same_name = all(first and sound(first) == sound(second) for first, second in parts)
    return same_name and ours.birth_year is not None and ours.birth_year == theirs.birth_year


def is_somebody_else(ours: Somebody, theirs: Somebody) -> bool:
    """Whether what stands under one id cannot well be the same person any more.

    People marry, names are misspelt, years are corrected: that alone makes nobody another person.
    """
    years = ours.birth_year, theirs.birth_year
    undated = None in years
    if years[0] == years[1] and not undated:
        return False
    pairs = (ours.surname, theirs.surname), (ours.given, theirs.given)
    agree = [a == b or not set(mistypings(a)).isdisjoint(mistypings(b)) for a, b in pairs]
    if undated:
        return not any(agree)
    return not (all(agree) and may_be_one_father(ours.patronymic, theirs.patronymic))


def renamed_key(theirs: Somebody) -> str:
    """The key of the doubt whether an id is still of whom it was; of this very name and year."""
    return f"{theirs.ref}|{theirs.title}|{theirs.birth_year or ''}"


def pair_key(ours: str, theirs: str) -> str:
    """One key for a doubt about two people, whichever comes first."""
    return "|".join(sorted((ours, theirs)))


def _may_be_one(ours: Somebody, theirs: Somebody) -> bool:
    years = ours.birth_year, theirs.birth_year
    same_year = None in years or years[0] == years[1]
    return same_year and may_be_one_father(ours.patronymic, theirs.patronymic)
