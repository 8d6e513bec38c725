"""Others: people in prison who are not shown, and are counted in the public figures.

The index has facts of public record of them, and no name, word or liking. Who they are changes only
when all are counted anew: every night, and when an import is done. What becomes of one person
between, an objection above all, changes no figure, so that none tells who is in the catalogue. Only
who is shown moves at once: that everybody can see.
"""

import random
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.database import Database
from app.finding.facets import IN_PRISON, NOT_IN_PRISON, Facet
from app.finding.facts import facets_by_person
from app.finding.keeping import is_found, keep_row, next_version
from app.inserting import insert
from app.models import PersonIndex, Prisoner
from app.searching import is_shown

_AT_ONCE = 200


def count_others(database: Database) -> int:
    """Count all others as they are now; returns of how many something else is told.

    They are written in an order that nobody can know, up to two hundred in one transaction.
    """
    with database.read() as session:
        wrong = list(_counted_wrongly(session))
    random.SystemRandom().shuffle(wrong)
    for some in _lots(wrong):
        with database.write() as session:
            _count(session, some)
    return len(wrong)


def _is_other() -> sa.ColumnElement[bool]:
    """Not shown, in prison, and nothing against being counted; see `facets.in_prison`."""
    elsewhere = sa.func.coalesce(col(Prisoner.bar), "").in_(NOT_IN_PRISON)
    barred = (elsewhere, col(Prisoner.hidden), col(Prisoner.identity_hidden), is_shown())
    return sa.and_(col(Prisoner.status).in_(IN_PRISON), *(sa.not_(each) for each in barred))


def _counted_wrongly(session: Session) -> Iterator[str]:
    others = select(col(Prisoner.id)).where(_is_other())
    counted = select(col(PersonIndex.prisoner_id)).where(
        sa.not_(is_found()), sa.cast(col(PersonIndex.facets), sa.Text) != "[]"
    )
    indexed = set(session.exec(select(col(PersonIndex.prisoner_id))))
    among = {*session.exec(others), *session.exec(counted)}
    yield from among - indexed
    for some in _lots(sorted(among & indexed)):
        rows, facets = _rows(session, some), _facets(session, some)
        for one in some:
            if rows[one].facets != facets.get(one, []):
                yield one


def _count(session: Session, ids: list[str]) -> None:
    version = next_version(session)
    rows, facets = _rows(session, ids), _facets(session, ids)
    for one, row in rows.items():
        if not row.sort_name:
            keep_row(row, version, "", facets.get(one, []))
    new = [
        {"prisoner_id": one, "version": version, "sort_name": "", "facets": facets[one]}
        for one in facets
        if one not in rows
    ]
    if new:
        insert(session, PersonIndex, *new)


def _rows(session: Session, ids: list[str]) -> dict[str, PersonIndex]:
    rows = session.exec(select(PersonIndex).where(col(PersonIndex.prisoner_id).in_(ids)))
    return {row.prisoner_id: row for row in rows}


def _facets(session: Session, ids: list[str]) -> dict[str, list[Facet]]:
    """Id of those who are others now → what they are counted under."""
    others = session.exec(select(Prisoner).where(col(Prisoner.id).in_(ids), _is_other())).all()
    return facets_by_person(session, others)


def _lots(ids: list[str]) -> Iterator[list[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
