"""What the API answers of people: what the public pages show.

Nobody's counts are in here (row 76).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.catalogue.rules import NoLetters
from app.finding.regions import REGIONS
from app.finding.releases import Release
from app.models.places import KINDS
from app.queries.choosing import Case, Person
from app.queries.finding import FoundPeople, Option


class Answer(BaseModel):
    """Tells what is in it and nothing else."""

    model_config = ConfigDict(extra="forbid")


class PersonName(Answer):
    """Somebody to write to."""

    slug: str
    name: Annotated[str, Field(description="Surname, given name, patronymic, in Cyrillic.")]


class Texts(Answer):
    """One text in the languages of the catalogue; empty where it was not written."""

    en: str
    ru: str


class CaseShown(Answer):
    """One prosecution, in the words of its sources; empty or null where they say nothing."""

    name: str
    group: Annotated[str, Field(description="Cases of one kind or of several people.")]
    began: Annotated[int | None, Field(description="The year in which it began.")]
    category: Annotated[str, Field(description="The freedom concerned.")]
    articles: Annotated[list[str], Field(description="Of the criminal code.")]
    region: str
    region_code: Annotated[str, Field(description="ISO 3166-2; empty where it is not known.")]
    city: str
    stage: str
    verdict: str
    first_verdict_on: date | None
    sentence_months: Annotated[int | None, Field(description="Null: for life, or not known.")]
    for_life: bool
    recognised_by: Annotated[list[str], Field(description="Such as `memorial`.")]

    @classmethod
    def of(cls, case: Case) -> "CaseShown":
        return cls(
            name=case.name,
            group=case.group,
            began=case.year,
            category=case.category,
            articles=[article for article, _number in case.articles],
            region=case.region,
            region_code=case.region_code,
            city=case.city,
            stage=case.stage,
            verdict=case.verdict,
            first_verdict_on=case.verdict_on,
            sentence_months=case.months,
            for_life=case.life,
            recognised_by=case.ratings,
        )


class ReleaseShown(Answer):
    """When somebody comes out."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", description="Year and month.")]
    known: Annotated[
        bool, Field(description="Somebody told the day; false: by the length of the sentence.")
    ]

    @classmethod
    def of(cls, release: Release) -> "ReleaseShown":
        # The month alone: who knows the day may have told us alone.
        return cls(month=f"{release.day:%Y-%m}", known=release.known)


class PersonShown(PersonName):
    """Somebody who is shown, as they wish to be known."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "slug": "anna-ozerova",
                    "name": "Озерова Анна Петровна",
                    "latin_name": "Anna Ozerova",
                    "gender": "she",
                    "birth_year": 1985,
                    "origin": {"en": "Vyatka", "ru": "Вятка"},
                    "profession": {"en": "librarian", "ru": "библиотекарь"},
                    "story": {"en": "Reads to children.", "ru": "Читает детям."},
                    "interests": {"en": "poetry, cats", "ru": "стихи, кошки"},
                    "can_write": True,
                    "no_letters": None,
                    "in_transfer": False,
                    "letter_waits": False,
                    "languages": ["ru", "en"],
                    "portrait": "/people/anna-ozerova/portrait",
                    "place": "penal_colony",
                    "region": "Вятская область",
                    "release": {"month": "2029-06", "known": False},
                    "cases": [
                        {
                            "name": "Дело о стихах",
                            "group": "",
                            "began": 2023,
                            "category": "Свобода слова",
                            "articles": ["ст. 207.3 ч. 2 УК РФ"],
                            "region": "Москва",
                            "region_code": "RU-MOW",
                            "city": "Москва",
                            "stage": "Приговор вступил в силу",
                            "verdict": "6 лет колонии",
                            "first_verdict_on": "2024-02-06",
                            "sentence_months": 72,
                            "for_life": False,
                            "recognised_by": ["memorial"],
                        }
                    ],
                }
            ]
        },
    )

    latin_name: str
    gender: Literal["she", "he"]
    birth_year: int | None
    origin: Texts
    profession: Texts
    story: Annotated[Texts, Field(description="For the writer, not for the letter.")]
    interests: Texts
    can_write: Annotated[bool, Field(description="Whether letters are taken for them now.")]
    no_letters: Annotated[
        NoLetters | None, Field(description="Why nobody can write; null where one can.")
    ]
    in_transfer: Annotated[
        bool, Field(description="On the way to another prison: a letter waits until it is known.")
    ]
    letter_waits: Annotated[
        bool,
        Field(
            description="A letter is taken and waits: until the new place is known, or until "
            "somebody made sure of the address."
        ),
    ]
    languages: Annotated[
        list[str], Field(description="What they read, ISO 639-1. Empty: not known.")
    ]
    portrait: Annotated[
        str | None, Field(description="Where the picture is on this service; null: there is none.")
    ]
    place: Annotated[
        str, Field(json_schema_extra={"enum": [*KINDS, ""]}, description="Empty: not known.")
    ]
    region: str
    release: Annotated[
        ReleaseShown | None, Field(description="Null: not known, or not to come any more.")
    ]
    cases: Annotated[list[CaseShown], Field(description="The oldest first.")]

    @classmethod
    def of(cls, person: Person, cases: Iterable[Case], release: Release | None) -> "PersonShown":
        return cls(
            slug=person.slug,
            name=person.name,
            latin_name=person.latin_name,
            gender="she" if person.gender == "she" else "he",
            birth_year=person.birth_year,
            origin=Texts(**person.origin),
            profession=Texts(**person.profession),
            story=Texts(**person.story),
            interests=Texts(**person.interests),
            can_write=person.writable,
            no_letters=person.no_letters,
            in_transfer=person.in_transfer,
            letter_waits=person.writable and person.waits,
            languages=person.languages,
            portrait=f"/people/{person.slug}/portrait" if person.portrait else None,
            place=person.kind,
            region=person.region,
            release=ReleaseShown.of(release) if release else None,
            cases=[CaseShown.of(case) for case in cases],
        )


FEWER_THAN_TEN = "Null: fewer than ten."


class FacetValue(Answer):
    """A value of a filter."""

    value: Annotated[str, Field(description="To be sent as the filter.")]
    name: Annotated[Texts, Field(description="What the catalogue calls it.")]
    people: Annotated[int | None, Field(description=f"How many it leaves. {FEWER_THAN_TEN}")]
    chosen: bool

    @classmethod
    def of(cls, option: Option) -> "FacetValue":
        region = REGIONS.get(option.value)
        en, ru = (
            (region.en, region.ru)
            if region
            else option.words
            if isinstance(option.words, list)
            else (option.words, option.words)
        )
        return cls(
            value=option.value,
            name=Texts(en=en, ru=ru),
            people=option.people,
            chosen=option.chosen,
        )


class PeopleFound(Answer):
    """One page of people: best first, or by name."""

    prisoners: list[PersonShown]
    page: int
    pages: int
    total: Annotated[
        int | None, Field(description=f"How many people on all pages. {FEWER_THAN_TEN}")
    ]
    facets: Annotated[
        dict[str, list[FacetValue]] | None,
        Field(description="By filter; null where it was not asked for."),
    ]

    @classmethod
    def of(
        cls,
        found: FoundPeople,
        cases: Mapping[str, Iterable[Case]],
        releases: Mapping[str, Release],
        *,
        facets: bool,
    ) -> "PeopleFound":
        counted = {
            facet.field: [FacetValue.of(option) for option in facet.options]
            for facet in found.facets
        }
        return cls(
            prisoners=[
                PersonShown.of(person, cases[person.id], releases.get(person.id))
                for person in found.people
            ],
            page=found.page,
            pages=found.pages,
            total=found.total,
            facets=counted if facets else None,
        )
