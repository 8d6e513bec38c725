"""Photos of filled-in reply sheets: the printed page with words in blue ink, not quite straight."""

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import mailing.paper

FONT = Path(mailing.paper.__file__).parent / "fonts" / "PTSerif-Italic.ttf"
WIDTH = 1240  # pixels: A4 at 150 dpi
HEIGHT = 1754
INK = (38, 52, 120)
TABLE = (176, 160, 138)
MARGIN = 152
LETTER = 32  # pixels
FIRST_LINE = 260
LINE = 54.4  # as on the printed sheet


def photo(sheet: bytes | None, text: str, chance: random.Random) -> bytes:
    """A JPEG of the page: `sheet` is a PNG of the printed form, or None for any sheet of paper."""
    if sheet is None:
        page = Image.new("RGB", (WIDTH, HEIGHT), (250, 248, 241))
    else:
        page = Image.open(io.BytesIO(sheet)).convert("RGB").resize((WIDTH, HEIGHT))
    _write(page, text, chance)
    angle = chance.uniform(-1.2, 1.2)
    turned = page.rotate(angle, Image.Resampling.BILINEAR, expand=True, fillcolor=TABLE)
    into = io.BytesIO()
    turned.save(into, "JPEG", quality=82)
    return into.getvalue()


def _write(page: Image.Image, text: str, chance: random.Random) -> None:
    font = ImageFont.truetype(str(FONT), LETTER)
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(_lines(text.upper(), font)):
        x = MARGIN + chance.uniform(-6, 10)
        for sign in line:
            y = FIRST_LINE + number * LINE + chance.uniform(-2.5, 2.5)
            pen.text((x, y), sign, font=font, fill=INK)
            x += font.getlength(sign) + chance.uniform(0, 2)


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The words in lines that fit between the margins."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) + len(longer) > WIDTH - 2 * MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
