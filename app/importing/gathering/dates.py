"""Days and years as they stand in other people's lists. Pure: nothing is looked up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.sameness.cleaning import line

LATEST = 2068
"""Two digits mean a year of the hundred that end here, as calendars in computers have it."""
YEARS = range(1800, 2100)
YOUNGEST = 14
"""Nobody younger is tried: a birth in two digits is the latest one that makes somebody as old."""

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<![\d./-])(\d{1,2})(?:\s?([./])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})|-(\d{1,2})-(\d{4}))(?!\d)"
)
_DAY_AND_WORD = re.compile(
    r"(?<!\d)(\d{1,2})[»\"”]?(?:-?(?:го|е|st|nd|rd|th)\b)?\s*([^\W\d_]{3,})\.?,?\s*(\d{4}|\d{2})(?!\d)"
)
_WORD_AND_DAY = re.compile(r"([^\W\d_]{3,})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_NO_MORE_THAN_A_MONTH = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|1[0-2])[./-])?(?:1[89]\d\d|20\d\d)(?:[./-](?:0?[1-9]|1[0-2])|\.0+)?(?!\d)"
)
_MONTHS = tuple(
    tuple(names.split("|"))
    for names in (
        *("январь|января|january", "февраль|февраля|february", "март|марта|march"),
        *("апрель|апреля|april", "май|мая|may", "июнь|июня|june", "июль|июля|july"),
        *("август|августа|august", "сентябрь|сентября|september"),
        *("октябрь|октября|october", "ноябрь|ноября|november", "декабрь|декабря|december"),
    )
)


def year(value: Any) -> int | None:
    """A year between 1800 and 2099, out of a number, a date or words around it."""
    found = _YEAR.search(str(value)) if value is not None else None
    return int(found[1]) if found else None


def day(value: Any, latest: int = LATEST) -> date | None:
    """A day out of ISO, Russian, English or spreadsheet dates, in figures or with the month's name.

    latest: the last year that two digits may mean. None when it is no day of the calendar, or of a
    year that no list can mean. Between strokes the day comes first, as in Russia.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value if value.year in YEARS else None
    text = "" if value is None else str(value).lower()
    for of_year, month, of_month in _readings(text):
        whole = int(of_year) if len(of_year) == 4 else latest - (latest - int(of_year)) % 100
        if whole not in YEARS:
            return None
        try:
            return date(whole, month, int(of_month))
        except ValueError:
            return None
    return None


def is_read(value: Any) -> bool:
    """Whether nothing of a date is lost: a day, a year with or without its month, or nothing."""
    text = line(value)
    if not text or day(value) is not None:
        return True
    rest = _NO_MORE_THAN_A_MONTH.sub("", text, count=1)
    return rest != text and not any(sign.isdigit() for sign in rest)


@dataclass(frozen=True)
class Born:
    """Birthday and birth year; agree is False when a source says two things at once."""

    birthday: date | None
    year: int | None
    agree: bool = True


def born(birth: Any, birth_year: Any = None, latest: int = LATEST) -> Born:
    """What is known of a birth: a day, or just a year, however the source mixes them.

    latest: the last year that two digits may mean.
    """
    birthday = day(birth, latest)
    stated = year(birth_year) or (None if birthday else year(birth))
    if birthday and stated and birthday.year != stated:
        return Born(None, None, agree=False)
    return Born(birthday, birthday.year if birthday else stated)


def _readings(text: str) -> Iterator[tuple[str, int, str]]:
    """Year, month and day, in the ways to write them that fit."""
    if found := _ISO.search(text):
        yield found[1], int(found[3]), found[4]
    if found := _DAY_FIRST.search(text):
        yield found[4] or found[6], int(found[3] or found[5]), found[1]
    if (found := _DAY_AND_WORD.search(text)) and (month := _month(found[2])):
        yield found[3], month, found[1]
    if (found := _WORD_AND_DAY.search(text)) and (month := _month(found[1])):
        yield found[3], month, found[2]


def _month(word: str) -> int | None:
    """The number of a month by its name, which may be cut short."""
    named = (at for at, names in enumerate(_MONTHS, 1) if any(x.startswith(word) for x in names))
    return next(named, None)
