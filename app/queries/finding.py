"""The public search: one page of people, and how many more each filter would leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.finding.asking import FILTERS, SOON, Wanted, age_groups, left_by, named, those_of
from app.finding.facets import TERMS
from app.finding.memory import Bits, Index, Words, bits, index_of, members
from app.queries import choosing
from app.queries.choosing import Person
from app.queries.figures import LEAST_PEOPLE

PAGE = 20
MOST_OPTIONS = 40
_OF_EQUAL_RANK = frozenset({"age", "year", "sentence"})
"""Fields whose values stand in an order of their own."""


@dataclass(frozen=True)
class Option:
    """A value one can filter by. people: how many it would leave; None is fewer than ten."""

    value: str
    people: int | None
    chosen: bool
    words: Words


@dataclass(frozen=True)
class FacetCounts:
    """A field one can filter by, and its values."""

    field: str
    options: list[Option]

    @property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.chosen), None)


@dataclass(frozen=True)
class FoundPeople:
    """One page of people: best first where words were asked for, else by name. total: None is
    fewer than ten."""

    people: list[Person]
    page: int
    pages: int
    total: int | None
    facets: list[FacetCounts]


def find(
    session: Session, wanted: Wanted, today: date, page: int, fields: Iterable[str] = FILTERS
) -> FoundPeople:
    """People who are shown and wanted; page counts from 1. fields: whose values are counted."""
    index = index_of(session)
    names = named(session, wanted.query)
    asked = index.everybody if names is None else index.everybody & bits(names)
    left = asked & left_by(index, wanted, today)
    total = left.bit_count()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    numbers = _page(index, left, names, page)
    ids = [index.people[number].id for number in numbers]
    return FoundPeople(
        choosing.people_by_id(session, ids),
        page,
        pages,
        told(total),
        [_counts(index, wanted, asked, left, name, today) for name in fields],
    )


def told(people: int) -> int | None:
    """What may be said of so many people in public: the number, or None for fewer than ten."""
    return people if people >= LEAST_PEOPLE else None


def _page(index: Index, left: Bits, names: dict[int, float] | None, page: int) -> list[int]:
    first, last = (page - 1) * PAGE, page * PAGE
    if names is None:
        return _some(members(index, left), first, last)
    numbers = list(members(index, left))
    return sorted(numbers, key=lambda number: -names[number])[first:last]


def _some(numbers: Iterable[int], first: int, last: int) -> list[int]:
    found = []
    for at, number in enumerate(numbers):
        if at >= last:
            break
        if at >= first:
            found.append(number)
    return found


def _counts(
    index: Index, wanted: Wanted, asked: Bits, left: Bits, name: str, today: date
) -> FacetCounts:
    """Values of a field with what each would leave, its own filter set aside."""
    chosen = wanted.filters.get(name)
    base = left if chosen is None else asked & left_by(index, wanted, today, without=name)
    counted = [
        (value, (those_of(index, name, value, today) & base).bit_count())
        for value in _values(index, name, today)
    ]
    if name not in _OF_EQUAL_RANK:
        # Of those who are fewer than ten, the order tells nothing.
        counted.sort(key=lambda pair: (-(told(pair[1]) or 0), pair[0]))
    kept = [(value, people) for value, people in counted if people and value != chosen]
    options = [_option(index, name, value, people) for value, people in kept[:MOST_OPTIONS]]
    if chosen is not None:
        people = dict(counted).get(chosen, 0)
        options.insert(0, _option(index, name, chosen, people, chosen=True))
    return FacetCounts(name, options)


def _option(index: Index, name: str, value: str, people: int, *, chosen: bool = False) -> Option:
    return Option(value, told(people), chosen, index.words.get((name, value), value))


def _values(index: Index, name: str, today: date) -> Iterable[str]:
    if name == "age":
        return age_groups(today)
    if name == "soon":
        return SOON
    if name == "sentence":
        return TERMS
    values = index.sets.get(name, {})
    return sorted(values, reverse=True) if name == "year" else values
