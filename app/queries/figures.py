"""The only figures that are public: sums over at least ten people.

"12 letters, no reply" tells a prison whom nobody watches, so one person's counts are for staff.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Prisoner

LEAST_PEOPLE = 10
_ROUND_TO = 10


@dataclass(frozen=True)
class Figures:
    """Letters to how many people, both rounded down to tens: one letter more tells nothing."""

    letters: int
    people: int


def public_figures(session: Session) -> Figures | None:
    """What may be said in public, or None while it would speak of fewer than ten people."""
    people, letters = session.execute(
        sa.select(sa.func.count(), sa.func.sum(col(Prisoner.letter_count))).where(
            col(Prisoner.letter_count) > 0
        )
    ).one()
    if people < LEAST_PEOPLE:
        return None
    return Figures(_rounded(int(letters)), _rounded(people))


def _rounded(number: int) -> int:
    return number - number % _ROUND_TO
