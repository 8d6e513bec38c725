"""A letter line by line beside its Russian text, as fields of a form and back.

Each line of the original that is not empty is a paragraph with a field of its own; the Russian
text has the same lines in the same places, so that an unfinished translation keeps its gaps.
What follows after them (the closing sentence) has fields too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from mailing.paper import missing_glyphs
from translation.checks import foreign_words

FIELD = "paragraph-"
MOST_FIELDS = 300
"""A letter with more lines is edited as one text."""


@dataclass
class Pair:
    """One paragraph as the template shows it."""

    original: str
    translation: str
    by: str = ""
    error: str = ""
    warnings: list[str] = field(default_factory=list)


def pairs(original: str, russian: str) -> list[Pair]:
    """The paragraphs of both, one to one where their lines agree."""
    theirs, ours = original.split("\n"), russian.split("\n")
    if _too_many(theirs):
        return [Pair(original, russian)]
    if not _agree(theirs, ours):
        return [
            Pair(left, right)
            for left, right in zip_longest(_filled(theirs), _filled(ours), fillvalue="")
        ]
    ours += [""] * (len(theirs) - len(ours))
    side = [Pair(left, right) for left, right in zip(theirs, ours, strict=False) if left.strip()]
    return side + [Pair("", line) for line in _filled(ours[len(theirs) :])]


def joined(original: str, typed: Sequence[str]) -> str:
    """The Russian text of the paragraphs as typed, in the lines of the original.

    A line break inside a paragraph becomes a space, so that paragraphs stay one to one.
    """
    theirs, values = original.split("\n"), list(typed)
    if _too_many(theirs):
        return values[0] if values else ""
    lines = []
    for line in theirs:
        filled = line.strip() and values
        lines.append(" ".join(values.pop(0).split()) if filled else "")
    for extra in values:
        lines += ["", *extra.strip().split("\n")] if extra.strip() else []
    return "\n".join(lines)


def typed(values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a form, in the order of their numbers."""
    numbers = sorted(
        int(name.removeprefix(FIELD))
        for name in values
        if name.startswith(FIELD) and name.removeprefix(FIELD).isdecimal()
    )
    return [values[f"{FIELD}{number}"] for number in numbers]


def checked(side: Sequence[Pair], _: Callable[[str], str]) -> None:
    """Write beside each paragraph what a reviewer should look at."""
    for pair in side:
        words = list(dict.fromkeys(word.word for word in foreign_words(pair.translation)))
        if words:
            listed = ", ".join(words[:8])
            pair.warnings.append(f"{_('A censor may stop at foreign words:')} {listed}")
        unprintable = signs_that_cannot_be_printed(pair.translation, _)
        if unprintable and not pair.error:
            pair.warnings.append(unprintable)


def signs_that_cannot_be_printed(text: str, _: Callable[[str], str]) -> str:
    """A sentence that lists them; empty when the paper can show the whole text."""
    signs = " ".join(missing_glyphs(text)[:8])
    return f"{_('The paper cannot show these signs:')} {signs}" if signs else ""


def missing(side: Sequence[Pair], _: Callable[[str], str]) -> dict[str, str]:
    """The fields that are still empty beside a paragraph of the original."""
    return {
        f"{FIELD}{number}": _("This paragraph is not translated yet.")
        for number, pair in enumerate(side, 1)
        if pair.original.strip() and not pair.translation.strip()
    }


def _agree(theirs: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether nothing stands where the original has an empty line."""
    return all(left.strip() or not right.strip() for left, right in zip(theirs, ours, strict=False))


def _filled(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _too_many(lines: Sequence[str]) -> bool:
    return sum(1 for line in lines if line.strip()) > MOST_FIELDS
