"""How many people are in prison and for what: those who are shown, counted under every filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from app.finding.asking import Wanted
from app.finding.facets import TERMS
from app.finding.memory import Words
from app.finding.regions import REGIONS
from app.models import ImportRun
from app.queries.figures import told, withheld
from app.queries.finding import Answer, FacetCounts, answer, facets

TABLES = ("year", "category", "article", "region", "sex", "stage", "sentence")
MOST_ROWS = 30
MOST_YEARS = 20

PUBLISHED = {"memorial": "Memorial", "ovdinfo": "OVD-Info"}
"""Sources that publish their lists themselves, by their short names."""


@dataclass(frozen=True)
class Row:
    """One line of a table. people: None is fewer than ten, or withheld so that others stay so."""

    value: str
    people: int | None
    words: Words


@dataclass(frozen=True)
class PeopleFigures:
    """Tables by field. total: None is fewer than ten; then there are no tables."""

    total: int | None
    tables: Mapping[str, list[Row]]
    facets: list[FacetCounts]


def figures_of_people(session: Session, wanted: Wanted, today: date) -> PeopleFigures:
    """Everybody who is shown and wanted, by year, category, article, region, sex, stage, term."""
    found = answer(session, wanted, today)
    total = told(found.left.bit_count())
    tables = {} if total is None else {name: _table(found, name) for name in TABLES}
    return PeopleFigures(total, tables, facets(found, wanted, today))


def lists_read(session: Session) -> list[str]:
    """The published lists that the catalogue was filled from; what others are called is ours."""
    applied = select(ImportRun.source).where(ImportRun.state == "applied").distinct()
    return [PUBLISHED[source] for source in sorted(session.exec(applied)) if source in PUBLISHED]


def _table(found: Answer, name: str) -> list[Row]:
    sets = found.index.sets.get(name, {})
    counts = {value: (held & found.left).bit_count() for value, held in sets.items()}
    values = _values(name, {value: people for value, people in counts.items() if people})
    allowed = withheld(counts.get(value, 0) for value in values)
    rows = [
        Row(value, people, found.index.words.get((name, value), value))
        for value, people in zip(values, allowed, strict=True)
    ]
    if name in {"year", "sentence", "region"}:
        return rows
    return sorted(rows, key=lambda row: (-(row.people or 0), row.value))[:MOST_ROWS]


def _values(name: str, counts: Mapping[str, int]) -> list[str]:
    """What has a line of its own, in order: of years and regions also where nobody is."""
    if name == "year" and counts:
        last = max(map(int, counts))
        first = max(min(map(int, counts)), last - MOST_YEARS + 1)
        return [str(year) for year in range(first, last + 1)]
    if name == "region":
        return list(REGIONS)
    if name == "sentence":
        return [term for term in TERMS if term in counts]
    return sorted(counts)
