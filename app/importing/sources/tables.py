"""Any table of people or places, CSV or XLSX, with a mapping that says which column is what.

The mapping is a small TOML file:

    source = "memorial"                   # short name, kept with every field
    label = "Memorial, political list"
    [columns]                             # our column = the table's
    person = "id"                         # their own, for ever; never the number of a row
    name = "ФИО"
    birth = "Дата рождения"
    [fixed]                               # the same for every row
    ratings = ["memorial"]
    [words.state]                         # what the table says = what we understand
    "под стражей" = "in custody"
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.errors import Invalid
from app.importing.gathering.damaged import Damaged, sound
from app.importing.gathering.people import PEOPLE_COLUMNS, gather
from app.importing.gathering.places import PLACE_COLUMNS, gather_places
from app.importing.records import Gathered, Progress
from app.importing.sources import cells, ovdinfo
from app.importing.sources.cells import Cells
from app.importing.sources.columns import first_of
from app.importing.sources.troubles import CannotRead
from app.locale import N_
from app.sameness.cleaning import line
from app.spelling import plain
from mailing.names import transliterate

Concerns = Literal["people", "places"]
RESERVED = frozenset({"coordinator", ovdinfo.SOURCE})
"""No list may call itself so: what a source says replaces what came from the same source."""
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

    @field_validator("source")
    @classmethod
    def _not_reserved(cls, source: str) -> str:
        if source in RESERVED:
            raise ValueError(f"no list may be called {source}")
        return source


def read_mapping(path: Path, concerns: Concerns) -> Mapped:
    """A mapping file for people or places. Raises `Invalid` with what is wrong in it."""
    try:
        mapped = Mapped.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid({"mapping": f"{path.name}: {error}"}) from None
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise Invalid({"mapping": f"{path.name}: {'; '.join(wrong)}"}) from None
    require_fitting(mapped, concerns)
    return mapped


def require_fitting(mapped: Mapped, concerns: Concerns) -> None:
    """Raises `Invalid` when columns are not ours, or nobody's name is among them."""
    ours = mapped.columns.keys() | mapped.fixed.keys()
    unknown = sorted((ours | mapped.words.keys()) - _KNOWN[concerns])
    if unknown:
        known = ", ".join(sorted(_KNOWN[concerns]))
        raise Invalid({"mapping": f"Unknown: {', '.join(unknown)}. There are: {known}."})
    if not has_name(ours, concerns):
        raise Invalid({"mapping": N_("A table needs a column for the name.")})


def has_name(ours: Iterable[str], concerns: str) -> bool:
    """Whether these columns of ours tell who or what a row is about. concerns: as in `Concerns`."""
    return any(needed.issubset(ours) for needed in _NEEDED[concerns])


def short_name(label: str) -> str:
    """What is kept with every field of the list that people call so."""
    latin = re.sub(r"[^a-z0-9]+", "-", transliterate(plain(label)).lower()).strip("-")
    return (latin if latin[:1].isalpha() else f"list-{latin}".rstrip("-"))[:40]


def read_table(
    path: Path,
    mapped: Mapped,
    concerns: Concerns,
    today: date,
    progress: Progress | None = None,
) -> Gathered:
    """The table cleaned. Raises `Invalid` when the file or one of its columns cannot be found."""
    try:
        return read_content(path.read_bytes(), path.name, mapped, concerns, today, progress)
    except OSError as error:
        raise Invalid({"file": f"{path.name} cannot be read: {type(error).__name__}."}) from None
    except CannotRead as error:
        raise Invalid({"file": f"{path.name}: {error}"}) from None


def read_content(
    content: bytes,
    name: str,
    mapped: Mapped,
    concerns: Concerns,
    today: date,
    progress: Progress | None = None,
) -> Gathered:
    """The same out of the bytes of a file called `name`. Raises `CannotRead` and `Invalid`.

    progress: called with people done and people in all.
    """
    gathered = Gathered(mapped.source, mapped.label, name[:300])
    rows = _plain_rows(cells.rows(content, mapped.sheet, mapped.head), name, mapped)
    if concerns == "people":
        gather(rows, gathered, today, progress)
    else:
        gather_places(rows, gathered)
    return gathered


def _plain_rows(
    found: Iterator[Cells | Damaged], name: str, mapped: Mapped
) -> Iterator[tuple[int, dict[str, Any] | Damaged]]:
    rows = enumerate(found, 1)
    head = next((cells for at, cells in rows if at == mapped.head), ())
    if isinstance(head, Damaged):
        raise CannotRead("broken")
    where = columns_of(head)
    missing = [theirs for theirs in mapped.columns.values() if line(theirs) not in where]
    if missing:
        raise Invalid({"columns": f"{name} has no column {', '.join(missing)}."})
    columns = {ours: where[line(theirs)] for ours, theirs in mapped.columns.items()}
    words = {
        ours: {line(k).lower(): v for k, v in said.items()} for ours, said in mapped.words.items()
    }
    fixed = mapped.fixed
    if first := first_of(mapped.columns.get("name", "")):
        fixed = {"name_order": first} | fixed
    names = [columns[part] for part in ("name", "surname") if part in columns]
    for at, found_row in rows:
        row = sound(found_row, len(head), names)
        if isinstance(row, Damaged):
            yield at, row
        elif any(line(cell) for cell in row):
            said = {ours: row[i] if i < len(row) else None for ours, i in columns.items()}
            yield at, _understood(said, words) | fixed


def columns_of(head: Cells) -> dict[str, int]:
    """The names of columns → where they stand; of two with one name the first."""
    names = {line(name): at for at, name in reversed(list(enumerate(head)))}
    return {name: at for name, at in sorted(names.items(), key=lambda item: item[1]) if name}


def _understood(row: dict[str, Any], words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        ours: words.get(ours, {}).get(line(value).lower(), value) for ours, value in row.items()
    }
