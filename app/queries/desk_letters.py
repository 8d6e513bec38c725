"""What the desks of translators and reviewers show: queues, and the one letter that was taken.

A text is given only to whoever holds the claim; the writer's e-mail is never read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from app import addressing, texts
from app.errors import NotFound
from app.lifecycle import Hold, State
from app.models import Claim, Event, Letter, Note, Prisoner, Revision, Staff
from app.models.correspondence import ORIGINAL, RUSSIAN
from mailing.letter_numbers import grouped

PAGE = 50
_IN_TROUBLE = sa.and_(col(Letter.trouble).is_not(None), col(Letter.trouble) != texts.BY_HAND)


@dataclass(frozen=True)
class Filter:
    """Which letters of a queue are wanted; empty means all."""

    language: str = ""
    trouble: bool = False
    mine: bool = False


@dataclass(frozen=True)
class Waiting:
    """One letter of a queue. `engine` is who made the newest Russian text, if anybody."""

    id: str
    number: str
    language: str
    since: datetime
    due_at: datetime | None
    trouble: str | None
    next_try_at: datetime | None
    held_reason: str | None
    people_only: bool
    recipient: str
    taken_by: str | None
    mine: bool

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class Queue:
    """One page of a queue, and how many letters each filter would show."""

    letters: list[Waiting]
    total: int
    languages: list[tuple[str, int]]
    everything: int
    in_trouble: int
    taken_by_me: int
    pages: int


@dataclass(frozen=True)
class Version:
    """One version of the Russian text: who made it, and when."""

    seq: int
    origin: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Texts:
    """What only the holder of the claim sees."""

    original: str
    original_signature: str
    source: str
    russian: str
    signature: str
    versions: list[Version]
    notes: list[tuple[datetime, str]]


@dataclass(frozen=True)
class Opened:
    """One letter on a desk; `texts` is None until it is taken."""

    id: str
    number: str
    state: State
    language: str
    gender: str
    engines: str
    since: datetime
    trouble: str | None
    next_try_at: datetime | None
    held_reason: str | None
    closing_sentence: bool
    recipient: str
    recipient_latin: str
    recipient_gender: str
    birth_year: int | None
    place: str
    taken_by: str | None
    texts: Texts | None


def queue(
    session: Session, state: State, staff_id: str, wanted: Filter, now: datetime, page: int = 1
) -> Queue:
    """The letters that wait in `state`, oldest first."""
    here = _here(state)
    taken = sa.and_(col(Claim.subject_id) == col(Letter.id), col(Claim.expires_at) > now)
    mine = col(Letter.id).in_(
        sa.select(col(Claim.subject_id)).where(
            col(Claim.staff_id) == staff_id, col(Claim.expires_at) > now
        )
    )
    conditions = [here]
    if wanted.language:
        conditions.append(col(Letter.language) == wanted.language)
    if wanted.trouble:
        conditions.append(_IN_TROUBLE)
    if wanted.mine:
        conditions.append(mine)
    rows = session.execute(
        sa.select(Letter, Prisoner, Staff.pseudonym, Claim.staff_id)  # type: ignore[call-overload]
        .join(Prisoner, col(Prisoner.id) == col(Letter.prisoner_id))
        .outerjoin(Claim, taken)
        .outerjoin(Staff, col(Staff.id) == col(Claim.staff_id))
        .where(*conditions)
        .order_by(col(Letter.state_since), col(Letter.id))
        .offset((max(page, 1) - 1) * PAGE)
        .limit(PAGE)
    ).all()
    total = _count(session, *conditions)
    languages = session.execute(
        sa.select(col(Letter.language), sa.func.count())
        .where(here)
        .group_by(col(Letter.language))
        .order_by(sa.func.count().desc(), col(Letter.language))
    ).all()
    return Queue(
        letters=[_waiting(letter, who, by, holder == staff_id) for letter, who, by, holder in rows],
        total=total,
        languages=[(language, count) for language, count in languages],
        everything=sum(count for _, count in languages),
        in_trouble=_count(session, here, _IN_TROUBLE),
        taken_by_me=_count(session, here, mine),
        pages=max(1, -(-total // PAGE)),
    )


def next_letter(
    session: Session,
    state: State,
    staff_id: str,
    languages: Sequence[str],
    now: datetime,
    *,
    review: bool,
) -> str | None:
    """The oldest letter nobody is at work on, first in `languages`; None when there is none.

    review: leave out what this person translated by hand.
    """
    free = sa.not_(
        sa.exists().where(
            col(Claim.subject_id) == col(Letter.id),
            col(Claim.expires_at) > now,
            col(Claim.staff_id) != staff_id,
        )
    )
    theirs = sa.exists().where(
        col(Revision.letter_id) == col(Letter.id),
        col(Revision.origin) == "translator",
        col(Revision.staff_id) == staff_id,
    )
    known = sa.case((col(Letter.language).in_(list(languages)), 0), else_=1)
    statement = (
        sa.select(col(Letter.id))
        .where(_here(state), free)
        .order_by(known, col(Letter.state_since), col(Letter.id))
        .limit(1)
    )
    if review:
        statement = statement.where(sa.not_(theirs))
    return session.execute(statement).scalar_one_or_none()


def opened(session: Session, letter_id: str, state: State, staff_id: str, now: datetime) -> Opened:
    """One letter as this person may see it. Raises `NotFound` when it is not on this desk."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.state != state:
        raise NotFound("This letter is not on this desk.")
    prisoner = session.get_one(Prisoner, letter.prisoner_id)
    place = addressing.present_place(session, prisoner.id)
    claim = session.get(Claim, letter_id)
    mine = claim is not None and claim.staff_id == staff_id
    others = None
    if claim is not None and not mine and claim.expires_at > now:
        others = session.get_one(Staff, claim.staff_id).pseudonym
    return Opened(
        id=letter.id,
        number=grouped(letter.number),
        state=State(letter.state),
        language=letter.language,
        gender=letter.gender,
        engines=letter.engines,
        since=letter.state_since,
        trouble=letter.trouble,
        next_try_at=letter.next_try_at,
        held_reason=letter.held_reason,
        closing_sentence=letter.closing_sentence,
        recipient=prisoner.full_name,
        recipient_latin=prisoner.latin_name,
        recipient_gender=prisoner.gender,
        birth_year=prisoner.birth_year,
        place=place[1].name_ru if place else "",
        taken_by=others,
        texts=_texts(session, letter) if mine else None,
    )


def _here(state: State) -> sa.ColumnElement[bool]:
    """In this state, and not held; what only the machine cannot do a person may."""
    free: sa.ColumnElement[bool] = col(Letter.held_reason).is_(None)
    if state == State.TRANSLATING:
        free = sa.or_(free, col(Letter.held_reason) == Hold.PROVIDER_POISON)
    return sa.and_(col(Letter.state) == state, free)


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count()).select_from(Letter).where(*conditions)
    return int(session.execute(counted).scalar_one())


def _waiting(letter: Letter, prisoner: Prisoner, by: str | None, mine: bool) -> Waiting:
    return Waiting(
        id=letter.id,
        number=grouped(letter.number),
        language=letter.language,
        since=letter.state_since,
        due_at=letter.due_at,
        trouble=letter.trouble,
        next_try_at=letter.next_try_at,
        held_reason=letter.held_reason,
        people_only=letter.engines == "none",
        recipient=prisoner.full_name,
        taken_by=by,
        mine=mine,
    )


def _texts(session: Session, letter: Letter) -> Texts:
    original = texts.latest(session, letter.id, ORIGINAL)
    russian = texts.russian_of(session, letter.id)
    versions = session.execute(
        sa.select(Revision, Staff.pseudonym)  # type: ignore[call-overload]
        .outerjoin(Staff, col(Staff.id) == col(Revision.staff_id))
        .where(col(Revision.letter_id) == letter.id, col(Revision.part) == RUSSIAN)
        .order_by(col(Revision.seq))
    ).all()
    notes = session.execute(
        sa.select(Event.at, Note)  # type: ignore[call-overload]
        .join(Note, col(Note.id) == col(Event.note_id))
        .where(col(Event.subject) == "letter", col(Event.subject_id) == letter.id)
        .order_by(col(Event.id))
    ).all()
    return Texts(
        original=(original.text if original else None) or "",
        original_signature=(original.signature if original else None) or "",
        source=original.language if original else letter.language,
        russian=(russian.text if russian else None) or "",
        signature=(russian.signature if russian else None) or "",
        versions=[
            Version(row.seq, row.origin, pseudonym or row.engine or "", row.created_at)
            for row, pseudonym in versions
        ],
        notes=[(at, note.text or "") for at, note in notes],
    )
