"""What came from other lists: their ids for our people and places, and what imports would do."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import deferred
from sqlmodel import Field, SQLModel

from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed

READING_STATES = ("chosen", "reading", "read", "failed")
RUN_STATES = ("planned", "applying", "applied", "superseded")
_SNAPSHOT = sa.Column("snapshot", sa.LargeBinary, nullable=True)
"""Megabytes: read where it is asked for, and nowhere else."""
STUMBLED = "stumbled"
"""Among the counts of a run: how often applying it broke off since somebody asked for it."""
LINE_KINDS = ("new", "changed", "gone", "doubtful", "unreadable")
COORDINATOR = "coordinator"
"""Where a field comes from that one of us edited, and an answer that is about no list: no import
overwrites it."""
WHICH_CASE, GONE_CASE, REMOVED_CASE = "which_case", "gone_case", "removed_case"
"""Answers that stay: under which further ids a source knows a case, and which of them are gone."""


class SourceId(SQLModel, table=True):
    """One person or place under the id that a source has for them; several ids may be one person.

    gone_on: the day on which the source no longer had it.
    """

    __tablename__ = "source_id"
    __table_args__ = (one_of("subject", ("prisoner", "facility"), "ck_source_id_subject"),)

    source: str = Field(primary_key=True, max_length=40)
    subject: str = Field(primary_key=True, max_length=10)
    key: str = Field(primary_key=True, max_length=120)
    target_id: str = Field(index=True, max_length=24)
    gone_on: date | None = None


class ImportReading(SQLModel, table=True):
    """A list on its way to a report: files somebody handed in, or a source that is being asked.

    file_id: the files, in one piece, sealed in the vault until they are read; none where a source
    is asked. description: what a person is shown of a table, to say which column is what, as JSON.
    mapping: what was said of a table; of a source, whether the long stories are asked for.
    stage: an index into what is being done, with done of total there.
    trouble: why it came to nothing, as a code.
    """

    __tablename__ = "import_reading"
    __table_args__ = (one_of("state", READING_STATES, "ck_import_reading_state"),)

    id: str = Id()
    concerns: str = Field(max_length=10)
    name: str = Field(default="", max_length=300)
    state: str = Field(max_length=10)
    file_id: str | None = Field(default=None, max_length=32)
    description_sealed: bytes | None = None
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    stage: int = 0
    done: int = 0
    total: int = 0
    trouble: str = Field(default="", max_length=40)
    run_id: str | None = Field(default=None, foreign_key="import_run.id", max_length=24)
    staff_id: str | None = Field(default=None, max_length=24)
    created_at: datetime = Moment(default_factory=utc_now)

    description = sealed("description_sealed")


class ImportRun(SQLModel, table=True):
    """One reading of a source: what it would do, and how far doing it has come.

    snapshot: what was read, cleaned and packed, so that answers to doubts act on the very same
    rows. It goes when a later reading of the source takes its place.
    """

    __tablename__ = "import_run"
    __table_args__ = (one_of("state", RUN_STATES, "ck_import_run_state"),)
    __mapper_args__ = {"properties": {"snapshot": deferred(_SNAPSHOT)}}

    id: str = Id()
    source: str = Field(index=True, max_length=40)
    label: str = Field(max_length=200)
    origin: str = Field(default="", max_length=300)
    state: str = Field(default="planned", max_length=10)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    rows_read: int = 0
    done: int = 0
    total: int = 0
    attempts: int = 0
    snapshot: bytes | None = Field(default=None, sa_column=_SNAPSHOT)
    created_at: datetime = Moment(default_factory=utc_now)
    applied_at: datetime | None = Moment(default=None)
    applied_by: str | None = Field(default=None, max_length=24)

    @property
    def stumbles(self) -> int:
        """How often applying it broke off since somebody asked for it."""
        return self.counts.get(STUMBLED, 0)

    @property
    def broke_off(self) -> bool:
        """Whether applying it broke off too often to be tried again without being asked."""
        return self.state == "planned" and self.stumbles > 0


class ImportLine(SQLModel, table=True):
    """One line of a run's report: somebody or something new, changed, gone, doubtful, unreadable.

    key: tells this doubt from others, in this run and the next. detail: what is to be shown.
    """

    __tablename__ = "import_line"
    __table_args__ = (
        one_of("kind", LINE_KINDS, "ck_import_line_kind"),
        sa.Index("ix_import_line_kind", "run_id", "kind", "topic", "position"),
    )

    run_id: str = Field(primary_key=True, foreign_key="import_run.id", max_length=24)
    position: int = Field(primary_key=True)
    kind: str = Field(max_length=12)
    topic: str = Field(max_length=24)
    key: str = Field(default="", max_length=300)
    title: str = Field(default="", max_length=300)
    target_id: str | None = Field(default=None, max_length=24)
    letters: int = 0
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class ImportAnswer(SQLModel, table=True):
    """What a coordinator decided about a doubt; the same doubt is not asked again."""

    __tablename__ = "import_answer"

    source: str = Field(primary_key=True, max_length=40)
    topic: str = Field(primary_key=True, max_length=24)
    key: str = Field(primary_key=True, max_length=300)
    answer: str = Field(max_length=40)
    staff_id: str | None = Field(default=None, max_length=24)
    at: datetime = Moment(default_factory=utc_now)
