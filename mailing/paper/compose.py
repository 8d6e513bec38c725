"""Letters and cover sheets as PDF, inside a child process. Fetches nothing but our own fonts."""

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from mailing.barcodes import qr_svg
from mailing.envelopes import WINDOWS
from mailing.isolation import Refused
from mailing.letter_numbers import grouped
from mailing.paper import fonts
from mailing.paper.sheets import MOST_COVER_LINES, CoverSheet, LetterSheet, RenderedLetter
from mailing.paper.text import paragraphs

MOST_PAGES = 24

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates" / "paper"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"grouped": grouped, "paragraphs": paragraphs}
_FONT_URLS = {
    f"font:{weight}": path for weight, path in (("regular", fonts.REGULAR), ("bold", fonts.BOLD))
}
_FONTS = FontConfiguration()

# The window shows 85 mm from the paper's edge inwards; the text keeps this far from its sides.
_WINDOW_INSET = 5.0
_ADDRESS_POINTS = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)


class OnlyOurFonts(URLFetcher):
    """Whatever a stylesheet or a letter asks for, it gets our fonts or nothing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("font",))  # type: ignore[no-untyped-call]

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        if url not in _FONT_URLS:
            raise ValueError("Paper fetches nothing")
        return URLFetcherResponse(url, _FONT_URLS[url].read_bytes(), {"Content-Type": "font/ttf"})


def letter(sheet: LetterSheet) -> RenderedLetter:
    """The letter as PDF, the same bytes for the same sheet.

    Raises `Refused("unprintable")` if the fonts lack a character, `Refused("too_many_pages")`.
    """
    printed = (sheet.sender_line, *sheet.address, sheet.text, sheet.closing, sheet.signature)
    if fonts.missing_glyphs("".join((*printed, *sheet.return_address))):
        raise Refused("unprintable")
    html = _TEMPLATES.get_template("letter.html").render(
        sheet=replace(sheet, text=normalize("NFC", sheet.text)),
        day=format_date(sheet.day, "d MMMM y 'г'.", locale="ru"),
        code=_code(sheet),
    )
    document = _laid_out(html, _letter_style(sheet.window, _address_points(sheet)))
    if len(document.pages) > MOST_PAGES:
        raise Refused("too_many_pages")
    return RenderedLetter(_pdf(document), len(document.pages))


def cover(sheet: CoverSheet) -> bytes:
    """The cover sheet of a batch as PDF: letter by letter, or by town if there are many."""
    towns = Counter(line.town for line in sheet.lines)
    html = _TEMPLATES.get_template("cover.html").render(
        sheet=sheet,
        towns=None if len(sheet.lines) <= MOST_COVER_LINES else sorted(towns.items()),
    )
    return _pdf(_laid_out(html, _cover_style()))


def _code(sheet: LetterSheet) -> str:
    if not (sheet.codes_allowed is True and sheet.lined):
        return ""
    return Markup(qr_svg(sheet.number))  # noqa: S704 - digits only


def _address_points(sheet: LetterSheet) -> float:
    """The largest type size at which every line of the address fits the window."""
    room = WINDOWS[sheet.window].width - 2 * _WINDOW_INSET + 2
    for points in _ADDRESS_POINTS:
        if all(fonts.width(line, points) <= room for line in sheet.address):
            return points
    raise Refused("address_too_wide")


def _laid_out(html: str, style: CSS) -> Document:
    page = HTML(string=html, base_url="paper:", url_fetcher=OnlyOurFonts())
    document: Document = page.render(stylesheets=[style], font_config=_FONTS)
    return document


def _pdf(document: Document) -> bytes:
    pdf: bytes = document.write_pdf(finisher=_without_traces, pdf_identifier=b"paper")
    return pdf


def _without_traces(_document: Document, pdf: Any) -> None:
    """No producer, no date, no title: the file says nothing of who made it, how, or when."""
    pdf.info.clear()


@cache
def _letter_style(window: str, address_points: float) -> CSS:
    return _style("letter.css", window=WINDOWS[window], address_points=address_points)


@cache
def _cover_style() -> CSS:
    return _style("cover.css")


def _style(name: str, **values: object) -> CSS:
    text = _TEMPLATES.get_template(name).render(inset=_WINDOW_INSET, **values)
    return CSS(string=text, font_config=_FONTS, url_fetcher=OnlyOurFonts(), base_url="paper:")
