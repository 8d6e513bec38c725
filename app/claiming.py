"""Who is at work on what, and who read it: one claim a letter or reply, and a record of reads."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.errors import Claimed
from app.locale import N_
from app.models import Claim, ReadRecord
from app.models.columns import new_id


def claim(
    session: Session, subject_id: str, staff_id: str, now: datetime, length: timedelta
) -> None:
    """Take a letter or reply for `length`, or keep it so much longer.

    One conditional statement: of any number who try at once one wins (row 17). Raises `Claimed`.
    """
    table = Claim.__table__  # type: ignore[attr-defined]
    insert = _insert(session, table).values(
        subject_id=subject_id, staff_id=staff_id, expires_at=now + length
    )
    done = session.execute(
        insert.on_conflict_do_update(
            index_elements=[table.c.subject_id],
            set_={"staff_id": staff_id, "expires_at": now + length},
            where=sa.or_(table.c.staff_id == staff_id, table.c.expires_at <= now),
        ).returning(table.c.subject_id)
    )
    if done.first() is None:
        raise Claimed(N_("Somebody else is at work on this."))


def require(session: Session, subject_id: str, staff_id: str) -> None:
    """Raises `Claimed` unless this person has it, if only because nobody took it since."""
    found = session.get(Claim, subject_id, with_for_update=True)
    if found is None or found.staff_id != staff_id:
        raise Claimed(N_("Take this first: somebody else is at work on it, or your time ran out."))


def holder(session: Session, subject_id: str, now: datetime) -> str | None:
    """Who is at work on it now."""
    found = session.get(Claim, subject_id)
    return found.staff_id if found is not None and found.expires_at > now else None


def release(session: Session, subject_id: str, staff_id: str | None = None) -> None:
    """Give it free: what this person holds, or with None whoever holds it."""
    statement = sa.delete(Claim).where(col(Claim.subject_id) == subject_id)
    if staff_id is not None:
        statement = statement.where(col(Claim.staff_id) == staff_id)
    session.execute(statement)


def forget_expired(session: Session, now: datetime) -> None:
    """Remove claims that ran out a day ago; until then unfinished work can be gone back to."""
    session.execute(sa.delete(Claim).where(col(Claim.expires_at) <= now - timedelta(days=1)))


def record_read(session: Session, staff_id: str, subject_id: str, what: str, now: datetime) -> None:
    """Keep that this person opened this, once a day. `what`: a word such as "letter", "scan"."""
    table = ReadRecord.__table__  # type: ignore[attr-defined]
    session.execute(
        _insert(session, table)
        .values(
            id=new_id(),
            staff_id=staff_id,
            subject_id=subject_id,
            what=what,
            day=now.date().isoformat(),
        )
        .on_conflict_do_nothing()
    )


def _insert(session: Session, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Both databases know «on conflict», each in its own dialect."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
