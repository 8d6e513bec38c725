"""Who is of age, by a birthday or by a birth year alone. It imports nothing of ours."""

from datetime import date

ADULT = 18


def may_be_under_age(birth_year: int | None, birthday: date | None, today: date) -> bool:
    """Whether the person is, or by the year alone could be, under 18."""
    if birthday is not None:
        had_birthday = (today.month, today.day) >= (birthday.month, birthday.day)
        return today.year - birthday.year - (not had_birthday) < ADULT
    return birth_year is not None and today.year - birth_year <= ADULT
