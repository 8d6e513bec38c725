"""The index, kept: whoever is shown is in it, whoever is not leaves nothing to be found by.

Every write session of ours notices by itself which people changed, with their cases and places,
and indexes them before it commits. Only rows written past the unit of work are the writer's own
business: call `index_people`. Of people in prison who are not shown the index has facts for the
public figures, which nothing here changes: see `app.finding.counting`.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session, col, select

from app.finding.facets import Facet
from app.finding.facts import facets_by_person
from app.finding.names import sort_name
from app.finding.words import write_words
from app.models import Facility, PersonIndex, Placement, Prisoner, Prosecution
from app.searching import is_shown
from app.turns import Turn, take_turn

_CHANGED = "people to index"
_CHUNK = 500


def index_people(session: Session, ids: Iterable[str]) -> None:
    """Index these people as they are now; who is not shown any more is taken out."""
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), _CHUNK):
        _index(session, wanted[at : at + _CHUNK])


def index_what_is_missing(session: Session, limit: int = 500) -> int:
    """Index people who are not in the index as they should be; returns how many. Till zero."""
    indexed, person = col(PersonIndex.prisoner_id), col(Prisoner.id)
    shown, found = select(person).where(is_shown()), select(indexed).where(is_found())
    wrong = shown.where(person.not_in(found)), found.where(indexed.not_in(shown))
    ids = {found for each in wrong for found in session.exec(each.limit(limit))}
    index_people(session, ids)
    return len(ids)


def is_found() -> sa.ColumnElement[bool]:
    """The rows of people who are shown."""
    return col(PersonIndex.sort_name) != ""


def keep_row(row: PersonIndex, version: int, name: str, facets: list[Facet]) -> None:
    """What is as it was keeps its version, so that no process reads it again."""
    if (row.sort_name, row.facets) != (name, facets):
        row.version, row.sort_name, row.facets = version, name, facets


def in_turn(session: Session) -> None:
    """Until this transaction ends nobody else writes the index."""
    take_turn(session, Turn.INDEXING)


def next_version(session: Session) -> int:
    """Higher than any before, in the order of commits: others see no gap that fills up later."""
    in_turn(session)
    return (session.exec(select(sa.func.max(PersonIndex.version))).one() or 0) + 1


def _index(session: Session, ids: list[str]) -> None:
    """Everything is read anew once it is our turn: somebody before us may have changed it."""
    version = next_version(session)
    shown = select(Prisoner).where(col(Prisoner.id).in_(ids), is_shown())
    people = session.exec(shown.execution_options(populate_existing=True)).all()
    known = select(PersonIndex).where(col(PersonIndex.prisoner_id).in_(ids))
    known = known.execution_options(populate_existing=True)
    rows = {row.prisoner_id: row for row in session.exec(known)}
    for prisoner_id in rows.keys() - {person.id for person in people}:
        if rows[prisoner_id].sort_name:
            keep_row(rows[prisoner_id], version, "", [])
    facets = facets_by_person(session, people)
    for person in people:
        row = rows.setdefault(person.id, PersonIndex(prisoner_id=person.id, version=version))
        keep_row(row, version, _name_of(person), facets[person.id])
    session.add_all(rows.values())
    session.flush()
    write_words(session, people, {row.prisoner_id: row.number for row in rows.values()})


def _name_of(person: Prisoner) -> str:
    return sort_name(person.surname, person.given_name, person.patronymic) or " "


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
