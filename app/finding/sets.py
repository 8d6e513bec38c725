"""Sets of people: bits of one long number where many are in it, else their numbers one by one.

What people like and do has tens of thousands of values, most of them of one person or two. A bit
set of each would take twelve kilobytes at 100,000 people; two numbers take eight bytes.
"""

from array import array
from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import compress, count

Bits = int
Numbers = Sequence[int]
"""Ascending."""

LEAST_PEOPLE = 10
"""Of fewer no number is told in public."""

_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")
_FEW_OF = 256
"""A set is kept as numbers while it has at most one in so many of all people."""

_SO_FEW = 256
"""Of so few people it is asked first whether any has a value, which takes a tenth of counting."""


def bits(numbers: Iterable[int]) -> Bits:
    """The set of these numbers."""
    listed = list(numbers)
    held = bytearray(max(listed, default=0) // 8 + 1)
    for number in listed:
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def numbers_of(some: Bits) -> Iterator[int]:
    """The numbers in a set, ascending."""
    return compress(count(), spread(some, some.bit_length()))


@lru_cache(maxsize=8)
def spread(some: Bits, highest: int) -> bytes:
    """The same set as bytes that are 1 or 0 for each number up to `highest`.

    Kept, because one answer asks for the same set again and again.
    """
    return bin(some | 1 << highest + 1)[:2:-1].encode().translate(_AS_NUMBERS)


def numbers_in(some: Bits, among: Sequence[int], highest: int) -> Iterator[int]:
    """Those of `among` that are in the set, in their order."""
    return compress(among, map(spread(some, highest).__getitem__, among))


class Values(Collection[str]):
    """The values of one facet and who has each. Never changed: `changed` makes another.

    highest: no number is higher than this.
    """

    def __init__(
        self,
        many: Mapping[str, Bits] | None = None,
        few: Mapping[str, Numbers] | None = None,
        highest: int = 0,
    ) -> None:
        self._many, self._few, self._highest = many or {}, few or {}, highest

    def __iter__(self) -> Iterator[str]:
        yield from self._many
        yield from self._few

    def __len__(self) -> int:
        return len(self._many) + len(self._few)

    def __contains__(self, value: object) -> bool:
        return value in self._many or value in self._few

    def of(self, value: str) -> Bits:
        """Who has this value."""
        return self._many.get(value) or bits(self._few.get(value, ()))

    def of_any(self, values: Iterable[str]) -> Bits:
        """Who has one of these values."""
        found = 0
        single: list[int] = []
        for value in values:
            found |= self._many.get(value, 0)
            single.extend(self._few.get(value, ()))
        return found | bits(single)

    def ascending(self, value: str, among: Bits) -> Iterator[int]:
        """The numbers of those among some people who have this value."""
        held = self.of(value) & among
        while held:
            lowest = held & -held
            yield lowest.bit_length() - 1
            held ^= lowest

    def counted(self, among: Bits) -> dict[str, int]:
        """Value → how many among some people have it, where anybody has."""
        held = spread(among, self._highest)
        found = {value: (kept & among).bit_count() for value, kept in self._many.items()}
        found |= {value: _count(numbers, held) for value, numbers in self._few.items()}
        return {value: people for value, people in found.items() if people}

    def most(self, among: Bits, limit: int) -> list[tuple[str, int]]:
        """The first `limit` of `counted`: those that most have, then by the value itself.

        Values of fewer than ten follow in the order of the alphabet, which tells nothing.
        Whatever fewer people have altogether than the last on the list cannot be on it.
        """
        held = spread(among, self._highest)
        top: list[tuple[int, str]] = []
        for altogether, value in self._by_size if among.bit_count() >= LEAST_PEOPLE else ():
            if len(top) == limit and altogether < -top[-1][0]:
                break
            people = self._people(value, among, held)
            if people >= LEAST_PEOPLE:
                insort(top, (-people, value))
                del top[limit:]
        found = [(value, -people) for people, value in top]
        if len(found) < limit:
            found += self._first_of_few(among, held, limit - len(found))
        return found

    def sizes(self) -> dict[str, int]:
        """Value → how many people have it."""
        many = {value: kept.bit_count() for value, kept in self._many.items()}
        return many | {value: len(numbers) for value, numbers in self._few.items()}

    def together(self, groups: Mapping[str, Sequence[str]]) -> "Values":
        """Name of each group → who has one of its values."""
        many, few = {}, {}
        for name, values in groups.items():
            if len(values) == 1 and values[0] in self._few:
                few[name] = self._few[values[0]]
            elif any(value in self._many for value in values):
                many[name] = self.of_any(values)
            else:
                few[name] = array("I", sorted(set().union(*(self._few[value] for value in values))))
        return Values(many, few, self._highest)

    def changed(self, gone: set[int], found: Mapping[str, Numbers], highest: int) -> "Values":
        """Without some people, and then with some, by value; itself when that is the same."""
        out = bits(gone)
        many, few = {}, {}
        for value, kept in self._many.items():
            left = kept ^ (kept & out)
            if left:
                many[value] = left
        for value, numbers in self._few.items():
            if gone.isdisjoint(numbers):
                few[value] = numbers
            elif left_over := [number for number in numbers if number not in gone]:
                few[value] = array("I", left_over)
        for value, numbers in found.items():
            if value in many:
                many[value] |= bits(numbers)
                continue
            together = sorted({*few.pop(value, ()), *numbers}) if value in few else numbers
            if len(together) * _FEW_OF > highest:
                many[value] = bits(together)
            else:
                few[value] = array("I", together)
        same = many == self._many and few == self._few
        return self if same else Values(many, few, highest)

    def _people(self, value: str, among: Bits, held: bytes) -> int:
        kept = self._many.get(value)
        return _count(self._few[value], held) if kept is None else (kept & among).bit_count()

    def _first_of_few(self, among: Bits, held: bytes, limit: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for value in self._with_any(among):
            people = self._people(value, among, held)
            if 0 < people < LEAST_PEOPLE:
                found.append((value, people))
                if len(found) == limit:
                    break
        return found

    def _with_any(self, among: Bits) -> Iterable[str]:
        """Values in order of the alphabet; of few people only those that one of them has."""
        if among.bit_count() > _SO_FEW:
            return self._by_name
        theirs, few = frozenset(numbers_of(among)), self._few
        return (v for v in self._by_name if v not in few or not theirs.isdisjoint(few[v]))

    @cached_property
    def _by_size(self) -> list[tuple[int, str]]:
        """Values that at least ten people have, most people first."""
        sizes = [(kept.bit_count(), value) for value, kept in self._many.items()]
        sizes += [(len(numbers), value) for value, numbers in self._few.items()]
        return sorted((size for size in sizes if size[0] >= LEAST_PEOPLE), reverse=True)

    @cached_property
    def _by_name(self) -> list[str]:
        return sorted(self)


def _count(numbers: Numbers, held: bytes) -> int:
    return sum(map(held.__getitem__, numbers))
