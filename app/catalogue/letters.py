"""What a change to a person or a place means for letters that are not posted yet."""

from sqlmodel import Session, col, select

from app import locking, moving, readdressing
from app.addressing import present_place, standing_hold
from app.catalogue.history import remember
from app.catalogue.rules import Standing
from app.catalogue.standing import Occasion
from app.lifecycle import ADDRESSED, Hold
from app.models import Letter, Placement, Prisoner
from app.readdressing import Readdressed

_OURS = (Hold.OBJECTED, Hold.NOT_WRITABLE)


def follow(
    session: Session,
    prisoner: Prisoner,
    standing: Standing,
    occasion: Occasion,
    *,
    corrected: bool = False,
) -> None:
    """Letters go on where the rule allows it, and wait where it does not.

    corrected: what stands on the envelope has changed, so approved letters are rendered again.
    """
    if prisoner.hidden:
        return
    if standing_hold(prisoner, occasion.today) is Hold.NOT_WRITABLE:
        hold(session, prisoner.id, Hold.NOT_WRITABLE, occasion)
        return
    placed = present_place(session, prisoner.id)
    if placed is not None and corrected:
        _address_anew(session, placed[0], occasion)
        placed = present_place(session, prisoner.id)
    if standing.writable:
        _release(session, prisoner.id, occasion)
    if standing.picked and placed is not None:
        send_to(session, prisoner.id, placed[0].id, occasion)


def hold(session: Session, prisoner_id: str, reason: Hold, occasion: Occasion) -> Readdressed:
    """Letters that are not posted yet wait for `reason`."""
    return readdressing.readdress(session, prisoner_id, None, reason, occasion.actor, occasion.now)


def send_to(
    session: Session, prisoner_id: str, placement_id: str, occasion: Occasion
) -> Readdressed:
    """Letters that are not printed yet go to this placement; waits for an address end."""
    session.flush()
    return readdressing.readdress(
        session, prisoner_id, placement_id, None, occasion.actor, occasion.now
    )


def tell(session: Session, readdressed: Readdressed, occasion: Occasion) -> None:
    """There is news of somebody: whoever has a letter under way that it touches is told."""
    for correspondence_id in sorted(readdressed.correspondences):
        moving.owe_notice(session, correspondence_id, "moved", occasion.now)


def _address_anew(session: Session, before: Placement, occasion: Occasion) -> None:
    """An approval is for one placement; a corrected address is a new one at the same place.

    The stay that ends for it is remembered with the person, so that nobody takes it for a move.
    """
    waiting = select(Letter.id).where(
        Letter.prisoner_id == before.prisoner_id, col(Letter.state).in_(sorted(ADDRESSED))
    )
    if session.exec(waiting.limit(1)).first() is None:
        return
    before.to_day = occasion.today
    session.flush()
    anew = Placement(
        prisoner_id=before.prisoner_id,
        facility_id=before.facility_id,
        from_day=occasion.today,
        source=before.source,
        checked_on=before.checked_on,
    )
    session.add(anew)
    remember(session, "prisoner", before.prisoner_id, "address_changed", occasion, {})
    send_to(session, before.prisoner_id, anew.id, occasion)


def _release(session: Session, prisoner_id: str, occasion: Occasion) -> None:
    """Holds of an objection or a bar end; whoever moved meanwhile is caught up with."""
    locking.lock_batches(session, prisoner_id)
    held = session.exec(
        select(Letter).where(Letter.prisoner_id == prisoner_id, col(Letter.held_reason).in_(_OURS))
    ).all()
    for letter in held:
        moving.release(session, letter, occasion.actor, occasion.now)
        if letter.state in ADDRESSED:
            readdressing.catch_up(session, letter, occasion.actor, occasion.now)
