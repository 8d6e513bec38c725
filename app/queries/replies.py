"""What the reply desk shows: which replies wait for whom, and one of them with its letter."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.lifecycle import ReplyState, State
from app.models import (
    Claim,
    Correspondence,
    Event,
    Facility,
    Letter,
    Note,
    Placement,
    Posting,
    Prisoner,
    Reply,
    ReplyText,
    Scan,
    Staff,
)
from app.models.replies import TRANSCRIPT, TRANSLATION
from app.searching import name_matches
from mailing.letter_numbers import DIGITS, NotALetterNumber, grouped, parse

SENT = (State.POSTED, State.ANSWERED, State.CLOSED, State.RETURNED, State.PRINTED, State.UNKNOWN)
"""Letters that may have reached somebody."""
_MOST = 200
_SUGGESTED = 20


@dataclass(frozen=True)
class Waiting:
    """A reply in a list. `with_whom`: the pseudonym of whoever has taken it."""

    id: str
    state: ReplyState
    since: datetime
    received_on: date
    pages: int
    number: str | None
    trouble: str | None
    danger: bool
    asks_for_help: bool
    with_whom: str | None
    overdue: bool


@dataclass(frozen=True)
class PageView:
    """A page; `version` changes with its picture, so that no old one is shown."""

    page: int
    version: str
    width: int
    height: int
    withheld: bool


@dataclass(frozen=True)
class TextView:
    """The newest transcript or translation; `engine` when a machine wrote it."""

    text: str
    language: str
    engine: str | None


@dataclass(frozen=True)
class ReplyView:
    """One reply as its desk sees it; `recipient` is the prisoner who was written to."""

    id: str
    state: ReplyState
    received_on: date
    trouble: str | None
    danger: bool
    asks_for_help: bool
    pages: Sequence[PageView]
    number: str | None
    recipient: str | None
    writer_language: str | None
    stopped: bool
    transcript: TextView | None
    translation: TextView | None
    withheld_because: str | None

    @property
    def needs_translation(self) -> bool:
        return self.transcript is not None and self.transcript.language != self.writer_language


@dataclass(frozen=True)
class Suggestion:
    """A letter that a reply may answer; never who wrote it."""

    letter_id: str
    number: str
    recipient: str
    town: str
    posted_on: date | None


def waiting(session: Session, states: Collection[ReplyState], now: datetime) -> list[Waiting]:
    """Replies in these states: danger first, then the oldest."""
    return _listed(session, col(Reply.state).in_(states), now)


def in_danger(session: Session, now: datetime) -> list[Waiting]:
    """Replies that speak of danger to life, wherever they are, until a coordinator settles it."""
    return _listed(session, col(Reply.danger_since).is_not(None), now)


def _listed(session: Session, which: sa.ColumnElement[bool], now: datetime) -> list[Waiting]:
    pages = (
        select(Scan.reply_id, sa.func.count().label("pages"))
        .group_by(col(Scan.reply_id))
        .subquery()
    )
    rows = session.exec(
        select(Reply, Letter.number, pages.c.pages, Staff.pseudonym)
        .outerjoin(Letter, col(Letter.id) == Reply.letter_id)
        .outerjoin(pages, pages.c.reply_id == Reply.id)
        .outerjoin(Claim, sa.and_(col(Claim.subject_id) == Reply.id, col(Claim.expires_at) > now))
        .outerjoin(Staff, col(Staff.id) == Claim.staff_id)
        .where(which, col(Reply.erased_at).is_(None))
        .order_by(col(Reply.danger_since).is_(None), col(Reply.state_since), col(Reply.id))
        .limit(_MOST)
    ).all()
    return [
        Waiting(
            id=reply.id,
            state=ReplyState(reply.state),
            since=reply.state_since,
            received_on=reply.received_on,
            pages=count or 0,
            number=grouped(number) if number else None,
            trouble=reply.trouble,
            danger=reply.danger_since is not None,
            asks_for_help=reply.asks_for_help,
            with_whom=pseudonym,
            overdue=reply.due_at is not None and reply.due_at < now,
        )
        for reply, number, count, pseudonym in rows
    ]


def counts(session: Session) -> dict[ReplyState, int]:
    """How many replies are in each state."""
    rows = session.exec(
        select(Reply.state, sa.func.count())
        .where(col(Reply.erased_at).is_(None))
        .group_by(col(Reply.state))
    ).all()
    return {ReplyState(state): count for state, count in rows}


def reply_view(session: Session, reply: Reply) -> ReplyView:
    """Everything a desk may show of a reply that the visitor has taken."""
    letter = session.get(Letter, reply.letter_id) if reply.letter_id else None
    prisoner = session.get(Prisoner, letter.prisoner_id) if letter else None
    correspondence = session.get(Correspondence, letter.correspondence_id) if letter else None
    scans = session.exec(select(Scan).where(Scan.reply_id == reply.id).order_by(col(Scan.page)))
    return ReplyView(
        id=reply.id,
        state=ReplyState(reply.state),
        received_on=reply.received_on,
        trouble=reply.trouble,
        danger=reply.danger_since is not None,
        asks_for_help=reply.asks_for_help,
        pages=[
            PageView(scan.page, scan.file_id[:8], scan.width, scan.height, scan.withheld)
            for scan in scans
        ],
        number=grouped(letter.number) if letter else None,
        recipient=prisoner.full_name if prisoner else None,
        writer_language=letter.language if letter else None,
        stopped=correspondence is not None and correspondence.stopped_at is not None,
        transcript=_text(session, reply.id, TRANSCRIPT),
        translation=_text(session, reply.id, TRANSLATION),
        withheld_because=_reason(session, reply),
    )


def suggest_by_number(session: Session, typed: str) -> list[Suggestion]:
    """Letters whose number differs from what was typed by one digit or two swapped neighbours."""
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    return _suggestions(session, col(Letter.number).in_(near_numbers(digits)))


def suggest_by_person(
    session: Session, name: str, town: str, since: date | None
) -> list[Suggestion]:
    """Letters that may have reached somebody with this name, in this town, posted since a day."""
    if not name.strip() and not town.strip():
        return []
    conditions = [name_matches(name)]
    if town.strip():
        # Databases do not fold Cyrillic letters alike: the usual ways to write it are tried.
        ways = {town.strip(), town.strip().capitalize(), town.strip().title()}
        settlement = col(Facility.settlement)
        conditions.append(sa.or_(*(settlement.contains(way, autoescape=True) for way in ways)))
    if since is not None:
        conditions.append(col(Posting.posted_on) >= since)
    return _suggestions(session, sa.and_(*conditions))


def near_numbers(digits: str) -> set[str]:
    """Every valid letter number that is one slip of the pen away from eleven digits."""
    if len(digits) != DIGITS:
        return set()
    slips = {
        digits[:place] + digit + digits[place + 1 :]
        for place, digit in itertools.product(range(DIGITS), "0123456789")
    }
    slips |= {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(DIGITS - 1)
    }
    return {number for number in slips if number != digits and _is_valid(number)}


def _is_valid(number: str) -> bool:
    try:
        return parse(number) == number
    except NotALetterNumber:
        return False


def _suggestions(session: Session, which: sa.ColumnElement[bool]) -> list[Suggestion]:
    rows = session.exec(
        select(Letter, Prisoner, Facility.settlement, col(Posting.posted_on))
        .join(Prisoner, col(Prisoner.id) == Letter.prisoner_id)
        .outerjoin(
            Placement,
            sa.and_(col(Placement.prisoner_id) == Prisoner.id, col(Placement.to_day).is_(None)),
        )
        .outerjoin(Facility, col(Facility.id) == Placement.facility_id)
        .outerjoin(
            Posting,
            sa.and_(col(Posting.letter_id) == Letter.id, col(Posting.undone_at).is_(None)),
        )
        .where(which, col(Letter.state).in_(SENT))
        .order_by(col(Posting.posted_on).desc(), col(Letter.number))
        .limit(_SUGGESTED)
    ).all()
    found = {
        letter.id: Suggestion(
            letter_id=letter.id,
            number=grouped(letter.number),
            recipient=prisoner.full_name,
            town=town or "",
            posted_on=posted_on,
        )
        for letter, prisoner, town, posted_on in reversed(rows)
    }
    return list(reversed(found.values()))


def _text(session: Session, reply_id: str, part: str) -> TextView | None:
    row = session.exec(
        select(ReplyText)
        .where(ReplyText.reply_id == reply_id, ReplyText.part == part)
        .order_by(col(ReplyText.seq).desc())
        .limit(1)
    ).first()
    return None if row is None else TextView(row.text or "", row.language, row.engine)


def _reason(session: Session, reply: Reply) -> str | None:
    if reply.state != ReplyState.WITHHELD:
        return None
    note = session.exec(
        select(Note)
        .join(Event, col(Event.note_id) == Note.id)
        .where(Event.subject == "reply", Event.subject_id == reply.id, Event.to == "reason")
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
    return note.text if note else None
