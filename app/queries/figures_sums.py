"""Sums of people of whom some are shown, and others are counted and nothing else.

Of those who are shown everybody can read, so a sum of them tells nothing new. The others are told
in tens at least: where fewer are in a line they are left out of it, and a line is withheld where
the rest of its table, or the same line without one of the filters, would tell of fewer than ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from app.finding.memory import Index
from app.finding.sets import LEAST_PEOPLE, Bits
from app.queries.figures import withheld

_ALL: Bits = -1


@dataclass(frozen=True)
class Cell:
    """One line. people: in the line, 0 where none can be told of; told: the number, or None."""

    people: int
    told: int | None


@dataclass(frozen=True)
class Sums:
    """Everybody who is asked for. fallen: of the others, whom each filter alone leaves out."""

    shown: Bits
    others: Bits
    fallen: Sequence[Bits]

    @classmethod
    def of(
        cls, index: Index, asked: Bits, filters: Mapping[str, Bits], without: str = ""
    ) -> "Sums":
        """Those among `asked` to whom filters apply; `without` one of them."""
        kept = [held for name, held in filters.items() if name != without]
        left, others = reduce(and_, kept, asked), asked & ~index.everybody
        fallen = [
            reduce(and_, kept[:at] + kept[at + 1 :], others & ~held) for at, held in enumerate(kept)
        ]
        return cls(left & index.everybody, left & others, fallen)

    def total(self) -> int | None:
        """How many they are; None where that is not told."""
        return self.cells([_ALL])[0].told

    def cells(self, lines: Sequence[Bits]) -> list[Cell]:
        """The lines of one table as they may be told. lines: who is in each, filters set aside."""
        shown = [(line & self.shown).bit_count() for line in lines]
        others = [(line & self.others).bit_count() for line in lines]
        few = [people < LEAST_PEOPLE for people in others]
        apart = withheld(others, [at for at, line in enumerate(lines) if self._shows_few(line)])
        people = [
            ours if too_few else ours + theirs
            for ours, theirs, too_few in zip(shown, others, few, strict=True)
        ]
        hidden = [at for at, one in enumerate(apart) if one is None and not few[at]]
        told = withheld(people, hidden)
        return [Cell(*cell) for cell in zip(people, told, strict=True)]

    def _shows_few(self, line: Bits) -> bool:
        return any(0 < (line & fallen).bit_count() < LEAST_PEOPLE for fallen in self.fallen)
