"""Second records that were merged into a person's first: who they are now.

The row is gone; its id and its address lead to the person who was kept.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.models import MergedPerson, Prisoner


def now_ids(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Of these ids, those that were merged away, each with the id of who was kept."""
    rows = select(MergedPerson.id, MergedPerson.kept_id).where(col(MergedPerson.id).in_(set(ids)))
    return dict(session.exec(rows).all())


def now_id(session: Session, prisoner_id: str) -> str | None:
    """Who was kept instead of `prisoner_id`; None when nothing was merged away under it."""
    return now_ids(session, [prisoner_id]).get(prisoner_id)


def ids_of(session: Session, prisoner_id: str) -> list[str]:
    """Every id that somebody has or had: events of all of them are their history."""
    before = select(MergedPerson.id).where(MergedPerson.kept_id == prisoner_id)
    return [prisoner_id, *session.exec(before)]


def slugs_like(session: Session, base: str) -> set[str]:
    """The addresses that begin so, of everybody and of records merged away: none is free."""
    return {
        slug
        for column in (col(Prisoner.slug), col(MergedPerson.slug))
        for slug in session.execute(sa.select(column).where(column.startswith(base))).scalars()
    }


def answers_to(slug: Any) -> sa.ColumnElement[bool]:
    """A condition: the person whose address this is, or was before records were merged."""
    person = aliased(Prisoner)
    found = sa.union_all(
        sa.select(col(person.id)).where(col(person.slug) == slug),
        sa.select(col(MergedPerson.kept_id)).where(col(MergedPerson.slug) == slug),
    )
    return col(Prisoner.id) == sa.select(found.subquery().c[0]).limit(1).scalar_subquery()
