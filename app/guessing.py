"""Wrong receipt codes are counted for the whole house: no address is kept to count them by.

A code has 122 bits, so this is for noticing, not for safety: beyond the limit wrong codes are
answered with a pause, one alarm is raised, and right codes open their letters as ever (row 54).
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from app.inserting import insertion, table_of
from app.models import Alarm, Limit

WRONG_CODES = 30
WINDOW = timedelta(minutes=10)
_BUCKET = "wrong-codes"


def note_wrong_code(session: Session, now: datetime) -> int:
    """Count one wrong code. Returns how many seconds to wait; 0 while there are few."""
    count, since = session.execute(_counted(session, now)).one()
    if count <= WRONG_CODES:
        return 0
    if count == WRONG_CODES + 1:
        session.add(
            Alarm(kind="guessing", detail=f"{WRONG_CODES} wrong receipt codes", created_at=now)
        )
    return max(1, int((since + WINDOW - now).total_seconds()))


def _counted(session: Session, now: datetime) -> sa.Executable:
    """One statement, so that wrong codes that come at once are all counted."""
    kept = table_of(Limit)
    over = kept.c.since <= now - WINDOW
    counted: sa.Executable = (
        insertion(session, Limit)
        .values(bucket=_BUCKET, count=1, since=now)
        .on_conflict_do_update(
            index_elements=["bucket"],
            set_={
                "count": sa.case((over, 1), else_=kept.c.count + 1),
                "since": sa.case((over, now), else_=kept.c.since),
            },
        )
        .returning(kept.c.count, kept.c.since)
    )
    return counted
