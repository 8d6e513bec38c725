"""Lists of people as the catalogue's desk asks for them: by standing, letters, replies, place."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Facility, Placement, Prisoner
from app.models.columns import utc_now
from app.models.people import GONE
from app.queries import asked
from app.queries import letters_of_people as had
from app.queries.paging import PAGE, cut
from app.searching import is_shown, name_matches

SOON_DAYS = 30
"""An address is to be checked again this many days before it may no longer be printed."""


class Show(StrEnum):
    """Groups of people a coordinator asks for."""

    ALL = "all"
    PUBLIC = "public"
    TO_CONFIRM = "to_confirm"
    SET_ASIDE = "set_aside"
    REFUSED = "refused"
    AGEING = "ageing"
    NO_ADDRESS = "no_address"
    IN_TRANSFER = "in_transfer"
    HIDDEN = "hidden"
    GONE = "gone"


class Letters(StrEnum):
    """By letters, of those who can be written to; *_PICKED of those who may be picked; or WRITING.

    Whoever is in transfer, or at an old address, can be written to, and is not picked: letters
    wait. WRITING: somebody writes to them at this moment, and the letter counts already.
    """

    NONE = "none"
    UNDER = "under"
    REACHED = "reached"
    PICKED = "picked"
    NONE_PICKED = "none_picked"
    UNDER_PICKED = "under_picked"
    REACHED_PICKED = "reached_picked"
    LONGEST = "longest"
    WRITING = "writing"


@dataclass(frozen=True)
class Span:
    """From so many letters to so many, of those who may be picked; `most` None: or more."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most == self.least:
            return str(self.least)
        return f"{self.least}-{'' if self.most is None else self.most}"


def span(text: str) -> Span | None:
    """What `3`, `11-20` or `21-` asks for; None when it is none of these."""
    found = re.fullmatch(r"([0-9]{1,6})(-([0-9]{0,6}))?", text)
    if found is None:
        return None
    least = int(found[1])
    if found[2] is None:
        return Span(least, least)
    return Span(least, int(found[3]) if found[3] else None)


class Replies(StrEnum):
    """Everybody belongs to one of these."""

    ANSWERED = "answered"
    SILENT = "silent"
    NOTHING_POSTED = "nothing_posted"


SORTS = ("name", "-name", "letters", "-letters", "checked", "-checked", "waiting", "-waiting")


@dataclass(frozen=True)
class Wanted:
    """Which people. target: how many letters each person should have; now: when it is asked.

    Without a sort they come by name, those asked for as longest without by how long they wait,
    and those to confirm by how urgent it is. source: the list that they came from.
    """

    show: Show = Show.ALL
    query: str = ""
    facility_id: str = ""
    source: str = ""
    letters: Letters | Span | None = None
    replies: Replies | None = None
    sort: str = ""
    target: int = 5
    now: datetime = field(default_factory=utc_now)

    @property
    def sorted_by(self) -> str:
        if self.sort:
            return self.sort
        if self.letters == Letters.LONGEST:
            return "waiting"
        return "urgent" if self.show == Show.TO_CONFIRM else "name"


@dataclass(frozen=True)
class PersonRow:
    """One person in a list.

    last_letter: the day the last one was posted that did not come back; writable_since: the day
    they were first confirmed, or entered; both None where the list does not ask.
    """

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
    replies: int = 0
    last_letter: date | None = None
    writable_since: date | None = None
    public: bool = False


@dataclass(frozen=True)
class Found:
    """One page of the list; `counts` says how many each group has under the same search."""

    people: list[PersonRow]
    counts: dict[Show, int]
    total: int
    page: int
    pages: int


def find_people(
    session: Session, wanted: Wanted, today: date, address_days: int, page: int
) -> Found:
    """One page of the people wanted; page counts from 1."""
    conditions = conditions_of(wanted)
    groups = {show: group(show, today, address_days) for show in Show}
    # Once through everybody, with the groups of each as bits of one number: ten columns of ten
    # thousand people are dearer to fetch than they are to ask.
    bits = {show: 1 << at for at, show in enumerate(groups)}
    member: Any = sum(sa.case((groups[show], bit), else_=0) for show, bit in bits.items())
    ordered = _ordered(conditions, wanted.sorted_by).add_columns(member)
    everybody = session.execute(ordered).all()
    kinds = Counter(each[1] for each in everybody)
    counted = {
        show: sum(number for kind, number in kinds.items() if kind & bit)
        for show, bit in bits.items()
    }
    total = counted[wanted.show]
    page, pages, start = cut(total, page)
    bit = bits[wanted.show]
    ids = [each[0] for each in everybody if each[1] & bit][start : start + PAGE]
    rows = people_by_id(session, ids)
    people = with_letters(session, [rows[id_] for id_ in ids])
    return Found(people, counted, total, page, pages)


def all_people(session: Session, wanted: Wanted, today: date, address_days: int) -> list[PersonRow]:
    """All the people wanted, for an export."""
    conditions = [*conditions_of(wanted), group(wanted.show, today, address_days)]
    ids = session.execute(_ordered(conditions, wanted.sorted_by)).scalars()
    rows = {
        row[0].id: person_row(*row) for row in session.execute(person_rows().where(*conditions))
    }
    return with_letters(session, [rows[id_] for id_ in ids])


def people_by_id(session: Session, ids: Sequence[str]) -> dict[str, PersonRow]:
    """These people, without their letters."""
    rows = session.execute(person_rows().where(col(Prisoner.id).in_(ids)))
    return {row.id: row for row in (person_row(*found) for found in rows)}


def group(show: Show, today: date, address_days: int) -> sa.ColumnElement[bool]:
    """Who belongs to a group, as a condition on `placed_people`."""
    oldest = today - timedelta(days=address_days - SOON_DAYS)
    unseen = sa.and_(confirmable(), sa.not_(col(Prisoner.published)))
    aside = asked.set_aside(today)
    return {
        Show.ALL: sa.true(),
        Show.PUBLIC: is_shown(),
        Show.TO_CONFIRM: sa.and_(unseen, sa.not_(asked.refused()), sa.not_(aside)),
        Show.SET_ASIDE: sa.and_(unseen, aside),
        Show.REFUSED: sa.and_(unseen, asked.refused()),
        Show.AGEING: sa.and_(
            confirmable(), col(Prisoner.published), col(Placement.checked_on) < oldest
        ),
        Show.NO_ADDRESS: sa.and_(
            confirmable(), sa.or_(col(Placement.id).is_(None), sa.not_(is_addressed()))
        ),
        Show.IN_TRANSFER: col(Prisoner.status) == "in_transfer",
        Show.HIDDEN: col(Prisoner.hidden).is_(True),
        Show.GONE: col(Prisoner.status).in_(GONE),
    }[show]


def conditions_of(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What is asked of people beside their group, as conditions on `placed_people`."""
    conditions = [name_matches(wanted.query)]
    if wanted.facility_id:
        conditions.append(col(Placement.facility_id) == wanted.facility_id)
    if wanted.source:
        conditions.append(col(Prisoner.source) == wanted.source)
    if wanted.letters is not None:
        conditions.append(_having(wanted, wanted.letters))
    if wanted.replies is not None:
        answered, posted = had.has_answered(), had.was_written_to()
        conditions.append(
            {
                Replies.ANSWERED: answered,
                Replies.SILENT: sa.and_(sa.not_(answered), posted),
                Replies.NOTHING_POSTED: sa.and_(sa.not_(answered), sa.not_(posted)),
            }[wanted.replies]
        )
    return conditions


def is_addressed() -> sa.ColumnElement[bool]:
    """Whether an envelope can bear the address; `app.catalogue.standing.is_complete` of many."""
    needed = (Facility.name_ru, Facility.street, Facility.settlement)
    code = sa.func.length(sa.func.coalesce(col(Facility.postal_code), "")) == 6
    return sa.and_(code, *(sa.func.coalesce(col(column), "") != "" for column in needed))


def confirmable() -> sa.ColumnElement[bool]:
    """Whom a coordinator may confirm: nobody who is hidden, barred, free, dead or at home."""
    return sa.and_(
        sa.not_(col(Prisoner.hidden)),
        col(Prisoner.bar).is_(None),
        col(Prisoner.status).not_in((*GONE, "house_arrest")),
    )


def placed_people() -> sa.FromClause:
    """Everybody, with the present placement and its place where one is known."""
    present = sa.and_(
        col(Placement.prisoner_id) == col(Prisoner.id), col(Placement.to_day).is_(None)
    )
    return sa.join(Prisoner, Placement, present, isouter=True).join(
        Facility, col(Facility.id) == col(Placement.facility_id), isouter=True
    )


def person_rows() -> "sa.Select[Prisoner, str, date | None]":
    """What `person_row` takes, of everybody."""
    return sa.select(Prisoner, col(Facility.name_ru), col(Placement.checked_on)).select_from(
        placed_people()
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
        public=prisoner.is_public,
    )


def with_letters(session: Session, people: Iterable[PersonRow]) -> list[PersonRow]:
    """The same rows with replies, the last letter, and since when each can be written to."""
    rows = list(people)
    known = had.letters_had(session, [row.id for row in rows])
    return [
        replace(
            row,
            replies=known[row.id].replies,
            last_letter=known[row.id].last_letter,
            writable_since=known[row.id].writable_since,
        )
        for row in rows
    ]


def _having(wanted: Wanted, letters: Letters | Span) -> sa.ColumnElement[bool]:
    number = col(Prisoner.letter_count)
    writable = sa.and_(col(Prisoner.published), sa.not_(col(Prisoner.hidden)))
    if letters == Letters.LONGEST:
        return writable
    if letters == Letters.WRITING:
        return col(Prisoner.id).in_(had.who_is_written_to_now(wanted.now))
    if isinstance(letters, Span):
        many = number >= letters.least
        if letters.most is not None:
            many = sa.and_(many, number <= letters.most)
        return sa.and_(col(Prisoner.eligible).is_(True), many)
    kind, picked = letters.removesuffix("_picked"), letters.endswith("picked")
    many = {
        "picked": sa.true(),
        "none": number == 0,
        "under": number < wanted.target,
        "reached": number >= wanted.target,
    }[kind]
    return sa.and_(col(Prisoner.eligible).is_(True) if picked else writable, many)


def _ordered(conditions: list[sa.ColumnElement[bool]], sort: str) -> "sa.Select[str]":
    """Ids alone: people with all that is known of them are much to sort."""
    name = (col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
    chosen, falling = sort.removeprefix("-"), sort.startswith("-")
    rows = sa.select(col(Prisoner.id)).select_from(placed_people()).where(*conditions)
    by: list[Any] = []
    if chosen == "waiting":
        since = had.first_confirmed().subquery()
        rows = rows.join(since, since.c.prisoner_id == col(Prisoner.id), isouter=True)
        by = [had.last_letter(), sa.func.coalesce(since.c.at, col(Prisoner.created_at))]
    elif chosen == "urgent":
        by = [asked.urgency()]
    elif chosen == "letters":
        by = [col(Prisoner.letter_count)]
    elif chosen == "checked":
        by = [sa.func.coalesce(col(Placement.checked_on), date(1970, 1, 1))]
    elif falling:
        by = [col(Prisoner.surname)]
    # Whoever never had a letter waits longest.
    ordered = [
        sa.nulls_last(sa.desc(each)) if falling else sa.nulls_first(sa.asc(each)) for each in by
    ]
    return rows.order_by(*ordered, *name)
