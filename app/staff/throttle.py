"""Six tries, then a pause: by account, known or not, so that the pause tells nobody who has one."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from app.errors import TooManyRequests
from app.locale import N_
from app.models import Limit
from app.models.columns import UTCDateTime
from app.sealing import keyring

TRIES = 6
PAUSE = timedelta(minutes=15)
_PREFIX = "sign-in:"
_COUNT = sa.text(
    "insert into limit_bucket (bucket, count, since) values (:bucket, 1, :since) "
    "on conflict (bucket) do update set count = limit_bucket.count + 1 "
    "where limit_bucket.count < :tries"
).bindparams(sa.bindparam("since", type_=UTCDateTime))
"""Several at once may be the first, and be forgiven meanwhile; after it the row is ours."""


def note_try(session: Session, account: str, now: datetime) -> None:
    """Count a try before it is checked, so that parallel ones are counted too.

    Raises `TooManyRequests` from the seventh on, until a quarter of an hour after the first.
    """
    session.execute(
        sa.delete(Limit).where(
            col(Limit.bucket).startswith(_PREFIX), col(Limit.since) <= now - PAUSE
        )
    )
    bucket = _bucket(account)
    counted = session.execute(_COUNT, {"bucket": bucket, "since": now, "tries": TRIES})
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        since = session.execute(sa.select(col(Limit.since)).where(col(Limit.bucket) == bucket))
        left = since.scalar_one() + PAUSE - now
        raise TooManyRequests(
            N_("Too many tries with this name. Wait a quarter of an hour."),
            int(left.total_seconds()) + 1,
        )


def forgive(session: Session, account: str) -> None:
    """The right person came: the tries are forgotten."""
    session.execute(sa.delete(Limit).where(col(Limit.bucket) == _bucket(account)))


def _bucket(account: str) -> str:
    return _PREFIX + keyring().hashed("sign-in", account)
