"""What waits, where, and since when: each state is a queue, and a role acts in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

from app import lifecycle
from app.lifecycle import ReplyState, Role, State
from app.models import Letter, Reply

AnyState = TypeVar("AnyState", State, ReplyState)


@dataclass(frozen=True)
class Queue(Generic[AnyState]):
    """What waits in one state; since when the oldest; how many are past their deadline."""

    state: AnyState
    count: int
    oldest: datetime | None
    overdue: int


def letters_waiting(session: Session, now: datetime, roles: frozenset[Role]) -> list[Queue[State]]:
    """Letters that wait for any of `roles` and are not held, in the order of their life."""
    wanted = [state for state, station in lifecycle.LETTER.items() if station.who in roles]
    return _waiting(session, Letter, wanted, now, col(Letter.held_reason).is_(None))


def replies_waiting(
    session: Session, now: datetime, roles: frozenset[Role]
) -> list[Queue[ReplyState]]:
    """Replies that wait for any of `roles`, in the order of their life."""
    wanted = [state for state, station in lifecycle.REPLY.items() if station.who in roles]
    return _waiting(session, Reply, wanted, now, sa.true())


def _waiting(
    session: Session,
    table: type[Letter] | type[Reply],
    states: list[AnyState],
    now: datetime,
    condition: sa.ColumnElement[bool],
) -> list[Queue[AnyState]]:
    overdue = sa.func.sum(sa.case((col(table.due_at) < now, 1), else_=0))
    rows = session.execute(
        sa.select(col(table.state), sa.func.count(), sa.func.min(col(table.state_since)), overdue)
        .where(col(table.state).in_([str(state) for state in states]), condition)
        .group_by(col(table.state))
    )
    counted = {state: (count, oldest, int(late)) for state, count, oldest, late in rows}
    return [Queue(state, *counted.get(str(state), (0, None, 0))) for state in states]
