"""Is this installation fit for work? Asked by `/health/ready` and by `lifeline check`."""

import shutil
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from app import migrations
from app.database import Database
from app.errors import Refusal, Unavailable
from app.models import Limit, Worker
from app.service import Service

LEAST_DISK = 500_000_000  # bytes: some thousand scans
HEARTBEAT = timedelta(minutes=2)
"""A worker that was not heard of for this long is not there."""

_PROBE = "fitness"


def database_writable(database: Database) -> bool:
    """Whether a write gets through; nothing of it is kept."""
    try:
        with database.write() as session:
            session.execute(sa.insert(Limit).values(bucket=_PROBE, count=0))
            session.flush()
            session.execute(sa.delete(Limit).where(col(Limit.bucket) == _PROBE))
    except Unavailable:
        return False
    return True


def migrations_current(database: Database) -> bool:
    try:
        migrations.require_current(database)
    except (Refusal, Unavailable):
        return False
    return True


def worker_alive(service: Service) -> bool:
    """Whether any worker was heard of lately."""
    try:
        with service.database.read() as session:
            seen = session.execute(sa.select(sa.func.max(col(Worker.seen_at)))).scalar()
    except Unavailable:
        return False
    return seen is not None and service.now() - seen < HEARTBEAT


def disk_free(folder: Path) -> int:
    """Bytes free where letters are kept."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free
