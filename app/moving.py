"""The one door between states: event, count, notice and work, in the caller's transaction.

Nothing else sets a state, a hold, or a prisoner's count. Every function takes `now`, and raises
`WrongState` when the table has no such edge or somebody else moved the row meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from app import lifecycle, locking, merged, work
from app.errors import Held, WrongState
from app.inserting import Row, insert, row
from app.lifecycle import Hold, ReplyState, State
from app.models import Correspondence, Event, Letter, Note, Notice, Prisoner, Reply
from app.models.columns import new_id
from app.models.correspondence import NONE

_FACTS = frozenset({State.WITHDRAWN, State.ANSWERED, State.RETURNED, State.CLOSED})
"""What the writer decides or the world does happens to a held letter too."""


@dataclass(frozen=True)
class Actor:
    """Who moves something: "system", "machine", "writer", "partner", or "staff" with an id."""

    kind: str
    staff_id: str | None = None


SYSTEM, MACHINE, WRITER = Actor("system"), Actor("machine"), Actor("writer")


def by_staff(staff_id: str) -> Actor:
    return Actor("staff", staff_id)


def enter(
    session: Session, letter: Letter, actor: Actor, now: datetime, *, already_counted: bool
) -> None:
    """Begin a letter's life in `received`. A live reservation may have counted it already."""
    letter.state, letter.state_since = State.RECEIVED, now
    letter.due_at = _due(lifecycle.LETTER[State.RECEIVED].days, now)
    letter.counted = True
    session.add(letter)
    session.flush()
    record(session, "letter", letter.id, actor, now, origin=None, to=State.RECEIVED)
    if not already_counted:
        count(session, letter.prisoner_id, 1)


def beginning(
    session: Session,
    letter: dict[str, Any],
    onward: State,
    actor: Actor,
    now: datetime,
    *,
    why: str = "",
    hold_for: Hold | None = None,
) -> list[Row]:
    """The rows of a letter's first steps: `enter`, `move` and `hold` at once, and its work.

    letter: what the writer gave (id, number, correspondence, recipient, hashes, language, gender,
    engines, closing sentence, whether picked at random). Its count is the caller's to see to: it
    has one, or gets it by `count`. Raises `WrongState`.
    """
    if not lifecycle.may_move(State.RECEIVED, onward):
        raise WrongState(f"A letter that is received cannot become {onward}.")
    standing = {
        "state": str(onward),
        "state_since": now,
        "due_at": _due(lifecycle.LETTER[onward].days, now),
        "moves": 1,
        "counted": True,
        "held_reason": hold_for and str(hold_for),
        "held_since": now if hold_for else None,
        "attempts": 0,
        "replies": 0,
        "take_out": False,
        "created_at": now,
    }
    steps: list[tuple[Actor, str | None, str, str]] = [
        (actor, None, State.RECEIVED, ""),
        (SYSTEM, State.RECEIVED, onward, why),
    ]
    if hold_for:
        steps.append((SYSTEM, onward, "held", hold_for))
    rows = [row(Letter, **standing, **letter)]
    for by, origin, to, reason in steps:
        event = event_row("letter", letter["id"], by, now, origin=origin, to=to, why=reason)
        rows.append(row(Event, **event))
    kind = _work_on_entering(onward, letter["engines"])
    if kind and not hold_for:
        rows += work.rows_of(session, kind, letter["id"], "1-0")
    return rows


def move(
    session: Session,
    letter: Letter,
    to: State,
    actor: Actor,
    now: datetime,
    *,
    why: str = "",
    note: str | None = None,
    **changes: Any,
) -> None:
    """Move a letter along an edge of the table; `changes` are columns set by the same UPDATE.

    why: a short code kept with the event. note: free words, sealed. Raises `WrongState`, `Held`.
    """
    origin = State(letter.state)
    if not lifecycle.may_move(origin, to):
        raise WrongState(f"A letter that is {origin} cannot become {to}.")
    if letter.held_reason and to not in _FACTS:
        raise Held(f"This letter is held: {letter.held_reason}.")
    counted = lifecycle.counts_in(to, letter.counted)
    delta = int(counted) - int(letter.counted)
    values = {
        "state": str(to),
        "state_since": now,
        "due_at": _due(lifecycle.LETTER[to].days, now),
        "moves": letter.moves + 1,
        "counted": counted,
        "trouble": None,
        "attempts": 0,
        "next_try_at": None,
        **changes,
    }
    if delta:
        locking.lock_people(session, letter.prisoner_id)  # the letter comes after its recipient
    _update(session, letter, values)
    record(session, "letter", letter.id, actor, now, origin=origin, to=to, why=why, note=note)
    if delta:
        count(session, letter.prisoner_id, delta)
    if to in lifecycle.NOTICES and origin != State.ANSWERED:  # an undone match is no news
        owe_notice(session, letter.correspondence_id, lifecycle.NOTICES[to], now)
    owe_machine_work(session, letter)


def owe_machine_work(session: Session, letter: Letter, delay: timedelta | None = None) -> None:
    """Queue what the machine does in the letter's state, if anything; people-only letters wait."""
    kind = _work_on_entering(State(letter.state), letter.engines)
    if kind and not letter.held_reason and not is_left_to_people(letter):
        work.owe(session, kind, letter.id, f"{letter.moves}-{letter.attempts}", delay)


def _work_on_entering(state: State, engines: str) -> str | None:
    kind = lifecycle.MACHINE_WORK.get(state)
    return None if kind == "translate" and engines == NONE else kind


def try_again_later(
    session: Session, row: Letter | Reply, trouble: str, delay: timedelta, now: datetime
) -> None:
    """The machine could not: note why, and queue the next try, visibly."""
    _update(
        session,
        row,
        {"trouble": trouble, "attempts": row.attempts + 1, "next_try_at": now + delay},
    )
    if isinstance(row, Letter):
        owe_machine_work(session, row, delay)
    else:
        owe_reply_work(session, row, delay)


def is_left_to_people(row: Letter | Reply) -> bool:
    """Whether the machine gave up on it: it says why, and has no next try."""
    return row.trouble is not None and row.next_try_at is None


def leave_to_people(session: Session, row: Letter | Reply, trouble: str) -> None:
    """The machine gives up on it where it stands: note why, and queue nothing more."""
    _update(session, row, {"trouble": trouble, "attempts": row.attempts + 1, "next_try_at": None})


def hold(session: Session, letter: Letter, reason: Hold, actor: Actor, now: datetime) -> None:
    """Stop a letter where it is, or give a held one another reason."""
    _update(
        session,
        letter,
        {
            "held_reason": str(reason),
            "held_since": letter.held_since or now,
            "held_by": actor.staff_id,
        },
    )
    record(session, "letter", letter.id, actor, now, origin=letter.state, to="held", why=reason)


def release(session: Session, letter: Letter, actor: Actor, now: datetime) -> None:
    """Let a held letter go on; its deadline and the machine's work begin anew."""
    if letter.held_reason is None:
        return
    was = letter.held_reason
    values = {
        "held_reason": None,
        "held_since": None,
        "held_by": None,
        "due_at": _due(lifecycle.LETTER[State(letter.state)].days, now),
        "moves": letter.moves + 1,
        "attempts": 0,
        "trouble": None,
        "next_try_at": None,
    }
    _update(session, letter, values)
    record(session, "letter", letter.id, actor, now, origin="held", to=letter.state, why=was)
    owe_machine_work(session, letter)


def note_change(session: Session, letter: Letter, **changes: Any) -> None:
    """Set columns other than the state, refused if the letter moved meanwhile."""
    _update(session, letter, changes)


def enter_reply(session: Session, reply: Reply, actor: Actor, now: datetime) -> None:
    """Begin a reply's way in `scanned`; the machine looks for the letter's number."""
    reply.state, reply.state_since = ReplyState.SCANNED, now
    reply.due_at = _due(lifecycle.REPLY[ReplyState.SCANNED].days, now)
    session.add(reply)
    session.flush()
    record(session, "reply", reply.id, actor, now, origin=None, to=ReplyState.SCANNED)
    owe_reply_work(session, reply)


def move_reply(
    session: Session,
    reply: Reply,
    to: ReplyState,
    actor: Actor,
    now: datetime,
    *,
    why: str = "",
    **changes: Any,
) -> None:
    """Move a reply along an edge of its table. Raises `WrongState`."""
    origin = ReplyState(reply.state)
    if to not in lifecycle.REPLY[origin].to:
        raise WrongState(f"A reply that is {origin} cannot become {to}.")
    values = {
        "state": str(to),
        "state_since": now,
        "due_at": _due(lifecycle.REPLY[to].days, now),
        "moves": reply.moves + 1,
        "trouble": None,
        "attempts": 0,
        "next_try_at": None,
        **changes,
    }
    answered = reply.letter_id
    _update(session, reply, values)
    if reply.letter_id != answered:
        _count_reply(session, answered, -1)
        _count_reply(session, reply.letter_id, 1)
    record(session, "reply", reply.id, actor, now, origin=origin, to=to, why=why)
    if to in lifecycle.REPLY_NOTICES and reply.letter_id is not None:
        correspondence_id = session.execute(
            sa.select(Letter.correspondence_id).where(Letter.id == reply.letter_id)  # type: ignore[call-overload]
        ).scalar_one()
        owe_notice(session, correspondence_id, lifecycle.REPLY_NOTICES[to], now)
    owe_reply_work(session, reply)


def owe_reply_work(session: Session, reply: Reply, delay: timedelta | None = None) -> None:
    """Queue what the machine does in the reply's state, if anything."""
    kind = lifecycle.REPLY_MACHINE_WORK.get(ReplyState(reply.state))
    if kind is not None and not is_left_to_people(reply):
        work.owe(session, kind, reply.id, f"{reply.moves}-{reply.attempts}", delay)


def record(
    session: Session,
    subject: str,
    subject_id: str,
    actor: Actor,
    now: datetime,
    *,
    origin: str | None,
    to: str,
    why: str = "",
    note: str | None = None,
) -> None:
    """Write one event. `note` is kept sealed."""
    note_id = None
    if note:
        kept = Note(id=new_id())
        kept.text = note
        session.add(kept)
        session.flush()
        note_id = kept.id
    event = event_row(
        subject, subject_id, actor, now, origin=origin, to=to, why=why, note_id=note_id
    )
    insert(session, Event, event)


def event_row(
    subject: str,
    subject_id: str,
    actor: Actor,
    now: datetime,
    *,
    origin: str | None,
    to: str,
    why: str = "",
    note_id: str | None = None,
) -> dict[str, Any]:
    """One event as a row, for whoever enters many things at once."""
    return {
        "subject": subject,
        "subject_id": subject_id,
        "at": now,
        "actor": actor.kind,
        "staff_id": actor.staff_id,
        "origin": origin,
        "to": str(to),
        "why": str(why),
        "note_id": note_id,
    }


def count(session: Session, prisoner_id: str, delta: int) -> str:
    """Change a prisoner's count of letters and live reservations; returns whose it is.

    That is another id when two records became one meanwhile. From here to the end of the
    transaction nobody merges this record away: what refers to it can be written after.
    """
    changed = session.execute(
        sa.update(Prisoner)
        .where(Prisoner.id == prisoner_id)  # type: ignore[arg-type]
        .values(letter_count=Prisoner.letter_count + delta)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        # Read before two records became one: the count went over with the letters.
        now_id = merged.now_id(session, prisoner_id)
        if now_id is not None:
            return count(session, now_id, delta)
    return prisoner_id


def _count_reply(session: Session, letter_id: str | None, delta: int) -> None:
    session.execute(
        sa.update(Letter)
        .where(Letter.id == letter_id)  # type: ignore[arg-type]
        .values(replies=Letter.replies + delta)
        .execution_options(synchronize_session=False)
    )


def owe_notice(session: Session, correspondence_id: str, kind: str, now: datetime) -> None:
    """Owe the writer an e-mail, if an address was left and nothing was erased."""
    left = session.execute(
        sa.select(Correspondence.id).where(  # type: ignore[call-overload]
            Correspondence.id == correspondence_id,
            Correspondence.email_sealed.is_not(None),  # type: ignore[union-attr]
            Correspondence.erased_at.is_(None),  # type: ignore[union-attr]
        )
    ).first()
    if left is None:
        return
    notice = Notice(id=new_id(), kind=kind, correspondence_id=correspondence_id, created_at=now)
    session.add(notice)
    session.flush()
    work.owe(session, "notify", notice.id, "0")


def _update(session: Session, row: Letter | Reply, values: dict[str, Any]) -> None:
    table = type(row)
    session.flush()
    changed = session.execute(
        sa.update(table)
        .where(table.id == row.id, table.state == row.state, table.moves == row.moves)  # type: ignore[arg-type]
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState("Somebody else was faster; look again.")
    for column, value in values.items():
        set_committed_value(row, column, value)


def _due(days: int | None, now: datetime) -> datetime | None:
    return None if days is None else now + timedelta(days=days)
