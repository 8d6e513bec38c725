"""The versions of a letter's text: the newest of each part, and adding one. Nothing is changed."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Letter, Revision
from app.models.columns import new_id
from app.models.correspondence import ORIGINAL, RUSSIAN

BY_HAND = "by_hand"
"""Why the machine keeps off: a person translates."""


def latest(session: Session, letter_id: str, part: str) -> Revision | None:
    """The newest version of the original or of the Russian text."""
    return session.exec(
        select(Revision)
        .where(Revision.letter_id == letter_id, Revision.part == part)
        .order_by(col(Revision.seq).desc())
        .limit(1)
    ).first()


def russian_of(session: Session, letter_id: str) -> Revision | None:
    """The newest Russian text of the newest original; what translates an older one is none."""
    original = latest(session, letter_id, ORIGINAL)
    russian = latest(session, letter_id, RUSSIAN)
    if original is None or russian is None or russian.seq < original.seq:
        return None
    return russian


def add_russian(
    session: Session,
    letter: Letter,
    text: str,
    signature: str,
    origin: str,
    now: datetime,
    *,
    engine: str | None = None,
    staff_id: str | None = None,
) -> Revision:
    """A new version of the Russian text. origin: "engine", "translator" or "reviewer"."""
    newest = session.execute(
        sa.select(sa.func.max(Revision.seq)).where(col(Revision.letter_id) == letter.id)
    ).scalar_one()
    row = Revision(
        id=new_id(),
        letter_id=letter.id,
        seq=newest + 1,
        part=RUSSIAN,
        language="ru",
        origin=origin,
        engine=engine,
        staff_id=staff_id,
        created_at=now,
    )
    row.text, row.signature = text, signature
    session.add(row)
    session.flush()
    return row
