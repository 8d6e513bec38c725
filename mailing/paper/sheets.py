"""What is printed, as plain values, and what can go wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_COVER_LINES = 40
_ROWS_OF_FIRST_PAGE, _ROWS_OF_A_PAGE = 38, 43


@dataclass(frozen=True)
class LetterSheet:
    """One letter as it goes to paper; everything on it is given here.

    `address` are at most six lines and `sender_line` stands above them in the window. `closing`
    is the sentence about translation and block letters in the writer's own voice, "" if dropped.
    `codes_allowed` says whether the place is known to accept codes: only True prints one, and
    only on the reply sheet. `lined`: whether that sheet has lines to write on, and may have a code;
    else it is as good as blank, for places that let nothing printed through. `window` is a name
    from `mailing.envelopes.WINDOWS`.
    """

    number: str
    day: date
    address: tuple[str, ...]
    sender_line: str
    text: str
    closing: str
    signature: str
    return_address: tuple[str, ...]
    codes_allowed: bool | None = None
    reply_sheet: bool = True
    lined: bool = True
    window: str = "din-5008-b"


@dataclass(frozen=True)
class RenderedLetter:
    """The printed form: PDF 1.7, always the same bytes for the same sheet."""

    pdf: bytes
    pages: int


@dataclass(frozen=True)
class CoverLine:
    """One letter of a batch on its cover sheet: nothing but its number and a town."""

    number: str
    town: str


@dataclass(frozen=True)
class CoverSheet:
    """What a volunteer needs to know of a batch, in the volunteer's own language.

    `title` is neutral (a date, a number); `needs` are pairs such as ("Envelopes", 20), translated
    by the caller like the two headings. Over forty letters are summed up by town. How many sheets
    of paper it takes itself tells `cover_pages`.
    """

    title: str
    number_heading: str
    town_heading: str
    lines: tuple[CoverLine, ...]
    needs: tuple[tuple[str, int], ...]


def cover_pages(towns: Sequence[str]) -> int:
    """How many sheets of paper the cover of a batch takes; `towns` has one entry a letter."""
    by_letter = len(towns) <= MOST_COVER_LINES
    rows = len(towns) + 1 if by_letter else len(set(towns))
    return 1 + max(0, -(-(rows - _ROWS_OF_FIRST_PAGE) // _ROWS_OF_A_PAGE))


class RenderingFailed(Exception):
    """No PDF: the letter took too long, too much memory, or too many pages. Others still print."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unprintable(RenderingFailed):
    """The paper's fonts cannot show some characters; see `missing_glyphs`."""
