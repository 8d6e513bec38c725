"""Sums of people of whom some are shown, and others are counted and nothing else.

Of those who are shown everybody can read, so a sum of them tells nothing new. Of the others every
sum is rounded down to tens by itself, whichever line and filters it is of. So lines add up to less
than their total, and two sums differ by tens or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from app.finding.memory import Index
from app.finding.sets import Bits
from app.queries.figures import in_tens


@dataclass(frozen=True)
class Sums:
    """Everybody who is asked for."""

    shown: Bits
    others: Bits

    @classmethod
    def of(cls, index: Index, asked: Bits, filters: Iterable[Bits]) -> "Sums":
        """Those among `asked` to whom all filters apply."""
        left = reduce(and_, filters, asked)
        return cls(left & index.everybody, left & ~index.everybody)

    def people(self, line: Bits = -1) -> int:
        """How many are counted in a line, or altogether. line: who is in it, filters set aside."""
        return (line & self.shown).bit_count() + in_tens((line & self.others).bit_count())
