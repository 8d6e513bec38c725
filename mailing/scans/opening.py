"""Opens uploads inside a child process, and keeps nothing of them but pixels."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

from mailing.isolation import Refused
from mailing.scans.pages import Page

# A4 at 300 dpi: enough for a pencil, for a code of 18 mm, and for tesseract.
_LONGEST_SIDE = 3508
_PDF_DPI = 200
_JPEG_QUALITY = 85
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD

_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"%PDF-": "PDF"}

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


def pages(content: bytes, most_pages: int, most_pixels: int) -> list[Page]:
    """The pages of a JPEG, PNG or PDF, which its first bytes decide.

    Raises `Refused` with "unsupported", "damaged", "encrypted", "too_many_pages" or
    "too_many_pixels".
    """
    kind = next((kind for start, kind in _SIGNATURES.items() if content.startswith(start)), None)
    if kind is None:
        raise Refused("unsupported")
    if kind == "PDF":
        return [_encoded(picture) for picture in _pdf_pages(content, most_pages)]
    return [_encoded(_photo(content, kind, most_pixels))]


def picture(jpeg: bytes) -> Image.Image:
    """A page of our own encoding, opened again."""
    return Image.open(BytesIO(jpeg), formats=["JPEG"])


def _photo(content: bytes, kind: str, most_pixels: int) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=[kind])
        if image.width * image.height > most_pixels:
            raise Refused("too_many_pixels")
        image.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("damaged") from error
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return ImageOps.exif_transpose(image)


def _pdf_pages(content: bytes, most_pages: int) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == _WRONG_PASSWORD else "damaged") from error
    if len(document) > most_pages:
        raise Refused("too_many_pages")
    if len(document) == 0:
        raise Refused("damaged")
    for page in document:
        longest = max(page.get_size())
        scale = min(_PDF_DPI / 72, _LONGEST_SIDE / longest)
        yield page.render(scale=scale).to_pil()
        page.close()


def _encoded(image: Image.Image) -> Page:
    """A new JPEG of nothing but the pixels, on white where the picture is transparent."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    image = image if image.mode in {"RGB", "L"} else image.convert("RGB")
    image.info.clear()  # comments would be written again
    out = BytesIO()
    image.save(out, "JPEG", quality=_JPEG_QUALITY)
    return Page(out.getvalue(), image.width, image.height)
