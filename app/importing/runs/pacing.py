"""How much an import writes at once: little enough that letters, which wait meanwhile, go on.

Seen with 10,000 people beside eight submitters who never pause, on two busy cores: a transaction
took 40 ms in the median and 0.2 s at most on SQLite, 63 ms and 0.7 s on PostgreSQL
(`bench/importing_beside_letters.py`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SLOW_SECONDS = 0.08
"""Transactions that hold the database longer are made smaller: 100 ms are what letters may wait."""
_LEAST = 20
"""What a transaction costs by itself is not less for fewer rows."""


@dataclass
class Pace:
    """Rows in one transaction: at most `most`, fewer as long as the machine is slow."""

    most: int
    rows: int = field(init=False)

    def __post_init__(self) -> None:
        self.rows = self.most

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around what one transaction does."""
        began = time.monotonic()
        yield
        self.note(time.monotonic() - began)

    def note(self, seconds: float) -> None:
        """What so many rows took."""
        if seconds > SLOW_SECONDS:
            self.rows = max(_LEAST, self.rows // 2)
        elif seconds < SLOW_SECONDS / 3:
            self.rows = min(self.most, self.rows * 2)
