"""Who is of age, and whose birthday it is. It imports nothing of ours."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date

ADULT = 18


def may_be_under_age(birth_year: int | None, birthday: date | None, today: date) -> bool:
    """Whether the person is, or by the year alone could be, under 18."""
    if birthday is not None:
        had_birthday = (today.month, today.day) >= (birthday.month, birthday.day)
        return today.year - birthday.year - (not had_birthday) < ADULT
    return birth_year is not None and today.year - birth_year <= ADULT


def birthday_in(birthday: date, year: int) -> date:
    """The day on which it is kept; a leap day on the day before in other years."""
    leap = (birthday.month, birthday.day) == (2, 29) and not isleap(year)
    return birthday.replace(year=year, day=28 if leap else birthday.day)


def kept_on(days: Iterable[date]) -> set[tuple[int, int]]:
    """Month and day of every birthday that is kept on one of these days."""
    found = set()
    for day in days:
        found.add((day.month, day.day))
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            found.add((2, 29))
    return found
