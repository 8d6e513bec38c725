"""When somebody comes out: the day that is known, or else the end of the sentence. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import NamedTuple

from app.models import Prosecution
from app.models.people import GONE

_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Release:
    """known: a source or one of us told this very day; else it is an estimate."""

    day: date
    known: bool


class Sentence(NamedTuple):
    """What the rule asks of a case: in days and months; life has no end."""

    started_on: date | None
    sentence_months: int | None
    sentence_life: bool


def release_of(
    status: str, since: date | None, told: date | None, cases: Iterable[Prosecution | Sentence]
) -> Release | None:
    """The one rule: a day that somebody told stands above every sentence; who is out has none.

    since: when the status began. Whoever came to a prison, or left for another one, after the day
    that was told did not come out on it: it was wrong, or is of an earlier time in prison.
    """
    if status in GONE:
        return None
    if told is not None and (since is None or since <= told):
        return Release(told, known=True)
    ends = end_of_sentences(cases)
    return Release(ends, known=False) if ends else None


def end_of_sentences(cases: Iterable[Prosecution | Sentence]) -> date | None:
    """When the latest sentence ends, counted from the day its case began; None for life, and where
    that is past the calendar.

    An estimate: courts count from the arrest, and sources give the case.
    """
    days = []
    for case in cases:
        if case.sentence_life:
            return None
        if case.started_on and case.sentence_months:
            ends = _months_later(case.started_on, case.sentence_months)
            if ends is None:
                return None
            days.append(ends)
    return max(days, default=None)


def _months_later(day: date, months: int) -> date | None:
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_A_YEAR)
    if day.year + years > MAXYEAR:
        return None
    # The 28th at the latest: an estimate needs no calendar of short months.
    return date(day.year + years, month + 1, min(day.day, 28))
