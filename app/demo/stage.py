"""The stage: a clock that can be set back, chance that repeats itself, and who plays."""

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.catalogue.standing import Occasion
from app.journey.posting_batches import Volunteer
from app.journey.replying import Visitor
from app.lifecycle import Role
from app.moving import by_staff
from app.service import Service

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

SEED = 1905
A_CLAIM = timedelta(minutes=30)
HERE = Path(__file__).parent


@cache
def script(name: str) -> list[dict[str, Any]]:
    """The entries of one file of the play, such as "people"."""
    document = tomllib.loads((HERE / f"{name}.toml").read_text())
    (entries,) = document.values()
    return list(entries)


@dataclass
class Stage:
    """What every scene needs. `staff` is one account a role; `today` is where the play ends."""

    service: Service
    staff: dict[Role, str]
    today: datetime
    progress: Progress
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 — a play

    def ago(self, days: float, hours: float = 0) -> datetime:
        """The moment so long before the end of the play."""
        return self.today - timedelta(days=days, hours=hours)

    def at(self, moment: datetime) -> Service:
        """The service as it was at `moment`."""
        return replace(self.service, clock=lambda: moment)

    def occasion(self, moment: datetime) -> Occasion:
        """A change to the catalogue at `moment`."""
        return Occasion(
            by_staff(self.staff[Role.CATALOGUE]),
            moment,
            self.at(moment).today(),
            self.service.settings.address_days,
            by_coordinator=True,
        )

    @property
    def printer(self) -> Volunteer:
        return Volunteer(self.staff[Role.PRINTER], self.service.settings.posted_from, "Berlin")

    def visitor(self, role: Role) -> Visitor:
        """Somebody at the reply desk."""
        return Visitor(self.staff[role], frozenset({role}))
