"""«I object to a page about me or somebody close to me»: hidden at once, then a person decides.

Whoever objects learns nothing: the answer is the same whether the person exists, is public, or is
hidden already. Against abuse, only so many objections a day hide by themselves; all are alarmed,
and so is one that does not say clearly whom it means.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import Session, col, select

from app import merged, moving, readdressing
from app.catalogue.details import Line, Prose, Typed
from app.catalogue.editing import show
from app.catalogue.history import remember
from app.catalogue.meant import those_meant
from app.catalogue.standing import Occasion, people_to_change, person_to_change, refresh
from app.errors import Conflict, NotFound
from app.lifecycle import Hold
from app.models import Alarm, Event, Objection, Prisoner
from app.models.columns import new_id
from app.moving import Actor
from app.sealing import keyring
from app.turns import Turn, take_turn

HIDING_IN_A_DAY = 20
HIDING_IN_A_SITTING = 3
HIDDEN_FOR = "objection"
"""Why somebody was hidden whom no coordinator hid for reasons of their own."""


class Relation(StrEnum):
    SELF = "self"
    FAMILY = "family"
    LAWYER = "lawyer"
    OTHER = "other"


class Decision(StrEnum):
    UPHELD = "upheld"
    REVERSED = "reversed"


class ObjectionDetails(Typed):
    """The public form. `about` is a name as somebody writes it, or the address of a page."""

    about: Line = Field(min_length=1, max_length=200)
    relation: Relation
    message: Prose = Field("", max_length=4000)
    contact: Line = Field("", max_length=200)


def whom(session: Session, details: ObjectionDetails) -> list[str]:
    """The ids of those who are meant, found in a read session: comparing names takes its time."""
    return [person.id for person in those_meant(session, details.about)]


def object_to(
    session: Session,
    details: ObjectionDetails,
    meant: Sequence[str],
    sitting: str,
    today: str,
    now: datetime,
) -> list[str]:
    """Keep an objection, hide whom it is about, hold their unprinted letters, ring the alarm.

    meant: whom `whom` found. sitting: a random value of this browser, kept as a keyed hash of it
    and the day (`today`). Returns the ids of what was kept, for each person who is meant; the page
    tells nobody.
    """
    hashed = keyring().hashed("objection", f"{today}\0{sitting}")
    take_turn(session, Turn.HIDING)  # whoever counts sees everybody before
    allowed = _may_hide(session, hashed, now)
    kept = merged.now_ids(session, meant)
    people = people_to_change(session, {kept.get(id_, id_) for id_ in meant})
    targets: list[Prisoner | None] = [*people] or [None]
    return [_keep(session, details, prisoner, hashed, now, allowed=allowed) for prisoner in targets]


def decide(session: Session, objection_id: str, decision: Decision, occasion: Occasion) -> None:
    """A coordinator upholds an objection (hidden it stays) or reverses it (the rule decides again).

    Raises `NotFound`, or `Conflict` when it was decided before.
    """
    row = session.get(Objection, objection_id)
    if row is None:
        raise NotFound("There is no such objection.")
    session.flush()
    people_to_change(session, filter(None, [row.prisoner_id]))
    # Two coordinators have it open: the slower one waits here, and is told.
    session.refresh(row, with_for_update=True)
    if row.decided_at is not None:
        raise Conflict("This objection was decided already.")
    row.decided_at, row.decision = occasion.now, decision
    row.decided_by = occasion.actor.staff_id
    session.flush()
    _settle_alarm(session, row, occasion)
    if row.prisoner_id is None:
        return
    prisoner = person_to_change(session, row.prisoner_id)
    if decision is Decision.UPHELD:
        _hide(session, prisoner, occasion.actor, occasion.now)
        refresh(session, prisoner, occasion)
    elif not _stands(session, prisoner.id) and why_hidden(session, prisoner.id) == HIDDEN_FOR:
        show(session, prisoner.id, "objection reversed", occasion)
    remember(session, "prisoner", prisoner.id, f"objection {decision}", occasion, {})


def _may_hide(session: Session, sitting: str, now: datetime) -> bool:
    lately = (col(Objection.created_at) > now - timedelta(days=1), col(Objection.hid))
    everybody = session.execute(
        sa.select(sa.func.count()).select_from(Objection).where(*lately)
    ).scalar_one()
    this_one = session.execute(
        sa.select(sa.func.count())
        .select_from(Objection)
        .where(*lately, Objection.sitting == sitting)  # type: ignore[arg-type]
    ).scalar_one()
    return bool(everybody < HIDING_IN_A_DAY and this_one < HIDING_IN_A_SITTING)


def _keep(
    session: Session,
    details: ObjectionDetails,
    prisoner: Prisoner | None,
    sitting: str,
    now: datetime,
    *,
    allowed: bool,
) -> str:
    hides = prisoner is not None and allowed and not prisoner.hidden
    row = Objection(
        id=new_id(),
        prisoner_id=prisoner.id if prisoner else None,
        sitting=sitting,
        relation=details.relation,
        hid=hides,
        created_at=now,
    )
    row.about, row.message, row.contact = details.about, details.message, details.contact
    session.add(row)
    unclear = "objection_unclear" if prisoner is None else "objection"
    kind = unclear if allowed else "objection_unhidden"
    session.add(Alarm(kind=kind, subject_id=row.id, created_at=now))
    session.flush()
    if hides and prisoner is not None:
        _hide(session, prisoner, Actor("public"), now)
    return row.id


def _hide(session: Session, prisoner: Prisoner, actor: Actor, now: datetime) -> None:
    was_hidden = prisoner.hidden
    # The rule would say the same of the rest; an objection does not wait for it.
    prisoner.hidden = True
    prisoner.published = prisoner.named = prisoner.eligible = False
    if not was_hidden:
        moving.record(
            session, "prisoner", prisoner.id, actor, now, origin=None, to="hidden", why=HIDDEN_FOR
        )
    prisoner.changed_at = now
    session.flush()
    readdressing.readdress(session, prisoner.id, None, Hold.OBJECTED, actor, now)


def _stands(session: Session, prisoner_id: str) -> bool:
    """Whether another objection, upheld or not decided yet, still keeps the person hidden."""
    open_or_upheld = sa.or_(
        col(Objection.decided_at).is_(None), col(Objection.decision) == str(Decision.UPHELD)
    )
    found = (
        select(Objection.id).where(Objection.prisoner_id == prisoner_id, open_or_upheld).limit(1)
    )
    return session.exec(found).first() is not None


def why_hidden(session: Session, prisoner_id: str) -> str | None:
    """What was said when the person was last hidden or shown; `HIDDEN_FOR` if by an objection."""
    return session.exec(
        select(Event.why)
        .where(
            Event.subject == "prisoner",
            Event.subject_id == prisoner_id,
            col(Event.to).in_(["hidden", "shown"]),
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()


def _settle_alarm(session: Session, row: Objection, occasion: Occasion) -> None:
    session.execute(
        sa.update(Alarm)
        .where(
            col(Alarm.subject_id) == row.id,
            col(Alarm.kind).startswith("objection"),
            col(Alarm.settled_at).is_(None),
        )
        .values(settled_at=occasion.now, settled_by=occasion.actor.staff_id)
    )
