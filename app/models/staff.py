"""Accounts, roles, sessions, claims."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.lifecycle import Role
from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed


class Staff(SQLModel, table=True):
    """A volunteer or coordinator, known by a pseudonym; a legal name is never asked."""

    __tablename__ = "staff"

    id: str = Id()
    pseudonym: str = Field(unique=True, max_length=40)
    password_hash: str = Field(max_length=200)
    totp_sealed: bytes
    totp_last_step: int = 0
    contact_sealed: bytes | None = None
    town: str = Field(default="", max_length=80)
    country: str = Field(default="DE", max_length=2)
    languages: str = Field(default="", max_length=80)
    disabled_at: datetime | None = Moment(default=None)
    created_at: datetime = Moment(default_factory=utc_now)

    totp_secret = sealed("totp_sealed")
    contact = sealed("contact_sealed")


class StaffRole(SQLModel, table=True):
    __tablename__ = "staff_role"
    __table_args__ = (one_of("role", Role, "ck_staff_role"),)

    staff_id: str = Field(foreign_key="staff.id", primary_key=True, max_length=24)
    role: str = Field(primary_key=True, max_length=12)


class StaffSession(SQLModel, table=True):
    """A log-in. The cookie's value is kept as a keyed hash only."""

    __tablename__ = "staff_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=24)
    created_at: datetime = Moment(default_factory=utc_now)
    seen_at: datetime = Moment(default_factory=utc_now)


class Claim(SQLModel, table=True):
    """Somebody is at work on a letter or reply until a time; one claim each."""

    __tablename__ = "claim"

    subject_id: str = Field(primary_key=True, max_length=24)
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=24)
    expires_at: datetime = Moment()


class ReadRecord(SQLModel, table=True):
    """Who opened which letter, scan or PDF, by day: reads are audited."""

    __tablename__ = "read_record"
    __table_args__ = (
        sa.UniqueConstraint("staff_id", "subject_id", "what", "day", name="uq_read_once_a_day"),
    )

    id: str = Id()
    staff_id: str = Field(max_length=24, index=True)
    subject_id: str = Field(max_length=24, index=True)
    what: str = Field(max_length=16)
    day: str = Field(max_length=10)
