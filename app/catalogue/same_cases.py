"""Whether two cases of one person are one prosecution: by articles, beginning and region. Pure.

Lists word everything else in their own way, and number nothing alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from app.finding.articles import numbers_of
from app.finding.regions import code_of
from app.spelling import plain


class Alike(IntEnum):
    """NO: they contradict each other. PERHAPS: nobody can tell. SURE: articles and beginning agree,
    or articles and region where the beginning is not known, and nothing contradicts."""

    NO = 0
    PERHAPS = 1
    SURE = 2


@dataclass(frozen=True)
class Told:
    """What two cases are compared by. day: ISO; region: its code; name: what the case is called."""

    articles: frozenset[str]
    day: str
    year: int | None
    region: str
    name: str

    @property
    def nothing(self) -> bool:
        """Whether it says nothing that tells one case from another, as a mere rating does."""
        return not (self.articles or self.year or self.region or self.name)


def told(case: Mapping[str, Any]) -> Told:
    """Out of columns of a case; a missing column says nothing."""
    began = case.get("started_on")
    day = began.isoformat() if isinstance(began, date) else began or ""
    return Told(
        numbers(case.get("articles") or ()),
        day,
        int(day[:4]) if day else case.get("started_year"),
        code_of(case.get("region_iso") or "", case.get("region") or ""),
        plain(case.get("case_name") or ""),
    )


def numbers(articles: Sequence[str]) -> frozenset[str]:
    """The numbers of articles, however their parts are written; without a number, the words."""
    return frozenset(numbers_of(articles) or filter(None, map(plain, articles)))


def alike(ours: Told, theirs: Told) -> Alike:
    """How sure it is that two cases of one person are the same."""
    articles = _articles(ours, theirs)
    start = _start(ours, theirs)
    region = _agree(ours.region, theirs.region)
    same_day = bool(ours.day) and ours.day == theirs.day
    if articles is False and not (ours.articles & theirs.articles or same_day):
        return Alike.NO
    if start is False and ours.year != theirs.year:
        return Alike.NO
    if False in (articles, start, region):
        return Alike.PERHAPS
    return Alike.SURE if articles and (start or region) else Alike.PERHAPS


def fits(ours: Told, theirs: Told) -> bool:
    """Whether everything that both say agrees, and `theirs` says nothing beyond it but articles do.

    So much is enough where a person has no other case that it could be.
    """
    articles, start = _articles(ours, theirs), _start(ours, theirs)
    region = _agree(ours.region, theirs.region)
    if False in (articles, start, region):
        return False
    silent = not (theirs.year or theirs.region) or start or region
    return bool(articles) or (bool(silent) and not theirs.articles)


def _articles(ours: Told, theirs: Told) -> bool | None:
    if not (ours.articles and theirs.articles):
        return None
    return ours.articles == theirs.articles


def _start(ours: Told, theirs: Told) -> bool | None:
    if ours.day and theirs.day:
        return ours.day == theirs.day
    return _agree(ours.year, theirs.year)


def _agree(ours: Any, theirs: Any) -> bool | None:
    return ours == theirs if ours and theirs else None
