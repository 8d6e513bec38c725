"""What a writer sees with a receipt code: their letters to one person, and the answers."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import passages
from app.errors import NotFound
from app.lifecycle import AFTER_APPROVAL, WITHDRAWABLE, ReplyState, State
from app.models import (
    Approval,
    Correspondence,
    Event,
    Letter,
    Note,
    Prisoner,
    Rendering,
    Reply,
    ReplyText,
    Revision,
    Scan,
)
from app.models.correspondence import NONE
from app.sealing import keyring

_SHOWN_EVENTS = 60
_FOR_THE_WRITER = frozenset({ReplyState.FORWARDED, ReplyState.READ})
_TOLD_WHY = frozenset({State.NEEDS_CHANGES, State.REFUSED})


@dataclass(frozen=True)
class Step:
    """One thing that happened to a letter."""

    at: datetime
    origin: str | None
    to: str
    why: str
    note: str | None


@dataclass(frozen=True)
class Answer:
    """A reply that was forwarded. `fresh` until it was opened."""

    id: str
    received_at: datetime
    fresh: bool


@dataclass(frozen=True)
class OwnLetter:
    """One letter as its writer sees it; `russian` from the approval on."""

    id: str
    number: str
    state: State
    held: str | None
    waits_for_engine: bool
    waits_for_translator: bool
    take_out: bool
    sent_at: datetime
    language: str
    original: str | None
    signature: str | None
    russian: str | None
    russian_signature: str | None
    file_id: str | None
    pages: int
    request: str | None
    steps: list[Step]
    answers: list[Answer] = field(default_factory=list)

    @property
    def may_withdraw(self) -> bool:
        return not self.take_out and self.state in WITHDRAWABLE

    @property
    def may_revise(self) -> bool:
        return self.state == State.NEEDS_CHANGES and self.held is None


@dataclass(frozen=True)
class OwnCorrespondence:
    """What one receipt code opens, the newest letter first."""

    id: str
    prisoner_id: str
    prisoner_slug: str
    name: str
    called: dict[str, str]
    may_continue: bool
    gets_notices: bool
    letters: list[OwnLetter]


@dataclass(frozen=True)
class OwnReply:
    """An answer to be read: scans in the vault, transcript and translation (None: not needed)."""

    id: str
    letter_number: str
    received_at: datetime
    scan_ids: list[str]
    transcript: str
    transcript_language: str
    translation: str | None
    translation_language: str


def correspondence_id_of(session: Session, code: str) -> str:
    """The correspondence a typed receipt code opens. Raises `NotFound`."""
    found = session.exec(
        select(Correspondence.id).where(
            Correspondence.receipt_hash == keyring().hashed("receipt", code),
            col(Correspondence.erased_at).is_(None),
        )
    ).first()
    if found is None:
        raise NotFound("This code opens nothing.")
    return found


def correspondence_of(session: Session, code: str) -> OwnCorrespondence:
    """Everything the code opens. Raises `NotFound`."""
    row = session.get_one(Correspondence, correspondence_id_of(session, code))
    prisoner = session.get_one(Prisoner, row.prisoner_id)
    letters = session.exec(
        select(Letter)
        .where(Letter.correspondence_id == row.id)
        .order_by(col(Letter.created_at).desc(), col(Letter.id))
    ).all()
    return OwnCorrespondence(
        id=row.id,
        prisoner_id=prisoner.id,
        prisoner_slug=prisoner.known_slug,
        name=prisoner.known_as,
        called=prisoner.called,
        may_continue=prisoner.published and not prisoner.hidden and row.stopped_at is None,
        gets_notices=row.email_sealed is not None,
        letters=[
            _letter(session, letter, named=not prisoner.identity_hidden) for letter in letters
        ],
    )


def own_letter(session: Session, code: str, letter_id: str) -> Letter:
    """The row of one of the letters the code opens. Raises `NotFound` for anybody else's."""
    correspondence_id = correspondence_id_of(session, code)
    letter = session.get(Letter, letter_id)
    if letter is None or letter.correspondence_id != correspondence_id:
        raise NotFound("This code opens nothing.")
    return letter


def own_reply(session: Session, code: str, reply_id: str) -> OwnReply:
    """A forwarded reply of this correspondence, without what was held back. Raises `NotFound`."""
    reply = session.get(Reply, reply_id)
    if reply is None or reply.letter_id is None or reply.state not in _FOR_THE_WRITER:
        raise NotFound("This code opens nothing.")
    letter = own_letter(session, code, reply.letter_id)
    texts = {
        row.part: row
        for row in session.exec(
            select(ReplyText).where(ReplyText.reply_id == reply.id).order_by(col(ReplyText.seq))
        )
    }
    transcript, translation = texts.get("transcript"), texts.get("translation")
    scans = session.exec(
        select(Scan.file_id)
        .where(Scan.reply_id == reply.id, sa.not_(col(Scan.withheld)))
        .order_by(col(Scan.page))
    ).all()
    return OwnReply(
        id=reply.id,
        letter_number=letter.number,
        received_at=reply.created_at,
        scan_ids=list(scans),
        transcript=passages.for_writer((transcript.text if transcript else None) or ""),
        transcript_language=transcript.language if transcript else "ru",
        translation=passages.for_writer(translation.text or "") if translation else None,
        translation_language=translation.language if translation else letter.language,
    )


def _letter(session: Session, letter: Letter, *, named: bool) -> OwnLetter:
    """named: whether the writer may see the page, which has the whole name in its address."""
    state = State(letter.state)
    texts: dict[str, Revision] = {
        row.part: row
        for row in session.exec(
            select(Revision).where(Revision.letter_id == letter.id).order_by(col(Revision.seq))
        )
    }
    original, russian = texts.get("original"), None
    if letter.approval_id is not None and state in AFTER_APPROVAL | {State.CLOSED}:
        approval = session.get_one(Approval, letter.approval_id)
        russian = session.get_one(Revision, approval.revision_id)
    rendering = session.get(Rendering, letter.rendering_id) if letter.rendering_id else None
    steps = _steps(session, letter.id)
    return OwnLetter(
        id=letter.id,
        number=letter.number,
        state=state,
        held=letter.held_reason,
        waits_for_engine=letter.next_try_at is not None and state == State.TRANSLATING,
        waits_for_translator=_waits_for_translator(letter),
        take_out=letter.take_out,
        sent_at=letter.created_at,
        language=letter.language,
        original=original.text if original else None,
        signature=original.signature if original else None,
        russian=russian.text if russian else None,
        russian_signature=russian.signature if russian else None,
        file_id=rendering.file_id if rendering and named else None,
        pages=rendering.pages if rendering else 0,
        request=_request_of(steps, state) if state in _TOLD_WHY else None,
        steps=steps,
        answers=_answers(session, letter.id),
    )


def _waits_for_translator(letter: Letter) -> bool:
    """Whether a person translates it: the writer asked for that, or the machine gave up."""
    gave_up = letter.trouble is not None and letter.next_try_at is None
    return letter.state == State.TRANSLATING and (gave_up or letter.engines == NONE)


def _steps(session: Session, letter_id: str) -> list[Step]:
    rows = session.exec(
        select(Event, Note)
        .join(Note, col(Note.id) == Event.note_id, isouter=True)
        .where(Event.subject == "letter", Event.subject_id == letter_id)
        .order_by(col(Event.id).desc())
        .limit(_SHOWN_EVENTS)
    ).all()
    return [
        # An outer join: there may be no note, whatever its type says.
        Step(event.at, event.origin, event.to, event.why, getattr(note, "text", None))
        for event, note in reversed(rows)
    ]


def _request_of(steps: list[Step], state: State) -> str | None:
    """What the reviewer wrote to the writer; other notes are of the house."""
    return next((step.note for step in reversed(steps) if step.note and step.to == state), None)


def _answers(session: Session, letter_id: str) -> list[Answer]:
    rows = session.exec(
        select(Reply)
        .where(Reply.letter_id == letter_id, col(Reply.state).in_(_FOR_THE_WRITER))
        .order_by(col(Reply.created_at))
    )
    return [Answer(row.id, row.created_at, row.state == ReplyState.FORWARDED) for row in rows]
