"""Passages of a reply that are held back from the writer, because they name or endanger others.

In a transcript or translation such a passage stands between ⟦ and ⟧. No keyboard has these, so
[[ and ]] mean the same wherever a text is read. Writers get `for_writer`.
"""

import re

OPEN, CLOSE = "⟦", "⟧"
IN_ITS_PLACE = "[…]"
_TYPED_OPEN, _TYPED_CLOSE = re.compile(r"\[{2,}"), re.compile(r"\]{2,}")
_PIECE = re.compile(r"(⟦[^⟦⟧]*⟧)")


def marked(text: str) -> str:
    """The text with ⟦ and ⟧ for every [[ and ]] that was typed; a single bracket stays."""
    text = _TYPED_OPEN.sub(lambda run: OPEN * (len(run[0]) // 2) + "[" * (len(run[0]) % 2), text)
    return _TYPED_CLOSE.sub(lambda run: "]" * (len(run[0]) % 2) + CLOSE * (len(run[0]) // 2), text)


def for_writer(text: str) -> str:
    """The text with `[…]` for every passage held back; an unclosed one is held back to the end."""
    shown: list[str] = []
    depth = 0
    for sign in marked(text):
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
    return marked(text).count(OPEN)


def is_well_marked(text: str) -> bool:
    """Whether every mark that opens is closed, and none stands inside another."""
    return not re.search("[⟦⟧]", re.sub(r"⟦[^⟦⟧]*⟧", "", text))


def pieces(text: str) -> list[tuple[str, bool]]:
    """Well-marked text cut into (words, held back?), without the marks; no word is lost."""
    return [
        (piece.strip(OPEN + CLOSE), True) if piece.startswith(OPEN) else (piece, False)
        for piece in _PIECE.split(marked(text))
        if piece
    ]


def held_back(words: str) -> str:
    """`words` with the marks around them."""
    return f"{OPEN}{words}{CLOSE}"
