"""What the writer wrote goes into the house: kept, and sent to its first station."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from app import moving
from app.lifecycle import State
from app.models import Letter, Revision
from app.models.correspondence import ORIGINAL, RUSSIAN
from app.wording import with_closing_sentence


def keep_text(session: Session, letter: Letter, text: str, signature: str, now: datetime) -> None:
    """Keep what the writer wrote; a letter in Russian gets its Russian revision at once."""
    parts = [(ORIGINAL, letter.language, text)]
    if letter.language == "ru":
        parts.append((RUSSIAN, "ru", with_closing_sentence(text, letter, translated=False)))
    last = sa.select(sa.func.max(Revision.seq)).where(col(Revision.letter_id) == letter.id)
    first = (session.execute(last).scalar_one() or 0) + 1
    for seq, (part, language, words) in enumerate(parts, first):
        row = Revision(
            letter_id=letter.id,
            seq=seq,
            part=part,
            language=language,
            origin="writer",
            created_at=now,
        )
        row.text, row.signature = words, signature
        session.add(row)
    session.flush()


def send_on(session: Session, letter: Letter, now: datetime) -> None:
    """To the translators, or straight to review when it is Russian already."""
    if letter.language == "ru" and letter.state == State.RECEIVED:
        moving.move(session, letter, State.IN_REVIEW, moving.SYSTEM, now, why="already_russian")
        return
    moving.move(session, letter, State.TRANSLATING, moving.SYSTEM, now)
    if letter.language == "ru":
        moving.move(session, letter, State.IN_REVIEW, moving.SYSTEM, now, why="already_russian")
