"""The index, kept: whoever is shown is in it, whoever is not leaves nothing to be found by.

People in prison who are not shown are in it too, for the public figures: with facts of public
record to be counted under, and without a name, a word or anything they like. Whoever objected, or
does not want to be named, is not in it at all.

Every write session of ours notices by itself which people changed, with their cases and places,
and indexes them before it commits. Only rows written past the unit of work are the writer's own
business: call `index_people`.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session, col, select

from app.finding.facets import IN_PRISON, NOT_IN_PRISON, Facet, facets_of
from app.finding.names import LONGEST_WORD, name_words, sort_name, trigrams
from app.inserting import insert, insertion
from app.models import (
    Facility,
    PersonIndex,
    PersonWord,
    Placement,
    Prisoner,
    Prosecution,
    WordTrigram,
)
from app.searching import folded, is_shown, plain

_LOCK = 7_216_002
_CHANGED = "people to index"
_CHUNK = 500
_SHORTEST_WORD = 3


def index_person(session: Session, prisoner: Prisoner) -> None:
    """Index one person as they are now, in this transaction."""
    session.flush()
    index_people(session, [prisoner.id])


def index_people(session: Session, ids: Iterable[str]) -> None:
    """Index these people as they are now; who is neither shown nor counted is taken out."""
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), _CHUNK):
        _index(session, wanted[at : at + _CHUNK])


def index_what_is_missing(session: Session, limit: int = 500) -> int:
    """Index people who should be in the index as they are not yet; returns how many. Till zero."""
    indexed, names = PersonIndex.prisoner_id, col(PersonIndex.sort_name)
    anything = sa.cast(col(PersonIndex.facets), sa.Text) != "[]"
    shown, counted = select(Prisoner.id).where(is_shown()), select(Prisoner.id).where(_is_counted())
    found, person = select(indexed).where(names != ""), col(Prisoner.id)
    only_counted = select(indexed).where(names == "", anything)
    wrong = (
        shown.where(person.not_in(found)),
        counted.where(person.not_in(only_counted)),
        found.where(col(indexed).not_in(shown)),
        only_counted.where(col(indexed).not_in(counted)),
    )
    ids = {found for each in wrong for found in session.exec(each.limit(limit))}
    index_people(session, ids)
    return len(ids)


def _is_counted() -> sa.ColumnElement[bool]:
    """Not shown, in prison, and nothing against being counted; see `facets.in_prison`."""
    elsewhere = sa.func.coalesce(col(Prisoner.bar), "").in_(NOT_IN_PRISON)
    barred = (elsewhere, col(Prisoner.hidden), col(Prisoner.identity_hidden), is_shown())
    return sa.and_(col(Prisoner.status).in_(IN_PRISON), *(sa.not_(each) for each in barred))


def _index(session: Session, ids: list[str]) -> None:
    concerned = col(Prisoner.id).in_(ids), sa.or_(is_shown(), _is_counted())
    people = session.exec(select(Prisoner).where(*concerned)).all()
    known = select(PersonIndex).where(col(PersonIndex.prisoner_id).in_(ids))
    rows = {row.prisoner_id: row for row in session.exec(known)}
    cases, places = _cases(session, ids), _places(session, ids)
    version = _next_version(session) if people or rows else 0
    for prisoner_id in rows.keys() - {person.id for person in people}:
        _keep_row(rows[prisoner_id], version, "", [])
    for person in people:
        row = rows.setdefault(person.id, PersonIndex(prisoner_id=person.id, version=version))
        facets = facets_of(person, cases.get(person.id, []), places.get(person.id))
        _keep_row(row, version, _name_of(person), facets)
    session.add_all(rows.values())
    session.flush()
    numbers = {row.prisoner_id: row.number for row in rows.values()}
    _write_words(session, [person for person in people if person.is_public], numbers)


def _name_of(person: Prisoner) -> str:
    if not person.is_public:
        return ""
    return sort_name(person.surname, person.given_name, person.patronymic) or " "


def _keep_row(row: PersonIndex, version: int, name: str, facets: list[Facet]) -> None:
    """What is as it was keeps its version, so that no process reads it again."""
    if (row.sort_name, row.facets) != (name, facets):
        row.version, row.sort_name, row.facets = version, name, facets


def _write_words(
    session: Session, people: Iterable[Prisoner], numbers: dict[str, int | None]
) -> None:
    session.execute(sa.delete(PersonWord).where(col(PersonWord.number).in_(numbers.values())))
    words = [(person.id, field, word) for person in people for field, word in _words(person)]
    if words:
        rows = [{"field": field, "word": word, "number": numbers[of]} for of, field, word in words]
        insert(session, PersonWord, *rows)
    names = sorted({word for _, field, word in words if field == "name"})
    threes = [{"trigram": three, "word": name} for name in names for three in trigrams(name)]
    if threes:
        statement = insertion(session, WordTrigram).on_conflict_do_nothing()
        session.connection().execute(statement, threes)


def _words(person: Prisoner) -> Iterator[tuple[str, str]]:
    likes = (
        f"{person.interests_en} {person.interests_ru} {person.profession_en} {person.profession_ru}"
    )
    told = f"{person.story_en} {person.story_ru} {person.origin_en} {person.origin_ru} {likes}"
    names = name_words(person.surname, person.given_name, person.patronymic, person.latin_name)
    yield from (("name", word) for word in names)
    yield from (("like", word) for word in text_words(likes))
    yield from (("text", word) for word in text_words(told))


def text_words(text: str) -> set[str]:
    """The words of a text that are worth looking for, as they sound."""
    words = {word for written in set(plain(text).split()) for word in _sounds(written)}
    return {word[:LONGEST_WORD] for word in words if len(word) >= _SHORTEST_WORD}


@lru_cache(maxsize=20_000)
def _sounds(word: str) -> tuple[str, ...]:
    """A word as it sounds; the same words come again and again."""
    return tuple(folded(word).split())


def _cases(session: Session, ids: list[str]) -> dict[str, list[Prosecution]]:
    found: dict[str, list[Prosecution]] = {}
    for case in session.exec(select(Prosecution).where(col(Prosecution.prisoner_id).in_(ids))):
        found.setdefault(case.prisoner_id, []).append(case)
    return found


def _places(session: Session, ids: list[str]) -> dict[str, Facility]:
    rows = session.exec(
        select(Placement.prisoner_id, Facility)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(col(Placement.prisoner_id).in_(ids), col(Placement.to_day).is_(None))
    )
    return dict(rows.all())


def _next_version(session: Session) -> int:
    """Higher than any before, in the order of commits: others see no gap that fills up later."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    return (session.exec(select(sa.func.max(PersonIndex.version))).one() or 0) + 1


@sa.event.listens_for(OrmSession, "before_flush")
def _notice(session: OrmSession, _context: object, _rows: object) -> None:
    if "database" not in session.info:
        return
    changed: set[str] = session.info.setdefault(_CHANGED, set())
    touched = [*session.new, *session.deleted, *filter(session.is_modified, session.dirty)]
    for row in touched:
        changed.update(_concerned(session, row))


def _concerned(session: OrmSession, row: Any) -> Iterable[str]:
    if isinstance(row, Prisoner):
        return [row.id]
    if isinstance(row, Placement | Prosecution):
        return [row.prisoner_id]
    if isinstance(row, Facility) and not sa.inspect(row).pending:
        there = sa.select(col(Placement.prisoner_id)).where(
            col(Placement.facility_id) == row.id, col(Placement.to_day).is_(None)
        )
        with session.no_autoflush:
            return session.execute(there).scalars().all()
    return []


@sa.event.listens_for(OrmSession, "before_commit")
def _keep(session: OrmSession) -> None:
    if "database" not in session.info or session.in_nested_transaction():
        return
    session.flush()
    changed: set[str] = session.info.pop(_CHANGED, set())
    if changed and isinstance(session, Session):
        index_people(session, changed)
