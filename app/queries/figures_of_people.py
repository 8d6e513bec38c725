"""How many people are in prison and for what: everybody known to be, counted under every filter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from app.finding.answering import named
from app.finding.asking import FILTERS, Wanted, those_of, writable
from app.finding.facets import LETTERS, TERMS
from app.finding.memory import Index, index_of
from app.finding.regions import REGIONS
from app.finding.rows import Words
from app.finding.sets import Bits, bits
from app.models import ImportRun
from app.queries.figures import told
from app.queries.figures_sums import Sums
from app.queries.finding import MOST_OPTIONS, OF_EQUAL_RANK, FacetCounts, Option, values_made_up

TABLES = ("year", "category", "article", "region", "sex", "stage", "sentence")

PUBLISHED = {"memorial": "Memorial", "ovdinfo": "OVD-Info"}
"""Sources that publish their lists themselves, by their short names."""


@dataclass(frozen=True)
class Row:
    """One line of a table. people: None is fewer than ten."""

    value: str
    people: int | None
    words: Words


@dataclass(frozen=True)
class Table:
    """Every line. other: who has a value that is no line; unknown: of whom none is known."""

    rows: list[Row]
    other: int | None
    unknown: int | None


@dataclass(frozen=True)
class PeopleFigures:
    """Tables by field. total: None is fewer than ten; then there are no tables. writable: of the
    total, how many can be written to."""

    total: int | None
    writable: int | None
    tables: Mapping[str, Table]
    facets: list[FacetCounts]


def figures_of_people(session: Session, wanted: Wanted, today: date) -> PeopleFigures:
    """Everybody in prison who is wanted, by year, category, article, region, sex, stage, term.

    Nobody is found by a name or a word but who is shown.
    """
    index = index_of(session)
    names = named(session, wanted.query, index)
    asked = index.imprisoned if names is None else index.imprisoned & index.everybody & bits(names)
    filters = {name: those_of(index, name, value, today) for name, value in wanted.filters.items()}
    sums = Sums.of(index, asked, filters.values())
    total = told(sums.people())
    return PeopleFigures(
        total,
        told((sums.shown & writable(index)).bit_count()),
        {} if total is None else {name: _table(index, sums, name) for name in TABLES},
        [_facet(index, asked, filters, wanted, name, today) for name in FILTERS],
    )


def lists_read(session: Session) -> list[str]:
    """The published lists that the catalogue was filled from; what others are called is ours."""
    applied = select(ImportRun.source).where(ImportRun.state == "applied").distinct()
    return [PUBLISHED[source] for source in sorted(session.exec(applied)) if source in PUBLISHED]


def _table(index: Index, sums: Sums, name: str) -> Table:
    sets = {value: index.of(name, value) for value in index.values(name)}
    lines = _lines(name, [value for value, held in sets.items() if sums.people(held)])
    other = _union(held for value, held in sets.items() if value not in lines)
    unknown = ~_union(sets.values())
    cells = [*(sets.get(line, 0) for line in lines), other, unknown]
    *listed, others, nothing = (told(sums.people(held)) for held in cells)
    rows = [
        Row(value, people, index.called_of_record(name, value))
        for value, people in zip(lines, listed, strict=True)
    ]
    if name not in {"year", "sentence", "region"}:
        rows.sort(key=lambda row: (-(row.people or 0), row.value))
    return Table(rows, others, nothing)


def _lines(name: str, values: Sequence[str]) -> list[str]:
    """What has a line of its own, in order: of years and regions also where nobody is."""
    if name == "year" and values:
        years = [int(year) for year in values]
        return [str(year) for year in range(min(years), max(years) + 1)]
    if name == "region":
        return list(REGIONS)
    if name == "sentence":
        return [term for term in TERMS if term in values]
    return sorted(values)


def _facet(
    index: Index,
    asked: Bits,
    filters: Mapping[str, Bits],
    wanted: Wanted,
    name: str,
    today: date,
) -> FacetCounts:
    """Values of a field that leave enough people for figures, its own filter set aside."""
    sums = Sums.of(index, asked, [held for of, held in filters.items() if of != name])
    wished, most = wanted.filters.get(name), MOST_OPTIONS.get(name)
    chosen = wished and index.value(name, wished)
    made_up = LETTERS if name == "letters" else values_made_up(index, name, today)
    if most is not None:
        counted = index.values(name).most(sums.shown, most + 1)
        found = [(value, told(people)) for value, people in counted]
    else:
        values = list(index.values(name) if made_up is None else made_up)
        sets = [those_of(index, name, value, today) for value in values]
        found = [(value, told(sums.people(held))) for value, held in zip(values, sets, strict=True)]
    if name == "year":
        found.sort(reverse=True, key=lambda pair: pair[0])
    elif name not in OF_EQUAL_RANK:
        found.sort(key=lambda pair: (-(pair[1] or 0), pair[0]))
    options = [
        Option(value, people, chosen=False, words=index.called_of_record(name, value))
        for value, people in found
        if people is not None and value != chosen
    ][:most]
    if chosen is not None:
        known = dict(found)
        people = known[chosen] if chosen in known else told(sums.people(filters[name]))
        words = index.called_of_record(name, chosen)
        options.insert(0, Option(chosen, people, chosen=True, words=words))
    return FacetCounts(name, options)


def _union(some: Iterable[Bits]) -> Bits:
    found = 0
    for held in some:
        found |= held
    return found
