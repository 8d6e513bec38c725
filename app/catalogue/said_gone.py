"""Alarms for people with letters under way whom a list says to be free or dead, and we do not.

Letters would go to somebody who is not there any more: coordinators decide about it first.
"""

from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models import Alarm
from app.models.columns import new_id
from app.moving import Actor

SAID_FREE, SAID_DEAD = KINDS = ("said_free", "said_dead")
KIND_OF = {"released": SAID_FREE, "exchanged": SAID_FREE, "dead": SAID_DEAD}
"""What a list says → the alarm that rings."""


def ring(session: Session, prisoner_id: str, status: str, label: str, now: datetime) -> None:
    """One alarm for each person and list at a time. status: a key of `KIND_OF`."""
    kind, detail = KIND_OF[status], label[:200]
    there = select(Alarm.id).where(
        Alarm.kind == kind,
        Alarm.subject_id == prisoner_id,
        Alarm.detail == detail,
        col(Alarm.settled_at).is_(None),
    )
    if session.exec(there).first() is None:
        settle(session, prisoner_id, None, now, label)  # dead after all, not free
        session.add(
            Alarm(id=new_id(), kind=kind, subject_id=prisoner_id, detail=detail, created_at=now)
        )


def settle(
    session: Session,
    prisoner_id: str,
    actor: Actor | None,
    now: datetime,
    label: str | None = None,
    *,
    kind: str | None = None,
) -> None:
    """What was decided rings no more; without `label` for every list that said so.

    kind: only this; that somebody is free settles nothing about a list that says they died.
    """
    ringing = _ringing(prisoner_id)
    if label is not None:
        ringing = ringing.where(Alarm.detail == label[:200])
    if kind is not None:
        ringing = ringing.where(Alarm.kind == kind)
    for alarm in session.exec(ringing):
        alarm.settled_at, alarm.settled_by = now, actor.staff_id if actor else None


def hand_over(session: Session, kept_id: str, other_id: str, actor: Actor, now: datetime) -> None:
    """Two records are one: what lists say of the other rings for the kept one, and once only."""
    known = {(alarm.kind, alarm.detail) for alarm in session.exec(_ringing(kept_id))}
    for alarm in session.exec(_ringing(other_id)).all():
        if (alarm.kind, alarm.detail) in known:
            alarm.settled_at, alarm.settled_by = now, actor.staff_id
        alarm.subject_id = kept_id


def ringing_for(session: Session, label: str) -> set[str]:
    """Of whom a list says so, and nobody decided."""
    rows = select(Alarm.subject_id).where(
        col(Alarm.kind).in_(KINDS),
        Alarm.detail == label[:200],
        col(Alarm.settled_at).is_(None),
    )
    return set(session.exec(rows))


def _ringing(prisoner_id: str) -> SelectOfScalar[Alarm]:
    return select(Alarm).where(
        col(Alarm.kind).in_(KINDS),
        Alarm.subject_id == prisoner_id,
        col(Alarm.settled_at).is_(None),
    )
