"""What a coordinator sees at once; a test compares every number with the list it leads to.

Letters, the overdue, people and months are counted from indexes alone (`ix_letter_queue`,
`ix_letter_due_at`, `ix_prisoner_next`, the one on `letter.created_at`, `ix_posting_month`), so that
they stay quick at a million letters. Held letters, those in the two states where a machine may be
in trouble, late replies, failed notices, open alarms and the reservations of the last day are few:
an index finds their rows, and these are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.lifecycle import ReplyState, State
from app.models import Alarm, Letter, Notice, Posting, Prisoner, Reply
from app.queries import coming, letters_of_people
from app.queries.people import Span

MONTHS = 12
LAST_SINGLE_BIN = 10
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Queue:
    """How many are in a state, since when the oldest, and how many past their deadline."""

    state: str
    count: int
    oldest: datetime | None
    overdue: int


@dataclass(frozen=True)
class Held:
    """How many letters stand still for one reason, and since when the oldest."""

    reason: str
    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Trouble:
    """Why letters wait for an engine, and when the machine tries again."""

    trouble: str
    count: int
    next_try: datetime | None


@dataclass(frozen=True)
class Bin:
    """People who have `least` to `most` letters; `most` is None for the last bin."""

    least: int
    most: int | None
    people: int

    @property
    def label(self) -> str:
        if self.most is None:
            return f"{self.least}+"
        return str(self.least) if self.most == self.least else f"{self.least}–{self.most}"

    @property
    def asked(self) -> str:
        """The same bin as the catalogue's list is asked for it: `3`, `11-20`, `21-`."""
        return str(Span(self.least, self.most))


@dataclass(frozen=True)
class Month:
    """Letters that came in and were posted in a month, and what posting cost, by currency."""

    first: date
    letters: int
    posted: int
    cents: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Overview:
    """Everything on the dashboard."""

    letters: list[Queue]
    held: list[Held]
    replies: list[Queue]
    troubles: list[Trouble]
    bins: list[Bin]
    written_to_now: int
    should_be_free: int
    notices_failed: int
    alarms: int
    months: list[Month]

    @property
    def total(self) -> int:
        return sum(queue.count for queue in self.letters)

    @property
    def overdue(self) -> int:
        return sum(queue.overdue for queue in self.letters)

    @property
    def pen(self) -> int:
        """Replies whose letter is not found yet."""
        return sum(each.count for each in self.replies if each.state == ReplyState.SCANNED)

    @property
    def held_total(self) -> int:
        return sum(held.count for held in self.held)

    @property
    def people(self) -> int:
        return sum(each.people for each in self.bins)

    @property
    def without_letters(self) -> int:
        return sum(each.people for each in self.bins if each.most == 0)


def overview(session: Session, now: datetime, zone: str, target: int) -> Overview:
    """The dashboard as of `now`; months are those of the time zone `zone`.

    target: letters each person should have; the histogram has a bin that begins there.
    """
    return Overview(
        letters=_letters(session, now),
        held=_held(session),
        replies=_replies(session, now),
        troubles=_troubles(session),
        bins=_bins(session, target),
        written_to_now=session.execute(
            sa.select(sa.func.count()).select_from(
                letters_of_people.who_is_written_to_now(now).distinct().subquery()
            )
        ).scalar_one(),
        should_be_free=coming.due(session, now.astimezone(ZoneInfo(zone)).date()),
        notices_failed=_count(session, Notice, col(Notice.state) == "failed"),
        alarms=_count(session, Alarm, col(Alarm.settled_at).is_(None)),
        months=_months(session, now, ZoneInfo(zone)),
    )


def is_overdue(now: datetime) -> sa.ColumnElement[bool]:
    """Past its deadline. A held letter waits for somebody to release it, and is listed as held."""
    # From a day on, or SQLite takes those without a deadline for most, and reads them all.
    due = col(Letter.due_at)
    return sa.and_(due > _LONG_AGO, due < now, col(Letter.held_reason).is_(None))


def came_in(first: date, zone: ZoneInfo) -> sa.ColumnElement[bool]:
    """Letters that came in within the month that begins at `first`, as days are in `zone`."""
    start, end = (
        datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, next_month(first))
    )
    return sa.and_(col(Letter.created_at) >= start, col(Letter.created_at) < end)


def was_posted(first: date) -> sa.ColumnElement[bool]:
    """Postings of the month that begins at `first`, but those that were undone."""
    return sa.and_(
        col(Posting.posted_on) >= first,
        col(Posting.posted_on) < next_month(first),
        col(Posting.undone_at).is_(None),
    )


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _letters(session: Session, now: datetime) -> list[Queue]:
    counted = _by_state(session, State, col(Letter.state), col(Letter.state_since))
    late = dict(
        session.execute(
            # Grouped by an expression: by the bare column SQLite walks all letters by state.
            sa.select(_by_itself(col(Letter.state)), sa.func.count())
            .where(is_overdue(now))
            .group_by(_by_itself(col(Letter.state)))
        ).all()
    )
    return [Queue(state, *counted.get(state, (0, None)), late.get(state, 0)) for state in State]


def _by_itself(column: Mapped[str]) -> sa.ColumnElement[str]:
    """The column as an expression, which no index is ordered by."""
    return sa.func.lower(column)


def _replies(session: Session, now: datetime) -> list[Queue]:
    counted = _by_state(session, ReplyState, col(Reply.state), col(Reply.state_since))
    late = dict(
        session.execute(
            sa.select(_by_itself(col(Reply.state)), sa.func.count())
            .where(col(Reply.due_at) < now)
            .group_by(_by_itself(col(Reply.state)))
        ).all()
    )
    return [
        Queue(state, *counted.get(state, (0, None)), late.get(state, 0)) for state in ReplyState
    ]


def _by_state(
    session: Session, states: Iterable[str], state: Mapped[str], since: Mapped[datetime]
) -> dict[str, tuple[int, datetime | None]]:
    """Each state by itself: to count a part of an index is half the work of grouping it."""
    names = list(states)
    asked = [
        sa.select(told).where(state == name).scalar_subquery()
        for name in names
        for told in (sa.func.count(), sa.func.min(since))
    ]
    found = session.execute(sa.select(*asked)).one()
    return {name: (found[2 * at], found[2 * at + 1]) for at, name in enumerate(names)}


def _held(session: Session) -> list[Held]:
    rows = session.execute(
        sa.select(col(Letter.held_reason), sa.func.count(), sa.func.min(col(Letter.held_since)))
        .where(col(Letter.held_reason).is_not(None))
        .group_by(col(Letter.held_reason))
        .order_by(sa.func.count().desc())
    )
    return [Held(reason or "", count, oldest) for reason, count, oldest in rows]


def _troubles(session: Session) -> list[Trouble]:
    rows = session.execute(
        sa.select(col(Letter.trouble), sa.func.count(), sa.func.min(col(Letter.next_try_at)))
        .where(
            col(Letter.state).in_([State.TRANSLATING, State.APPROVED]),
            col(Letter.trouble).is_not(None),
        )
        .group_by(col(Letter.trouble))
        .order_by(sa.func.count().desc())
    )
    return [Trouble(trouble or "", count, at) for trouble, count, at in rows]


def _bins(session: Session, target: int) -> list[Bin]:
    rows = session.execute(
        sa.select(col(Prisoner.letter_count), sa.func.count())
        .where(col(Prisoner.eligible))
        .group_by(col(Prisoner.letter_count))
    )
    people = dict(rows.all())
    single = max(LAST_SINGLE_BIN, target)
    edges = [(each, each) for each in range(single + 1)]
    edges += [(single + 1, 2 * single)]
    bins = [Bin(least, most, _between(people, least, most)) for least, most in edges]
    return [*bins, Bin(2 * single + 1, None, _between(people, 2 * single + 1, None))]


def _between(people: dict[int, int], least: int, most: int | None) -> int:
    return sum(
        number
        for letters, number in people.items()
        if letters >= least and (most is None or letters <= most)
    )


def _months(session: Session, now: datetime, zone: ZoneInfo) -> list[Month]:
    """The last twelve months, newest first."""
    firsts = _firsts(now.astimezone(zone).date())
    counts = [
        sa.select(sa.func.count()).where(came_in(first, zone)).scalar_subquery()
        for first in firsts[1:]
    ]
    letters = session.execute(sa.select(*counts)).one()
    posted: dict[date, int] = dict.fromkeys(firsts, 0)
    cents: dict[date, dict[str, int]] = {first: {} for first in firsts}
    for day, currency, cost, number in _postings(session, firsts[-1]):
        first = day.replace(day=1)
        if first in posted:
            posted[first] += number
            cents[first][currency] = cents[first].get(currency, 0) + number * cost
    return [
        Month(first, letters[at], posted[first], cents[first])
        for at, first in enumerate(firsts[1:])
    ]


def _postings(session: Session, since: date) -> Iterable[tuple[date, str, int, int]]:
    """Day, currency, cost, and how many: in the order of their index, nothing is added up there."""
    kinds = (col(Posting.posted_on), col(Posting.currency), col(Posting.cost_cents))
    return session.execute(
        sa.select(*kinds, sa.func.count())
        .where(col(Posting.posted_on) >= since, col(Posting.undone_at).is_(None))
        .group_by(*kinds)
    ).all()


def _firsts(today: date) -> list[date]:
    """The first days of next month, this one, and the eleven before."""
    month = today.year * 12 + today.month  # counted from zero, so this is the next one
    return [date(at // 12, at % 12 + 1, 1) for at in range(month, month - MONTHS - 1, -1)]


def _count(session: Session, table: type[object], condition: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count()).select_from(table).where(condition)
    return int(session.execute(counted).scalar_one())
