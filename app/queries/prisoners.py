"""The catalogue as its desk sees it: people, their standing, their letters in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.batching import is_on_paper
from app.catalogue.rules import Why, eligibility
from app.catalogue.standing import facts
from app.errors import NotFound
from app.lifecycle import State
from app.models import Facility, Letter, Objection, Placement, Prisoner, Prosecution
from app.queries.lists import Step, steps
from app.searching import name_matches

PAGE = 50
SOON_DAYS = 30
"""An address is to be checked again this many days before it may no longer be printed."""

_GONE = ("released", "exchanged", "dead")
_UNPRINTED = (
    State.RECEIVED,
    State.TRANSLATING,
    State.IN_REVIEW,
    State.NEEDS_CHANGES,
    State.APPROVED,
    State.READY,
    State.BATCHED,
)


class Show(StrEnum):
    """Groups of people a coordinator asks for."""

    ALL = "all"
    PUBLIC = "public"
    TO_CONFIRM = "to_confirm"
    AGEING = "ageing"
    IN_TRANSFER = "in_transfer"
    HIDDEN = "hidden"
    GONE = "gone"


SORTS = ("name", "-name", "letters", "-letters", "checked", "-checked")


@dataclass(frozen=True)
class Wanted:
    """Which people. letters: "none" for those who may be picked and have none; or "" for all."""

    show: Show = Show.ALL
    query: str = ""
    facility_id: str = ""
    letters: str = ""
    sort: str = "name"


@dataclass(frozen=True)
class PersonRow:
    """One person in the list."""

    id: str
    name: str
    latin_name: str
    birth_year: int | None
    status: str
    published: bool
    hidden: bool
    eligible: bool
    letters: int
    place: str
    checked_on: date | None


@dataclass(frozen=True)
class Found:
    """One page of the list; `counts` says how many each group has under the same search."""

    people: list[PersonRow]
    counts: dict[Show, int]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class LettersOf:
    """Letters to one person: not on paper yet, on paper but not posted, posted; and held ones."""

    unprinted: int
    on_paper: int
    posted: int
    held: int


@dataclass(frozen=True)
class Stay:
    """Somebody at a place, from a day to a day."""

    facility_id: str
    place: str
    region: str
    from_day: date
    to_day: date | None
    checked_on: date | None
    source: str


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


@dataclass(frozen=True)
class PersonPage:
    """Everything the desk knows of one person. `reasons` is what stands against writing to them."""

    prisoner: Prisoner
    reasons: tuple[Why, ...]
    letters: LettersOf
    stays: list[Stay]
    prosecutions: Sequence[Prosecution]
    objections: list[ObjectionRow]
    steps: list[Step]

    @property
    def present(self) -> Stay | None:
        return next((stay for stay in self.stays if stay.to_day is None), None)


def find_people(
    session: Session, wanted: Wanted, today: date, address_days: int, page: int
) -> Found:
    """One page of the people wanted; page counts from 1."""
    asked = _asked(wanted)
    groups = {show: _group(show, today, address_days) for show in Show}
    counts = session.execute(
        sa.select(*(sa.func.count().filter(group) for group in groups.values()))
        .select_from(_people())
        .where(*asked)
    ).one()
    counted = dict(zip(groups, counts, strict=True))
    total = counted[wanted.show]
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        _rows()
        .where(*asked, groups[wanted.show])
        .order_by(*_order(wanted.sort))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return Found([person_row(*row) for row in rows], counted, total, page, pages)


def all_people(session: Session, wanted: Wanted, today: date, address_days: int) -> list[PersonRow]:
    """All the people wanted, for an export."""
    conditions = [*_asked(wanted), _group(wanted.show, today, address_days)]
    rows = session.execute(_rows().where(*conditions).order_by(*_order(wanted.sort)))
    return [person_row(*row) for row in rows]


def next_to_confirm(session: Session, today: date, address_days: int, after: str) -> str | None:
    """The next person whose facts need a look, by id above `after`; None when all is confirmed."""
    needing = sa.or_(
        _group(Show.TO_CONFIRM, today, address_days), _group(Show.AGEING, today, address_days)
    )
    return session.execute(
        sa.select(col(Prisoner.id))
        .select_from(_people())
        .where(needing, col(Prisoner.id) > after)
        .order_by(col(Prisoner.id))
        .limit(1)
    ).scalar()


def person_page(session: Session, prisoner_id: str, today: date, address_days: int) -> PersonPage:
    """One person with history. Raises `NotFound`."""
    row = session.get(Prisoner, prisoner_id)
    if row is None:
        raise NotFound("There is no such person.")
    placed = session.exec(
        select(Placement, Facility)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(Placement.prisoner_id == prisoner_id)
        .order_by(col(Placement.from_day).desc(), col(Placement.to_day).is_(None).desc())
    ).all()
    present = next(((stay, place) for stay, place in placed if stay.to_day is None), None)
    standing = eligibility(row, facts(present), today, address_days)
    prosecutions = session.exec(
        select(Prosecution)
        .where(Prosecution.prisoner_id == prisoner_id)
        .order_by(col(Prosecution.started_on))
    ).all()
    return PersonPage(
        row,
        standing.reasons,
        letters_of(session, prisoner_id),
        [_stay(stay, place) for stay, place in placed],
        prosecutions,
        objections(session, prisoner_id=prisoner_id),
        list(steps(session, "prisoner", prisoner_id)),
    )


def letters_of(session: Session, prisoner_id: str) -> LettersOf:
    """How many letters a change to this person would reach, and how."""
    counted = dict(
        session.execute(
            sa.select(col(Letter.state), sa.func.count())
            .where(col(Letter.prisoner_id) == prisoner_id)
            .group_by(col(Letter.state))
        ).all()
    )
    held = session.execute(
        sa.select(sa.func.count()).where(
            col(Letter.prisoner_id) == prisoner_id, col(Letter.held_reason).is_not(None)
        )
    ).scalar_one()
    batched = session.exec(
        select(Letter).where(Letter.prisoner_id == prisoner_id, Letter.state == State.BATCHED)
    ).all()
    downloaded = sum(is_on_paper(session, letter) for letter in batched)
    paper = downloaded + sum(counted.get(state, 0) for state in (State.PRINTED, State.UNKNOWN))
    unprinted = sum(counted.get(state, 0) for state in _UNPRINTED) - downloaded
    posted = sum(counted.get(state, 0) for state in (State.POSTED, State.ANSWERED))
    return LettersOf(unprinted, paper, posted, held)


def objections(
    session: Session, *, prisoner_id: str = "", undecided: bool = False, limit: int = 100
) -> list[ObjectionRow]:
    """Objections, newest first: about one person, or all that wait for a decision."""
    query = (
        select(Objection, Prisoner)
        .join(Prisoner, col(Prisoner.id) == Objection.prisoner_id, isouter=True)
        .order_by(col(Objection.created_at).desc())
        .limit(limit)
    )
    if prisoner_id:
        query = query.where(Objection.prisoner_id == prisoner_id)
    if undecided:
        query = query.where(col(Objection.decided_at).is_(None))
    return [_objection(row, prisoner) for row, prisoner in session.exec(query)]


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


def _stay(placement: Placement, facility: Facility) -> Stay:
    return Stay(
        facility.id,
        facility.name_ru,
        facility.region,
        placement.from_day,
        placement.to_day,
        placement.checked_on,
        placement.source,
    )


def _people() -> sa.FromClause:
    present = sa.and_(
        col(Placement.prisoner_id) == col(Prisoner.id), col(Placement.to_day).is_(None)
    )
    return sa.join(Prisoner, Placement, present, isouter=True).join(
        Facility, col(Facility.id) == col(Placement.facility_id), isouter=True
    )


def _rows() -> "sa.Select[Prisoner, str, date | None]":
    return sa.select(Prisoner, col(Facility.name_ru), col(Placement.checked_on)).select_from(
        _people()
    )


def person_row(prisoner: Prisoner, place: str | None, checked_on: date | None) -> PersonRow:
    return PersonRow(
        prisoner.id,
        prisoner.full_name,
        prisoner.latin_name,
        prisoner.birth_year,
        prisoner.status,
        prisoner.published,
        prisoner.hidden,
        prisoner.eligible,
        prisoner.letter_count,
        place or "",
        checked_on,
    )


def _asked(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions = [name_matches(wanted.query)]
    if wanted.facility_id:
        conditions.append(col(Placement.facility_id) == wanted.facility_id)
    if wanted.letters == "none":
        conditions += [col(Prisoner.eligible).is_(True), col(Prisoner.letter_count) == 0]
    return conditions


def _group(show: Show, today: date, address_days: int) -> sa.ColumnElement[bool]:
    alive = col(Prisoner.status).not_in(_GONE)
    oldest = today - timedelta(days=address_days - SOON_DAYS)
    confirmable = sa.and_(
        sa.not_(col(Prisoner.hidden)),
        col(Prisoner.bar).is_(None),
        alive,
        col(Prisoner.status) != "house_arrest",
    )
    return {
        Show.ALL: sa.true(),
        Show.PUBLIC: sa.and_(col(Prisoner.published), sa.not_(col(Prisoner.hidden))),
        Show.TO_CONFIRM: sa.and_(confirmable, sa.not_(col(Prisoner.published))),
        Show.AGEING: sa.and_(
            confirmable, col(Prisoner.published), col(Placement.checked_on) < oldest
        ),
        Show.IN_TRANSFER: col(Prisoner.status) == "in_transfer",
        Show.HIDDEN: col(Prisoner.hidden).is_(True),
        Show.GONE: col(Prisoner.status).in_(_GONE),
    }[show]


def _order(sort: str) -> tuple[Any, ...]:
    name = (
        sa.asc(col(Prisoner.surname)),
        sa.asc(col(Prisoner.given_name)),
        sa.asc(col(Prisoner.id)),
    )
    column: dict[str, Any] = {
        "-name": sa.desc(col(Prisoner.surname)),
        "letters": sa.asc(col(Prisoner.letter_count)),
        "-letters": sa.desc(col(Prisoner.letter_count)),
        "checked": sa.asc(sa.func.coalesce(col(Placement.checked_on), date(1970, 1, 1))),
        "-checked": sa.desc(sa.func.coalesce(col(Placement.checked_on), date(1970, 1, 1))),
    }
    return (column[sort], *name) if sort in column else name
