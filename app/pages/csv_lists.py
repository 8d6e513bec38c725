"""Lists as CSV files, with a neutral name."""

from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import StreamingResponse

from app.spreadsheets import line


def csv_answer(head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingResponse:
    """A file `list.csv` in UTF-8 with a byte order mark, which spreadsheets ask for."""
    return StreamingResponse(
        _lines(head, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="list.csv"'},
    )


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield line(head).encode()
    for row in rows:
        yield line(row).encode()
