"""Lists as CSV files: with a neutral name, and cells that no spreadsheet executes."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import StreamingResponse

_EXECUTED = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingResponse:
    """A file `list.csv` in UTF-8 with a byte order mark, which spreadsheets ask for."""
    return StreamingResponse(
        _lines(head, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="list.csv"'},
    )


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield _line(head)
    for row in rows:
        yield _line([_cell(value) for value in row])


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_EXECUTED) else text


def _line(cells: Sequence[str]) -> bytes:
    into = io.StringIO()
    csv.writer(into).writerow(cells)
    return into.getvalue().encode()
