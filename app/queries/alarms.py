"""What rings: alarms that nobody settled yet, and notices that are not sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Alarm, Letter, Notice
from app.queries.paging import PAGE, cut

Row = TypeVar("Row")
_OF_PEOPLE = (
    *("danger", "objection", "objection_unclear", "objection_unhidden"),
    *("no_more_letters", "said_free", "said_dead"),
)
"""What may hurt somebody as long as nobody sees to it."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; `page` counts from 1."""

    rows: list[Row]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class AlarmRow:
    """One alarm. `subject_id` names what it is about, by its kind."""

    id: str
    kind: str
    subject_id: str
    detail: str
    created_at: datetime


@dataclass(frozen=True)
class FailedNotice:
    """An e-mail that did not go out. Nothing here says to whom."""

    id: str
    kind: str
    attempts: int
    trouble: str
    created_at: datetime
    letter_id: str | None
    number: str


def open_alarms(session: Session, page: int = 1, most: int = PAGE) -> Page[AlarmRow]:
    """Unsettled alarms, `most` a page: those that may hurt somebody first, then the newest."""
    unsettled = col(Alarm.settled_at).is_(None)
    total = _count(session, Alarm, unsettled)
    page, pages, start = cut(total, page, most)
    rows = session.exec(
        select(Alarm)
        .where(unsettled)
        .order_by(
            sa.case((col(Alarm.kind).in_(_OF_PEOPLE), 0), else_=1),
            col(Alarm.created_at).desc(),
            col(Alarm.id),
        )
        .offset(start)
        .limit(most)
    ).all()
    alarms = [
        AlarmRow(row.id, row.kind, row.subject_id, row.detail, row.created_at) for row in rows
    ]
    return Page(alarms, total, page, pages)


def failed_notices(session: Session, page: int = 1) -> Page[FailedNotice]:
    """Notices given up, oldest first, with the last letter of their correspondence."""
    failed = col(Notice.state) == "failed"
    total = notices_failed(session)
    page, pages, start = cut(total, page)
    last = (
        sa.select(col(Letter.id))
        .where(col(Letter.correspondence_id) == col(Notice.correspondence_id))
        .order_by(col(Letter.created_at).desc(), col(Letter.id))
        .limit(1)
        .correlate(Notice)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Notice, col(Letter.id), col(Letter.number))
        .join(Letter, col(Letter.id) == last, isouter=True)
        .where(failed)
        .order_by(col(Notice.created_at), col(Notice.id))
        .offset(start)
        .limit(PAGE)
    )
    notices = [
        FailedNotice(
            notice.id,
            notice.kind,
            notice.attempts,
            notice.trouble or "",
            notice.created_at,
            letter_id,
            number or "",
        )
        for notice, letter_id, number in rows
    ]
    return Page(notices, total, page, pages)


def notices_owed(session: Session) -> int:
    """How many e-mails did not go out yet, and were not given up."""
    return _count(session, Notice, col(Notice.state) == "owed")


def notices_failed(session: Session) -> int:
    """How many e-mails were given up."""
    return _count(session, Notice, col(Notice.state) == "failed")


def _count(session: Session, table: type[object], condition: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count()).select_from(table).where(condition)
    return int(session.execute(counted).scalar_one())
