"""Lists as CSV files, with a neutral name.

The desks' lists are for people: heads and words stand in the reader's language, as on the page.
What programs read are the JSON API, `/figures.csv` and the reports of imports, whose words stay.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import StreamingResponse

from app.locale import N_
from app.pages.shell.rendering import gettext_of
from app.spreadsheets import line


@dataclass(frozen=True)
class Word:
    """A cell that is translated: a message."""

    message: str


def desk_list(
    request: Request, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingResponse:
    """A list of a desk; heads are messages, and so is every `Word` and every yes or no in it."""
    say = gettext_of(request)
    yes, no = say(N_("yes")), say(N_("no"))

    def told(cell: object) -> object:
        if isinstance(cell, Word):
            return say(cell.message)
        return (yes if cell else no) if isinstance(cell, bool) else cell

    return csv_answer([say(name) for name in head], ([*map(told, row)] for row in rows))


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
