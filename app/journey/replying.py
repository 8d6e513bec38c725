"""A reply comes back on paper: kept page by page, and matched with the letter it answers.

It attaches to its letter in whatever state that is, closed or erased too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app import batching, claiming, locking, moving
from app.errors import Invalid, NotFound, WrongState
from app.journey import reply_clues
from app.lifecycle import REPLY, ReplyState, Role, State
from app.locale import N_
from app.models import Event, Letter, Reply, Scan
from app.models.columns import new_id
from app.moving import Actor, by_staff
from mailing.letter_numbers import NotALetterNumber, parse

MOST_PAGES = 40
_PRINTED = frozenset({State.BATCHED, State.PRINTED, State.UNKNOWN})
_DESK = {
    Role.SCANNER: frozenset({ReplyState.SCANNED, ReplyState.MATCHED}),
    Role.TRANSLATOR: frozenset({ReplyState.TRANSLATING}),
    Role.REVIEWER: frozenset({ReplyState.IN_REVIEW}),
}
"""Which replies a role sees; coordinators see all."""


@dataclass(frozen=True)
class Visitor:
    """Somebody of staff at the reply desk."""

    staff_id: str
    roles: frozenset[Role]

    @property
    def actor(self) -> Actor:
        return by_staff(self.staff_id)

    @property
    def coordinates(self) -> bool:
        return not self.roles.isdisjoint({Role.COORDINATOR, Role.ADMIN})

    @property
    def states(self) -> frozenset[ReplyState]:
        """The states in which this person may see a reply."""
        if self.coordinates:
            return frozenset(ReplyState)
        return frozenset().union(*(_DESK[role] for role in self.roles & _DESK.keys()))


@dataclass(frozen=True)
class KeptPage:
    """A page that lies in the vault already; its size in pixels."""

    file_id: str
    width: int
    height: int


def receive(
    session: Session,
    staff_id: str,
    pages: Sequence[KeptPage],
    received_on: date,
    today: date,
    now: datetime,
    *,
    name: str = "",
    town: str = "",
) -> Reply:
    """A new reply of these pages, in their order. Raises `Invalid` for no page, or a future day.

    name, town: what whoever uploads it read on the envelope.
    """
    if not pages:
        raise Invalid({"files": N_("Choose at least one photo or PDF file.")})
    if received_on > today:
        raise Invalid({"received_on": N_("This day has not come yet.")})
    reply = Reply(id=new_id(), received_on=received_on, uploaded_by=staff_id, created_at=now)
    moving.enter_reply(session, reply, by_staff(staff_id), now)
    for number, page in enumerate(pages, start=1):
        session.add(
            Scan(
                id=new_id(),
                reply_id=reply.id,
                page=number,
                file_id=page.file_id,
                width=page.width,
                height=page.height,
                created_at=now,
            )
        )
    session.flush()
    reply_clues.keep(session, reply, by_staff(staff_id), now, name=name, town=town)
    return reply


def at_desk(session: Session, reply_id: str, visitor: Visitor) -> Reply:
    """The reply, locked, if it waits at one of the visitor's desks. Raises `NotFound` (row 13)."""
    reply = session.exec(
        select(Reply)
        .where(Reply.id == reply_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if reply is None or reply.erased_at is not None or reply.state not in visitor.states:
        raise NotFound("There is no such reply.")
    return reply


def in_hand(session: Session, reply_id: str, visitor: Visitor) -> Reply:
    """The reply that the visitor has taken. Raises `NotFound`, `Claimed`."""
    reply = at_desk(session, reply_id, visitor)
    claiming.require(session, reply_id, visitor.staff_id)
    return reply


def take(
    session: Session, reply_id: str, visitor: Visitor, now: datetime, length: timedelta
) -> None:
    """Claim a reply to work on it; who reads it is kept. Raises `NotFound`, `Claimed` (row 17)."""
    at_desk(session, reply_id, visitor)
    claiming.claim(session, reply_id, visitor.staff_id, now, length)
    claiming.record_read(session, visitor.staff_id, reply_id, "reply", now)


def let_go(session: Session, reply_id: str, visitor: Visitor) -> None:
    """Give it free for others."""
    claiming.release(session, reply_id, visitor.staff_id)


def match_codes(session: Session, reply: Reply, codes: Iterable[str], now: datetime) -> bool:
    """Match by what QR codes on the pages say, if they name exactly one letter of ours.

    Otherwise the reply is left to people, with the reason.
    """
    numbers = {number for number in map(_parsed, codes) if number}
    found = session.exec(select(Letter).where(col(Letter.number).in_(numbers))).all()
    if len(found) == 1:
        _match(session, reply, found[0], moving.MACHINE, now, "code")
        return True
    trouble = "several_numbers" if len(found) > 1 else "unknown_number" if numbers else "no_number"
    moving.leave_to_people(session, reply, trouble)
    if numbers:
        reply_clues.keep(session, reply, moving.MACHINE, now, numbers=tuple(sorted(numbers)))
    return False


def note_clues(
    session: Session, reply_id: str, visitor: Visitor, now: datetime, **read: Any
) -> None:
    """Keep what was `read` on it (fields of `Clues`): letters are suggested by it from now on."""
    reply = in_hand(session, reply_id, visitor)
    reply_clues.keep(session, reply, visitor.actor, now, **read)


def match_number(
    session: Session, reply_id: str, typed: str, visitor: Visitor, now: datetime
) -> None:
    """Match by the number somebody read on the paper. Raises `Invalid`, with what is wrong."""
    reply = in_hand(session, reply_id, visitor)
    try:
        number = parse(typed)
    except NotALetterNumber:
        raise Invalid(
            {"number": N_("This is not a letter number: eleven digits, and one may be misread.")}
        ) from None
    letter = session.exec(select(Letter).where(Letter.number == number)).first()
    if letter is None:
        raise Invalid({"number": N_("There is no letter with this number.")})
    _match(session, reply, letter, visitor.actor, now, "typed")


def match_letter(
    session: Session, reply_id: str, letter_id: str, visitor: Visitor, now: datetime
) -> None:
    """Match with one of the letters that were suggested."""
    reply = in_hand(session, reply_id, visitor)
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise NotFound("There is no such letter.")
    _match(session, reply, letter, visitor.actor, now, "chosen")


def unmatch(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """It answers another letter: back to the holding pen. Raises `WrongState`.

    The letter is where it was before, unless another reply answers it.
    """
    reply = in_hand(session, reply_id, visitor)
    if reply.state != ReplyState.MATCHED or reply.letter_id is None:
        raise WrongState("This reply is not matched, or already on its way.")
    letter = session.get_one(Letter, reply.letter_id)
    locking.lock_all(session, letter.prisoner_id)
    moving.move_reply(
        session,
        reply,
        ReplyState.SCANNED,
        visitor.actor,
        now,
        why="unmatched",
        letter_id=None,
        trouble="unmatched",
    )
    other = session.exec(select(Reply.id).where(Reply.letter_id == letter.id)).first()
    if other is None and letter.state == State.ANSWERED:
        moving.move(
            session, letter, _before_answer(session, letter), visitor.actor, now, why="unmatched"
        )


def give_up(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """No letter can be found for it: a coordinator keeps it as unclaimed."""
    reply = in_hand(session, reply_id, visitor)
    moving.move_reply(session, reply, ReplyState.UNCLAIMED, visitor.actor, now)
    claiming.release(session, reply_id)


def withhold_page(
    session: Session, reply_id: str, page: int, visitor: Visitor, now: datetime, *, withheld: bool
) -> None:
    """The writer does not get the picture of this page, or gets it after all."""
    reply = in_hand(session, reply_id, visitor)
    scan = scan_of(session, reply.id, page)
    if scan.withheld != withheld:
        scan.withheld = withheld
        session.add(scan)
        where = str(page)
        what = "page_withheld" if withheld else "page_shown"
        moving.record(
            session,
            "reply",
            reply.id,
            visitor.actor,
            now,
            origin=reply.state,
            to=what,
            why=where,
        )


def replace_page(
    session: Session, reply_id: str, page: int, new: KeptPage, old: str, visitor: Visitor
) -> None:
    """Put a turned picture in the place of `old`. Raises `WrongState` when that is gone already."""
    scan = scan_of(session, in_hand(session, reply_id, visitor).id, page)
    if scan.file_id != old:
        raise WrongState("This page was changed meanwhile.")
    scan.file_id, scan.width, scan.height = new.file_id, new.width, new.height
    session.add(scan)


def scan_of(session: Session, reply_id: str, page: int) -> Scan:
    """One page. Raises `NotFound`."""
    scan = session.exec(select(Scan).where(Scan.reply_id == reply_id, Scan.page == page)).first()
    if scan is None:
        raise NotFound("There is no such page.")
    return scan


def may_see_pages(session: Session, reply: Reply, visitor: Visitor, now: datetime) -> bool:
    """Pictures are for whoever has taken the reply, coordinators too: taking it is kept."""
    return claiming.holder(session, reply.id, now) == visitor.staff_id


def _match(
    session: Session, reply: Reply, letter: Letter, actor: Actor, now: datetime, how: str
) -> None:
    if ReplyState.MATCHED not in REPLY[ReplyState(reply.state)].to or reply.letter_id is not None:
        raise WrongState("This reply has its letter already.")
    locking.lock_all(session, letter.prisoner_id)
    moving.move_reply(session, reply, ReplyState.MATCHED, actor, now, why=how, letter_id=letter.id)
    _answer(session, letter, actor, now)


def _answer(session: Session, letter: Letter, actor: Actor, now: datetime) -> None:
    """Who was answered was posted, whatever was noted; a returned or withdrawn letter stays."""
    if letter.state in _PRINTED and batching.is_on_paper(session, letter):
        moving.release(session, letter, actor, now)
        batching.leave(session, letter.id, now)
        if letter.state == State.BATCHED:
            moving.move(session, letter, State.PRINTED, actor, now, why="reply_came")
        moving.move(session, letter, State.POSTED, actor, now, why="reply_came")
    if letter.state in {State.POSTED, State.CLOSED}:
        moving.move(session, letter, State.ANSWERED, actor, now)


def _before_answer(session: Session, letter: Letter) -> State:
    event = session.exec(
        select(Event)
        .where(Event.subject == "letter", Event.subject_id == letter.id, Event.to == State.ANSWERED)
        .order_by(col(Event.id).desc())
    ).first()
    return State.CLOSED if event is not None and event.origin == State.CLOSED else State.POSTED


def _parsed(code: str) -> str | None:
    try:
        return parse(code)
    except NotALetterNumber:
        return None
