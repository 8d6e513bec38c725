"""The people who are shown: found by name, and read about. Nobody's counts are in here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.catalogue.rules import NoLetters, why_no_letters
from app.catalogue.standing import facts
from app.errors import NotFound
from app.finding.articles import numbered
from app.finding.facets import year_of
from app.finding.regions import code_of
from app.finding.releases import Release, release_of
from app.merged import answers_to
from app.models import Facility, Placement, Prisoner, Prosecution
from app.models.people import spelled
from app.searching import is_shown
from app.spelling import plain

UNTOLD = {"en": "", "ru": ""}


@dataclass(frozen=True)
class Person:
    """What a writer sees of somebody; kind and region are of the place where they are held.

    waits: a letter can be written, and waits until there is an address to print. named: whether
    they want to be named in public; of who does not, a writer learns what to write about, and by
    what name to call them. writable: whether letters are taken, which can end while a form is open;
    then, unless they are shown all the same, nothing but the first name is told. no_letters: why
    nobody can write to somebody who is shown; since: when whoever is free came out, where that is
    known. languages: ISO 639-1 codes of what they read, as far as is known.
    """

    id: str
    slug: str
    name: str
    latin_name: str
    called: dict[str, str]
    gender: str
    birth_year: int | None
    birthday: date | None
    origin: dict[str, str]
    profession: dict[str, str]
    story: dict[str, str]
    interests: dict[str, str]
    in_transfer: bool
    waits: bool
    kind: str
    region: str
    portrait: bool
    languages: list[str]
    named: bool = True
    writable: bool = True
    no_letters: NoLetters | None = None
    since: date | None = None


@dataclass(frozen=True)
class Case:
    """What somebody is prosecuted for, as sources publish it.

    articles: as written, each with its number to search by. verdict_on: of the first verdict.
    """

    articles: list[tuple[str, str]]
    category: str
    category_value: str
    name: str
    group: str
    region: str
    region_code: str
    city: str
    year: int | None
    stage: str
    verdict: str
    verdict_on: date | None
    months: int | None
    life: bool
    ratings: list[str]


@dataclass(frozen=True)
class PersonPage:
    """Somebody, and why they are in prison."""

    person: Person
    cases: list[Case]


def people_by_id(session: Session, ids: list[str]) -> list[Person]:
    """Those of these people who are shown, in the order given."""
    rows = session.exec(_people().where(is_shown(), col(Prisoner.id).in_(ids))).all()
    found = {row[0].id: _person(*row) for row in rows}
    return [found[prisoner_id] for prisoner_id in ids if prisoner_id in found]


def person_by_slug(session: Session, slug: str) -> Person:
    """Somebody who is shown, by the address they have or had before two records were merged.

    Raises `NotFound`, the same for hidden people and for nobody.
    """
    row = session.exec(_people().where(is_shown(), answers_to(slug))).first()
    if row is None:
        raise NotFound("Nobody is shown here.")
    return _person(*row)


def person_page(session: Session, slug: str) -> PersonPage:
    """The same with the cases. Raises `NotFound`."""
    person = person_by_slug(session, slug)
    return PersonPage(person, cases_by_person(session, [person])[person.id])


def cases_by_person(session: Session, people: Iterable[Person]) -> dict[str, list[Case]]:
    """Id of each of these people, who are shown → their cases, the oldest first."""
    found: dict[str, list[Case]] = {person.id: [] for person in people}
    rows = session.exec(
        select(Prosecution)
        .where(col(Prosecution.prisoner_id).in_(found))
        .order_by(col(Prosecution.started_year), col(Prosecution.started_on), col(Prosecution.id))
    )
    for row in rows:
        found[row.prisoner_id].append(_case(row))
    return found


def releases(session: Session, people: Iterable[Person], today: date) -> dict[str, Release]:
    """Of these people, who are shown, those who come out some day from today on: id → when.

    A known day is for our reckoning: whom it was told to may have told us alone, so that pages and
    answers say no more than the month.
    """
    ids = [person.id for person in people]
    cases: defaultdict[str, list[Prosecution]] = defaultdict(list)
    for case in session.exec(select(Prosecution).where(col(Prosecution.prisoner_id).in_(ids))):
        cases[case.prisoner_id].append(case)
    known = sa.select(
        col(Prisoner.id), col(Prisoner.status), col(Prisoner.status_since), col(Prisoner.release_on)
    )
    rows = session.execute(known.where(is_shown(), col(Prisoner.id).in_(ids)))
    found = {id_: release_of(status, since, told, cases[id_]) for id_, status, since, told in rows}
    return {id_: each for id_, each in found.items() if each and each.day >= today}


def portrait_of(session: Session, slug: str) -> str:
    """The file of a portrait in the vault. Raises `NotFound` as for nobody."""
    statement = select(Prisoner.portrait_file_id).where(is_shown(), answers_to(slug))
    found = session.exec(statement).first()
    if found is None:
        raise NotFound("Nobody is shown here.")
    return found


def person_on_form(session: Session, prisoner_id: str) -> Person:
    """The person a form was given: they stay on it, and who is hidden meanwhile is not told of."""
    row = session.exec(_people().where(col(Prisoner.id) == prisoner_id)).one()
    person = _person(*row)
    if row[0].hidden or not (row[0].published or row[0].is_public):
        return _untold(person, row[0])
    return _unnamed(person) if row[0].identity_hidden else person


def _people() -> Select[Prisoner, Placement | None, Facility | None]:
    return (
        select(Prisoner, Placement, Facility)
        .join(
            Placement,
            sa.and_(col(Placement.prisoner_id) == Prisoner.id, col(Placement.to_day).is_(None)),
            isouter=True,
        )
        .join(Facility, col(Facility.id) == Placement.facility_id, isouter=True)
    )


def _untold(person: Person, row: Prisoner) -> Person:
    called = spelled(row.latin_name, row.given_name, row.surname, hidden=True)
    return replace(
        _unnamed(replace(person, called=called)),
        slug=row.id,
        name=row.given_name,
        birth_year=None,
        profession=UNTOLD,
        interests=UNTOLD,
        languages=[],
        in_transfer=False,
        writable=False,
        no_letters=None,
        since=None,
    )


def _unnamed(person: Person) -> Person:
    return replace(
        person,
        latin_name=person.called["en"],
        birthday=None,
        origin=UNTOLD,
        story=UNTOLD,
        kind="",
        region="",
        portrait=False,
        named=False,
    )


def _person(row: Prisoner, placement: Placement | None, facility: Facility | None) -> Person:
    placed = facts((placement, facility) if placement and facility else None)
    no_letters = None if row.published else why_no_letters(row, placed)
    return Person(
        id=row.id,
        slug=row.known_slug,
        name=row.known_as,
        latin_name=row.latin_name,
        called=row.called,
        gender=row.gender,
        birth_year=row.birth_year,
        birthday=row.birthday,
        origin={"en": row.origin_en, "ru": row.origin_ru},
        profession={"en": row.profession_en, "ru": row.profession_ru},
        story={"en": row.story_en, "ru": row.story_ru},
        interests={"en": row.interests_en, "ru": row.interests_ru},
        in_transfer=row.status == "in_transfer",
        waits=not row.eligible,
        kind=facility.kind if facility else "",
        region=facility.region if facility else "",
        portrait=row.portrait_file_id is not None,
        languages=[code for code in row.languages_read.split(",") if code],
        writable=row.published,
        no_letters=no_letters,
        since=row.status_since if no_letters is NoLetters.FREE else None,
    )


def _case(row: Prosecution) -> Case:
    return Case(
        articles=numbered(row.articles),
        category=row.category,
        category_value=plain(row.category),
        name=row.case_name,
        group=row.case_group,
        region=row.region,
        region_code=code_of(row.region_iso, row.region),
        city=row.city,
        year=year_of(row),
        stage=row.stage,
        verdict=row.verdict,
        verdict_on=row.first_verdict_on,
        months=row.sentence_months,
        life=row.sentence_life,
        ratings=row.ratings,
    )
