"""One step each, for whoever reads a reply: danger to life, no more letters, asks for help."""

from datetime import datetime

from sqlmodel import Session

from app import locking, moving, readdressing
from app.errors import WrongState
from app.journey.replying import Visitor, at_desk, in_hand
from app.lifecycle import Hold
from app.models import Alarm, Correspondence, Letter, Prisoner, Reply
from app.models.columns import new_id

DANGER, NO_MORE = "danger", "no_more_letters"


def danger(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """It speaks of danger to life: coordinators are alarmed at once, whoever works on it."""
    reply = at_desk(session, reply_id, visitor)
    if reply.danger_since is not None:
        return
    reply.danger_since = now
    session.add(reply)
    _tell(session, reply, visitor, "danger", now)
    session.add(Alarm(id=new_id(), kind=DANGER, subject_id=reply.id, created_at=now))


def danger_is_over(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """It was a mistake, or a coordinator has done what could be done."""
    reply = at_desk(session, reply_id, visitor)
    if reply.danger_since is not None:
        reply.danger_since = None
        session.add(reply)
        _tell(session, reply, visitor, "danger_over", now)


def no_more_letters(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """The prisoner wants no more letters: acts at once, then a coordinator looks at it.

    The correspondence stops, the wish to be written to is taken back, unprinted letters of
    everybody wait. Raises `WrongState` while no letter is found for the reply.
    """
    reply = in_hand(session, reply_id, visitor)
    if reply.letter_id is None:
        raise WrongState("First find the letter that this answers.")
    letter = session.get_one(Letter, reply.letter_id)
    correspondence = session.get_one(Correspondence, letter.correspondence_id)
    locking.lock_batches(session, letter.prisoner_id)
    # As they are now: whoever confirms them at this moment waits, or is heard first.
    prisoner = session.get_one(
        Prisoner, letter.prisoner_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if correspondence.stopped_at is None:
        correspondence.stopped_at = now
        session.add(correspondence)
    if prisoner.wants_letters:
        # As the rule has it: whoever wants to be named all the same keeps their page.
        prisoner.named = prisoner.is_public and prisoner.may_be_named
        prisoner.wants_letters = prisoner.eligible = prisoner.published = False
        prisoner.changed_at = now
        session.add(prisoner)
        moving.record(session, "prisoner", prisoner.id, visitor.actor, now, origin=None, to=NO_MORE)
        readdressing.readdress(session, prisoner.id, None, Hold.NOT_WRITABLE, visitor.actor, now)
        session.add(Alarm(id=new_id(), kind=NO_MORE, subject_id=prisoner.id, created_at=now))
    _tell(session, reply, visitor, NO_MORE, now)


def asks_for_help(
    session: Session, reply_id: str, visitor: Visitor, now: datetime, *, asks: bool
) -> None:
    """It asks for money, parcels or a lawyer: for coordinators; the writer is to send nothing."""
    reply = in_hand(session, reply_id, visitor)
    if reply.asks_for_help != asks:
        reply.asks_for_help = asks
        session.add(reply)
        _tell(session, reply, visitor, "asks_for_help" if asks else "no_help_needed", now)


def _tell(session: Session, reply: Reply, visitor: Visitor, what: str, now: datetime) -> None:
    moving.record(session, "reply", reply.id, visitor.actor, now, origin=reply.state, to=what)
