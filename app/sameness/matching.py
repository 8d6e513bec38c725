"""Who may be the same person under another id or another spelling. Asked about, never decided."""

from dataclasses import dataclass
from enum import StrEnum

from app.sameness.fields import Fields
from app.sameness.given_names import are_two, heard, is_one
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


class Why(StrEnum):
    """What makes two records look like one person's, the most telling first."""

    NAME = "name"
    FORM = "form"
    SWAPPED = "swapped"
    YEAR = "year"
    GIVEN = "given"


_ORDER = list(Why)


def why(ours: Somebody, theirs: Somebody) -> Why | None:
    """Why two may be one person; None where they hardly are.

    Never where patronymics tell two fathers apart, or birth years are more than one apart. Else:
    NAME, FORM: the same given name or forms of it, and surnames at most one typing mistake apart;
    SWAPPED: what one has as surname the other has as given name, and the other way round;
    YEAR: years that are one apart, if surname, given name and patronymic are all known and alike;
    GIVEN: a typing mistake in the given name, if years are known and the same, and surnames alike.
    Two names that are known as two («Мария», «Марина») are no mistake in one of them. Where nothing
    else is said, a year or a patronymic may be missing.
    """
    years = ours.birth_year, theirs.birth_year
    apart = 0 if None in years else abs((years[0] or 0) - (years[1] or 0))
    if apart > 1 or not may_be_one_father(ours.patronymic, theirs.patronymic):
        return None
    if apart == 1:
        return Why.YEAR if _same_whole_name(ours, theirs) else None
    if _is_typed_so(ours.surname, theirs.surname):
        if is_one(ours.given, theirs.given):
            return Why.NAME if sound(ours.given) == sound(theirs.given) else Why.FORM
        is_slip = _is_typed_so(ours.given, theirs.given) and not are_two(ours.given, theirs.given)
        if is_slip and None not in years and sound(ours.surname) == sound(theirs.surname):
            return Why.GIVEN
    return Why.SWAPPED if _is_swapped(ours, theirs) else None


class Namesakes:
    """People by what their names sound like, so that nobody is compared with everybody."""

    def __init__(self) -> None:
        self._people: dict[str, list[Somebody]] = {}

    def add(self, person: Somebody) -> None:
        for key in _keys(person):
            if key in self._people:
                self._people[key].append(person)
            else:
                self._people[key] = [person]

    def like(self, person: Somebody) -> list[Somebody]:
        """Everybody added who may be this person, the likeliest first."""
        met = {
            other.ref: other
            for key in _keys(person)
            for other in self._people.get(key, ())
            if other.ref != person.ref
        }
        alike = [(reason, other) for other in met.values() if (reason := why(person, other))]
        alike.sort(key=lambda each: (_ORDER.index(each[0]), each[1].ref))
        return [other for _, other in alike]


def surely_one(ours: Somebody, theirs: Somebody) -> bool:
    """Whether every part of the name and the birth year are known and agree: easily answered."""
    known = ours.birth_year is not None and ours.birth_year == theirs.birth_year
    return known and _same_whole_name(ours, theirs)


def is_somebody_else(ours: Somebody, theirs: Somebody) -> bool:
    """Whether what stands under one id cannot well be the same person any more.

    People marry, names are misspelt, years are corrected: that alone makes nobody another person.
    """
    years = ours.birth_year, theirs.birth_year
    undated = None in years
    if years[0] == years[1] and not undated:
        return False
    if _is_swapped(ours, theirs):
        agree = [True, True]
    else:
        is_same_given = is_one(ours.given, theirs.given) or _is_typed_so(ours.given, theirs.given)
        agree = [_is_typed_so(ours.surname, theirs.surname), is_same_given]
    if undated:
        return not any(agree)
    return not (all(agree) and may_be_one_father(ours.patronymic, theirs.patronymic))


def renamed_key(theirs: Somebody) -> str:
    """The key of the doubt whether an id is still of whom it was; of this very name and year."""
    return f"{theirs.ref}|{theirs.title}|{theirs.birth_year or ''}"


def pair_key(ours: str, theirs: str) -> str:
    """One key for a doubt about two people, whichever comes first."""
    return "|".join(sorted((ours, theirs)))


def _keys(person: Somebody) -> list[str]:
    """Whoever may be one person has one of these in common."""
    given, surname = heard(person.given), sound(person.surname)
    keys = [f"{given} {typed}" for typed in mistypings(person.surname)]
    keys.append(" / ".join(sorted((given, heard(person.surname)))))
    if person.birth_year is not None:
        keys.append(f"{surname} {person.birth_year}")
    return keys


def _is_typed_so(ours: str, theirs: str) -> bool:
    return not set(mistypings(ours)).isdisjoint(mistypings(theirs))


def _is_swapped(ours: Somebody, theirs: Somebody) -> bool:
    return is_one(ours.surname, theirs.given) and is_one(ours.given, theirs.surname)


def _same_whole_name(ours: Somebody, theirs: Somebody) -> bool:
    parts = (
        (ours.surname, theirs.surname),
        (ours.given, theirs.given),
        (ours.patronymic or "", theirs.patronymic or ""),
    )
    alike = all(first and sound(first) == sound(second) for first, second in parts)
    return alike and not are_two(ours.given, theirs.given)
