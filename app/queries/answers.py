"""Replies by state, as coordinators list them. Nothing of a text or a writer is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.lifecycle import ReplyState
from app.models import Letter, Prisoner, Reply, Scan
from app.queries.letters import whole_name
from app.queries.paging import PAGE, cut


@dataclass(frozen=True)
class Wanted:
    """Which replies; without a state all of them."""

    state: ReplyState | None = None
    overdue: bool = False


@dataclass(frozen=True)
class AnswerRow:
    """One reply. number, letter_id, name: of the letter it answers, where that is known."""

    id: str
    state: str
    since: datetime
    received_on: date
    danger: bool
    asks_for_help: bool
    overdue: bool
    erased: bool
    pages: int
    letter_id: str | None
    number: str | None
    name: str | None


@dataclass(frozen=True)
class Found:
    """One page of a list, by state, and the oldest in its state first."""

    answers: Sequence[AnswerRow]
    total: int
    page: int
    pages: int


_ORDER = (col(Reply.state), col(Reply.state_since), col(Reply.id))
"""As the index `ix_reply_queue` has it: no list sorts every reply there is."""


def find_answers(session: Session, wanted: Wanted, now: datetime, page: int) -> Found:
    """One page of the replies wanted; page counts from 1."""
    conditions = _conditions(wanted, now)
    counted = sa.select(sa.func.count()).select_from(Reply).where(*conditions)
    total = int(session.execute(counted).scalar_one())
    page, pages, start = cut(total, page)
    # Ids first: skipping pages must not join letters and people to replies that nobody looks at.
    ids = sa.select(col(Reply.id)).where(*conditions).order_by(*_ORDER).offset(start).limit(PAGE)
    these = list(session.execute(ids).scalars())
    rows = session.execute(_rows([col(Reply.id).in_(these)], now))
    return Found([AnswerRow(*row) for row in rows], total, page, pages)


def all_answers(session: Session, wanted: Wanted, now: datetime) -> list[AnswerRow]:
    """All the replies wanted, for an export."""
    return [AnswerRow(*row) for row in session.execute(_rows(_conditions(wanted, now), now))]


def _conditions(wanted: Wanted, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(col(Reply.state) == str(wanted.state))
    if wanted.overdue:
        conditions.append(col(Reply.due_at) < now)
    return conditions


def _rows(
    conditions: Sequence[sa.ColumnElement[bool]], now: datetime
) -> "sa.Select[*tuple[Any, ...]]":
    pages = (
        sa.select(sa.func.count())
        .where(col(Scan.reply_id) == col(Reply.id))
        .correlate(Reply)
        .scalar_subquery()
    )
    return (
        sa.select(
            col(Reply.id),
            col(Reply.state),
            col(Reply.state_since),
            col(Reply.received_on),
            col(Reply.danger_since).is_not(None),
            col(Reply.asks_for_help),
            sa.func.coalesce(col(Reply.due_at) < now, sa.false()),
            col(Reply.erased_at).is_not(None),
            pages,
            col(Letter.id),
            col(Letter.number),
            whole_name(),
        )
        .join(Letter, col(Letter.id) == col(Reply.letter_id), isouter=True)
        .join(Prisoner, col(Prisoner.id) == col(Letter.prisoner_id), isouter=True)
        .where(*conditions)
        .order_by(*_ORDER)
    )
