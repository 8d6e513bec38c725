"""People whom a list named and does not name any more, until somebody says what that means."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.catalogue.still_there import STILL_THERE, key_of
from app.lifecycle import WITH_US
from app.models import ImportAnswer, Letter, Prisoner, SourceId
from app.models.people import GONE
from app.queries.imports import labels


@dataclass(frozen=True)
class Missing:
    """source: the list's short name, which `label` spells out; since: the day it lost them.

    letters: not posted yet.
    """

    person_id: str
    source: str
    label: str
    since: date
    letters: int


def missing(session: Session, prisoner_id: str = "") -> dict[str, list[Missing]]:
    """Everybody, or one person, by id: those with most letters under way first, then by day.

    Who is known under several ids is missing when none of them is left. Whoever is free or dead
    in our own records is not asked about, nor whom somebody called «still there» since.
    """
    named = aliased(SourceId)
    still_named = sa.exists().where(
        col(named.source) == col(SourceId.source),
        col(named.subject) == "prisoner",
        col(named.target_id) == col(SourceId.target_id),
        col(named.gone_on).is_(None),
    )
    rows = (
        select(SourceId)
        .join(Prisoner, col(Prisoner.id) == SourceId.target_id)
        .where(
            SourceId.subject == "prisoner",
            col(SourceId.gone_on).is_not(None),
            col(Prisoner.status).not_in(GONE),
            sa.not_(still_named),
        )
    )
    if prisoner_id:
        rows = rows.where(SourceId.target_id == prisoner_id)
    lost = session.exec(rows).all()
    if not lost:
        return {}
    given = _answered(session)
    since: dict[tuple[str, str], date] = {}
    for row in lost:
        if row.gone_on and (row.source, key_of(row.key, row.gone_on)) not in given:
            at = row.target_id, row.source
            since[at] = max(row.gone_on, since.get(at, row.gone_on))
    return _told(session, since)


def _answered(session: Session) -> set[tuple[str, str]]:
    given = select(ImportAnswer.source, ImportAnswer.key)
    return set(session.exec(given.where(ImportAnswer.topic == STILL_THERE)).all())


def _told(session: Session, since: dict[tuple[str, str], date]) -> dict[str, list[Missing]]:
    letters = _letters(session, {id_ for id_, _source in since})
    called = labels(session)
    found = defaultdict(list)
    order = sorted(since.items(), key=lambda each: (-letters.get(each[0][0], 0), each[1], each[0]))
    for (id_, source), day in order:
        found[id_].append(
            Missing(id_, source, called.get(source, source), day, letters.get(id_, 0))
        )
    return dict(found)


def _letters(session: Session, ids: set[str]) -> dict[str, int]:
    counted = (
        sa.select(col(Letter.prisoner_id), sa.func.count())
        .where(col(Letter.prisoner_id).in_(ids), col(Letter.state).in_(sorted(WITH_US)))
        .group_by(col(Letter.prisoner_id))
    )
    return dict(session.execute(counted).all())
