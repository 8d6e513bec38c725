"""A person reads every letter before it is printed: corrects, approves, asks, or refuses.

Approving needs a place to print for. Without one the reviewer's text is kept and the letter is
held where it is; with one the approval is kept, and an address that cannot be printed holds the
letter at the next station, so that nobody has to read it twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import addressing, claiming, moving, texts
from app.errors import Forbidden, Held, Invalid, NotFound, WrongState
from app.lifecycle import Hold, Role, State
from app.locale import N_
from app.models import Approval, Letter, Placement, Prisoner, Revision, Staff, StaffRole
from app.models.columns import new_id
from app.moving import by_staff
from app.texts import BY_HAND
from mailing.paper import missing_glyphs

LONGEST_NOTE = 2_000
LONGEST_SIGNATURE = 80
REASONS = ("censor", "hurts", "abuse", "not_a_letter", "other")
"""Why a letter is refused; the words for the writer come from the pages."""


@dataclass(frozen=True)
class Text:
    """The Russian text as a reviewer leaves it."""

    body: str
    signature: str


def take(
    session: Session, letter_id: str, staff_id: str, now: datetime, length: timedelta
) -> Letter:
    """Claim a letter to review it. Raises `WrongState`, `Held`, `Claimed`, `Forbidden`."""
    letter = _in_review(session, letter_id)
    if translated_by(session, letter_id, staff_id) and others_review(session, staff_id):
        raise Forbidden(N_("You translated this letter by hand, so somebody else reviews it."))
    claiming.claim(session, letter_id, staff_id, now, length)
    claiming.record_read(session, staff_id, letter_id, "letter", now)
    return letter


def give_back(session: Session, letter_id: str, staff_id: str) -> None:
    """Let go of it; what was kept stays kept."""
    claiming.require(session, letter_id, staff_id)
    claiming.release(session, letter_id, staff_id)


def keep(session: Session, letter_id: str, staff_id: str, text: Text, now: datetime) -> Revision:
    """Keep the text as a version, if it changed. Raises `WrongState`, `Held`, `Claimed`."""
    letter = _in_review(session, letter_id)
    claiming.require(session, letter_id, staff_id)
    newest = texts.russian_of(session, letter_id)
    if newest is not None and (newest.text, newest.signature) == (text.body, text.signature):
        return newest
    return texts.add_russian(
        session, letter, text.body, text.signature, "reviewer", now, staff_id=staff_id
    )


def approve(
    session: Session, letter_id: str, staff_id: str, text: Text, now: datetime
) -> Hold | None:
    """Approve this very text for the place where the person is now.

    Returns why the letter is held instead, when no place is known. Raises `Invalid` for a text
    that cannot be printed, `WrongState`, `Held`, `Claimed`, `Forbidden`.
    """
    require_printable(text)
    if translated_by(session, letter_id, staff_id) and others_review(session, staff_id):
        raise Forbidden(N_("You translated this letter by hand, so somebody else reviews it."))
    revision = keep(session, letter_id, staff_id, text, now)
    letter = session.get_one(Letter, letter_id)
    place = addressing.present_place(session, letter.prisoner_id)
    claiming.release(session, letter_id)
    if place is None:
        prisoner = session.get_one(Prisoner, letter.prisoner_id)
        reason = addressing.standing_hold(prisoner, now.date()) or Hold.NO_ADDRESS
        moving.hold(session, letter, reason, by_staff(staff_id), now)
        return reason
    approval = _approval(session, letter, revision, place[0], staff_id, now)
    moving.move(
        session,
        letter,
        State.APPROVED,
        by_staff(staff_id),
        now,
        approval_id=approval.id,
        rendering_id=None,
    )
    return None


def ask_for_changes(
    session: Session, letter_id: str, staff_id: str, note: str, now: datetime
) -> None:
    """Give the letter back to its writer with a friendly word about what to change."""
    _finish(session, letter_id, staff_id, State.NEEDS_CHANGES, now, note=_checked_note(note))


def send_to_translator(session: Session, letter_id: str, staff_id: str, now: datetime) -> None:
    """The translation is too bad to mend: a person does it by hand after all."""
    letter = _in_review(session, letter_id)
    if letter.language == "ru":
        raise WrongState(N_("This letter was written in Russian."))
    _finish(session, letter_id, staff_id, State.TRANSLATING, now, why=BY_HAND, trouble=BY_HAND)


def refuse(
    session: Session, letter_id: str, staff_id: str, reason: str, note: str, now: datetime
) -> None:
    """This letter is not sent, for one of `REASONS`; the writer is told, with the note if any."""
    if reason not in REASONS:
        raise Invalid({"reason": N_("Please choose why this letter cannot be sent.")})
    kept = _checked_note(note) if note.strip() else None
    _finish(session, letter_id, staff_id, State.REFUSED, now, why=reason, note=kept)


def reopen(
    session: Session, letter_id: str, staff_id: str, now: datetime, length: timedelta
) -> None:
    """Undo an approval while nobody has taken the letter to print it.

    Raises `WrongState`, `Held`, `Claimed`.
    """
    letter = _letter(session, letter_id)
    if letter.state not in {State.APPROVED, State.READY}:
        raise WrongState(N_("This letter is with a volunteer who prints it."))
    claiming.claim(session, letter_id, staff_id, now, length)
    claiming.record_read(session, staff_id, letter_id, "letter", now)
    moving.move(
        session,
        letter,
        State.IN_REVIEW,
        by_staff(staff_id),
        now,
        why="reopened",
        approval_id=None,
        rendering_id=None,
    )


def require_printable(text: Text) -> None:
    """Raises `Invalid` for an empty text, and for signs that the paper's type cannot show."""
    problems = {}
    if not text.body.strip():
        problems["text"] = N_("There is no Russian text yet.")
    elif missing_glyphs(text.body):
        problems["text"] = N_("The paper's type cannot show some signs. Replace them.")
    if not text.signature.strip():
        problems["signature"] = N_("The signature is missing.")
    elif len(text.signature) > LONGEST_SIGNATURE:
        problems["signature"] = N_("The signature is too long.")
    elif missing_glyphs(text.signature):
        problems["signature"] = N_("The paper's type cannot show some signs of the signature.")
    if problems:
        raise Invalid(problems)


def translated_by(session: Session, letter_id: str, staff_id: str) -> bool:
    """Whether this person translated the letter by hand."""
    theirs = select(Revision.id).where(
        Revision.letter_id == letter_id,
        Revision.origin == "translator",
        Revision.staff_id == staff_id,
    )
    return session.exec(theirs.limit(1)).first() is not None


def others_review(session: Session, staff_id: str) -> bool:
    """Whether anybody else of the team reviews."""
    others = (
        sa.select(col(Staff.id))
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .where(
            col(StaffRole.role) == Role.REVIEWER,
            col(Staff.id) != staff_id,
            col(Staff.disabled_at).is_(None),
        )
    )
    return session.execute(others.limit(1)).first() is not None


def _finish(
    session: Session,
    letter_id: str,
    staff_id: str,
    to: State,
    now: datetime,
    *,
    why: str = "",
    note: str | None = None,
    trouble: str | None = None,
) -> None:
    letter = _in_review(session, letter_id)
    claiming.require(session, letter_id, staff_id)
    claiming.release(session, letter_id)
    moving.move(session, letter, to, by_staff(staff_id), now, why=why, note=note, trouble=trouble)


def _in_review(session: Session, letter_id: str) -> Letter:
    letter = _letter(session, letter_id)
    if letter.state != State.IN_REVIEW:
        raise WrongState(N_("This letter is no longer in review."))
    if letter.held_reason:
        raise Held(N_("This letter is held; it waits for a coordinator."))
    return letter


def _letter(session: Session, letter_id: str) -> Letter:
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise NotFound(N_("There is no such letter."))
    return letter


def _approval(
    session: Session,
    letter: Letter,
    revision: Revision,
    placement: Placement,
    staff_id: str,
    now: datetime,
) -> Approval:
    """The approval of this text by this person; a second approver gets a version of their own."""
    before = session.exec(
        select(Approval).where(
            Approval.letter_id == letter.id,
            Approval.revision_id == revision.id,
            Approval.placement_id == placement.id,
        )
    ).first()
    if before is not None and before.staff_id == staff_id:
        return before
    if before is not None:
        revision = texts.add_russian(
            session,
            letter,
            revision.text or "",
            revision.signature or "",
            "reviewer",
            now,
            staff_id=staff_id,
        )
    approval = Approval(
        id=new_id(),
        letter_id=letter.id,
        revision_id=revision.id,
        placement_id=placement.id,
        staff_id=staff_id,
        created_at=now,
    )
    session.add(approval)
    session.flush()
    return approval


def _checked_note(note: str) -> str:
    note = note.strip()
    if not note:
        raise Invalid({"note": N_("Tell the writer what to change.")})
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": N_("This note is too long; 2,000 signs fit.")})
    return note
