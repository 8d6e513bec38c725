"""Rows of text with a sign between their cells. A quotation mark that is not closed swallows rows:
they are told, and what can be read of them is."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from app.importing.gathering.damaged import Damaged

LONGEST_CELL = csv.field_size_limit()
_SEPARATORS = ",;\t|"
_LOOKED_AT = 30  # rows
_BEGINNING = 200_000
_MOST_LINES = 500
"""Of one row: stories have paragraphs, but no more than this."""
_LONGEST_NAME = 200

Row = tuple[str, ...]


def separated(text: str) -> Iterator[Row | Damaged]:
    """Each row of a text. Raises `csv.Error` for a cell that is longer than any."""
    fitting = {sign: _fits(text, sign) for sign in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda sign: fitting[sign])
    width = fitting[separator][1]
    lines = _Lines(text)
    swallowed = 0
    for start, end, cells in lines.records(separator):
        if cells is None:
            swallowed = max(swallowed, end)
            yield lines.damaged(start, separator)
        elif start < swallowed and cells and len(cells) != width:
            yield lines.damaged(start, separator)  # the rest of a row rather than a row
        else:
            yield tuple(cells)


class _Lines:
    """The lines of a text, of which a row takes one or several. at: the next one."""

    def __init__(self, text: str) -> None:
        self.all, self.at = list(io.StringIO(text, newline="")), 0

    def records(self, separator: str) -> Iterator[tuple[int, int, list[str] | None]]:
        """From which line to which, and the cells; None where quotation marks are wrong. Then the
        next row begins in the next line all the same."""
        while self.at < len(self.all):
            start = self.at
            cells = self._record(separator)
            end = self.at
            if cells is None or self._swallowed(start, separator):
                self.at, cells = start + 1, None
            yield start, end, cells

    def damaged(self, at: int, separator: str) -> Damaged:
        cells = (cell.strip('" \r\n')[:_LONGEST_NAME] for cell in self.all[at].split(separator))
        return Damaged("quotes", tuple(cells))

    def _record(self, separator: str) -> list[str] | None:
        start = self.at
        try:
            return next(csv.reader(self._some(), delimiter=separator, strict=True), [])
        except csv.Error:
            if len(self.all[start]) > LONGEST_CELL:
                raise
            return None

    def _swallowed(self, start: int, separator: str) -> bool:
        """Whether among the lines that a row took are rows of their own: as many cells, and
        figures in the same places."""
        if self.at - start < 2:
            return False
        first = _figures(self.all[start], separator)
        return len(first) > 1 and any(
            _figures(line, separator) == first for line in self.all[start + 1 : self.at]
        )

    def _some(self) -> Iterator[str]:
        for at in range(self.at, min(self.at + _MOST_LINES, len(self.all))):
            self.at = at + 1
            yield self.all[at]


def _figures(line: str, separator: str) -> tuple[bool, ...]:
    return tuple(cell.strip('" \r\n').isdecimal() for cell in line.split(separator))


def _fits(text: str, separator: str) -> tuple[int, int]:
    """How well a sign separates columns: in how many rows into the same number, and into how many.

    An address has commas too, but not every row of the list has an address.
    """
    records = _Lines(text[:_BEGINNING]).records(separator)
    try:
        widths = Counter(len(cells) for _, _, cells in islice(records, _LOOKED_AT) if cells)
    except csv.Error:
        return 0, 0
    return max(((times, width) for width, times in widths.items() if width > 1), default=(0, 0))
