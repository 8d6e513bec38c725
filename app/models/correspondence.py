"""Writers, reservations, correspondences, letters, and the texts and approvals of letters."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.lifecycle import AFTER_APPROVAL, AFTER_RENDERING, Hold, State
from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed

SHE, HE, AVOID = WRITER_GENDERS = ("she", "he", "avoid")
ORIGINAL, RUSSIAN = PARTS = ("original", "russian")
OUTSIDE, OWN, NONE = ENGINES_ALLOWED = ("outside", "own", "none")
"""Which engines may read a letter: any in the chain, only our own, or none (people only)."""
ORIGINS = ("writer", "engine", "translator", "reviewer")


class Partner(SQLModel, table=True):
    """An organisation that sends letters through the JSON API."""

    __tablename__ = "partner"

    id: str = Id()
    name: str = Field(unique=True, max_length=120)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Moment(default_factory=utc_now)
    disabled_at: datetime | None = Moment(default=None)


class Writer(SQLModel, table=True):
    """«This writer» for pairing: a keyed hash of the e-mail or of a partner's reference."""

    __tablename__ = "writer"

    id: str = Id()
    identity_hash: str | None = Field(default=None, unique=True, max_length=64)
    created_at: datetime = Moment(default_factory=utc_now)


class Reservation(SQLModel, table=True):
    """A recipient shown to somebody who is writing. `counted` while it weighs in the balance."""

    __tablename__ = "reservation"

    id: str = Id()
    token_hash: str = Field(unique=True, max_length=64)
    prisoner_id: str = Field(foreign_key="prisoner.id", index=True, max_length=24)
    writer_id: str | None = Field(default=None, foreign_key="writer.id", index=True, max_length=24)
    sitting: str = Field(index=True, max_length=24)
    random: bool
    counted: bool
    continues_id: str | None = Field(default=None, foreign_key="correspondence.id", max_length=24)
    created_at: datetime = Moment(default_factory=utc_now)
    expires_at: datetime = Moment(index=True)
    used_at: datetime | None = Moment(default=None)


class Correspondence(SQLModel, table=True):
    """One writer and one prisoner; the receipt code opens it."""

    __tablename__ = "correspondence"

    id: str = Id()
    writer_id: str = Field(foreign_key="writer.id", index=True, max_length=24)
    prisoner_id: str = Field(foreign_key="prisoner.id", index=True, max_length=24)
    partner_id: str | None = Field(default=None, foreign_key="partner.id", max_length=24)
    return_address_id: str | None = Field(
        default=None, foreign_key="return_address.id", max_length=24
    )
    receipt_hash: str = Field(unique=True, max_length=64)
    email_sealed: bytes | None = None
    stopped_at: datetime | None = Moment(default=None)
    erased_at: datetime | None = Moment(default=None)
    created_at: datetime = Moment(default_factory=utc_now)

    email = sealed("email_sealed")


def _needs(column: str, states: frozenset[State], name: str) -> sa.CheckConstraint:
    """The database refuses these states without `column`."""
    listed = ", ".join(f"'{state}'" for state in sorted(states))
    return sa.CheckConstraint(f"{column} is not null or state not in ({listed})", name=name)


class Letter(SQLModel, table=True):
    """A letter on its way. `state` is set by `app.moving` alone.

    moves: how often it has moved; part of the id of every piece of work.
    trouble, next_try_at: why the machine waits, and until when; for people to see.
    take_out: the writer withdrew it after the batch was printed.
    posted_on: the day of its last posting that was not undone; replies: how many came to it. Both
    follow their rows, and stand here so that the desks' lists need not look through all of these.
    """

    __tablename__ = "letter"
    __table_args__ = (
        one_of("state", State, "ck_letter_state"),
        one_of("held_reason", Hold, "ck_letter_held_reason"),
        one_of("gender", WRITER_GENDERS, "ck_letter_gender"),
        one_of("engines", ENGINES_ALLOWED, "ck_letter_engines"),
        _needs("approval_id", AFTER_APPROVAL, "ck_letter_approved"),
        _needs("rendering_id", AFTER_RENDERING, "ck_letter_rendered"),
        sa.ForeignKeyConstraint(
            ["approval_id", "id"],
            ["approval.id", "approval.letter_id"],
            name="fk_letter_approval",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["rendering_id", "approval_id"],
            ["rendering.id", "rendering.approval_id"],
            name="fk_letter_rendering",
            use_alter=True,
        ),
        sa.Index("ix_letter_queue", "state", "state_since"),
        # What is overdue is counted from this index alone.
        sa.Index("ix_letter_due_at", "due_at", "state", "held_reason"),
        # When somebody was written to, and whether they answered, is read from these two alone.
        sa.Index("ix_letter_of_person", "prisoner_id", "posted_on", "counted"),
        sa.Index(
            "ix_letter_answered",
            "prisoner_id",
            "replies",
            sqlite_where=sa.text("replies > 0"),
            postgresql_where=sa.text("replies > 0"),
        ),
        sa.Index(
            "ix_letter_trouble",
            *("state", "trouble", "next_try_at"),
            sqlite_where=sa.text("trouble is not null"),
            postgresql_where=sa.text("trouble is not null"),
        ),
        sa.Index(
            "ix_letter_held",
            "held_reason",
            sqlite_where=sa.text("held_reason is not null"),
            postgresql_where=sa.text("held_reason is not null"),
        ),
    )

    id: str = Id()
    number: str = Field(unique=True, max_length=16)
    correspondence_id: str = Field(foreign_key="correspondence.id", index=True, max_length=24)
    prisoner_id: str = Field(foreign_key="prisoner.id", max_length=24)
    submission_hash: str = Field(unique=True, max_length=64)
    body_hash: str = Field(max_length=64)

    state: str = Field(default=State.RECEIVED, max_length=16)
    state_since: datetime = Moment(default_factory=utc_now)
    due_at: datetime | None = Moment(default=None)
    moves: int = 0
    counted: bool = True
    held_reason: str | None = Field(default=None, max_length=24)
    held_since: datetime | None = Moment(default=None)
    held_by: str | None = Field(default=None, max_length=24)

    language: str = Field(max_length=8)
    gender: str = Field(max_length=5)
    engines: str = Field(default="none", max_length=8)
    closing_sentence: bool = True
    random: bool = True
    approval_id: str | None = Field(default=None, max_length=24)
    rendering_id: str | None = Field(default=None, max_length=24)
    trouble: str | None = Field(default=None, max_length=40)
    attempts: int = 0
    next_try_at: datetime | None = Moment(default=None)
    take_out: bool = False
    posted_on: date | None = None
    replies: int = Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})
    created_at: datetime = Moment(default_factory=utc_now, index=True)
    erased_at: datetime | None = Moment(default=None)


class Revision(SQLModel, table=True):
    """One version of a letter's text; append-only. `part` tells the original from the Russian."""

    __tablename__ = "revision"
    __table_args__ = (
        sa.UniqueConstraint("letter_id", "seq", name="uq_revision_seq"),
        sa.UniqueConstraint("id", "letter_id", name="uq_revision_letter"),
        one_of("part", PARTS, "ck_revision_part"),
        one_of("origin", ORIGINS, "ck_revision_origin"),
    )

    id: str = Id()
    letter_id: str = Field(foreign_key="letter.id", max_length=24)
    seq: int
    part: str = Field(max_length=8)
    language: str = Field(max_length=8)
    origin: str = Field(max_length=10)
    engine: str | None = Field(default=None, max_length=40)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=24)
    text_sealed: bytes | None = None
    signature_sealed: bytes | None = None
    created_at: datetime = Moment(default_factory=utc_now)

    text = sealed("text_sealed")
    signature = sealed("signature_sealed")


class Approval(SQLModel, table=True):
    """A person approved this revision, to be printed for this placement.

    When somebody is moved, the approval is carried over to the new placement (`carried_from_id`).
    """

    __tablename__ = "approval"
    __table_args__ = (
        sa.UniqueConstraint("id", "letter_id", name="uq_approval_letter"),
        sa.UniqueConstraint("letter_id", "revision_id", "placement_id", name="uq_approval_once"),
        sa.ForeignKeyConstraint(
            ["revision_id", "letter_id"],
            ["revision.id", "revision.letter_id"],
            name="fk_approval_revision",
        ),
    )

    id: str = Id()
    letter_id: str = Field(foreign_key="letter.id", max_length=24)
    revision_id: str = Field(max_length=24)
    placement_id: str = Field(foreign_key="placement.id", max_length=24)
    staff_id: str = Field(foreign_key="staff.id", max_length=24)
    carried_from_id: str | None = Field(default=None, foreign_key="approval.id", max_length=24)
    created_at: datetime = Moment(default_factory=utc_now)


class Rendering(SQLModel, table=True):
    """The printable letter of one approval: a sealed PDF that never changes."""

    __tablename__ = "rendering"
    __table_args__ = (
        sa.UniqueConstraint("id", "approval_id", name="uq_rendering_approval"),
        sa.ForeignKeyConstraint(
            ["approval_id", "letter_id"],
            ["approval.id", "approval.letter_id"],
            name="fk_rendering_approval",
        ),
    )

    id: str = Id()
    letter_id: str = Field(foreign_key="letter.id", index=True, max_length=24)
    approval_id: str = Field(max_length=24)
    return_address_id: str | None = Field(
        default=None, foreign_key="return_address.id", max_length=24
    )
    file_id: str = Field(max_length=32)
    pages: int
    sha256: str = Field(max_length=64)
    created_at: datetime = Moment(default_factory=utc_now)
