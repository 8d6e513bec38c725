"""The sets of people in each facet, at hand in every process as bit sets.

A number of the index is a bit. To combine filters and to count what is left of every facet is a
matter of milliseconds at 100,000 people, on whichever database; the rows are read once, and after
that only those that changed: every question begins by asking for the newest version.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.database import Database
from app.models import PersonIndex

Bits = int
Words = str | list[str]


@dataclass(frozen=True)
class Person:
    """Somebody in the index."""

    id: str
    sort_name: str


@dataclass(frozen=True)
class Index:
    """Everybody who is shown, as of a version. Never changed: a newer one takes its place.

    order: all numbers by name. sets: field → value → the people. words: (field, value) → what
    people call it, where the pages do not know.
    """

    version: int = 0
    everybody: Bits = 0
    people: Mapping[int, Person] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    sets: Mapping[str, Mapping[str, Bits]] = field(default_factory=dict)
    words: Mapping[tuple[str, str], Words] = field(default_factory=dict)

    def of(self, name: str, value: str) -> Bits:
        """The people with this value of a facet."""
        return self.sets.get(name, {}).get(value, 0)


class _Newest:
    """The newest index of one database, and who is bringing it up to date."""

    def __init__(self) -> None:
        self.index = Index()
        self.lock = threading.Lock()


_KEPT: WeakKeyDictionary[Database, _Newest] = WeakKeyDictionary()


def index_of(session: Session) -> Index:
    """The index as this session's database has it now."""
    kept = _KEPT.setdefault(session.info["database"], _Newest())
    newest = session.exec(select(sa.func.max(PersonIndex.version))).one() or 0
    if kept.index.version < newest:
        with kept.lock:
            if kept.index.version < newest:
                kept.index = _brought_up_to(newest, kept.index, session)
    return kept.index


def bits(numbers: Iterable[int]) -> Bits:
    """The set of these numbers."""
    listed = list(numbers)
    held = bytearray(max(listed, default=0) // 8 + 1)
    for number in listed:
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def members(index: Index, some: Bits) -> Iterator[int]:
    """The numbers in a set, by name."""
    held = some.to_bytes((some.bit_length() + 7) // 8, "little")
    size = len(held)
    for number in index.order:
        at = number >> 3
        if at < size and held[at] >> (number & 7) & 1:
            yield number


def _brought_up_to(newest: int, old: Index, session: Session) -> Index:
    rows = session.execute(
        sa.select(
            col(PersonIndex.number),
            col(PersonIndex.prisoner_id),
            col(PersonIndex.sort_name),
            col(PersonIndex.facets),
        ).where(col(PersonIndex.version) > old.version)
    ).all()
    gone = ~bits(number for number, *_ in rows)
    sets = {
        name: {value: kept for value, held in values.items() if (kept := held & gone)}
        for name, values in old.sets.items()
    }
    people, words = dict(old.people), dict(old.words)
    found: dict[tuple[str, str], list[int]] = {}
    for number, prisoner_id, sort_name, facets in rows:
        people.pop(number, None)
        if not sort_name:
            continue
        people[number] = Person(prisoner_id, sort_name)
        for name, value, *called in facets:
            found.setdefault((name, value), []).append(number)
            if called:
                words[name, value] = called[0]
    for (name, value), numbers in found.items():
        values = sets.setdefault(name, {})
        values[value] = values.get(value, 0) | bits(numbers)
    order = tuple(sorted(people, key=lambda number: (people[number].sort_name, number)))
    return Index(newest, bits(people), people, order, sets, words)
