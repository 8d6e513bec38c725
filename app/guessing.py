"""Wrong receipt codes are counted for the whole house: no address is kept to count them by.

A code has 122 bits, so this is for noticing, not for safety: beyond the limit wrong codes are
answered with a pause, one alarm is raised, and right codes open their letters as ever (row 54).
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.models import Alarm, Limit

WRONG_CODES = 30
WINDOW = timedelta(minutes=10)
_BUCKET = "wrong-codes"


def note_wrong_code(session: Session, now: datetime) -> int:
    """Count one wrong code. Returns how many seconds to wait; 0 while there are few."""
    limit = session.get(Limit, _BUCKET, with_for_update=True)
    if limit is None:
        limit = Limit(bucket=_BUCKET, since=now)
        session.add(limit)
    if now - limit.since >= WINDOW:
        limit.count, limit.since = 0, now
    limit.count += 1
    if limit.count <= WRONG_CODES:
        return 0
    if limit.count == WRONG_CODES + 1:
        session.add(
            Alarm(kind="guessing", detail=f"{WRONG_CODES} wrong receipt codes", created_at=now)
        )
    return max(1, int((limit.since + WINDOW - now).total_seconds()))
