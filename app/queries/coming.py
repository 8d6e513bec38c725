"""Days to come: birthdays; releases, known or by the sentence, with those that are due."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from app.ages import birthday_in, kept_on
from app.finding.asking import BIRTHDAY_DAYS, RELEASE_DAYS
from app.finding.releases import Release, Sentence, release_of
from app.models import Prisoner, Prosecution
from app.models.people import GONE
from app.queries.paging import PAGE, cut
from app.queries.people import PersonRow, people_by_id


@dataclass(frozen=True)
class Coming:
    """Somebody's day. age: how old they become, for a birthday. due: the day is over.

    known: of a release, that somebody told this very day; else it is an estimate.
    """

    person: PersonRow
    day: date
    age: int | None = None
    due: bool = False
    known: bool = False


@dataclass(frozen=True)
class Days:
    """One page of days in order. due: how many of all are over, and nobody said what happened."""

    coming: list[Coming]
    total: int
    page: int
    pages: int
    due: int = 0


def birthdays(session: Session, today: date, page: int | None) -> Days:
    """Birthdays of today and the thirty days after; across New Year too. page: None for all."""
    window = [today + timedelta(days=ahead) for ahead in range(BIRTHDAY_DAYS + 1)]
    numbers = {month * 100 + day for month, day in kept_on(window)}
    born = col(Prisoner.birthday)
    number = sa.extract("month", born) * 100 + sa.extract("day", born)
    rows = session.execute(
        sa.select(col(Prisoner.id), born).where(*_there(), number.in_(numbers))
    ).all()
    days = {id_: next_birthday(birthday, today) for id_, birthday in rows if birthday}
    ages = {id_: days[id_].year - birthday.year for id_, birthday in rows if birthday}
    return _page(session, days, ages, page)


def releases(session: Session, today: date, page: int | None, *, only_due: bool = False) -> Days:
    """Who should be out already, and then who comes out within three months, by that day.

    By the rule of the public search: the day that is known, else the end of the last sentence.
    page: None for all.
    """
    last = today + timedelta(days=RELEASE_DAYS)
    found = _due(session, today)
    if not only_due:
        ends = _ends(session, today, last)
        found |= {id_: each for id_, each in ends.items() if today <= each.day <= last}
    days = {id_: each.day for id_, each in found.items()}
    known = {id_ for id_, each in found.items() if each.known}
    return _page(session, days, {}, page, today, known)


def due(session: Session, today: date) -> int:
    """How many are in prison in our records though they should be out."""
    return len(_due(session, today))


def _due(session: Session, today: date) -> dict[str, Release]:
    """Who should be free since which day.

    Whoever was made sure to be in custody after that day is asked about again three months later.
    """
    held = col(Prisoner.status).in_(("in_custody", "in_transfer"))
    ends = _ends(session, None, today, held)
    over = {id_: each for id_, each in ends.items() if each.day < today}
    sure = dict(
        session.execute(
            sa.select(col(Prisoner.id), col(Prisoner.custody_confirmed_on)).where(
                held, col(Prisoner.custody_confirmed_on) > today - timedelta(days=RELEASE_DAYS)
            )
        ).all()
    )
    return {id_: each for id_, each in over.items() if (sure.get(id_) or each.day) <= each.day}


def _ends(
    session: Session, first: date | None, last: date, *whom: sa.ColumnElement[bool]
) -> dict[str, Release]:
    """The releases about these days, and a few more: of each of them, as the rule has it."""
    months = sa.func.max(_months(Prosecution.started_on) + col(Prosecution.sentence_months))
    # A sentence is counted in months from year 0 here; the rule is exact afterwards.
    ends = [months <= _month(last) + 1, *([months >= _month(first) - 1] if first else [])]
    day = col(Prisoner.release_on)
    near = sa.and_(day <= last, *([day >= first] if first else []))
    sentenced = (
        sa.select(col(Prosecution.prisoner_id))
        .group_by(col(Prosecution.prisoner_id))
        .having(sa.and_(*ends))
    )
    likely = sa.select(col(Prisoner.id)).where(
        *_there(), *whom, sa.or_(near, col(Prisoner.id).in_(sentenced))
    )
    sentences = sa.select(
        col(Prosecution.prisoner_id),
        col(Prosecution.started_on),
        col(Prosecution.sentence_months),
        col(Prosecution.sentence_life),
    )
    cases: defaultdict[str, list[Sentence]] = defaultdict(list)
    for id_, *case in session.execute(sentences.where(col(Prosecution.prisoner_id).in_(likely))):
        cases[id_].append(Sentence(*case))
    known = sa.select(
        col(Prisoner.id), col(Prisoner.status), col(Prisoner.status_since), col(Prisoner.release_on)
    )
    rows = session.execute(known.where(col(Prisoner.id).in_(likely)))
    found = {id_: release_of(status, since, told, cases[id_]) for id_, status, since, told in rows}
    return {id_: release for id_, release in found.items() if release}


def next_birthday(birthday: date, today: date) -> date:
    """The next one from `today` on; a leap day is kept on the day before in other years."""
    this_year = birthday_in(birthday, today.year)
    return this_year if this_year >= today else birthday_in(birthday, today.year + 1)


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
    known: Container[str] = (),
) -> Days:
    number, pages, start = cut(len(days), page or 1)
    order = _by_day_and_name(session, days)
    chosen = order if page is None else order[start : start + PAGE]
    people = people_by_id(session, chosen)
    coming = [
        Coming(people[id_], days[id_], ages.get(id_), days[id_] < today, id_ in known)
        for id_ in chosen
    ]
    over = sum(day < today for day in days.values())
    return Days(coming, len(days), number, pages, over)


def _by_day_and_name(session: Session, days: dict[str, date]) -> Sequence[str]:
    """Their ids, as all of them are sorted before a page is cut out."""
    name = col(Prisoner.surname), col(Prisoner.given_name)
    called = sa.select(col(Prisoner.id), *name).where(col(Prisoner.id).in_(days))
    rows = session.execute(called).all()
    return [id_ for id_, *name in sorted(rows, key=lambda row: (days[row[0]], row[1:], row[0]))]
