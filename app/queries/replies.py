"""What the reply desk shows: which replies wait for whom, and one of them with its letter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.lifecycle import ReplyState
from app.models import (
    Claim,
    Correspondence,
    Event,
    Letter,
    Note,
    Prisoner,
    Reply,
    ReplyText,
    Scan,
    Staff,
)
from app.models.replies import TRANSCRIPT, TRANSLATION
from mailing.letter_numbers import grouped

_MOST = 200


@dataclass(frozen=True)
class Waiting:
    """A reply in a list. `with_whom`: the pseudonym of whoever has taken it."""

    id: str
    state: ReplyState
    since: datetime
    received_on: date
    pages: int
    number: str | None
    trouble: str | None
    danger: bool
    asks_for_help: bool
    with_whom: str | None
    overdue: bool


@dataclass(frozen=True)
class PageView:
    """A page; `version` changes with its picture, so that no old one is shown."""

    page: int
    version: str
    width: int
    height: int
    withheld: bool


@dataclass(frozen=True)
class TextView:
    """The newest transcript or translation; `engine` when a machine wrote it."""

    text: str
    language: str
    engine: str | None


@dataclass(frozen=True)
class ReplyView:
    """One reply as its desk sees it; `recipient` is the prisoner who was written to."""

    id: str
    state: ReplyState
    received_on: date
    trouble: str | None
    danger: bool
    asks_for_help: bool
    pages: Sequence[PageView]
    number: str | None
    recipient: str | None
    writer_language: str | None
    stopped: bool
    transcript: TextView | None
    translation: TextView | None
    withheld_because: str | None

    @property
    def letter_unknown(self) -> bool:
        """Whether it waits in the holding pen."""
        return self.state in {ReplyState.SCANNED, ReplyState.UNCLAIMED}

    @property
    def needs_translation(self) -> bool:
        return self.transcript is not None and self.transcript.language != self.writer_language


def waiting(session: Session, states: Collection[ReplyState], now: datetime) -> list[Waiting]:
    """Replies in these states: danger first, then the oldest."""
    return _listed(session, col(Reply.state).in_(states), now)


def in_danger(session: Session, now: datetime) -> list[Waiting]:
    """Replies that speak of danger to life, wherever they are, until a coordinator settles it."""
    return _listed(session, col(Reply.danger_since).is_not(None), now)


def _listed(session: Session, which: sa.ColumnElement[bool], now: datetime) -> list[Waiting]:
    pages = (
        sa.select(sa.func.count())
        .where(col(Scan.reply_id) == col(Reply.id))
        .correlate(Reply)
        .scalar_subquery()
    )
    rows = session.exec(
        select(Reply, Letter.number, pages, Staff.pseudonym)
        .outerjoin(Letter, col(Letter.id) == Reply.letter_id)
        .outerjoin(Claim, sa.and_(col(Claim.subject_id) == Reply.id, col(Claim.expires_at) > now))
        .outerjoin(Staff, col(Staff.id) == Claim.staff_id)
        .where(which, col(Reply.erased_at).is_(None))
        .order_by(col(Reply.danger_since).is_(None), col(Reply.state_since), col(Reply.id))
        .limit(_MOST)
    ).all()
    return [
        Waiting(
            id=reply.id,
            state=ReplyState(reply.state),
            since=reply.state_since,
            received_on=reply.received_on,
            pages=count,
            number=grouped(number) if number else None,
            trouble=reply.trouble,
            danger=reply.danger_since is not None,
            asks_for_help=reply.asks_for_help,
            with_whom=pseudonym,
            overdue=reply.due_at is not None and reply.due_at < now,
        )
        for reply, number, count, pseudonym in rows
    ]


def counts(session: Session) -> dict[ReplyState, int]:
    """How many replies are in each state."""
    # Grouped by an expression: SQLite would rather look up every reply by state, one by one.
    state = sa.func.lower(col(Reply.state))
    rows = session.execute(
        sa.select(state, sa.func.count()).where(col(Reply.erased_at).is_(None)).group_by(state)
    ).all()
    return {ReplyState(state): count for state, count in rows}


def reply_view(session: Session, reply: Reply) -> ReplyView:
    """Everything a desk may show of a reply that the visitor has taken."""
    letter = session.get(Letter, reply.letter_id) if reply.letter_id else None
    prisoner = session.get(Prisoner, letter.prisoner_id) if letter else None
    correspondence = session.get(Correspondence, letter.correspondence_id) if letter else None
    scans = session.exec(select(Scan).where(Scan.reply_id == reply.id).order_by(col(Scan.page)))
    return ReplyView(
        id=reply.id,
        state=ReplyState(reply.state),
        received_on=reply.received_on,
        trouble=reply.trouble,
        danger=reply.danger_since is not None,
        asks_for_help=reply.asks_for_help,
        pages=[
            PageView(scan.page, scan.file_id[:8], scan.width, scan.height, scan.withheld)
            for scan in scans
        ],
        number=grouped(letter.number) if letter else None,
        recipient=prisoner.full_name if prisoner else None,
        writer_language=letter.language if letter else None,
        stopped=correspondence is not None and correspondence.stopped_at is not None,
        transcript=_text(session, reply.id, TRANSCRIPT),
        translation=_text(session, reply.id, TRANSLATION),
        withheld_because=_reason(session, reply),
    )


def _text(session: Session, reply_id: str, part: str) -> TextView | None:
    row = session.exec(
        select(ReplyText)
        .where(ReplyText.reply_id == reply_id, ReplyText.part == part)
        .order_by(col(ReplyText.seq).desc())
        .limit(1)
    ).first()
    return None if row is None else TextView(row.text or "", row.language, row.engine)


def _reason(session: Session, reply: Reply) -> str | None:
    if reply.state != ReplyState.WITHHELD:
        return None
    note = session.exec(
        select(Note)
        .join(Event, col(Event.note_id) == Note.id)
        .where(Event.subject == "reply", Event.subject_id == reply.id, Event.to == "reason")
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
    return note.text if note else None
