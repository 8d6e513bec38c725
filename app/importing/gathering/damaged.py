"""Rows that came damaged: told with their number and reason, and never taken for anything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.sameness.cleaning import line

HIDE_SOMEBODY = frozenset(
    {"quotes", "shifted", "letters", "no_text", "not_text", "formula", "initials"}
)
"""Reasons for which a row that names somebody cannot be read: nobody is gone because of them."""


@dataclass(frozen=True)
class Damaged:
    """A row that nobody can rely on. reason: a code of `reporting.REASONS`; cells: what stands
    where, as far as one sees; named: the name in it."""

    reason: str
    cells: tuple[Any, ...] = ()
    named: str = ""


class Uncounted(str):
    """A formula whose value the file does not have: what it says nobody knows."""

    __slots__ = ()


def sound(
    row: tuple[Any, ...] | Damaged, width: int, names: Sequence[int]
) -> tuple[Any, ...] | Damaged:
    """A row as it is, or why nobody can rely on it: it came so, or has more cells than columns.

    names: in which of them the name stands.
    """
    if isinstance(row, Damaged):
        there, reason = row.cells, row.reason
    elif any(line(cell) for cell in row[width:]):
        there, reason = row, "shifted"
    else:
        return row
    return Damaged(reason, there, " ".join(line(there[at]) for at in names if at < len(there)))
