"""Objections of people, families and lawyers, for the coordinator who decides them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.errors import NotFound
from app.models import Objection, Prisoner
from app.queries.alarms import Page
from app.queries.paging import PAGE, cut


@dataclass(frozen=True)
class ObjectionRow:
    """An objection as the deciding coordinator sees it."""

    id: str
    prisoner_id: str | None
    name: str
    about: str
    relation: str
    message: str
    contact: str
    hid: bool
    created_at: datetime
    decision: str | None


def objections(session: Session, prisoner_id: str) -> list[ObjectionRow]:
    """Objections about one person, newest first, the latest hundred."""
    query = _objections().where(Objection.prisoner_id == prisoner_id)
    newest = query.order_by(col(Objection.created_at).desc()).limit(100)
    return [_objection(row, prisoner) for row, prisoner in session.exec(newest)]


def undecided_objections(session: Session, page: int = 1) -> Page[ObjectionRow]:
    """What waits for a decision, whoever waits longest first."""
    undecided = col(Objection.decided_at).is_(None)
    total = session.execute(
        sa.select(sa.func.count()).select_from(Objection).where(undecided)
    ).scalar_one()
    page, pages, start = cut(total, page)
    oldest = col(Objection.created_at), col(Objection.id)
    rows = session.exec(_objections().where(undecided).order_by(*oldest).offset(start).limit(PAGE))
    return Page([_objection(row, prisoner) for row, prisoner in rows], total, page, pages)


def _objections() -> "Select[Objection, Prisoner]":
    return select(Objection, Prisoner).join(
        Prisoner, col(Prisoner.id) == Objection.prisoner_id, isouter=True
    )


def objection(session: Session, objection_id: str) -> ObjectionRow:
    """One objection. Raises `NotFound`."""
    row = session.get(Objection, objection_id)
    if row is None:
        raise NotFound("There is no such objection.")
    prisoner = session.get(Prisoner, row.prisoner_id) if row.prisoner_id else None
    return _objection(row, prisoner)


def _objection(row: Objection, prisoner: Prisoner | None) -> ObjectionRow:
    return ObjectionRow(
        row.id,
        row.prisoner_id,
        prisoner.full_name if prisoner else "",
        row.about or "",
        row.relation,
        row.message or "",
        row.contact or "",
        row.hid,
        row.created_at,
        row.decision,
    )
