"""The printed page of an approved letter: this very revision, for this very address, once.

The PDF is made in a process of its own, outside any transaction, sealed and on disk before the
row that names it. A crash in between leaves an orphan file, which reconciling removes.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app import addressing, moving
from app.lifecycle import Hold, State
from app.models import Approval, Correspondence, Letter, Rendering, Revision
from app.models.columns import new_id
from app.service import Service
from mailing import address, paper
from mailing.paper import LetterSheet, RenderedLetter, RenderingFailed, Unprintable

TRIES = 3
PAUSE = timedelta(seconds=30)


@dataclass(frozen=True)
class _Job:
    """A letter ready to be laid out, or the reason why it must stand still."""

    hold: Hold | None
    sheet: LetterSheet | None = None
    approval_id: str = ""
    return_address_id: str = ""


def render(service: Service, letter_id: str, attempt: str) -> str:
    """Render a letter that waits for it and make it ready; returns a code for the record of work.

    Does nothing when the letter has moved on. What cannot be addressed or printed is held.
    """
    with service.database.read() as session:
        letter = _waiting(session, letter_id, attempt)
        job = _job(session, service, letter) if letter else None
    if job is None:
        return "moved_on"
    if job.hold is not None or job.sheet is None:
        return _hold(service, letter_id, attempt, job.hold or Hold.UNRENDERABLE)
    try:
        rendered = paper.render(job.sheet)
    except Unprintable:
        return _hold(service, letter_id, attempt, Hold.UNRENDERABLE)
    except RenderingFailed as failure:
        return _not_now(service, letter_id, attempt, failure)
    return _keep(service, letter_id, attempt, job, rendered)


def _keep(
    service: Service, letter_id: str, attempt: str, job: _Job, rendered: RenderedLetter
) -> str:
    file_id = service.vault.put(rendered.pdf)
    with service.database.write() as session:
        letter = _waiting(session, letter_id, attempt, locked=True)
        if letter is not None and letter.approval_id == job.approval_id:
            _enter(session, service, letter, job, rendered, file_id)
            return "rendered"
    service.vault.remove(file_id)
    return "moved_on"


def _enter(
    session: Session,
    service: Service,
    letter: Letter,
    job: _Job,
    rendered: RenderedLetter,
    file_id: str,
) -> None:
    correspondence = session.get_one(Correspondence, letter.correspondence_id)
    correspondence.return_address_id = job.return_address_id
    row = Rendering(
        id=new_id(),
        letter_id=letter.id,
        approval_id=job.approval_id,
        return_address_id=job.return_address_id,
        file_id=file_id,
        pages=rendered.pages,
        sha256=hashlib.sha256(rendered.pdf).hexdigest(),
        created_at=service.now(),
    )
    session.add(row)
    session.flush()
    moving.move(session, letter, State.READY, moving.MACHINE, service.now(), rendering_id=row.id)


def _job(session: Session, service: Service, letter: Letter) -> _Job | None:
    settings, today = service.settings, service.today()
    approval = session.get_one(Approval, letter.approval_id)
    revision = session.get_one(Revision, approval.revision_id)
    if revision.text is None:
        return None
    there = addressing.destination(
        session, letter.prisoner_id, settings.posted_from, today, settings.address_days
    )
    if there.hold is not None or there.recipient is None:
        return _Job(there.hold or Hold.NO_ADDRESS)
    if there.placement_id != approval.placement_id:
        return _Job(Hold.STALE_ADDRESS)
    correspondence = session.get_one(Correspondence, letter.correspondence_id)
    answer_to = addressing.return_address(
        session, correspondence.return_address_id, settings.posted_from, today
    )
    if answer_to is None:
        return _Job(Hold.NO_RETURN_ADDRESS)
    back = address.ReturnAddress(
        tuple(line for line in (answer_to.holder, *(answer_to.lines or "").splitlines()) if line)
    )
    sheet = LetterSheet(
        number=letter.number,
        day=today,
        address=address.lines(there.recipient, settings.posted_from),
        sender_line=back.sender_line,
        text=revision.text,
        closing="",  # it is part of the approved text
        signature=revision.signature or "",
        return_address=back.lines,
        codes_allowed=there.codes_allowed,
        lined=there.paper_style == "lined",
    )
    return _Job(None, sheet, approval.id, answer_to.id)


def _waiting(
    session: Session, letter_id: str, attempt: str, *, locked: bool = False
) -> Letter | None:
    """The letter, if this very attempt is what it waits for; `locked` against repetitions."""
    letter = session.get(Letter, letter_id, with_for_update=locked)
    if letter is None or letter.state != State.APPROVED or letter.held_reason:
        return None
    return letter if attempt == f"{letter.moves}-{letter.attempts}" else None


def _hold(service: Service, letter_id: str, attempt: str, reason: Hold) -> str:
    with service.database.write() as session:
        letter = _waiting(session, letter_id, attempt, locked=True)
        if letter is None:
            return "moved_on"
        moving.hold(session, letter, reason, moving.MACHINE, service.now())
    return f"held:{reason}"


def _not_now(service: Service, letter_id: str, attempt: str, failure: RenderingFailed) -> str:
    """Too slow or too large: try again, then park it, so that the next letter prints (row 35)."""
    with service.database.write() as session:
        letter = _waiting(session, letter_id, attempt, locked=True)
        if letter is None:
            return "moved_on"
        if letter.attempts + 1 < TRIES or failure.reason == "busy":
            pause = PAUSE * 2 ** min(letter.attempts, 7)
            moving.try_again_later(session, letter, "rendering", pause, service.now())
            return f"later:{failure.reason}"
        moving.hold(session, letter, Hold.UNRENDERABLE, moving.MACHINE, service.now())
    return f"held:{Hold.UNRENDERABLE}"
