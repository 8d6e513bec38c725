"""Any table of people or places, CSV or XLSX, with a mapping that says which column is what.

The mapping is a small TOML file:

    source = "memorial"                   # short name, kept with every field
    label = "Memorial, political list"
    [columns]                             # our column = the table's
    person = "№"
    name = "ФИО"
    birth = "Дата рождения"
    [fixed]                               # the same for every row
    ratings = ["memorial"]
    [words.state]                         # what the table says = what we understand
    "под стражей" = "in custody"
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import openpyxl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.catalogue.importing.cleaning import line
from app.catalogue.importing.gathering import PEOPLE_COLUMNS, gather
from app.catalogue.importing.gathering_places import PLACE_COLUMNS, gather_places
from app.catalogue.importing.records import Gathered
from app.errors import Invalid

Concerns = Literal["people", "places"]
_SEPARATORS = ",;\t|"
_KNOWN = {"people": PEOPLE_COLUMNS, "places": PLACE_COLUMNS}
_NEEDED = {"people": ({"name"}, {"surname", "given_name"}), "places": ({"name"},)}


class Mapped(BaseModel):
    """A mapping as written in its file; unknown words in it are mistakes, not remarks."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    label: str = Field(min_length=1, max_length=200)
    sheet: str | None = None
    head: int = Field(1, ge=1, description="Row with the names of the columns")
    columns: dict[str, str] = {}
    fixed: dict[str, Any] = {}
    words: dict[str, dict[str, Any]] = {}


def read_mapping(path: Path, concerns: Concerns) -> Mapped:
    """A mapping file for people or places. Raises `Invalid` with what is wrong in it."""
    try:
        mapped = Mapped.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid({"mapping": f"{path.name}: {error}"}) from None
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise Invalid({"mapping": f"{path.name}: {'; '.join(wrong)}"}) from None
    ours = mapped.columns.keys() | mapped.fixed.keys()
    unknown = sorted((ours | mapped.words.keys()) - _KNOWN[concerns])
    if unknown:
        known = ", ".join(sorted(_KNOWN[concerns]))
        raise Invalid({"mapping": f"Unknown: {', '.join(unknown)}. There are: {known}."})
    if not any(needed <= ours for needed in _NEEDED[concerns]):
        raise Invalid({"mapping": "A table needs a column for the name."})
    return mapped


def read_table(path: Path, mapped: Mapped, concerns: Concerns, today: date) -> Gathered:
    """The table cleaned. Raises `Invalid` when the file or one of its columns cannot be found."""
    gathered = Gathered(mapped.source, mapped.label, path.name[:300])
    rows = _plain_rows(path, mapped)
    if concerns == "people":
        gather(rows, gathered, today)
    else:
        gather_places(rows, gathered)
    return gathered


def _plain_rows(path: Path, mapped: Mapped) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = enumerate(_cells(path, mapped.sheet), 1)
    head = next((cells for at, cells in rows if at == mapped.head), ())
    where = {line(name): at for at, name in reversed(list(enumerate(head)))}
    missing = [name for name in mapped.columns.values() if line(name) not in where]
    if missing:
        raise Invalid({"columns": f"{path.name} has no column {', '.join(missing)}."})
    columns = {ours: where[line(theirs)] for ours, theirs in mapped.columns.items()}
    words = {
        ours: {line(k).lower(): v for k, v in said.items()} for ours, said in mapped.words.items()
    }
    for at, cells in rows:
        if any(line(cell) for cell in cells):
            row = {ours: cells[i] if i < len(cells) else None for ours, i in columns.items()}
            yield at, _understood(row, words) | mapped.fixed


def _understood(row: dict[str, Any], words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        ours: words.get(ours, {}).get(line(value).lower(), value) for ours, value in row.items()
    }


def _cells(path: Path, sheet: str | None) -> Iterator[tuple[Any, ...]]:
    try:
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            yield from _spreadsheet(path, sheet)
            return
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text("cp1251", errors="replace")
    except (OSError, BadZipFile, KeyError) as error:
        raise Invalid({"file": f"{path.name} cannot be read: {error}"}) from None
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = max(_SEPARATORS, key=first.count)
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        yield tuple(cells)


def _spreadsheet(path: Path, sheet: str | None) -> Iterator[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        chosen = book[sheet] if sheet else book.worksheets[0]
        yield from chosen.iter_rows(values_only=True)
    finally:
        book.close()
