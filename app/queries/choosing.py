"""The people who may be shown: found by name, and read about. Nobody's counts are in here."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.errors import NotFound
from app.models import Facility, Placement, Prisoner
from app.searching import name_matches

PAGE = 20


@dataclass(frozen=True)
class Person:
    """What a writer sees of somebody. `where` is the kind of place and its region."""

    id: str
    slug: str
    name: str
    latin_name: str
    gender: str
    birth_year: int | None
    birthday: date | None
    origin: dict[str, str]
    profession: dict[str, str]
    story: dict[str, str]
    interests: dict[str, str]
    in_transfer: bool
    kind: str
    region: str


@dataclass(frozen=True)
class Found:
    """One page of people, by name."""

    people: list[Person]
    page: int
    pages: int


def is_shown() -> sa.ColumnElement[bool]:
    """The one condition for appearing in public."""
    return sa.and_(col(Prisoner.published), sa.not_(col(Prisoner.hidden)))


def find_people(session: Session, query: str, page: int) -> Found:
    """People whose name matches `query` in either alphabet; page counts from 1."""
    wanted = sa.and_(is_shown(), name_matches(query))
    total = session.exec(select(sa.func.count()).select_from(Prisoner).where(wanted)).one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = session.exec(
        _people()
        .where(wanted)
        .order_by(col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()
    return Found([_person(*row) for row in rows], page, pages)


def person_by_slug(session: Session, slug: str) -> Person:
    """Somebody who is shown. Raises `NotFound`, the same for hidden people and for nobody."""
    row = session.exec(_people().where(is_shown(), col(Prisoner.slug) == slug)).first()
    if row is None:
        raise NotFound("Nobody is shown here.")
    return _person(*row)


def person_on_form(session: Session, prisoner_id: str) -> Person:
    """The person a form was given, whatever has become of them meanwhile."""
    row = session.exec(_people().where(col(Prisoner.id) == prisoner_id)).one()
    return _person(*row)


def _people() -> Select[Prisoner, Facility | None]:
    return (
        select(Prisoner, Facility)
        .join(
            Placement,
            sa.and_(col(Placement.prisoner_id) == Prisoner.id, col(Placement.to_day).is_(None)),
            isouter=True,
        )
        .join(Facility, col(Facility.id) == Placement.facility_id, isouter=True)
    )


def _person(row: Prisoner, facility: Facility | None) -> Person:
    return Person(
        id=row.id,
        slug=row.slug,
        name=row.full_name,
        latin_name=row.latin_name,
        gender=row.gender,
        birth_year=row.birth_year,
        birthday=row.birthday,
        origin={"en": row.origin_en, "ru": row.origin_ru},
        profession={"en": row.profession_en, "ru": row.profession_ru},
        story={"en": row.story_en, "ru": row.story_ru},
        interests={"en": row.interests_en, "ru": row.interests_ru},
        in_transfer=row.status == "in_transfer",
        kind=facility.kind if facility else "",
        region=facility.region if facility else "",
    )
