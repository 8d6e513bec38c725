"""What a child process of the paper room can be asked to do."""

from datetime import date
from typing import Any

from mailing.isolation.terms import Frame, Header, Task
from mailing.paper import compose, merge, picture
from mailing.paper.sheets import CoverLine, CoverSheet, LetterSheet


def _letter(header: Header, _parts: list[bytes]) -> Frame:
    rendered = compose.letter(_letter_sheet(header))
    return {"pages": rendered.pages}, [rendered.pdf]


def _batch(header: Header, parts: list[bytes]) -> Frame:
    covers = [compose.cover(_cover_sheet(header["cover"]))] if header["cover"] else []
    return {}, [merge.merged([*covers, *parts])]


def _picture(header: Header, parts: list[bytes]) -> Frame:
    return {}, [picture.png(parts[0], header["page"], header["width"])]


def _letter_sheet(values: dict[str, Any]) -> LetterSheet:
    return LetterSheet(
        **values
        | {
            "day": date.fromisoformat(values["day"]),
            "address": tuple(values["address"]),
            "return_address": tuple(values["return_address"]),
        }
    )


def _cover_sheet(values: dict[str, Any]) -> CoverSheet:
    return CoverSheet(
        **values
        | {
            "lines": tuple(CoverLine(**line) for line in values["lines"]),
            "needs": tuple((label, count) for label, count in values["needs"]),
        }
    )


TASKS: dict[str, Task] = {"letter": _letter, "batch": _batch, "picture": _picture}


def _warm_up() -> None:
    """Parse the styles and load the fonts before the first letter, and before files are barred."""
    compose.letter(LetterSheet("", date(2000, 1, 1), ("а",), "а", "а", "а", "а", ("а",)))


_warm_up()
