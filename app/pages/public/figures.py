"""The public figures: who is in prison and for what, in numbers; as a page, a table, and JSON."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.finding.asking import Wanted
from app.finding.regions import REGIONS
from app.locale import N_
from app.pages.public.choosing import wanted_in
from app.pages.shell.access import ServiceDep
from app.pages.shell.csv_lists import csv_answer
from app.pages.shell.finding_words import FIELDS, called, region_called
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries.figures import LetterSums, letter_sums
from app.queries.figures_of_people import PeopleFigures, figures_of_people, lists_read
from app.service import Service

router = APIRouter()

_NOTE = N_(
    "Everybody whom the catalogue of %(site)s knows to be in prison or on the way from one prison "
    "to another, also those who cannot be written to through it yet; nobody who asked not to be "
    "there. Somebody with several cases is counted under each of them, and once in each line. "
    "Whoever has a page here is counted one by one. Of all others each number is rounded down to "
    "tens by itself, and they are counted anew once a night and after each import: there may be up "
    "to nine more, and lines need not add up to the total. What people like and do, and days of "
    "birth and release, are counted only of those who have a page. Without a number: fewer than "
    "ten people."
)
_LISTS = N_("Much of what is known of them comes from: %(lists)s.")
_OTHER, _UNKNOWN = "(other)", "(unknown)"
"""Values of the last two lines of a table; no value of the catalogue has brackets."""

_OTHERS, _ELSEWHERE, _NOT_KNOWN = N_("others"), N_("another region"), N_("not known")
_YEARS = 20
_LEVELS = 4


@dataclass(frozen=True)
class Tile:
    """One region on the map. level: 0 without a number, else the quarter it is in, of 4."""

    code: str
    short: str
    name: str
    column: int
    row: int
    occupied: bool
    people: int | None
    level: int


@dataclass(frozen=True)
class Line:
    """One line of a table, in the words of the page."""

    value: str
    name: str
    people: int | None


@dataclass(frozen=True)
class Lines:
    """A table, all of it. other: who is in no other line; unknown: of whom nothing is known."""

    rows: list[Line]
    other: Line
    unknown: Line

    def __iter__(self) -> Iterator[Line]:
        return iter((*self.rows, self.other, self.unknown))


@dataclass(frozen=True)
class _Said:
    """Everything that is told, and in whose words."""

    wanted: Wanted
    people: PeopleFigures
    letters: LetterSums
    day: date
    note: str
    called: Callable[..., str]
    say: Callable[[str], str]

    def table(self, name: str) -> Lines:
        """One table."""
        table = self.people.tables[name]
        other = _ELSEWHERE if name == "region" else _OTHERS
        return Lines(
            [
                Line(row.value, self.called(name, row.value, row.words), row.people)
                for row in table.rows
            ],
            Line(_OTHER, self.say(other), table.other),
            Line(_UNKNOWN, self.say(_NOT_KNOWN), table.unknown),
        )


@router.get("/figures")
def figures(request: Request, service: ServiceDep) -> Response:
    """How many people, by what; with the filters of the search."""
    said = _said(request, service)
    by_field = {facet.field: facet for facet in said.people.facets}
    say, language = gettext_of(request), language_of(request)
    tables = {name: said.table(name) for name in said.people.tables}
    return render(
        request,
        "figures/figures.html",
        wanted=said.wanted,
        total=said.people.total,
        writable=said.people.writable,
        tables=tables,
        years=_YEARS,
        tiles=_tiles(
            tables["region"].rows if tables else [],
            lambda code: region_called(code, language, say),
            language,
        ),
        letters=said.letters,
        target=service.settings.letters_target,
        facets=[by_field[field] for field in FIELDS if field in by_field],
        fields=FIELDS,
        called=said.called,
        note=said.note,
        day=said.day,
    )


@router.get("/figures.csv")
def figures_as_table(request: Request, service: ServiceDep) -> Response:
    """The same as one table, beginning with where it comes from."""
    return csv_answer(("table", "value", "name", "people"), _lines(_said(request, service)))


@router.get("/figures.json")
def figures_as_json(request: Request, service: ServiceDep) -> Response:
    """The same for programs; null means fewer than ten people."""
    said = _said(request, service)
    return JSONResponse(
        {
            "source": service.settings.public_url,
            "date": said.day.isoformat(),
            "note": said.note,
            "query": said.wanted.query,
            "filters": dict(said.wanted.filters),
            "people": said.people.total,
            "can_be_written_to": said.people.writable,
            "tables": {
                name: [asdict(line) for line in said.table(name)] for name in said.people.tables
            },
            "letters_to_everybody": asdict(said.letters),
        },
        headers={"Content-Disposition": 'attachment; filename="figures.json"'},
    )


def _said(request: Request, service: Service) -> _Said:
    wanted, today = wanted_in(request), service.today()
    with service.database.read() as session:
        people = figures_of_people(session, wanted, today)
        letters = letter_sums(session, service.settings.letters_target, service.now())
        lists = lists_read(session)
    say, language = gettext_of(request), language_of(request)
    return _Said(
        wanted,
        people,
        letters,
        today,
        _note(say, service.settings.public_url, lists),
        lambda field, value, words: called(field, value, words, language, say),
        say,
    )


def _note(say: Callable[[str], str], site: str, lists: list[str]) -> str:
    note = say(_NOTE) % {"site": site}
    if not lists:
        return note
    return note + " " + say(_LISTS) % {"lists": ", ".join(lists)}


def _lines(said: _Said) -> Iterator[tuple[object, ...]]:
    yield "note", "source", said.note, ""
    yield "note", "date", said.day.isoformat(), ""
    for name, value in {"q": said.wanted.query, **said.wanted.filters}.items():
        if value:
            yield "filter", name, value, ""
    yield "people", "all", "", said.people.total
    yield "people", "can be written to", "", said.people.writable
    for name in said.people.tables:
        for line in said.table(name):
            yield name, line.value, line.name, line.people
    for name, number in asdict(said.letters).items():
        yield "letters to everybody", name, "", number


def _tiles(rows: list[Line], name: Callable[[str], str], language: str) -> list[Tile]:
    people = {row.value: row.people for row in rows}
    shades = _shades(people)
    return [
        Tile(
            code=region.code,
            short=region.short_ru if language == "ru" else region.short_en,
            name=name(region.code),
            column=region.column,
            row=region.row,
            occupied=region.occupied,
            people=people.get(region.code),
            level=shades.get(region.code, 0),
        )
        for region in REGIONS.values()
    ]


def _shades(people: dict[str, int | None]) -> dict[str, int]:
    """Region → 1 to 4: the quarter with fewest people, and so on to that with most.

    One capital would leave all others the same shade if people were counted.
    """
    told = sorted(number for number in people.values() if number is not None)
    return {
        code: bisect_left(told, number) * _LEVELS // len(told) + 1
        for code, number in people.items()
        if number is not None
    }
