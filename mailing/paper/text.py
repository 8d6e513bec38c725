"""A letter's text cut into paragraphs and words as they are set, without changing a character.

A PDF forgets which line ends were real. So that its text can be read back exactly, nothing is
hyphenated, and a word that holds a hyphen, a dash or a slash is never broken there.
"""

import re
from dataclasses import dataclass
from itertools import groupby, pairwise

from mailing.paper.fonts import width

_TEXT_POINTS = 12
# Wider runs without a space must break somewhere, or they would leave the page.
_WIDEST_WHOLE_MM = 150
_PLAIN = r"[«„“\"(]*\w+[.,:;!?…»“”\")]*"
_BREAKS_NOWHERE = re.compile(rf"{_PLAIN}(?:\u00a0(?:{_PLAIN}|[—–]))*|[ \t]+")
# No line begins with a dash in mid-sentence, and none ends with a word of one letter.
_SPACE_BEFORE_DASH = re.compile(r"(?<=\S)[ \t](?=[—–](?:\s|$))")
_SPACE_AFTER_LETTER = re.compile(r"(?<=[\s(«][аиксувоАИКСУВО]) (?=\w)")


@dataclass(frozen=True)
class Piece:
    """Part of a paragraph; a whole one stays on one line."""

    text: str
    whole: bool


@dataclass(frozen=True)
class Paragraph:
    """One line or paragraph as typed; `apart` if a space belongs above it."""

    pieces: tuple[Piece, ...]
    apart: bool


def paragraphs(text: str) -> list[Paragraph]:
    """Each typed line is a paragraph.

    An empty line sets the next paragraph apart only where both ways of typing are mixed, as
    between the stanzas of a poem: in a text whose paragraphs are all divided by empty lines the
    indentation says enough.
    """
    lines = [line.strip() for line in re.split(r"\r\n?|\n", text.strip())]
    mixed = any(above and below for above, below in pairwise(lines))
    return [
        Paragraph(_pieces(line), apart=mixed and index > 0 and not lines[index - 1])
        for index, line in enumerate(lines)
        if line
    ]


def _pieces(line: str) -> tuple[Piece, ...]:
    tied = _SPACE_AFTER_LETTER.sub("\u00a0", _SPACE_BEFORE_DASH.sub("\u00a0", line))
    words = map(_breakable, re.findall(r"[ \t]+|[^ \t]+", tied))
    return tuple(Piece("".join(run), whole) for whole, run in groupby(words, key=_stays_whole))


def _breakable(word: str) -> str:
    """Text pasted with non-breaking spaces only has nowhere else to break."""
    return word if _fits(word) else word.replace("\u00a0", " ")


def _stays_whole(word: str) -> bool:
    return not _BREAKS_NOWHERE.fullmatch(word) and _fits(word)


def _fits(word: str) -> bool:
    return width(word, _TEXT_POINTS) <= _WIDEST_WHOLE_MM
