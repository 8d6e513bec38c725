"""Days to come: birthdays; releases, as far as the sentence tells, with those that are due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.finding.asking import BIRTHDAY_DAYS, RELEASE_DAYS
from app.finding.facets import release_day
from app.models import Prisoner, Prosecution
from app.queries.people import GONE, PAGE, PersonRow, cut, people_by_id

_LEAP_DAY = 229


@dataclass(frozen=True)
class Coming:
    """Somebody's day. age: how old they become, for a birthday. due: the day is over."""

    person: PersonRow
    day: date
    age: int | None = None
    due: bool = False


@dataclass(frozen=True)
class Days:
    """One page of days in order. due: how many of all are over, and nobody said what happened."""

    coming: list[Coming]
    total: int
    page: int
    pages: int
    due: int = 0


def birthdays(session: Session, today: date, page: int | None) -> Days:
    """Birthdays from today on for thirty days; across New Year too. page: None for all."""
    window = [today + timedelta(days=ahead) for ahead in range(BIRTHDAY_DAYS + 1)]
    numbers = {day.month * 100 + day.day for day in window}
    # Who was born on a leap day has it a day earlier in other years.
    if 228 in numbers and not _is_leap(next(day for day in window if day.month == 2).year):
        numbers.add(_LEAP_DAY)
    born = col(Prisoner.birthday)
    number = sa.extract("month", born) * 100 + sa.extract("day", born)
    rows = session.execute(
        sa.select(col(Prisoner.id), born).where(*_there(), number.in_(numbers))
    ).all()
    days = {id_: next_birthday(birthday, today) for id_, birthday in rows if birthday}
    ages = {id_: days[id_].year - birthday.year for id_, birthday in rows if birthday}
    return _page(session, days, ages, page)


def releases(session: Session, today: date, page: int | None, *, only_due: bool = False) -> Days:
    """Sentences that are over, and then those that end within three months, by their last day.

    An estimate, by the rule of the public search: from the day the case began. page: None for all.
    """
    last = today + timedelta(days=RELEASE_DAYS)
    ends = _ends(session, _month(today) - 1, _month(last) + 1)
    soon = {id_: day for id_, day in ends.items() if today <= day <= last and not only_due}
    return _page(session, _due(session, today) | soon, {}, page, today)


def due(session: Session, today: date) -> int:
    """How many are in prison in our records though their sentence should be over."""
    return len(_due(session, today))


def _due(session: Session, today: date) -> dict[str, date]:
    """Who should be free since which day.

    Whoever was made sure to be in custody after that day is asked about again three months later.
    """
    held = col(Prisoner.status).in_(("in_custody", "in_transfer"))
    ends = _ends(session, None, _month(today) + 1, held)
    over = {id_: day for id_, day in ends.items() if day < today}
    sure = dict(
        session.execute(
            sa.select(col(Prisoner.id), col(Prisoner.custody_confirmed_on)).where(
                held, col(Prisoner.custody_confirmed_on) > today - timedelta(days=RELEASE_DAYS)
            )
        ).all()
    )
    return {id_: day for id_, day in over.items() if (sure.get(id_) or day) <= day}


def _ends(
    session: Session, first: int | None, last: int, *whom: sa.ColumnElement[bool]
) -> dict[str, date]:
    """When the last sentence ends of whoever has it end about these months, counted from year 0."""
    months = sa.func.max(_months(Prosecution.started_on) + col(Prosecution.sentence_months))
    near = months <= last if first is None else sa.and_(months >= first, months <= last)
    likely = (
        sa.select(col(Prosecution.prisoner_id))
        .join(Prisoner, col(Prisoner.id) == col(Prosecution.prisoner_id))
        .where(*_there(), *whom)
        .group_by(col(Prosecution.prisoner_id))
        .having(near)
    )
    cases: defaultdict[str, list[Prosecution]] = defaultdict(list)
    for case in session.exec(select(Prosecution).where(col(Prosecution.prisoner_id).in_(likely))):
        cases[case.prisoner_id].append(case)
    found = {id_: release_day(theirs) for id_, theirs in cases.items()}
    return {id_: day for id_, day in found.items() if day}


def next_birthday(birthday: date, today: date) -> date:
    """The next one from `today` on; a leap day is kept on the day before in other years."""
    this_year = _in_year(birthday, today.year)
    return this_year if this_year >= today else _in_year(birthday, today.year + 1)


def _in_year(birthday: date, year: int) -> date:
    leap = (birthday.month, birthday.day) == (2, 29) and not _is_leap(year)
    return birthday.replace(year=year, day=28 if leap else birthday.day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _there() -> Iterable[sa.ColumnElement[bool]]:
    """Everybody who may still be in prison and is not hidden."""
    return col(Prisoner.status).not_in(GONE), sa.not_(col(Prisoner.hidden))


def _months(day: object) -> sa.ColumnElement[int]:
    started = col(day)
    return sa.extract("year", started) * 12 + sa.extract("month", started)


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _page(
    session: Session,
    days: dict[str, date],
    ages: dict[str, int],
    page: int | None,
    today: date = date.min,
) -> Days:
    number, pages, start = cut(len(days), page or 1)
    people = people_by_id(session, list(days))
    order: Sequence[str] = sorted(days, key=lambda id_: (days[id_], people[id_].name, id_))
    chosen = order if page is None else order[start : start + PAGE]
    coming = [Coming(people[id_], days[id_], ages.get(id_), days[id_] < today) for id_ in chosen]
    over = sum(day < today for day in days.values())
    return Days(coming, len(days), number, pages, over)
