"""What a move, a release or a lost address means for the letters to somebody.

An approval is for one placement. When somebody is moved, it is carried over to the new placement
and the letter is rendered again; what is on paper already is held, and shown to whoever printed
it as «take it out of the pile». A letter held for another reason (an objection, abuse) is
re-addressed too, and stays held.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app import addressing, batching, locking, moving
from app.errors import NotFound
from app.lifecycle import BEFORE_APPROVAL, UNPOSTED, Hold, State
from app.models import Approval, Letter, Prisoner
from app.models.columns import new_id
from app.moving import Actor

WHEREABOUTS_HOLDS = frozenset(
    {
        Hold.IN_TRANSFER,
        Hold.NO_ADDRESS,
        Hold.INCOMPLETE_ADDRESS,
        Hold.STALE_ADDRESS,
        Hold.RELEASED,
        Hold.DEAD,
        Hold.NOT_WRITABLE,
    }
)
"""Holds that end when somebody may be written to at a known address; objections do not."""


@dataclass(frozen=True)
class Readdressed:
    """How many letters: sent to a new address, held, released, and to be taken out of piles.

    correspondences: those of letters for which something changed, to tell their writers.
    """

    carried: int = 0
    held: int = 0
    released: int = 0
    on_paper: int = 0
    correspondences: frozenset[str] = frozenset()


def readdress(
    session: Session,
    prisoner_id: str,
    new_placement_id: str | None,
    hold_reason: Hold | None,
    actor: Actor,
    now: datetime,
) -> Readdressed:
    """Apply what is known of somebody's whereabouts to every letter that is not posted yet.

    With a placement and no `hold_reason` letters go there, and holds for want of an address end;
    otherwise they are held (`NO_ADDRESS` when no reason is given).
    """
    locking.lock_batches(session, prisoner_id)
    carried = held = released = on_paper = 0
    touched = set()
    for letter in _unposted(session, prisoner_id):
        before = carried + held + released
        printed = batching.is_on_paper(session, letter)
        if new_placement_id is None or hold_reason is not None:
            held += _stop(session, letter, hold_reason or Hold.NO_ADDRESS, actor, now)
            on_paper += printed
        elif letter.state in BEFORE_APPROVAL or _is_for(session, letter, new_placement_id):
            released += _release(session, letter, actor, now)
        elif printed:
            held += _hold(session, letter, Hold.STALE_ADDRESS, actor, now)
            on_paper += 1
        else:
            carry_over(session, letter, new_placement_id, actor, now)
            carried += 1
        if carried + held + released > before:
            touched.add(letter.correspondence_id)
    return Readdressed(carried, held, released, on_paper, frozenset(touched))


def carry_over(
    session: Session, letter: Letter, placement_id: str, actor: Actor, now: datetime
) -> None:
    """Approve an approved, unprinted letter for another placement; it is rendered again."""
    changes = {
        "approval_id": _carried(session, letter, placement_id, now).id,
        "rendering_id": None,
    }
    batching.leave(session, letter.id, now)
    with _other_holds_kept(session, letter, actor, now):
        if letter.state == State.APPROVED:
            moving.note_change(session, letter, moves=letter.moves + 1, **changes)
            told = {"origin": letter.state, "to": letter.state, "why": "readdressed"}
            moving.record(session, "letter", letter.id, actor, now, **told)
            moving.owe_machine_work(session, letter)
        else:
            moving.move(session, letter, State.APPROVED, actor, now, why="readdressed", **changes)


def take_out(
    session: Session, letter: Letter, actor: Actor, now: datetime, why: str = "taken_out"
) -> None:
    """A printed letter was taken out of the pile: what the writer or the address asks for follows.

    Withdrawn by its writer, it is withdrawn; otherwise it waits in `ready`, or goes to the new
    address. Raises `WrongState` when it is not in a batch any more.
    """
    locking.lock_people(session, letter.prisoner_id)  # its batch is in the caller's hands
    reason = Hold(letter.held_reason) if letter.held_reason else None
    moving.release(session, letter, actor, now)
    withdrawn = letter.take_out
    batching.leave(session, letter.id, now)
    moving.move(session, letter, State.READY, actor, now, why=why, take_out=False)
    if withdrawn:
        moving.move(session, letter, State.WITHDRAWN, actor, now, why=why)
    elif reason is not None and reason not in WHEREABOUTS_HOLDS:
        moving.hold(session, letter, reason, actor, now)
        catch_up(session, letter, actor, now)
    else:
        catch_up(session, letter, actor, now)


def catch_up(session: Session, letter: Letter, actor: Actor, now: datetime) -> None:
    """Bring an approved letter up to date with where its recipient is today.

    One that is on paper for another address is held, to be taken out of the pile.
    """
    prisoner = session.get(Prisoner, letter.prisoner_id)
    if prisoner is None:
        raise NotFound("There is no such person.")
    placed = addressing.present_place(session, prisoner.id)
    reason = addressing.standing_hold(prisoner, now.date())
    if reason is not None or placed is None:
        _hold(session, letter, reason or Hold.NO_ADDRESS, actor, now)
    elif _is_for(session, letter, placed[0].id):
        return
    elif batching.is_on_paper(session, letter):
        _hold(session, letter, Hold.STALE_ADDRESS, actor, now)
    else:
        carry_over(session, letter, placed[0].id, actor, now)


def _stop(session: Session, letter: Letter, reason: Hold, actor: Actor, now: datetime) -> int:
    if letter.state == State.BATCHED and not batching.is_on_paper(session, letter):
        batching.leave(session, letter.id, now)
        with _other_holds_kept(session, letter, actor, now):
            moving.move(session, letter, State.READY, actor, now, why="held")
    return _hold(session, letter, reason, actor, now)


def _hold(session: Session, letter: Letter, reason: Hold, actor: Actor, now: datetime) -> int:
    """Held for another reason, it keeps that reason: an address must not end an objection."""
    if letter.held_reason == reason or (letter.held_reason and not _waits_for_address(letter)):
        return 0
    moving.hold(session, letter, reason, actor, now)
    return 1


def _release(session: Session, letter: Letter, actor: Actor, now: datetime) -> int:
    if not _waits_for_address(letter):
        return 0
    moving.release(session, letter, actor, now)
    return 1


def _waits_for_address(letter: Letter) -> bool:
    return letter.held_reason is not None and Hold(letter.held_reason) in WHEREABOUTS_HOLDS


@contextmanager
def _other_holds_kept(
    session: Session, letter: Letter, actor: Actor, now: datetime
) -> Iterator[None]:
    """Inside, the letter can move; a hold that an address does not end is put back after it."""
    reason = Hold(letter.held_reason) if letter.held_reason else None
    moving.release(session, letter, actor, now)
    yield
    if reason is not None and reason not in WHEREABOUTS_HOLDS:
        moving.hold(session, letter, reason, actor, now)


def _carried(session: Session, letter: Letter, placement_id: str, now: datetime) -> Approval:
    """The approval of the same revision for `placement_id`; one from an earlier stay is used."""
    present = session.get(Approval, letter.approval_id)
    if present is None:
        raise NotFound("There is no approval to carry over.")
    earlier = session.exec(
        select(Approval).where(
            Approval.letter_id == letter.id,
            Approval.revision_id == present.revision_id,
            Approval.placement_id == placement_id,
        )
    ).first()
    if earlier is not None:
        return earlier
    approval = Approval(
        id=new_id(),
        letter_id=letter.id,
        revision_id=present.revision_id,
        placement_id=placement_id,
        staff_id=present.staff_id,
        carried_from_id=present.id,
        created_at=now,
    )
    session.add(approval)
    session.flush()
    return approval


def _is_for(session: Session, letter: Letter, placement_id: str) -> bool:
    approval = session.get(Approval, letter.approval_id) if letter.approval_id else None
    return approval is not None and approval.placement_id == placement_id


def _unposted(session: Session, prisoner_id: str) -> list[Letter]:
    return list(
        session.exec(
            select(Letter)
            .where(Letter.prisoner_id == prisoner_id, col(Letter.state).in_(sorted(UNPOSTED)))
            .order_by(col(Letter.id))
            .execution_options(populate_existing=True)
        ).all()
    )
