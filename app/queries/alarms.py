"""What rings: alarms that nobody settled yet, and notices that are not sent."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Alarm, Letter, Notice

MOST = 100


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


def open_alarms(session: Session, limit: int = MOST) -> list[AlarmRow]:
    """Unsettled alarms, newest first."""
    rows = session.exec(
        select(Alarm)
        .where(col(Alarm.settled_at).is_(None))
        .order_by(col(Alarm.created_at).desc())
        .limit(limit)
    ).all()
    return [AlarmRow(row.id, row.kind, row.subject_id, row.detail, row.created_at) for row in rows]


def failed_notices(session: Session, limit: int = MOST) -> list[FailedNotice]:
    """Notices given up, newest first, with the last letter of their correspondence."""
    last = (
        sa.select(sa.func.max(col(Letter.created_at)))
        .where(col(Letter.correspondence_id) == col(Notice.correspondence_id))
        .correlate(Notice)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Notice, col(Letter.id), col(Letter.number))
        .join(
            Letter,
            sa.and_(
                col(Letter.correspondence_id) == col(Notice.correspondence_id),
                col(Letter.created_at) == last,
            ),
            isouter=True,
        )
        .where(col(Notice.state) == "failed")
        .order_by(col(Notice.created_at).desc())
        .limit(limit)
    )
    return [
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


def notices_owed(session: Session) -> int:
    """How many e-mails did not go out yet, and were not given up."""
    owed = sa.select(sa.func.count()).select_from(Notice).where(col(Notice.state) == "owed")
    return int(session.execute(owed).scalar_one())
