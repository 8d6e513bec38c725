"""Names leave the house as ⟦1⟧, ⟦2⟧ … and come back as names.

Why this shape: engines carry brackets and digits through, while letters (as in "XQ1X") get
transliterated, declined or taken for a word; these brackets occur in no letter; and what engines
are known to do to brackets, adding spaces or taking a plainer kind, can be undone without doubt.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from translation.errors import PlaceholderLost, Reason
from translation.private import find_private, merged

_ANY_BRACKETS = re.compile(r"(?:⟦|〚|【|\[+)\s*(\d+)\s*(?:⟧|〛|】|\]+)")
_OUR_BRACKETS = re.compile("[⟦⟧]")


@dataclass(frozen=True)
class Hidden:
    """A text without its names: `text` may go out, `values` stay here."""

    text: str
    values: tuple[str, ...]

    def restore(self, answer: str) -> str:
        """Put the values back into an answer, in whatever order the engine left the placeholders.

        Raises PlaceholderLost unless each one is there exactly once and nothing is left of others.
        """
        numbers = [int(match.group(1)) for match in _ANY_BRACKETS.finditer(answer)]
        if sorted(numbers) != list(range(1, len(self.values) + 1)):
            raise PlaceholderLost(Reason.PLACEHOLDER_LOST)
        if _OUR_BRACKETS.search(_ANY_BRACKETS.sub("", answer)):
            raise PlaceholderLost(Reason.PLACEHOLDER_LOST)
        return _ANY_BRACKETS.sub(lambda match: self.values[int(match.group(1)) - 1], answer)


def hide(text: str, names: Sequence[str] = ()) -> Hidden:
    """Replace names, addresses, e-mails, links and telephone numbers by placeholders.

    In: one paragraph; the names to hide besides what is found by its form (see
    `translation.private`). Whatever already looks like a placeholder is hidden too, so that
    `hide(text, names).restore(hide(text, names).text) == text` for every text.
    """
    kept: list[str] = []
    parts: list[str] = []
    position = 0
    mistakable = [*_ANY_BRACKETS.finditer(text), *_OUR_BRACKETS.finditer(text)]
    spans = [*(match.span() for match in mistakable), *find_private(text, names)]
    for start, end in merged(spans):
        kept.append(text[start:end])
        parts += (text[position:start], f"⟦{len(kept)}⟧")
        position = end
    return Hidden("".join((*parts, text[position:])), tuple(kept))
