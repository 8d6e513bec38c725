"""Erasure is part of the life: texts, names and scans go; counts and events stay.

Rows are emptied in a short transaction, then the files are removed from the vault, then the
database is told to let go of its old pages: what was erased is gone from the disk (row 23). A
crash in between is mended by reconciling, which knows no more reason to keep those files.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app import claiming, moving
from app.lifecycle import ReplyState, State
from app.models import (
    Batch,
    BatchItem,
    Correspondence,
    Event,
    Letter,
    Note,
    Notice,
    Objection,
    Posting,
    Rendering,
    Reply,
    ReplyText,
    Reservation,
    Revision,
    Scan,
    Writer,
)
from app.moving import SYSTEM, Actor
from app.service import Service
from mailing import email

SETTLED = (State.REFUSED, State.WITHDRAWN, State.CLOSED)
REPLY_SETTLED = (ReplyState.READ, ReplyState.WITHHELD, ReplyState.UNCLAIMED, ReplyState.CLOSED)
OUTBOX_DAYS = 30
"""How long mail that is kept in a folder for want of a server lies there."""
_AT_ONCE = 20


@dataclass(frozen=True)
class Forgotten:
    """How many letters and replies lost their texts."""

    letters: int
    replies: int


def forget(service: Service) -> Forgotten:
    """Erase what was settled longer ago than the retention allows."""
    before = service.now() - timedelta(days=service.settings.retention_days)
    letters = _forget_letters(service, before)
    replies = _forget_replies(service, before)
    with service.database.write() as session:
        _scrub_objections(session, before)
        _forget_reservations(session, before)
        claiming.forget_expired(session, service.now())
    _empty_outbox(service)
    service.database.scrub(_tables_of_content())
    return Forgotten(letters, replies)


def erase_correspondence(
    session: Session, correspondence_id: str, actor: Actor, now: datetime
) -> list[str]:
    """Everything of one writer and one prisoner goes (row 24); a tombstone without content stays.

    Letters that can still be stopped should have been withdrawn before. Returns the files that
    `remove_files` must erase once the transaction is committed.
    """
    files: list[str] = []
    letters = session.exec(
        select(Letter).where(Letter.correspondence_id == correspondence_id)
    ).all()
    for letter in letters:
        for reply in session.exec(select(Reply).where(Reply.letter_id == letter.id)).all():
            files += erase_reply(session, reply, actor, now)
        files += erase_letter(session, letter, actor, now)
    _erase_writer(session, correspondence_id, now)
    return files


def remove_kept_mail(service: Service, correspondence_id: str) -> None:
    """What lies in the outbox, for want of a mail server, names the writer's address."""
    with service.database.read() as session:
        address = session.get_one(Correspondence, correspondence_id).email
    if address:
        email.remove_kept(service.settings.data_dir / "outbox", address)


def erase_letter(session: Session, letter: Letter, actor: Actor, now: datetime) -> list[str]:
    """The texts, notes, pages and tracking numbers of one letter go. Returns its files."""
    if letter.erased_at is not None:
        return []
    _empty(session, Revision, Revision.letter_id == letter.id, "text_sealed", "signature_sealed")
    _empty(session, Posting, Posting.letter_id == letter.id, "tracking_sealed")
    _empty_notes(session, "letter", letter.id)
    files = session.exec(select(Rendering.file_id).where(Rendering.letter_id == letter.id)).all()
    pages = _forget_batch_pages(session, letter.id)
    moving.note_change(session, letter, erased_at=now, body_hash="")
    moving.record(session, "letter", letter.id, actor, now, origin=letter.state, to="erased")
    return [*files, *pages]


def erase_reply(session: Session, reply: Reply, actor: Actor, now: datetime) -> list[str]:
    """The scans, transcripts and translations of one reply go. Returns its files."""
    if reply.erased_at is not None:
        return []
    _empty(session, ReplyText, ReplyText.reply_id == reply.id, "text_sealed")
    _empty_notes(session, "reply", reply.id)
    files = session.exec(select(Scan.file_id).where(Scan.reply_id == reply.id)).all()
    reply.erased_at = now
    moving.record(session, "reply", reply.id, actor, now, origin=reply.state, to="erased")
    return list(files)


def remove_files(service: Service, files: Iterable[str]) -> None:
    """After the commit: remove the files, and let the database let go of its old pages."""
    for file_id in files:
        service.vault.remove(file_id)
    service.database.checkpoint()


def _forget_letters(service: Service, before: datetime) -> int:
    forgotten = 0
    while True:
        with service.database.write() as session:
            letters = session.exec(
                select(Letter)
                .where(
                    col(Letter.state).in_(SETTLED),
                    Letter.state_since < before,
                    col(Letter.erased_at).is_(None),
                )
                .limit(_AT_ONCE)
            ).all()
            files = [
                file_id
                for letter in letters
                for file_id in erase_letter(session, letter, SYSTEM, service.now())
            ]
            for correspondence_id in {letter.correspondence_id for letter in letters}:
                if not _has_more_to_say(session, correspondence_id):
                    _erase_writer(session, correspondence_id, service.now())
        remove_files(service, files)
        forgotten += len(letters)
        if len(letters) < _AT_ONCE:
            return forgotten


def _forget_replies(service: Service, before: datetime) -> int:
    forgotten = 0
    while True:
        with service.database.write() as session:
            replies = session.exec(
                select(Reply)
                .where(
                    col(Reply.state).in_(REPLY_SETTLED),
                    Reply.state_since < before,
                    col(Reply.erased_at).is_(None),
                )
                .limit(_AT_ONCE)
            ).all()
            files = [
                file_id
                for reply in replies
                for file_id in erase_reply(session, reply, SYSTEM, service.now())
            ]
        remove_files(service, files)
        forgotten += len(replies)
        if len(replies) < _AT_ONCE:
            return forgotten


def _has_more_to_say(session: Session, correspondence_id: str) -> bool:
    """Whether a letter of it is not erased yet, or a reply still waits to be read."""
    letters = select(Letter.id).where(
        Letter.correspondence_id == correspondence_id, col(Letter.erased_at).is_(None)
    )
    replies = (
        select(Reply.id)
        .join(Letter, col(Letter.id) == Reply.letter_id)
        .where(
            Letter.correspondence_id == correspondence_id,
            col(Reply.state).not_in(REPLY_SETTLED),
        )
    )
    return bool(session.exec(letters).first() or session.exec(replies).first())


def _erase_writer(session: Session, correspondence_id: str, now: datetime) -> None:
    """The e-mail goes, owed notices are void; the keyed hash goes with the last correspondence."""
    correspondence = session.get_one(Correspondence, correspondence_id)
    correspondence.email = None
    correspondence.erased_at = correspondence.erased_at or now
    session.flush()
    session.execute(
        sa.update(Notice)
        .where(col(Notice.correspondence_id) == correspondence_id, col(Notice.state) == "owed")
        .values(state="void", next_try_at=None)
    )
    others = select(Correspondence.id).where(
        Correspondence.writer_id == correspondence.writer_id,
        col(Correspondence.erased_at).is_(None),
    )
    if session.exec(others).first() is None:
        writer = session.get_one(Writer, correspondence.writer_id)
        writer.identity_hash = None


def _empty(session: Session, table: type[object], rows: object, *columns: str) -> None:
    session.execute(
        sa.update(table)
        .where(rows)  # type: ignore[arg-type]
        .values(dict.fromkeys(columns))
        .execution_options(synchronize_session=False)
    )


def _empty_notes(session: Session, subject: str, subject_id: str) -> None:
    notes = sa.select(col(Event.note_id)).where(
        col(Event.subject) == subject,
        col(Event.subject_id) == subject_id,
        col(Event.note_id).is_not(None),
    )
    _empty(session, Note, col(Note.id).in_(notes), "text_sealed")


def _forget_batch_pages(session: Session, letter_id: str) -> list[str]:
    """The PDF of a batch holds the letter too; who still needs the others can have it made anew."""
    batches: Sequence[Batch] = session.exec(
        select(Batch)
        .join(BatchItem, col(BatchItem.batch_id) == Batch.id)
        .where(BatchItem.letter_id == letter_id, col(Batch.file_id).is_not(None))
    ).all()
    files = []
    for batch in batches:
        files.append(str(batch.file_id))
        batch.file_id = batch.sha256 = None
    session.flush()
    return files


def _scrub_objections(session: Session, before: datetime) -> None:
    _empty(
        session,
        Objection,
        col(Objection.decided_at) < before,
        *("about_sealed", "message_sealed", "contact_sealed", "sitting"),
    )


def _forget_reservations(session: Session, before: datetime) -> None:
    """Who was shown to whom without a letter: of no use after so long."""
    session.execute(
        sa.delete(Reservation).where(
            col(Reservation.created_at) < before, col(Reservation.counted).is_(False)
        )
    )


def _tables_of_content() -> list[str]:
    """Every table from which something is erased: what is sealed, and who was shown to whom."""
    others = {str(Writer.__tablename__), str(Reservation.__tablename__)}
    return [
        table.name
        for table in SQLModel.metadata.sorted_tables
        if table.name in others or any(each.name.endswith("_sealed") for each in table.columns)
    ]


def _empty_outbox(service: Service) -> None:
    before = time.time() - OUTBOX_DAYS * 24 * 3600
    for path in (service.settings.data_dir / "outbox").glob("*.eml"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
