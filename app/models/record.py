"""What happened, what is owed, what rings: events, notices, alarms, limits."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed

SUBJECTS = ("letter", "reply", "prisoner", "facility", "batch", "staff", "partner")
NOTICE_STATES = ("owed", "sent", "failed", "void")


class Event(SQLModel, table=True):
    """One thing that happened to one subject: who, when, from, to, why. Never changed."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_subject", "subject", "subject_id", "id"),
        one_of("subject", SUBJECTS, "ck_event_subject"),
    )

    id: int | None = Field(
        default=None, primary_key=True, sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite")
    )
    subject: str = Field(max_length=10)
    subject_id: str = Field(max_length=24)
    at: datetime = Moment(default_factory=utc_now, index=True)
    actor: str = Field(max_length=8)
    staff_id: str | None = Field(default=None, max_length=24)
    origin: str | None = Field(default=None, max_length=40)
    to: str = Field(max_length=40)
    why: str = Field(default="", max_length=80)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=24)


class Note(SQLModel, table=True):
    """Free words beside an event, such as a reviewer's request; erased with the letter."""

    __tablename__ = "note"

    id: str = Id()
    text_sealed: bytes | None = None

    text = sealed("text_sealed")


class Notice(SQLModel, table=True):
    """An e-mail that is owed. Its Message-ID is made from the id, so a repeat is the same mail."""

    __tablename__ = "notice"
    __table_args__ = (one_of("state", NOTICE_STATES, "ck_notice_state"),)

    id: str = Id()
    kind: str = Field(max_length=20)
    correspondence_id: str = Field(foreign_key="correspondence.id", index=True, max_length=24)
    state: str = Field(default="owed", max_length=8, index=True)
    attempts: int = 0
    next_try_at: datetime | None = Moment(default=None)
    trouble: str | None = Field(default=None, max_length=40)
    created_at: datetime = Moment(default_factory=utc_now)
    sent_at: datetime | None = Moment(default=None)


class Alarm(SQLModel, table=True):
    """Something a coordinator must see now: an objection, danger to life, drift, guessing."""

    __tablename__ = "alarm"

    id: str = Id()
    kind: str = Field(max_length=24, index=True)
    subject_id: str = Field(default="", max_length=64)
    detail: str = Field(default="", max_length=200)
    created_at: datetime = Moment(default_factory=utc_now)
    settled_at: datetime | None = Moment(default=None, index=True)
    settled_by: str | None = Field(default=None, max_length=24)


class Limit(SQLModel, table=True):
    """How often something was tried in a window; `bucket` is a keyed hash or a plain name."""

    __tablename__ = "limit_bucket"

    bucket: str = Field(primary_key=True, max_length=100)
    count: int = 0
    since: datetime = Moment(default_factory=utc_now)


class Installation(SQLModel, table=True):
    """Facts of this installation, such as the canary that shows a wrong key."""

    __tablename__ = "installation"

    id: str = Field(primary_key=True, max_length=24)
    value_sealed: bytes | None = None

    value = sealed("value_sealed")


class Worker(SQLModel, table=True):
    """A process that carries letters, and when it was last heard of; the dead ones are reaped."""

    __tablename__ = "worker"

    name: str = Field(primary_key=True, max_length=80)
    seen_at: datetime = Moment(default_factory=utc_now)
