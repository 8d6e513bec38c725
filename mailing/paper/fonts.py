"""The typeface of the paper: PT Serif, shipped with the project so that every page looks alike."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
REGULAR = FOLDER / "PTSerif-Regular.ttf"
BOLD = FOLDER / "PTSerif-Bold.ttf"

# Set as white space, whatever their width: a fold of the text, not a character of it.
_WHITE_SPACE = frozenset("\t\n\r\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a")


def missing_glyphs(text: str) -> list[str]:
    """The characters of a text that cannot be printed, each once, in order; [] if all can.

    The text counts as composed (NFC), as it is when printed. Emoji, right-to-left scripts,
    control characters (NUL) and invisible formatting are among them: what cannot be seen on
    paper must not be in an approved text.
    """
    covered = _advances()
    composed = unicodedata.normalize("NFC", text)
    return list(dict.fromkeys(c for c in composed if c not in covered and c not in _WHITE_SPACE))


def width(line: str, points: float) -> float:
    """The width of one line in the regular face at a size in points, in millimetres."""
    advances = _advances()
    return sum(advances.get(character, 1.0) for character in line) * points * 25.4 / 72


@cache
def _advances() -> dict[str, float]:
    """Each character the face can show, with its width as a share of the type size."""
    with TTFont(REGULAR, lazy=True) as font:
        glyphs = font.getGlyphSet()
        units = font["head"].unitsPerEm  # type: ignore[attr-defined]  # read from the file
        return {
            chr(code): glyphs[name].width / units
            for code, name in (font.getBestCmap() or {}).items()
            if chr(code).isprintable() or chr(code) == "\u00a0"
        }
