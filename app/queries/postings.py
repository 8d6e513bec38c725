"""What was put into post boxes in a month, and what it cost: for coordinators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Letter, Posting, Prisoner
from app.queries.dashboard import was_posted
from app.queries.letters import whole_name
from app.queries.paging import PAGE, cut


@dataclass(frozen=True)
class PostedRow:
    """One posting; a letter that came back and was posted again has two."""

    letter_id: str
    number: str
    name: str
    posted_on: date
    country: str
    cents: int
    currency: str


@dataclass(frozen=True)
class Posted:
    """One page of a month's postings by day; `cents` is the postage of all of them."""

    postings: Sequence[PostedRow]
    cents: dict[str, int]
    total: int
    page: int
    pages: int


_ORDER = (col(Posting.posted_on), col(Posting.id))


def posted_in(session: Session, first: date, page: int) -> Posted:
    """One page of what was posted in the month that begins at `first`; page counts from 1."""
    cost = session.execute(
        sa.select(col(Posting.currency), sa.func.count(), sa.func.sum(col(Posting.cost_cents)))
        .where(was_posted(first))
        .group_by(col(Posting.currency))
    ).all()
    total = sum(number for _currency, number, _cents in cost)
    page, pages, start = cut(total, page)
    # Ids first: skipping pages must not join letters and people to what nobody looks at.
    ids = sa.select(col(Posting.id)).where(was_posted(first)).order_by(*_ORDER)
    these = list(session.execute(ids.offset(start).limit(PAGE)).scalars())
    rows = session.execute(_rows(col(Posting.id).in_(these)))
    cents = {currency: cents for currency, _number, cents in cost}
    return Posted([PostedRow(*row) for row in rows], cents, total, page, pages)


def all_posted_in(session: Session, first: date) -> list[PostedRow]:
    """All of a month's postings, for an export."""
    return [PostedRow(*row) for row in session.execute(_rows(was_posted(first)))]


def _rows(which: sa.ColumnElement[bool]) -> "sa.Select[*tuple[Any, ...]]":
    return (
        sa.select(
            col(Letter.id),
            col(Letter.number),
            whole_name(),
            col(Posting.posted_on),
            col(Posting.country),
            col(Posting.cost_cents),
            col(Posting.currency),
        )
        .select_from(Posting)
        .join(Letter, col(Letter.id) == col(Posting.letter_id))
        .join(Prisoner, col(Prisoner.id) == col(Letter.prisoner_id))
        .where(which)
        .order_by(*_ORDER)
    )
