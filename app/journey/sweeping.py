"""Nothing stalls unseen: lost work is owed again, broken work is parked, deadlines are kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import addressing, lifecycle, moving, work
from app.lifecycle import MACHINE_WORK, REPLY_MACHINE_WORK, Hold, ReplyState, State
from app.models import Event, Letter, Notice, Reply
from app.models.correspondence import NONE
from app.service import Service

GRACE = timedelta(minutes=2)
"""Work this young may still be on its way into the queue or out of it."""
STUMBLES = 5
"""So often in a row may work on one thing break off before it is parked."""
PAUSE = timedelta(seconds=30)
_PAGE = 400
_AT_ONCE = 50  # rows in one write transaction, which must stay short


def sweep(service: Service) -> int:
    """Owe again whatever waits for the machine without live work; returns how many."""
    swept = 0
    for table, kinds in ((Letter, MACHINE_WORK), (Reply, REPLY_MACHINE_WORK)):
        for page in _waiting(service, table, {str(state): kind for state, kind in kinds.items()}):
            swept += _owe_again(service, page)
    return swept + _owe_notices_again(service)


def stumbled(service: Service, kind: str, subject_id: str, attempt: str) -> str:
    """Work broke off by an error of ours: try again later, and park it in the end (row 64).

    Returns a code for the record of work. A parked letter is held, a reply is left to people.
    """
    with service.database.write() as session:
        table: type[Letter | Reply] = Letter if kind in MACHINE_WORK.values() else Reply
        row: Letter | Reply | None = session.get(table, subject_id)  # type: ignore[assignment]
        if row is None or _piece(row) != (kind, subject_id, attempt):
            return "moved_on"
        return _stumble(session, row, service.now())


def keep_deadlines(service: Service) -> int:
    """What waited for writer or world past its deadline is withdrawn or closed; returns how many.

    Where one of ours should act, a deadline only lists the letter as overdue.
    """
    ends = {"writer": State.WITHDRAWN, "world": State.CLOSED}
    kept = 0
    for state, station in lifecycle.LETTER.items():
        if station.who in ends:
            kept += _let_go(service, state, ends[station.who])
    return kept + _close_unread_replies(service)


def release_for_return_address(service: Service) -> int:
    """Letters held for want of a return address go on once there is one; returns how many."""
    released = 0
    while True:
        with service.database.write() as session:
            held = session.exec(
                select(Letter).where(Letter.held_reason == Hold.NO_RETURN_ADDRESS).limit(_AT_ONCE)
            ).all()
            country, today = service.settings.posted_from, service.today()
            if not held or addressing.return_address(session, None, country, today) is None:
                return released
            for letter in held:
                moving.release(session, letter, moving.SYSTEM, service.now())
        released += len(held)


def _waiting(
    service: Service, table: type[Letter] | type[Reply], kinds: dict[str, str]
) -> Iterator[list[tuple[str, str, str]]]:
    """Pages of (kind, id, attempt) of rows that should have work by now, in order of ids."""
    after = ""
    while True:
        statement = (
            sa.select(table.id, table.state, table.moves, table.attempts)  # type: ignore[call-overload]
            .where(
                col(table.id) > after,
                col(table.state).in_(kinds),
                sa.func.coalesce(col(table.next_try_at), col(table.state_since))
                < service.now() - GRACE,
                sa.or_(col(table.trouble).is_(None), col(table.next_try_at).is_not(None)),
            )
            .order_by(table.id)
            .limit(_PAGE)
        )
        if table is Letter:
            statement = statement.where(
                col(Letter.held_reason).is_(None),
                sa.or_(col(Letter.state) != State.TRANSLATING, col(Letter.engines) != NONE),
            )
        with service.database.read() as session:
            rows = session.execute(statement).all()
        yield [(kinds[row.state], row.id, f"{row.moves}-{row.attempts}") for row in rows]
        if len(rows) < _PAGE:
            return
        after = rows[-1].id


def _owe_again(service: Service, page: list[tuple[str, str, str]]) -> int:
    ids = {work.piece_id(*piece): piece for piece in page}
    lost = ids.keys() - work.unfinished(service.database.engine, list(ids))
    return sum(stumbled(service, *ids[piece_id]) != "moved_on" for piece_id in sorted(lost))


def _piece(row: Letter | Reply) -> tuple[str, str, str] | None:
    """The piece of work a row waits for."""
    if isinstance(row, Letter):
        kind = None if row.held_reason else MACHINE_WORK.get(State(row.state))
    else:
        kind = REPLY_MACHINE_WORK.get(ReplyState(row.state))
    return (kind, row.id, f"{row.moves}-{row.attempts}") if kind else None


def _stumble(session: Session, row: Letter | Reply, now: datetime) -> str:
    subject = "letter" if isinstance(row, Letter) else "reply"
    before = session.exec(
        select(Event.to)
        .where(Event.subject == subject, Event.subject_id == row.id)
        .order_by(col(Event.id).desc())
        .limit(STUMBLES - 1)
    ).all()
    moving.record(session, subject, row.id, moving.MACHINE, now, origin=row.state, to="stumbled")
    if before.count("stumbled") < STUMBLES - 1:
        moving.try_again_later(session, row, "stumbled", PAUSE * 2 ** before.count("stumbled"), now)
        return "stumbled"
    if isinstance(row, Reply):
        moving.leave_to_people(session, row, "stumbled")
    elif row.state == State.TRANSLATING:
        moving.hold(session, row, Hold.PROVIDER_POISON, moving.MACHINE, now)
    else:
        moving.hold(session, row, Hold.UNRENDERABLE, moving.MACHINE, now)
    return "parked"


def _owe_notices_again(service: Service) -> int:
    with service.database.read() as session:
        owed = session.exec(
            select(Notice).where(
                Notice.state == "owed",
                sa.func.coalesce(col(Notice.next_try_at), col(Notice.created_at))
                < service.now() - GRACE,
            )
        ).all()
    ids = {work.piece_id("notify", row.id, str(row.attempts)): row for row in owed}
    lost = ids.keys() - work.unfinished(service.database.engine, list(ids))
    for piece_id in lost:
        with service.database.write() as session:
            row = session.get_one(Notice, ids[piece_id].id)
            if row.state == "owed" and row.attempts == ids[piece_id].attempts:
                row.attempts += 1
                work.owe(session, "notify", row.id, str(row.attempts))
    return len(lost)


def _let_go(service: Service, state: State, to: State) -> int:
    kept = 0
    while True:
        with service.database.write() as session:
            late = session.exec(
                select(Letter)
                .where(Letter.state == state, col(Letter.due_at) <= service.now())
                .limit(_AT_ONCE)
            ).all()
            for letter in sorted(late, key=lambda each: each.prisoner_id):  # as others take people
                moving.move(session, letter, to, moving.SYSTEM, service.now(), why="deadline")
        kept += len(late)
        if len(late) < _AT_ONCE:
            return kept


def _close_unread_replies(service: Service) -> int:
    kept = 0
    while True:
        with service.database.write() as session:
            late = session.exec(
                select(Reply)
                .where(Reply.state == ReplyState.FORWARDED, col(Reply.due_at) <= service.now())
                .limit(_AT_ONCE)
            ).all()
            for reply in late:
                moving.move_reply(
                    session,
                    reply,
                    ReplyState.CLOSED,
                    moving.SYSTEM,
                    service.now(),
                    why="deadline",
                )
        kept += len(late)
        if len(late) < _AT_ONCE:
            return kept
