"""What is typed about a person, a place or a confirmation, checked; plain values for the rooms.

Messages are marked for translation here and translated where they are shown.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from app.errors import Invalid
from app.finding.regions import REGIONS, code_of
from app.finding.tags import match, tags
from app.locale import N_
from app.models.people import Bar
from app.models.places import Kind
from mailing.names import tidy
from translation.languages import LANGUAGES


class Said(ValueError):
    """A message with names in braces, and what stands for them once it is translated."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values


def blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _tidy(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


def _stripped(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _languages(value: Any) -> Any:
    """«RU, en» as "ru,en"; what is no language of ours is refused."""
    if not isinstance(value, str):
        return value
    codes = list(dict.fromkeys(value.lower().replace(",", " ").split()))
    if not KNOWN_LANGUAGES.issuperset(codes):
        raise ValueError(N_("Write languages by their two letters, such as: ru, en, de."))
    return ",".join(codes)


def _can_be(value: date | None) -> date | None:
    return _within(DAYS, value)


def _in_our_time(value: date | None) -> date | None:
    return _within(RELEASES, value)


def _within(years: range, value: date | None) -> date | None:
    if value is not None and value.year not in years:
        raise ValueError(N_("This day cannot be right."))
    return value


def require_come(days: Mapping[str, date | None], today: date) -> None:
    """Raises `Invalid` for each field whose day is after `today`."""
    late = {
        name: N_("This day has not come yet.") for name, day in days.items() if day and day > today
    }
    if late:
        raise Invalid(late)


DAYS = range(1900, 2101)
"""Years that can be meant by anything that somebody types; another is a slip of the pen."""
RELEASES = range(1990, 2101)
"""Years in which a case goes on, or somebody comes out."""
Line = Annotated[str, BeforeValidator(_tidy)]
Day = Annotated[date, BeforeValidator(blank_is_none), AfterValidator(_can_be)]
MaybeDay = Annotated[date | None, BeforeValidator(blank_is_none), AfterValidator(_can_be)]
MaybeRecent = Annotated[MaybeDay, AfterValidator(_in_our_time)]
Prose = Annotated[str, BeforeValidator(_stripped), Field(max_length=8000)]
LONGEST_LANGUAGES = 60
Languages = Annotated[str, BeforeValidator(_languages), Field(max_length=LONGEST_LANGUAGES)]
KNOWN_LANGUAGES = frozenset(language.code for language in LANGUAGES)


class Typed(BaseModel):
    """A form as typed. Unknown fields are ignored, so that nothing else can be set."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    about_all: ClassVar[str] = ""
    """The field beside which a message about the whole form is shown."""


class PersonDetails(Typed):
    """Everything about a person that whoever keeps the catalogue can type."""

    about_all = "birthday"

    surname: Line = Field(min_length=1, max_length=80)
    given_name: Line = Field(min_length=1, max_length=80)
    patronymic: Annotated[str | None, BeforeValidator(blank_is_none), BeforeValidator(_tidy)] = (
        Field(None, max_length=80)
    )
    has_patronymic: bool = False
    latin_name: Line = Field("", max_length=160)
    gender: Literal["she", "he"]
    birth_year: Annotated[int | None, BeforeValidator(blank_is_none)] = Field(
        None, ge=1900, le=2100
    )
    birthday: MaybeDay = None
    origin_en: Line = Field("", max_length=200)
    origin_ru: Line = Field("", max_length=200)
    profession_en: Line = Field("", max_length=160)
    profession_ru: Line = Field("", max_length=160)
    story_en: Prose = ""
    story_ru: Prose = ""
    interests_en: Prose = ""
    interests_ru: Prose = ""
    bar: Annotated[Bar | None, BeforeValidator(blank_is_none)] = None
    release_on: MaybeRecent = None
    identity_hidden: bool = False
    languages_read: Languages = ""
    source: Line = Field("", max_length=300)

    @model_validator(mode="after")
    def _one_birth(self) -> "PersonDetails":
        if self.birthday and self.birth_year and self.birthday.year != self.birth_year:
            raise ValueError(N_("The birthday and the birth year do not agree."))
        return self


class PersonTyped(PersonDetails):
    """The same as somebody types it: tags of both languages belong together, one by one.

    What a source says comes as it is, and stands on the list of doubtful records.
    """

    @field_validator("interests_ru", "profession_ru")
    @classmethod
    def _tags_match(cls, russian: str, info: ValidationInfo) -> str:
        english = info.data.get(str(info.field_name).replace("_ru", "_en"), "")
        if not match(english, russian):
            raise Said(
                N_(
                    "In English there are {english}, in Russian {russian}, counted by the commas. "
                    "Write the same things in the same order, or leave one language empty."
                ),
                english=len(tags(english)),
                russian=len(tags(russian)),
            )
        return russian


class Confirmation(Typed):
    """What a coordinator made sure of: custody, address, wishes with their source, the dative.

    release_on: what was learned of it; not set, it stays as it is known.
    """

    about_all = "wish_source"

    custody_confirmed_on: Day
    address_checked_on: MaybeDay = None
    address_source: Line = Field("", max_length=300)
    wants_letters: bool = False
    may_be_named: bool = False
    wish_source: Line = Field("", max_length=300)
    wish_date: MaybeDay = None
    dative_name: Line = Field("", max_length=200)
    release_on: MaybeRecent = None

    @model_validator(mode="after")
    def _wish_has_source(self) -> "Confirmation":
        if self.wants_letters and not (self.wish_source and self.wish_date):
            raise ValueError(N_("A wish for letters needs its source and its date."))
        if self.may_be_named and not (self.wish_source and self.wish_date):
            raise ValueError(N_("A wish to be named needs its source and its date."))
        return self


class Move(Typed):
    """A new place: since when, and from whom we know."""

    facility_id: str = Field(min_length=1, max_length=24)
    from_day: Day
    checked_on: MaybeDay = None
    source: Line = Field(min_length=1, max_length=300)


class FacilityDetails(Typed):
    """A place of detention with its postal address."""

    name_ru: Line = Field(min_length=1, max_length=200)
    name_en: Line = Field("", max_length=200)
    kind: Kind
    street: Line = Field("", max_length=200)
    settlement: Line = Field("", max_length=120)
    district: Line = Field("", max_length=120)
    region: Line = Field("", max_length=120)
    postal_code: Annotated[str, Field(pattern=r"^([1-9][0-9]{5})?$")] = ""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "RU"
    codes_allowed: Annotated[bool | None, BeforeValidator(blank_is_none)] = None
    paper_style: Literal["lined", "blank"] = "lined"
    notes: Prose = ""
    source: Line = Field("", max_length=300)


class FacilityTyped(FacilityDetails):
    """The same as somebody types it: what is in occupied Ukraine is not in Russia.

    The country stands on envelopes that are posted abroad, and the post goes by it.
    """

    @field_validator("country")
    @classmethod
    def _occupied_is_ukraine(cls, country: str, info: ValidationInfo) -> str:
        region = REGIONS.get(code_of("", info.data.get("region", "")))
        if country == "RU" and region is not None and region.occupied:
            raise ValueError(
                N_("This region is occupied territory of Ukraine. Write UA as the country.")
            )
        return country


class ReturnAddressDetails(Typed):
    """Where replies come back to, with the holder's consent."""

    about_all = "lines"

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    holder: Line = Field(min_length=1, max_length=120)
    lines: Annotated[str, BeforeValidator(_stripped), Field(min_length=1, max_length=300)]
    consent_on: Day
    ends_on: MaybeDay = None

    @model_validator(mode="after")
    def _few_lines(self) -> "ReturnAddressDetails":
        if len(self.lines.splitlines()) > 5:
            raise ValueError(N_("An address has five lines at most."))
        return self
