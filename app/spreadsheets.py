"""Lines of CSV files, with cells that no spreadsheet executes."""

import csv
import io
from collections.abc import Iterable

_EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def line(cells: Iterable[object]) -> str:
    """One line with its end. What a spreadsheet would take for a formula gets an apostrophe."""
    into = io.StringIO()
    csv.writer(into).writerow(_cell(value) for value in cells)
    return into.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_EXECUTED) else text
