"""OVD-Info's public data: the names of its columns, and files saved from it.

The shape is that of https://api.repression.info/v1/: `data` has one flat row a prosecution,
`locations` a list of places with attributes. Columns come with `_en` and `_ru`, not always both.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from app.errors import Invalid
from app.importing.gathering.damaged import Damaged, sound
from app.importing.gathering.people import gather
from app.importing.gathering.places import gather_places
from app.importing.records import Gathered, Progress
from app.importing.sources import cells
from app.importing.sources.letters import unicode_of
from app.importing.sources.troubles import CannotRead
from app.sameness.cleaning import line

SOURCE, LABEL = "ovdinfo", "OVD-Info"

COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person_id",),
    "name": ("name_ru",),
    "latin": ("name_en",),
    "gender": ("gender_en", "gender_ru"),
    "birth": ("birthday", "birth_date"),
    "birth_year": ("birth_year",),
    "state": ("persecution_person_state_en", "persecution_person_state_ru"),
    "imprisoned": ("persecution_imprisoned",),
    "place": ("imprisonment_location_ru", "penal_facility_ru", "detention_center_ru"),
    "case": ("persecution_id",),
    "case_name": ("case_name_ru", "case_name_en"),
    "case_group": ("case_group_ru", "case_group_en"),
    "category": ("persecution_subject_en", "persecution_subject_ru"),
    "articles": ("persecution_article_and_part_ru", "persecution_article_and_part_en"),
    "region": ("persecution_region_en", "persecution_region_ru"),
    "region_iso": ("persecution_region_iso",),
    "city": ("persecution_city_en", "persecution_city_ru"),
    "started": ("persecution_started",),
    "started_year": ("persecution_started_year",),
    "ended_year": ("persecution_ended_year",),
    "stage": ("persecution_case_person_state_en", "persecution_case_person_state_ru"),
    "restraint": ("restraint_measure_ru", "restraint_measure_en"),
    "verdict": ("verdict_essence_ru", "verdict_essence_en"),
    "term": ("verdict_imprisonment_term",),
    "verdict_on": ("first_verdict_date",),
    "occupation": ("persecution_occupation_en", "persecution_occupation_ru"),
    "ratings": ("persecution_ratings_en", "persecution_ratings_ru"),
    "story_en": ("story_en", "persecution_story_en"),
    "story_ru": ("persecution_story_ru", "story_ru"),
}
"""Our column → theirs, the first that says something: of the law's own words the Russian ones, of
what pages have words for in both languages the English ones. Health is not read: it is nobody's
business.

`restraint_measure_location_ru` is not read either: for house arrest it is a home."""

_EMPTY: tuple[Any, ...] = (None, "", [])
_DATA, _LOCATIONS = "data", "locations"
_LONGEST_NUMBER = 300  # figures


def plain_row(row: Any) -> Any:
    """A row of `data` with our names of columns; anything that is no row is passed on as it is."""
    if not isinstance(row, Mapping):
        return row
    found = {}
    for ours, theirs in COLUMNS.items():
        values = [row[name] for name in theirs if name in row]
        if values:
            found[ours] = next((value for value in values if value not in _EMPTY), values[0])
    if row.get("case_name_en"):
        # A case without an id is known by its name: that must not change with another language.
        found["known_by"] = row["case_name_en"]
    return found


def plain_place(location: Any) -> Any:
    """An entry of `locations`, or a row of a table saved from it, with our names of columns."""
    if not isinstance(location, Mapping):
        return location
    attributes = location.get("attributes")
    about = attributes if isinstance(attributes, Mapping) else location
    return {
        "place": location.get("id"),
        "name": about.get("name"),
        "address": about.get("address"),
        "kind": about.get("type"),
    }


def read(
    data: Iterable[Any],
    locations: Iterable[Any],
    today: date,
    origin: str = "",
    progress: Progress | None = None,
) -> Gathered:
    """Everything of one reading, cleaned. progress: called with people done and people in all."""
    gathered = Gathered(SOURCE, LABEL, origin)
    places = ((at, plain_place(entry)) for at, entry in enumerate(locations, 1))
    gather_places(places, gathered)
    gather(((at, plain_row(row)) for at, row in enumerate(data, 1)), gathered, today, progress)
    return gathered


def read_files(paths: Iterable[Path], today: date, progress: Progress | None = None) -> Gathered:
    """The same out of saved files, JSON or CSV, in any order; each says by its shape what it is.

    Raises `Invalid` for a file that is neither.
    """
    return read_contents(((path.name, _content(path)) for path in paths), today, progress)


def read_contents(
    files: Iterable[tuple[str, bytes]], today: date, progress: Progress | None = None
) -> Gathered:
    """The same out of names and contents of files. Raises `Invalid`."""
    names: list[str] = []
    rows = _read_all(files, names)
    data, locations = emptied(rows[_DATA]), emptied(rows[_LOCATIONS])
    return read(data, locations, today, ", ".join(names)[:300], progress)


def emptied(rows: list[Any]) -> Iterator[Any]:
    """The rows, each let go of as soon as it is passed on: all of them are tens of megabytes."""
    rows.reverse()
    while rows:
        yield rows.pop()


def _read_all(files: Iterable[tuple[str, bytes]], names: list[str]) -> dict[str, list[Any]]:
    """Rows by what they are; notes the names of the files."""
    rows: dict[str, list[Any]] = {_DATA: [], _LOCATIONS: []}
    for name, content in files:
        names.append(name)
        kind, found = _sorted(name, content)
        rows[kind] += found
    return rows


def rows_of(answer: Any) -> list[Any]:
    """The rows of an answer, in an envelope or bare. Raises `Invalid`."""
    rows = answer.get("data") if isinstance(answer, Mapping) else answer
    if not isinstance(rows, list):
        raise Invalid({"file": "There are no rows in this answer."})
    return rows


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid({"file": f"{path.name} cannot be read: {type(error).__name__}."}) from None


def _sorted(name: str, content: bytes) -> tuple[str, list[Any]]:
    kind = cells.kind_of(content)
    rows = _json_rows(name, content) if kind == "json" else _table_rows(content)
    readable = [row for row in rows if isinstance(row, Mapping)]
    # One row that lacks what the others have must not decide for all of them.
    if any("person_id" in row for row in readable):
        return _DATA, rows
    if any("attributes" in row or {"name", "address"} <= row.keys() for row in readable):
        return _LOCATIONS, rows
    raise CannotRead("not_this_source")


def _table_rows(content: bytes) -> list[Any]:
    found = cells.rows(content)
    names = [line(column) for column in cells.plain(next(found, ()))]
    called = [names.index(name) for name in COLUMNS["name"] if name in names]
    rows = (sound(row, len(names), called) for row in found)
    return [
        row if isinstance(row, Damaged) else dict(zip(names, row, strict=False))
        for row in rows
        if row
    ]


def _json_rows(name: str, content: bytes) -> list[Any]:
    with suppress(ValueError):  # in other encodings, or broken: read below, and told where
        return rows_of(from_json(content))
    try:
        return rows_of(json.loads(unicode_of(content), parse_int=_whole))
    except json.JSONDecodeError as error:
        raise Invalid({"file": f"{name} is broken in line {error.lineno}."}) from None
    except RecursionError:
        raise CannotRead("hostile") from None


def _whole(digits: str) -> int | str:
    """A number; longer than any it stays what is written there."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits
