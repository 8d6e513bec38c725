"""What a spreadsheet's cells do not say themselves: merged ones, and formulas without a value."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from app.importing.gathering.damaged import Uncounted

_AT_ONCE = 1_000_000
_LONGEST_FORMULA = 120
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s([^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*)>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_IS_TEXT = b't="str"'
_ROW_ENDS = b"row>"


@dataclass
class Unsaid:
    """Of one sheet, by the number of a row. formulas: column → formula; merged: columns whose cell
    goes on downwards, each with its last row."""

    formulas: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


def unsaid(sheet: IO[bytes]) -> Unsaid:
    """Looked up in a sheet as it is kept, piece by piece."""
    found, rest = Unsaid(), b""
    while piece := sheet.read(_AT_ONCE):
        whole, ends, rest = (rest + piece).rpartition(_ROW_ENDS)
        _note(whole + ends, found)
    _note(rest, found)
    return found


def with_unsaid(
    rows: Iterable[tuple[Any, ...]], known: Unsaid, head: int
) -> Iterator[tuple[Any, ...]]:
    """Rows with merged cells filled downwards, below the row `head` alone, and formulas marked."""
    goes_on: dict[int, tuple[int, Any]] = {}
    for number, cells in enumerate(rows, 1):
        row = list(cells)
        goes_on = {at: each for at, each in goes_on.items() if number <= each[0]}
        for at, formula in known.formulas.get(number, {}).items():
            if at < len(row) and row[at] is None:
                row[at] = Uncounted(formula)
        if goes_on and any(cell is not None for cell in row):
            for at, (_, value) in goes_on.items():
                row[at] = value if row[at] is None else row[at]
        if number > head:
            for at, last in known.merged.get(number, ()):
                if at < len(row):
                    goes_on[at] = last, row[at]
        yield tuple(row)


def _note(part: bytes, found: Unsaid) -> None:
    for attributes, cell, formula, empty in _FORMULA.findall(part):
        if empty and _IS_TEXT in attributes:
            continue  # it gave nothing, and says so
        column, row = coordinate_from_string(cell.decode())
        said = f"={html.unescape(formula.decode('utf-8', 'replace'))}"[:_LONGEST_FORMULA]
        found.formulas[row][column_index_from_string(column) - 1] = said
    for cells in _MERGED.findall(part):
        first, last = map(coordinate_from_string, cells.decode().split(":"))
        if last[1] > first[1]:
            found.merged[first[1]].append((column_index_from_string(first[0]) - 1, last[1]))
