"""A page of a finished PDF as a picture, for the writer's preview."""

from io import BytesIO

import pypdfium2

from mailing.isolation import Refused

MOST_PIXELS_WIDE = 2480


def png(pdf: bytes, page: int, width: int) -> bytes:
    """One page (counted from 0) as a grey PNG of `width` pixels, without metadata.

    Raises `Refused("no_such_page")`.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise Refused("no_such_page")
        sheet = document[page]
        scale = min(width, MOST_PIXELS_WIDE) / sheet.get_width()
        picture = sheet.render(scale=scale, grayscale=True).to_pil()
    finally:
        document.close()
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
