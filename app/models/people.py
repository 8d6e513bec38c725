"""Prisoners, the prosecutions they stand in, second records merged into theirs, objections."""

from datetime import date, datetime
from typing import Literal, get_args

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.lifecycle import Hold
from app.models.columns import Id, Moment, one_of, utc_now
from app.sealing import sealed
from mailing.names import transliterate

STATUSES = ("in_custody", "in_transfer", "house_arrest", "released", "exchanged", "dead", "unknown")
GONE = ("released", "exchanged", "dead")
"""Statuses of whom nobody holds any more."""

HOLDS = {
    "in_transfer": Hold.IN_TRANSFER,
    "released": Hold.RELEASED,
    "exchanged": Hold.RELEASED,
    "dead": Hold.DEAD,
    "house_arrest": Hold.NOT_WRITABLE,
    "unknown": Hold.NO_ADDRESS,
}
"""Why letters to people of a status wait; to who is in custody they go."""

Bar = Literal["under_18", "prisoner_of_war", "incommunicado", "abroad", "wanted", "house_arrest"]
BARS: tuple[str, ...] = get_args(Bar)
GENDERS = ("she", "he")


class Prisoner(SQLModel, table=True):
    """A person in prison. Unpublished and ineligible until a coordinator confirms.

    `eligible` is derived by `app.catalogue.rules` and stored for the index of the next pick; the
    database refuses it of who is hidden, so that whoever hides somebody says both at once.
    `letter_count` is letters in a counting state plus live reservations, changed by the mover.
    `portrait_file_id` is a picture in the vault, encoded anew.
    `provenance` names the source each imported field came from, or "coordinator" for an edit.
    identity_hidden: wants letters, and not to be named in public: nobody finds or chooses this
    person, and who is given them by the service learns the given name alone. may_be_named: the
    opposite wish: to have a page also while nobody can write to them.
    `published` and `named` are derived too: letters are taken; a page, though they are not.
    status_since: the day on which the last departure or arrival made `status` what it is.
    release_on: the day on which they come out, where somebody knows it.
    languages_read: ISO 639-1 codes with commas between, "" where it is not known.
    """

    __tablename__ = "prisoner"
    __table_args__ = (
        one_of("status", STATUSES, "ck_prisoner_status"),
        one_of("gender", GENDERS, "ck_prisoner_gender"),
        sa.CheckConstraint("letter_count >= 0", name="ck_prisoner_letter_count"),
        sa.CheckConstraint("not (hidden and eligible)", name="ck_prisoner_hidden_not_eligible"),
        sa.Index(
            "ix_prisoner_next",
            "letter_count",
            "shuffle",
            sqlite_where=sa.text("eligible"),
            postgresql_where=sa.text("eligible"),
        ),
    )

    id: str = Id()
    slug: str = Field(unique=True, max_length=80)
    surname: str = Field(max_length=80)
    given_name: str = Field(max_length=80)
    patronymic: str | None = Field(default=None, max_length=80)
    has_patronymic: bool = True
    latin_name: str = Field(max_length=160)
    search_name: str = Field(default="", max_length=400, index=True)
    gender: str = Field(max_length=4)
    birth_year: int | None = None
    birthday: date | None = None
    dative_name: str | None = Field(default=None, max_length=200)
    dative_confirmed: bool = False
    origin_en: str = Field(default="", max_length=200)
    origin_ru: str = Field(default="", max_length=200)
    story_en: str = ""
    story_ru: str = ""
    interests_en: str = ""
    interests_ru: str = ""
    profession_en: str = Field(default="", max_length=160)
    profession_ru: str = Field(default="", max_length=160)
    portrait_file_id: str | None = Field(default=None, max_length=32)

    status: str = Field(default="unknown", max_length=16, index=True)
    bar: str | None = Field(default=None, max_length=20)
    status_since: date | None = None
    release_on: date | None = None
    published: bool = False
    named: bool = False
    hidden: bool = False
    wants_letters: bool = False
    wish_source: str = Field(default="", max_length=300)
    wish_date: date | None = None
    may_be_named: bool = False
    identity_hidden: bool = False
    languages_read: str = Field(default="", max_length=60)
    custody_confirmed_on: date | None = None
    confirmed_by: str | None = Field(default=None, max_length=24)
    source: str = Field(default="", max_length=300)
    provenance: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)

    eligible: bool = False
    letter_count: int = 0
    shuffle: float = 0.0
    picked_on: date | None = None
    picked_today: int = 0
    created_at: datetime = Moment(default_factory=utc_now)
    changed_at: datetime = Moment(default_factory=utc_now)

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic, as Russian papers have it."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def is_public(self) -> bool:
        """Whether people can find them; `app.searching.is_shown` says the same of many."""
        shown = self.published or self.named
        return shown and not self.hidden and not self.identity_hidden

    @property
    def called(self) -> dict[str, str]:
        """What writers call this person, in each language of the interface."""
        return spelled(self.latin_name, self.given_name, self.surname, hidden=self.identity_hidden)

    @property
    def known_as(self) -> str:
        """The name that writers are told, in Russian."""
        return self.given_name if self.identity_hidden else self.full_name

    @property
    def known_slug(self) -> str:
        """The slug that writers are told; of who does not want to be named it says nothing."""
        return self.id if self.identity_hidden else self.slug


def spelled(latin_name: str, given_name: str, surname: str, *, hidden: bool) -> dict[str, str]:
    """Given name and surname, as readers of each language of the interface spell them.

    hidden: whether the person does not want to be named; then the given name alone.
    """
    if hidden:
        return {"en": transliterate(given_name), "ru": given_name}
    return {"en": latin_name, "ru": f"{given_name} {surname}"}


class Prosecution(SQLModel, table=True):
    """One case of one person; a person may have several.

    category: the freedom concerned. sentence_months is None for a life sentence, which is
    `sentence_life`, and where no term is known. ratings: whose lists the person is on for this
    case, such as "memorial". source_id: the source's own id of the case; gone_on: the day on which
    the source no longer had it. provenance: which source each field came from.
    """

    __tablename__ = "prosecution"
    __table_args__ = (
        sa.UniqueConstraint("source", "source_id", name="uq_prosecution_source_id"),
        sa.CheckConstraint(
            "sentence_months is null or sentence_months between 1 and 600",
            name="ck_prosecution_sentence_months",
        ),
    )

    id: str = Id()
    prisoner_id: str = Field(foreign_key="prisoner.id", index=True, max_length=24)
    articles: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    category: str = Field(default="", max_length=120)
    case_name: str = Field(default="", max_length=300)
    case_group: str = Field(default="", max_length=200)
    region: str = Field(default="", max_length=120)
    region_iso: str = Field(default="", max_length=6)
    city: str = Field(default="", max_length=120)
    started_on: date | None = None
    started_year: int | None = Field(default=None, index=True)
    ended_year: int | None = None
    stage: str = Field(default="", max_length=160)
    restraint: str = Field(default="", max_length=160)
    verdict: str = Field(default="", max_length=300)
    sentence_months: int | None = None
    sentence_life: bool = False
    first_verdict_on: date | None = None
    ratings: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    occupation: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=300)
    source_id: str | None = Field(default=None, max_length=120)
    gone_on: date | None = None
    provenance: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)

    @property
    def articles_line(self) -> str:
        """The articles in one line, as they are read out."""
        return ", ".join(self.articles)


class MergedPerson(SQLModel, table=True):
    """A second record of somebody, merged into the other: who it is now, always in one step.

    id, slug: what it had. Nobody else is ever given them, so that old links lead to the person.
    """

    __tablename__ = "merged_person"

    id: str = Field(primary_key=True, max_length=24)
    slug: str = Field(unique=True, max_length=80)
    kept_id: str = Field(foreign_key="prisoner.id", index=True, max_length=24)
    merged_at: datetime = Moment(default_factory=utc_now)


class Objection(SQLModel, table=True):
    """«I am this person, family, a lawyer»: hides at once, then a coordinator decides.

    Without a prisoner nobody of that name was found, or too many were: a person looks.
    sitting: keyed hash of the day and a random cookie, to tell one busy browser from many.
    """

    __tablename__ = "objection"

    id: str = Id()
    prisoner_id: str | None = Field(
        default=None, foreign_key="prisoner.id", index=True, max_length=24
    )
    sitting: str | None = Field(default=None, index=True, max_length=64)
    relation: str = Field(max_length=16)
    about_sealed: bytes | None = None
    message_sealed: bytes | None = None
    contact_sealed: bytes | None = None
    hid: bool = True
    created_at: datetime = Moment(default_factory=utc_now, index=True)
    decided_at: datetime | None = Moment(default=None)
    decision: str | None = Field(default=None, max_length=16)
    decided_by: str | None = Field(default=None, max_length=24)

    about = sealed("about_sealed")
    message = sealed("message_sealed")
    contact = sealed("contact_sealed")
