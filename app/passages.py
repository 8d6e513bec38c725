"""Passages of a reply that are held back from the writer, because they name or endanger others.

In a transcript or translation such a passage stands between ⟦ and ⟧. Writers get `for_writer`.
"""

import re

OPEN, CLOSE = "⟦", "⟧"
IN_ITS_PLACE = "[…]"
_PIECE = re.compile(r"(⟦[^⟦⟧]*⟧)")


def for_writer(text: str) -> str:
    """The text with `[…]` for every passage held back; an unclosed one is held back to the end."""
    shown: list[str] = []
    depth = 0
    for sign in text:
        if sign == OPEN:
            if depth == 0:
                shown.append(IN_ITS_PLACE)
            depth += 1
        elif sign == CLOSE:
            depth = max(depth - 1, 0)
        elif depth == 0:
            shown.append(sign)
    return "".join(shown)


def count_held_back(text: str) -> int:
    """How many passages of well-marked text are held back."""
    return text.count(OPEN)


def is_well_marked(text: str) -> bool:
    """Whether every mark that opens is closed, and none stands inside another."""
    return not re.search("[⟦⟧]", re.sub(r"⟦[^⟦⟧]*⟧", "", text))


def pieces(text: str) -> list[tuple[str, bool]]:
    """Well-marked text cut into (words, held back?), without the marks; nothing is lost."""
    return [
        (piece.strip(OPEN + CLOSE), True) if piece.startswith(OPEN) else (piece, False)
        for piece in _PIECE.split(text)
        if piece
    ]


def held_back(words: str) -> str:
    """`words` with the marks around them."""
    return f"{OPEN}{words}{CLOSE}"
