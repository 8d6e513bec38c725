"""The public search: one page of people, and how many more each filter would leave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from sqlmodel import Session

from app.finding.answering import named
from app.finding.asking import (
    FILTERS,
    SOON,
    Wanted,
    age_groups,
    left_by,
    those_of,
    writable,
)
from app.finding.facets import LETTERS, TERMS
from app.finding.memory import Index, index_of, members
from app.finding.rows import Words
from app.finding.sets import Bits, bits
from app.queries import choosing
from app.queries.choosing import Person
from app.queries.figures import told

PAGE = 20
MOST_OPTIONS = {"interest": 40, "work": 40}
"""Of tags, which are countless, those that most people have."""

OF_EQUAL_RANK = frozenset({"age", "year", "sentence"})
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
    """A field one can filter by, and its values. more: there are others, see `every_value`."""

    field: str
    options: list[Option]
    more: bool = False

    @property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.chosen), None)


@dataclass(frozen=True)
class FoundPeople:
    """One page of people: best first where words were asked for, else by name, whoever can be
    written to before the others. total: None is fewer than ten."""

    people: list[Person]
    page: int
    pages: int
    total: int | None
    facets: list[FacetCounts]


@dataclass(frozen=True)
class Answer:
    """Who answers: to the words alone, and to the filters too. names: number → how well."""

    index: Index
    names: dict[int, float] | None
    asked: Bits
    left: Bits


def answer(session: Session, wanted: Wanted, today: date) -> Answer:
    """Everybody who is shown and wanted."""
    index = index_of(session)
    names = named(session, wanted.query, index)
    asked = index.everybody if names is None else index.everybody & bits(names)
    return Answer(index, names, asked, asked & left_by(index, wanted, today))


def find(
    session: Session, wanted: Wanted, today: date, page: int, fields: Iterable[str] = FILTERS
) -> FoundPeople:
    """People who are shown and wanted; page counts from 1. fields: whose values are counted."""
    found = answer(session, wanted, today)
    total = found.left.bit_count()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    ids = [found.index.people[number] for number in _page(found, page)]
    people = choosing.people_by_id(session, ids)
    return FoundPeople(people, page, pages, told(total), facets(found, wanted, today, fields))


def facets(
    found: Answer, wanted: Wanted, today: date, fields: Iterable[str] = FILTERS
) -> list[FacetCounts]:
    """The values of each field, with how many people each would leave."""
    return [_counts(found, wanted, name, today) for name in fields]


def every_value(session: Session, wanted: Wanted, name: str, today: date) -> list[Option]:
    """All values of a field that anybody has whom the rest of the question leaves, in no order."""
    found = answer(session, wanted, today)
    aside = _left_without(found, wanted, name, today)
    asked = wanted.filters.get(name)
    chosen = asked and found.index.value(name, asked)
    counts = found.index.values(name).counted(aside)
    return [
        _option(found.index, name, value, people, chosen=value == chosen)
        for value, people in counts.items()
    ]


def _left_without(found: Answer, wanted: Wanted, name: str, today: date) -> Bits:
    """Everybody who is left when this field's own filter is set aside."""
    return found.asked & left_by(found.index, wanted, today, without=name)


def _page(found: Answer, page: int) -> list[int]:
    can = writable(found.index)
    sets = (each for held in _best_first(found) for each in (held & can, held & ~can))
    numbers = chain.from_iterable(members(found.index, held) for held in sets if held)
    return list(islice(numbers, (page - 1) * PAGE, page * PAGE))


def _best_first(found: Answer) -> Iterator[Bits]:
    """Those who are left, in sets of people who answer to the words equally well."""
    if found.names is None:
        yield found.left
        return
    alike: dict[float, list[int]] = {}
    for number, how_well in found.names.items():
        alike.setdefault(how_well, []).append(number)
    for _, numbers in sorted(alike.items(), reverse=True):
        yield bits(numbers) & found.left


def _counts(found: Answer, wanted: Wanted, name: str, today: date) -> FacetCounts:
    """Values of a field with what each would leave, its own filter set aside."""
    index, asked = found.index, wanted.filters.get(name)
    chosen = asked and found.index.value(name, asked)
    aside = _left_without(found, wanted, name, today) if chosen else found.left
    most = MOST_OPTIONS.get(name)
    if most is None:
        counted = _counted(index, name, aside, today)
    else:
        counted = index.values(name).most(aside, most + 1)
    kept = [(value, people) for value, people in counted if value != chosen][:most]
    options = [_option(index, name, value, people) for value, people in kept]
    if chosen is not None:
        people = (those_of(index, name, chosen, today) & aside).bit_count()
        options.insert(0, _option(index, name, chosen, people, chosen=True))
    return FacetCounts(name, options, more=most is not None and len(counted) > most)


def _option(index: Index, name: str, value: str, people: int, *, chosen: bool = False) -> Option:
    return Option(value, told(people), chosen, index.called(name, value))


def _counted(index: Index, name: str, among: Bits, today: date) -> list[tuple[str, int]]:
    """Values that some people have, and how many of them, in the order in which they are told."""
    values = values_made_up(index, name, today)
    if values is None:
        counts = index.values(name).counted(among)
        counted = sorted(counts.items(), reverse=True) if name == "year" else list(counts.items())
    else:
        sets = ((value, those_of(index, name, value, today) & among) for value in values)
        counted = [(value, held.bit_count()) for value, held in sets if held]
    if name not in OF_EQUAL_RANK:
        # Of those who are fewer than ten, the order tells nothing.
        counted.sort(key=lambda pair: (-(told(pair[1]) or 0), pair[0]))
    return counted


def values_made_up(index: Index, name: str, today: date) -> Iterable[str] | None:
    """The values of fields that have the same ones whoever is found, in their order."""
    if name == "age":
        return age_groups(today)
    if name == "soon":
        return SOON
    if name == "sentence":
        return TERMS
    if name == "letters":
        # Where everybody can be written to there is nothing to choose.
        return LETTERS if index.of("letters", "none") & index.everybody else ()
    return None
