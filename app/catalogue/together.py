"""Confirming several people whom a coordinator looked at: addresses, or newcomers.

Each person passes the one rule and gets an event of their own; all events of one confirmation
have its moment, by which it is found again, told about, and taken back. People are done a few at
a time: what is done stays done when the rest cannot be.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from app.addressing import present_place
from app.catalogue import editing, unconfirming
from app.catalogue.details import Confirmation, require_come
from app.catalogue.foreseeing import Consequences, carry_out
from app.catalogue.history import before_of
from app.catalogue.looked_at import LookedAt, is_unchanged
from app.catalogue.standing import Occasion, people_to_change
from app.errors import Conflict, Invalid, Unavailable
from app.locale import N_
from app.models import Event, Note, Prisoner
from app.service import Service

MOST = 100
"""People shown, and ticked, at once."""
AT_ONCE = 20
CHECKED, CONFIRMED, UNCHECKED = "checked", "confirmed", "unchecked"
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Done:
    """How far it came. stopped: the database could not save the rest."""

    done: int
    stopped: bool


@dataclass(frozen=True)
class Custody:
    """What is made sure of for all the ticked people at once.

    A day of None, or names_right without a tick, leaves that as it is with each person.
    """

    custody_confirmed_on: date
    address_checked_on: date | None = None
    address_source: str = ""
    wants_letters: bool = False
    wish_source: str = ""
    wish_date: date | None = None
    names_right: bool = False


def check_addresses(
    service: Service, people: LookedAt, day: date, source: str, occasion: Occasion
) -> Done:
    """Each of these people is still where we have them: made sure on `day`, by `source`.

    Who was checked on a later day, has no place any more, or is not as they were looked at, is
    left alone. Raises `Invalid`.
    """
    _within_bounds(people, {"checked_on": day}, occasion)

    def check(session: Session, row: Prisoner) -> bool:
        if not is_unchanged(session, row, people):
            return False
        return editing.check_address(session, row.id, day, source, occasion) is not None

    return _each(service, people, check)


def confirm(service: Service, people: LookedAt, custody: Custody, occasion: Occasion) -> Done:
    """Custody, address and wish of each of these people, as `custody` says. Raises `Invalid`.

    Whoever the rule still refuses is confirmed as far as that goes, and stays unpublished; who is
    not as they were looked at is left alone.
    """
    _checked(people, custody, occasion)
    return _each(service, people, lambda on, row: _confirm_one(on, row, people, custody, occasion))


def _checked(ids: Collection[str], custody: Custody, occasion: Occasion) -> None:
    days = {
        "custody_confirmed_on": custody.custody_confirmed_on,
        "address_checked_on": custody.address_checked_on,
        "wish_date": custody.wish_date,
    }
    _within_bounds(ids, days, occasion)
    if custody.wants_letters and not (custody.wish_source and custody.wish_date):
        raise Invalid({"wish_source": N_("A wish for letters needs its source and its date.")})


def _confirm_one(
    session: Session, row: Prisoner, people: LookedAt, custody: Custody, occasion: Occasion
) -> bool:
    if not editing.may_be_confirmed(row) or not is_unchanged(session, row, people):
        return False
    editing.confirm(session, row.id, _of(row, custody), occasion)
    return True


def foresee(
    service: Service, people: LookedAt, custody: Custody, occasion: Occasion
) -> Consequences:
    """What `confirm` would do to these people, told by doing it; nothing is changed."""
    _checked(people, custody, occasion)

    def act(session: Session) -> None:
        for row in people_to_change(session, people):
            _confirm_one(session, row, people, custody, occasion)

    return carry_out(service, _there(service, people), act, occasion, lambda _seen: False).seen


def uncheck_addresses(service: Service, moment: datetime, occasion: Occasion) -> Done:
    """Take back what the same coordinator checked at `moment`: the days before are there again.

    Whom somebody has changed since is left alone. Raises `Conflict` when it is too long ago.
    """

    def uncheck(session: Session, prisoner_id: str, note: str) -> bool:
        placed = present_place(session, prisoner_id)
        if placed is None:
            return False
        day = before_of(note, "checked_on", placed[0].checked_on)
        before = placed[0].checked_on if day is None else date.fromisoformat(day) if day else None
        source = before_of(note, "source", placed[0].source)
        editing.restore_check(session, prisoner_id, before, source, occasion)
        return True

    return _undo(service, moment, CHECKED, occasion, uncheck)


def unconfirm(service: Service, moment: datetime, occasion: Occasion) -> Done:
    """Take back what the same coordinator confirmed at `moment`: people are as they were before.

    Letters that are on paper stay there, and whom somebody has changed since is left alone.
    Raises `Conflict` when it is too long ago.
    """

    def take_back(session: Session, prisoner_id: str, note: str) -> bool:
        unconfirming.take_back(session, prisoner_id, note, occasion)
        return True

    return _undo(service, moment, CONFIRMED, occasion, take_back)


def _undo(
    service: Service,
    moment: datetime,
    what: str,
    occasion: Occasion,
    undo: Callable[[Session, str, str], bool],
) -> Done:
    if occasion.now - moment > UNDO_FOR:
        raise Conflict("This was too long ago to be undone. Change each person on their own page.")
    with service.database.read() as session:
        events = session.exec(
            select(Event, Note)
            .join(Note, col(Note.id) == Event.note_id)
            .where(
                Event.subject == "prisoner",
                Event.at == moment,
                Event.staff_id == occasion.actor.staff_id,
                Event.to == what,
            )
        ).all()
    told = {event.subject_id: (event.id, note.text or "") for event, note in events}

    def undo_one(session: Session, row: Prisoner) -> bool:
        event_id, note = told[row.id]
        return _last_event(session, row.id) == event_id and undo(session, row.id, note)

    return _each(service, told, undo_one)


def _there(service: Service, ids: Collection[str]) -> list[str]:
    with service.database.read() as session:
        return list(session.exec(select(Prisoner.id).where(col(Prisoner.id).in_(ids))))


def _last_event(session: Session, prisoner_id: str) -> int | None:
    return session.exec(
        select(Event.id)
        .where(Event.subject == "prisoner", Event.subject_id == prisoner_id)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()


def _of(row: Prisoner, custody: Custody) -> Confirmation:
    """What is confirmed of one of them; a wish that nobody tells now stays as it is known."""
    told = custody if custody.wants_letters else row
    dative = (row.dative_name or editing.suggested_dative(row)) if custody.names_right else ""
    return Confirmation.model_construct(
        custody_confirmed_on=custody.custody_confirmed_on,
        address_checked_on=custody.address_checked_on,
        address_source=custody.address_source,
        wants_letters=told.wants_letters,
        may_be_named=row.may_be_named,
        wish_source=told.wish_source,
        wish_date=told.wish_date,
        dative_name=dative or "",
    )


def _each(service: Service, ids: Iterable[str], act: Callable[[Session, Prisoner], bool]) -> Done:
    done = 0
    everybody = list(ids)
    for at in range(0, len(everybody), AT_ONCE):
        try:
            with service.database.write() as session:
                some = people_to_change(session, everybody[at : at + AT_ONCE])
                number = sum(act(session, row) for row in some)
        except Unavailable:
            if not done:
                raise
            return Done(done, stopped=True)
        done += number
    return Done(done, stopped=False)


def _within_bounds(ids: Collection[str], days: dict[str, date | None], occasion: Occasion) -> None:
    if not ids:
        raise Invalid({"person": N_("Tick at least one person.")})
    if len(ids) > MOST:
        raise Invalid({"person": N_("These are too many at once.")})
    require_come(days, occasion.today)
