"""The door to the paper room: every PDF is made in a child process that can be killed."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache

from mailing.isolation import Crew, Failed, Limits, Refused
from mailing.isolation.terms import Frame, Header
from mailing.paper.sheets import (
    CoverSheet,
    LetterSheet,
    RenderedLetter,
    RenderingFailed,
    Unprintable,
)

_LIMITS = Limits(memory_bytes=1024**3, cpu_seconds=20, deadline_seconds=25)
_BATCH_DEADLINE_SECONDS = 120


def render(sheet: LetterSheet) -> RenderedLetter:
    """The letter as PDF: its pages and, unless it has none, the reply sheet as the last page.

    The same sheet gives the same bytes. Raises `Unprintable` if the fonts lack a character, and
    `RenderingFailed` if it takes too long, too much memory or over 24 pages; the next one works.
    """
    header, (pdf,) = _ask("letter", asdict(sheet) | {"day": sheet.day.isoformat()})
    return RenderedLetter(pdf, int(header["pages"]))


def batch_pdf(cover: CoverSheet | None, letters: Sequence[bytes]) -> bytes:
    """One PDF of a batch: the cover sheet, then the letters in the given order.

    The same parts give the same bytes. Raises `RenderingFailed`.
    """
    header = {"cover": asdict(cover) if cover else None}
    _, (pdf,) = _ask("batch", header, *letters, deadline_seconds=_BATCH_DEADLINE_SECONDS)
    return pdf


def page_picture(pdf: bytes, page: int = 0, width: int = 900) -> bytes:
    """A page of a letter as a grey PNG of `width` pixels. Raises `RenderingFailed`."""
    _, (png,) = _ask("picture", {"page": page, "width": width}, pdf)
    return png


@cache
def crew() -> Crew:
    """The children of this process; started when first needed."""
    return Crew("mailing.paper.tasks", _LIMITS)


def _ask(task: str, header: Header, *parts: bytes, deadline_seconds: float | None = None) -> Frame:
    try:
        return crew().call(task, header, *parts, deadline_seconds=deadline_seconds)
    except Refused as refusal:
        kind = Unprintable if refusal.reason == "unprintable" else RenderingFailed
        raise kind(refusal.reason) from None
    except Failed as failure:
        raise RenderingFailed(failure.reason) from None
