"""Replies that came back on paper: scans, transcripts, translations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.lifecycle import ReplyState
from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed

TRANSCRIPT, TRANSLATION = REPLY_PARTS = ("transcript", "translation")


class Reply(SQLModel, table=True):
    """An answer on paper. Without a letter it waits in the holding pen."""

    __tablename__ = "reply"
    __table_args__ = (
        one_of("state", ReplyState, "ck_reply_state"),
        sa.CheckConstraint(
            "letter_id is not null or state in ('scanned', 'unclaimed', 'closed')",
            name="ck_reply_matched",
        ),
        sa.Index("ix_reply_queue", "state", "state_since"),
    )

    id: str = Id()
    letter_id: str | None = Field(default=None, foreign_key="letter.id", index=True, max_length=24)
    state: str = Field(default=ReplyState.SCANNED, max_length=16)
    state_since: datetime = Moment(default_factory=utc_now)
    due_at: datetime | None = Moment(default=None, index=True)
    moves: int = 0
    received_on: date
    uploaded_by: str | None = Field(default=None, foreign_key="staff.id", max_length=24)
    danger_since: datetime | None = Moment(default=None)
    asks_for_help: bool = False
    trouble: str | None = Field(default=None, max_length=40)
    attempts: int = 0
    next_try_at: datetime | None = Moment(default=None)
    created_at: datetime = Moment(default_factory=utc_now)
    erased_at: datetime | None = Moment(default=None)


class Scan(SQLModel, table=True):
    """One page of a reply: a re-encoded picture in the vault."""

    __tablename__ = "scan"
    __table_args__ = (sa.UniqueConstraint("reply_id", "page", name="uq_scan_page"),)

    id: str = Id()
    reply_id: str = Field(foreign_key="reply.id", max_length=24)
    page: int
    file_id: str = Field(max_length=32)
    width: int
    height: int
    withheld: bool = False
    created_at: datetime = Moment(default_factory=utc_now)


class ReplyText(SQLModel, table=True):
    """One version of a reply's transcript or translation; append-only.

    A passage between ⟦ and ⟧ is held back from the writer.
    """

    __tablename__ = "reply_text"
    __table_args__ = (
        sa.UniqueConstraint("reply_id", "seq", name="uq_reply_text_seq"),
        one_of("part", REPLY_PARTS, "ck_reply_text_part"),
    )

    id: str = Id()
    reply_id: str = Field(foreign_key="reply.id", max_length=24)
    seq: int
    part: str = Field(max_length=12)
    language: str = Field(max_length=8)
    engine: str | None = Field(default=None, max_length=40)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=24)
    text_sealed: bytes | None = None
    created_at: datetime = Moment(default_factory=utc_now)

    text = sealed("text_sealed")
