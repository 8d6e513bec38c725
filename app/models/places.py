"""Places of detention, who is where, and the addresses that replies come back to."""

from datetime import date, datetime
from typing import Literal, get_args

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed

Kind = Literal[
    "remand_prison",
    "penal_colony",
    "strict_colony",
    "prison",
    "colony_settlement",
    "hospital",
    "juvenile",
]
KINDS: tuple[str, ...] = get_args(Kind)


PAPER_STYLES = ("lined", "blank")
"""The loose sheet for the answer: with lines to write on, or number and address alone."""


class Facility(SQLModel, table=True):
    """A place of detention with its postal address as it must stand on an envelope."""

    __tablename__ = "facility"
    __table_args__ = (
        one_of("kind", KINDS, "ck_facility_kind"),
        one_of("paper_style", PAPER_STYLES, "ck_facility_paper_style"),
    )

    id: str = Id()
    name_ru: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=200)
    kind: str = Field(max_length=20)
    street: str = Field(default="", max_length=200)
    settlement: str = Field(default="", max_length=120)
    district: str = Field(default="", max_length=120)
    region: str = Field(default="", max_length=120)
    postal_code: str = Field(default="", max_length=6)
    country: str = Field(default="RU", max_length=2)
    codes_allowed: bool | None = None
    paper_style: str = Field(default="lined", max_length=8)
    notes: str = ""
    source: str = Field(default="", max_length=300)
    provenance: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: datetime = Moment(default_factory=utc_now)

    @property
    def address_line(self) -> str:
        """The postal address in one line, from the street to the code; "" where none is known."""
        lines = self.street, self.settlement, self.district, self.region, self.postal_code
        return ", ".join(line for line in lines if line)


class Placement(SQLModel, table=True):
    """A prisoner at a facility, from a day to a day; without an end it is the present one."""

    __tablename__ = "placement"
    __table_args__ = (
        sa.Index(
            "uq_placement_present",
            "prisoner_id",
            unique=True,
            sqlite_where=sa.text("to_day is null"),
            postgresql_where=sa.text("to_day is null"),
        ),
    )

    id: str = Id()
    prisoner_id: str = Field(foreign_key="prisoner.id", index=True, max_length=24)
    facility_id: str = Field(foreign_key="facility.id", index=True, max_length=24)
    from_day: date
    to_day: date | None = None
    source: str = Field(default="", max_length=300)
    checked_on: date | None = None


class ReturnAddress(SQLModel, table=True):
    """Where replies come back to: somebody who agreed to it, in one country, until a day."""

    __tablename__ = "return_address"

    id: str = Id()
    country: str = Field(max_length=2, index=True)
    holder_sealed: bytes
    lines_sealed: bytes
    consent_on: date
    ends_on: date | None = None
    created_at: datetime = Moment(default_factory=utc_now)

    holder = sealed("holder_sealed")
    lines = sealed("lines_sealed")
