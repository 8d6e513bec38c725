"""Prison terms as they stand in other people's lists. Pure: nothing is looked up."""

import re
from dataclasses import dataclass
from typing import Any

from app.sameness.cleaning import line, together

LONGEST_TERM = 420
"""Months: thirty-five years, the longest term of years that the criminal code knows."""
LIFE_FROM = 10_000
"""Months from which sources write «life» as a number; below it the number is a mistake."""
_LONGEST_SHOWN = 120

_YEARS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:years?|yrs?|лет|год|г\b|л\b)")
_MONTHS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:months?|mos?\b|мес|м\b)")
_BARE = re.compile(r"[-−]?\d{1,9}(?:[.,]\d+)?")
_RANGE = re.compile(r"\d\s*[-–—]\s*\d")
_LIFE = re.compile(r"пожизнен|\blife\b|life sentence|life imprisonment", re.IGNORECASE)
_NONE_GIVEN = re.compile(r"\A[^\d]*(?:не назнач|штраф|условн|fine|suspended|not imposed)[^\d]*\Z")


@dataclass(frozen=True)
class Term:
    """A sentence in months, or for life, or neither.

    stated: a number that cannot be a term. unread: words in which no term was found.
    """

    months: int | None = None
    life: bool = False
    stated: int | None = None
    unread: str = ""


def term(value: Any, verdict: str = "") -> Term:
    """A prison term. Sources write a life sentence as 10,000 months and more.

    Such a number is believed when the verdict says so in words, and is a doubt otherwise.
    """
    said = line(value)
    text = said.lower()
    if _LIFE.search(text):
        return Term(life=True)
    if not text or _NONE_GIVEN.search(text):
        return Term()
    months = _months(together(text) if isinstance(value, str | list | tuple) else text)
    if months is None:
        return Term(unread=said[:_LONGEST_SHOWN])
    if months >= LIFE_FROM and _LIFE.search(verdict):
        return Term(life=True)
    if months == 0:
        return Term()
    return Term(months) if 0 < months <= LONGEST_TERM else Term(stated=months)


def _months(text: str) -> int | None:
    """Months out of a bare number, or of years and months in words; None when neither is there."""
    if _BARE.fullmatch(text):
        return int(_figure(text.replace("−", "-")))
    years, months = _YEARS.search(text), _MONTHS.search(text)
    if _RANGE.search(text) or (years is None and months is None):
        return None
    of_years = round(_figure(years[1]) * 12) if years else 0
    return min(of_years + int(_figure(months[1]) if months else 0), 10**9)


def _figure(text: str) -> float:
    return min(float(text.replace(",", ".")), 1e9)
