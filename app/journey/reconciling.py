"""The daily count: what is stored twice must agree, and what does not rings (rows 60, 71).

A person's count against letters and live reservations; a letter's last posting and its replies
against their rows; files in the vault against the rows that name them. Drift is repaired and
reported, never repaired in silence.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import moving
from app.lifecycle import LETTER
from app.models import (
    Alarm,
    Batch,
    ImportReading,
    Letter,
    Posting,
    Prisoner,
    Rendering,
    Reply,
    Reservation,
    Scan,
)
from app.models.columns import new_id
from app.service import Service

FRESH = timedelta(hours=1)
"""A file this young may belong to a row that is being committed."""


@dataclass(frozen=True)
class Reconciled:
    """What was found: people whose count had drifted, or of whose letters it was wrong when they
    were posted and answered; files without rows, rows without files."""

    drifted: int
    stray_files: int
    lost_files: int

    @property
    def clean(self) -> bool:
        return self == Reconciled(0, 0, 0)


def reconcile(service: Service) -> Reconciled:
    """Compare, repair, and raise an alarm for each kind of difference."""
    drifted = _counts(service) + _letters(service)
    stray, lost = _files(service)
    return Reconciled(drifted, stray, lost)


def _counts(service: Service) -> int:
    with service.database.read() as session:
        suspects = session.execute(_drift()).all()
    repaired = 0
    for prisoner_id, _, _ in suspects:
        with service.database.write() as session:
            # The row's lock makes every mover wait: each changes it together with its letter.
            session.get(Prisoner, prisoner_id, with_for_update=True, populate_existing=True)
            row = session.execute(_drift(prisoner_id)).first()
            if row is None:
                continue
            session.execute(
                sa.update(Prisoner)
                .where(col(Prisoner.id) == prisoner_id)
                .values(letter_count=row.counted)
            )
            _mend_flags(session, prisoner_id)
            _ring(
                session,
                "count_drift",
                prisoner_id,
                f"{row.letter_count} -> {row.counted}",
                service.now(),
            )
            repaired += 1
    return repaired


def _letters(service: Service) -> int:
    with service.database.read() as session:
        suspects = session.execute(_told_wrongly()).all()
    repaired = 0
    for letter_id, _, _ in suspects:
        with service.database.write() as session:
            # Whoever posts or matches changes the letter's row too, and waits.
            letter = session.get_one(Letter, letter_id, with_for_update=True)
            row = session.execute(_told_wrongly(letter_id)).first()
            if row is None:
                continue
            _, on, replies = row
            was = f"{letter.number}: {letter.posted_on}, {letter.replies}"
            moving.note_change(session, letter, posted_on=on, replies=replies)
            _ring(
                session,
                "count_drift",
                letter.prisoner_id,
                f"{was} -> {on}, {replies}",
                service.now(),
            )
            repaired += 1
    return repaired


def _told_wrongly(letter_id: str | None = None) -> sa.Select[tuple[str, date | None, int]]:
    """(id, day of the last posting, replies) of letters that say something else."""
    posted = (
        sa.select(sa.func.max(Posting.posted_on))
        .where(col(Posting.letter_id) == col(Letter.id), col(Posting.undone_at).is_(None))
        .correlate(Letter)
        .scalar_subquery()
    )
    replies = (
        sa.select(sa.func.count())
        .where(col(Reply.letter_id) == col(Letter.id))
        .correlate(Letter)
        .scalar_subquery()
    )
    found = sa.select(col(Letter.id), posted, replies).where(
        sa.or_(col(Letter.replies) != replies, col(Letter.posted_on).is_distinct_from(posted))
    )
    return found if letter_id is None else found.where(col(Letter.id) == letter_id)


def _drift(prisoner_id: str | None = None) -> sa.Select[tuple[str, int, int]]:
    """(id, stored count, true count) where they differ: one statement, so one snapshot."""
    letters = (
        sa.select(col(Letter.prisoner_id).label("prisoner_id"), sa.func.count().label("n"))
        .where(_counts_for_balance())
        .group_by(col(Letter.prisoner_id))
        .subquery()
    )
    reservations = (
        sa.select(col(Reservation.prisoner_id).label("prisoner_id"), sa.func.count().label("n"))
        .where(col(Reservation.counted))
        .group_by(col(Reservation.prisoner_id))
        .subquery()
    )
    counted = sa.func.coalesce(letters.c.n, 0) + sa.func.coalesce(reservations.c.n, 0)
    found = (
        sa.select(col(Prisoner.id), col(Prisoner.letter_count), counted.label("counted"))
        .outerjoin(letters, letters.c.prisoner_id == col(Prisoner.id))
        .outerjoin(reservations, reservations.c.prisoner_id == col(Prisoner.id))
        .where(col(Prisoner.letter_count) != counted)
    )
    return found if prisoner_id is None else found.where(col(Prisoner.id) == prisoner_id)


def _counts_for_balance() -> sa.ColumnElement[bool]:
    """By the table of states; a closed letter counts as it did before."""
    always = [str(state) for state, station in LETTER.items() if station.counts]
    as_before = [str(state) for state, station in LETTER.items() if station.counts is None]
    return sa.or_(
        col(Letter.state).in_(always),
        sa.and_(col(Letter.state).in_(as_before), col(Letter.counted)),
    )


def _mend_flags(session: Session, prisoner_id: str) -> None:
    """What each letter says of itself follows the table too."""
    for counts in (True, False):
        states = [str(state) for state, station in LETTER.items() if station.counts is counts]
        session.execute(
            sa.update(Letter)
            .where(
                col(Letter.prisoner_id) == prisoner_id,
                col(Letter.state).in_(states),
                col(Letter.counted) != counts,
            )
            .values(counted=counts)
        )


def _files(service: Service) -> tuple[int, int]:
    old = set(service.vault.ids_older_than(FRESH))
    with service.database.read() as session:
        named = named_files(session)
    stray, lost = service.vault.orphans(named)
    stray &= old
    # A file may have been written and named since the folder was read: look at it again.
    lost = {file_id for file_id in lost if not service.vault.has(file_id)}
    service.vault.remove_drafts(FRESH)
    for file_id in stray:
        service.vault.remove(file_id)
    with service.database.write() as session:
        if stray:
            _ring(session, "stray_files", "", f"{len(stray)} removed", service.now())
        for file_id in sorted(lost):
            _ring(session, "lost_file", file_id, "", service.now())
    return len(stray), len(lost)


def named_files(session: Session) -> set[str]:
    """The vault's files that live rows name; what belongs to erased letters is wanted no more."""
    renderings = (
        select(Rendering.file_id)
        .join(Letter, col(Letter.id) == Rendering.letter_id)
        .where(col(Letter.erased_at).is_(None))
    )
    scans = (
        select(Scan.file_id)
        .join(Reply, col(Reply.id) == Scan.reply_id)
        .where(col(Reply.erased_at).is_(None))
    )
    batches = select(Batch.file_id).where(col(Batch.file_id).is_not(None))
    portraits = select(Prisoner.portrait_file_id).where(col(Prisoner.portrait_file_id).is_not(None))
    lists = select(ImportReading.file_id).where(col(ImportReading.file_id).is_not(None))
    return {
        str(file_id)
        for statement in (renderings, scans, batches, portraits, lists)
        for file_id in session.exec(statement)
    }


def _ring(session: Session, kind: str, subject_id: str, detail: str, now: datetime) -> None:
    """Raise an alarm, once for the same thing until it is settled."""
    ringing = session.exec(
        select(Alarm.id).where(
            Alarm.kind == kind,
            Alarm.subject_id == subject_id,
            Alarm.detail == detail,
            col(Alarm.settled_at).is_(None),
        )
    ).first()
    if ringing is None:
        session.add(
            Alarm(id=new_id(), kind=kind, subject_id=subject_id, detail=detail, created_at=now)
        )
