"""Batches that volunteers print and post."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.columns import Id, Moment, utc_now
from app.sealing import sealed


class Batch(SQLModel, table=True):
    """Letters one volunteer took. Its PDF is made at the first download and never changes."""

    __tablename__ = "batch"

    id: str = Id()
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=24)
    town: str = Field(default="", max_length=80)
    country: str = Field(max_length=2)
    cover: bool = True
    file_id: str | None = Field(default=None, max_length=32)
    sha256: str | None = Field(default=None, max_length=64)
    downloaded_at: datetime | None = Moment(default=None)
    finished_at: datetime | None = Moment(default=None)
    created_at: datetime = Moment(default_factory=utc_now)


class BatchItem(SQLModel, table=True):
    """A letter's place in a batch; one live place a letter."""

    __tablename__ = "batch_item"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "position", name="uq_batch_item_position"),
        sa.Index(
            "uq_batch_item_live",
            "letter_id",
            unique=True,
            sqlite_where=sa.text("left_at is null"),
            postgresql_where=sa.text("left_at is null"),
        ),
    )

    id: str = Id()
    batch_id: str = Field(foreign_key="batch.id", max_length=24)
    position: int
    letter_id: str = Field(foreign_key="letter.id", max_length=24)
    rendering_id: str = Field(foreign_key="rendering.id", max_length=24)
    left_at: datetime | None = Moment(default=None)


class Posting(SQLModel, table=True):
    """A letter was put into a post box. An undone posting stays, marked."""

    __tablename__ = "posting"
    __table_args__ = (
        # Letters and cost per month are read from this index alone.
        sa.Index("ix_posting_month", "posted_on", "currency", "cost_cents", "undone_at"),
    )

    id: str = Id()
    letter_id: str = Field(foreign_key="letter.id", index=True, max_length=24)
    batch_id: str | None = Field(default=None, foreign_key="batch.id", max_length=24)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=24)
    posted_on: date
    country: str = Field(max_length=2)
    cost_cents: int = 0
    currency: str = Field(default="EUR", max_length=3)
    tracking_sealed: bytes | None = None
    undone_at: datetime | None = Moment(default=None)
    created_at: datetime = Moment(default_factory=utc_now)

    tracking = sealed("tracking_sealed")
