"""What a coordinator decides about single letters, alarms and notices."""

from datetime import datetime

from sqlmodel import Session

from app import locking, moving, readdressing, work
from app.addressing import present_place
from app.errors import Conflict, Invalid, NotFound
from app.lifecycle import Hold, State
from app.locale import N_
from app.models import Alarm, Letter, Notice
from app.moving import Actor

RETURN_REASONS = (
    "not_there",
    "moved",
    "released",
    "refused_by_censor",
    "refused",
    "not_collected",
    "wrong_address",
    "unknown",
)
"""What stands on an envelope that came back."""

HOLDABLE = frozenset(
    set(State) - {State.POSTED, State.ANSWERED, State.CLOSED, State.REFUSED, State.WITHDRAWN}
)


def hold(
    session: Session, letter_id: str, reason: str, note: str, actor: Actor, now: datetime
) -> None:
    """A letter stands still until released. Raises `Invalid` for another reason than a `Hold`."""
    letter = _letter(session, letter_id)
    if reason not in set(Hold):
        raise Invalid({"reason": N_("Choose a reason from the list.")})
    if letter.state not in HOLDABLE:
        raise Conflict(N_("A letter that is on its way cannot be held any more."))
    moving.hold(session, letter, Hold(reason), actor, now)
    _note(session, letter, note, actor, now)


def release(session: Session, letter_id: str, note: str, actor: Actor, now: datetime) -> None:
    """A held letter goes on; an approved one is brought up to date with its recipient first."""
    letter = _letter(session, letter_id)
    moving.release(session, letter, actor, now)
    if letter.state in {State.APPROVED, State.READY}:
        readdressing.catch_up(session, letter, actor, now)
    _note(session, letter, note, actor, now)


def came_back(
    session: Session, letter_id: str, reason: str, note: str, actor: Actor, now: datetime
) -> None:
    """The envelope came back. Raises `Invalid` without a reason, `WrongState` if never posted."""
    if reason not in RETURN_REASONS:
        raise Invalid({"reason": N_("Choose what stands on the envelope.")})
    letter = _letter(session, letter_id)
    moving.move(session, letter, State.RETURNED, actor, now, why=reason, note=note or None)


def send_again(session: Session, letter_id: str, actor: Actor, now: datetime) -> None:
    """A returned letter goes to where its recipient is now: rendered anew, printed anew.

    Raises `Conflict` while no place is known, `WrongState` when it is not returned.
    """
    letter = _letter(session, letter_id)
    placed = present_place(session, letter.prisoner_id)
    if placed is None:
        raise Conflict(N_("No place is known where this letter could go. Enter the new one first."))
    locking.lock_all(session, letter.prisoner_id)
    moving.release(session, letter, actor, now)
    readdressing.carry_over(session, letter, placed[0].id, actor, now)


def close(session: Session, letter_id: str, note: str, actor: Actor, now: datetime) -> None:
    """Nothing more is expected. Raises `WrongState` before a letter was posted."""
    moving.move(
        session,
        _letter(session, letter_id),
        State.CLOSED,
        actor,
        now,
        why="by_hand",
        note=note or None,
    )


def settle_alarm(session: Session, alarm_id: str, actor: Actor, now: datetime) -> None:
    """Somebody saw to it. Raises `NotFound`; settling twice is no error."""
    alarm = session.get(Alarm, alarm_id)
    if alarm is None:
        raise NotFound(N_("There is no such alarm."))
    if alarm.settled_at is None:
        alarm.settled_at, alarm.settled_by = now, actor.staff_id


def notify_again(session: Session, notice_id: str) -> None:
    """Try a failed notice once more. Raises `Conflict` when it is not failed."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(N_("There is no such notice."))
    if notice.state != "failed":
        raise Conflict(N_("This notice is on its way already."))
    notice.state, notice.attempts = "owed", notice.attempts + 1
    session.flush()
    work.owe(session, "notify", notice.id, str(notice.attempts))


def _letter(session: Session, letter_id: str) -> Letter:
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise NotFound(N_("There is no such letter."))
    return letter


def _note(session: Session, letter: Letter, note: str, actor: Actor, now: datetime) -> None:
    if note.strip():
        moving.record(
            session,
            "letter",
            letter.id,
            actor,
            now,
            origin=letter.state,
            to="noted",
            note=note.strip()[:2000],
        )
