"""What is asked of the public search, and to whom its filters apply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from app.ages import kept_on
from app.finding.facets import SEARCHED
from app.finding.memory import Index
from app.finding.phrases import meant
from app.finding.sets import Bits

AGES = (25, 35, 45, 55, 65)
"""Where one age group ends and the next begins, in years."""

SOON = ("birthday", "release")
COUNTED = ("year", "stage", "sentence")
"""Fields of the public figures that filter too."""

FILTERS = (*SEARCHED, "age", "soon", "letters", *COUNTED)
LONGEST_QUERY = 100
LONGEST_VALUE = 200
BIRTHDAY_DAYS = 31
RELEASE_DAYS = 92


@dataclass(frozen=True)
class Wanted:
    """A name or words, and filters: field of `FILTERS` → value. Unknown ones find nobody."""

    query: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: str, asked: Iterable[tuple[str, str]]) -> "Wanted":
        """As it stands in an address; what is too long or no filter is left out."""
        filters = {
            name: meant(name, value[:LONGEST_VALUE].replace("\0", ""))
            for name, value in asked
            if name in FILTERS and value
        }
        return cls(query[:LONGEST_QUERY].replace("\0", "").strip(), filters)


def age_groups(today: date) -> dict[str, range]:
    """Value of the filter → the birth years that belong to it. By year: days are rarely known."""
    bounds = (0, *AGES, 200)
    return {
        f"{low}-{high - 1}": range(today.year - high + 1, today.year - low + 1)
        for low, high in pairwise(bounds)
    }


def those_of(index: Index, name: str, value: str, today: date) -> Bits:
    """Everybody to whom this filter applies today."""
    if name == "age":
        years = age_groups(today).get(value, range(0))
        return index.values("born").of_any(map(str, years))
    if name == "soon":
        return _soon(index, value, today)
    if name == "letters" and value == "now":
        return writable(index)
    return index.of(name, meant(name, value))


def writable(index: Index) -> Bits:
    """Everybody who can be written to."""
    return index.everybody & ~index.of("letters", "none")


def left_by(index: Index, wanted: Wanted, today: date, *, without: str = "") -> Bits:
    """Everybody to whom all filters apply, leaving one field's filter out."""
    left = index.everybody
    for name, value in wanted.filters.items():
        if name != without:
            left &= those_of(index, name, value, today)
    return left


def _soon(index: Index, value: str, today: date) -> Bits:
    if value == "birthday":
        window = (today + timedelta(days=ahead) for ahead in range(BIRTHDAY_DAYS + 1))
        days = {f"{month:02}-{day:02}" for month, day in kept_on(window)}
        return index.values("birthday").of_any(days)
    if value == "release":
        first, last = today.isoformat(), (today + timedelta(days=RELEASE_DAYS)).isoformat()
        ends = index.values("release")
        return ends.of_any(day for day in ends if first <= day <= last)
    return 0
