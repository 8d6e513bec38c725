"""The cells of a table in somebody else's file, CSV or XLSX: typed by content, and bounded.

Whoever sends a file may mean harm: what it claims of itself is never believed, and what unfolds
to more than any list of people is refused before it is unfolded.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any, Literal
from xml.etree.ElementTree import ParseError

from app.importing.gathering.damaged import Damaged
from app.importing.sources.letters import is_marked, text_of, unicode_of
from app.importing.sources.separated import separated
from app.importing.sources.troubles import CannotRead
from app.sameness.cleaning import line

Kind = Literal["xlsx", "json", "csv"]
Cells = tuple[Any, ...]

MOST_ROWS = 100_000
MOST_COLUMNS = 300
LONGEST_CELL = 100_000
MOST_UNPACKED = 400_000_000  # bytes of all parts of an XLSX file
MOST_PARTS = 1_000
_LOOKED_AT = 30  # rows
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_XML_HEAD = 4_096  # declarations stand before the first element


def kind_of(content: bytes) -> Kind:
    """What a file is. Raises `CannotRead` for what is neither table nor JSON."""
    if content.startswith(_ZIP):
        return "xlsx"
    if content.startswith(_OLD_EXCEL):
        raise CannotRead("old_excel")
    if not is_marked(content) and b"\0" in content:
        raise CannotRead("unsupported")
    start = unicode_of(content[:_XML_HEAD]).lstrip()
    if not start:
        raise CannotRead("empty")
    if start[0] == "<" or start.startswith(("%PDF", "{\\rtf")):
        raise CannotRead("unsupported")
    return "json" if start[0] in "{[" else "csv"


def sheets(content: bytes) -> list[str]:
    """The names of an XLSX file's sheets; none for other files."""
    if kind_of(content) != "xlsx":
        return []
    book = _opened(content)
    try:
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()


def rows(content: bytes, sheet: str | None = None, head: int = 1) -> Iterator[Cells | Damaged]:
    """Every row, empty ones too, so that numbers are those a spreadsheet shows.

    head: the row with the names of the columns; below it merged cells go on downwards.
    Raises `CannotRead`, also in the midst of it.
    """
    kind = kind_of(content)
    if kind == "json":
        raise CannotRead("no_table")
    found: Iterator[Cells | Damaged]
    found = separated(text_of(content)) if kind == "csv" else _of_a_book(content, sheet, head)
    try:
        for number, cells in enumerate(found, 1):
            if number > MOST_ROWS:
                raise CannotRead("too_large")
            yield cells if isinstance(cells, Damaged) else cells[:MOST_COLUMNS]
    except (csv.Error, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError):
        raise CannotRead("broken") from None


def plain(found: Cells | Damaged) -> Cells:
    """What stands in a row, however it came."""
    return found.cells if isinstance(found, Damaged) else found


def head_of(found: list[Cells]) -> int:
    """Which of the first rows names the columns, counted from 1: the first that is nearly full."""
    widths = [sum(bool(line(cell)) for cell in cells) for cells in found[:_LOOKED_AT]]
    full = max(widths, default=0)
    return next((at for at, width in enumerate(widths, 1) if width and width >= full * 0.6), 1)


def _of_a_book(content: bytes, sheet: str | None, head: int) -> Iterator[Cells]:
    from app.importing.sources.merged_cells import unsaid, with_unsaid  # noqa: PLC0415 - see below

    book = _opened(content)
    try:
        names = [each.title for each in book.worksheets]
        if not names or (sheet and sheet not in names):
            raise CannotRead("no_sheet")
        chosen = book[sheet or names[0]]
        where = chosen._worksheet_path  # noqa: SLF001 - it is told nowhere else
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(where) as part:
            known = unsaid(part)
        # What a sheet says of its own size is not believed.
        found = chosen.iter_rows(values_only=True, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
        for cells in with_unsaid(found, known, head):
            yield tuple(_short(cell) for cell in cells)
    finally:
        book.close()


def _short(cell: Any) -> Any:
    too_long = isinstance(cell, str) and len(cell) > LONGEST_CELL
    return cell[:LONGEST_CELL] if too_long else cell


def _opened(content: bytes) -> Any:
    # To load what reads workbooks takes longer than to read a list without one.
    import openpyxl  # noqa: PLC0415

    _look_into(content)
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # the library raises whatever it stumbles over
        raise CannotRead("broken") from error


def _look_into(content: bytes) -> None:
    """Refuse what unfolds to too much, and parts that declare entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if "[Content_Types].xml" not in packed.namelist():
                raise CannotRead("unsupported")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise CannotRead("too_large")
            for part in parts:
                if part.flag_bits & 1:
                    raise CannotRead("old_excel")
                with packed.open(part) as opened:
                    start = opened.read(_XML_HEAD).replace(b"\0", b"")
                if any(sign in start for sign in _DECLARATIONS):
                    raise CannotRead("hostile")
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        raise CannotRead("broken") from None
