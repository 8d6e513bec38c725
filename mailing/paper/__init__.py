"""Letters on paper: PDFs that a careful person might have typed and printed at home.

`isolated` renders letters, merges batches and makes pictures of pages; it is the only door for
the rest of the product. `compose`, `merge` and `picture` do the work, inside a child process.
"""

from mailing.paper.fonts import missing_glyphs
from mailing.paper.isolated import batch_pdf, page_picture, render
from mailing.paper.sheets import (
    CoverLine,
    CoverSheet,
    LetterSheet,
    RenderedLetter,
    RenderingFailed,
    Unprintable,
    cover_pages,
)

__all__ = [
    "CoverLine",
    "CoverSheet",
    "LetterSheet",
    "RenderedLetter",
    "RenderingFailed",
    "Unprintable",
    "batch_pdf",
    "cover_pages",
    "missing_glyphs",
    "page_picture",
    "render",
]
