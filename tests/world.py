"""People, places, staff and letters for tests. Letters walk into their state by the one door."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app import moving
from app.lifecycle import Role, State
from app.models import (
    Approval,
    Correspondence,
    Facility,
    Letter,
    Placement,
    Prisoner,
    Prosecution,
    Rendering,
    ReturnAddress,
    Revision,
    Staff,
    StaffRole,
    Writer,
)
from app.models.columns import new_id
from app.moving import MACHINE, WRITER, Actor, by_staff

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGINAL_TEXT = "Liebe Anna,\n\nbei uns hat es heute geschneit."
RUSSIAN_TEXT = "Дорогая Анна,\n\nу нас сегодня выпал снег."

_PATHS: dict[State, tuple[State, ...]] = {
    State.RECEIVED: (),
    State.TRANSLATING: (State.TRANSLATING,),
    State.IN_REVIEW: (State.TRANSLATING, State.IN_REVIEW),
}
_PATHS[State.NEEDS_CHANGES] = (*_PATHS[State.IN_REVIEW], State.NEEDS_CHANGES)
_PATHS[State.REFUSED] = (*_PATHS[State.IN_REVIEW], State.REFUSED)
_PATHS[State.WITHDRAWN] = (State.WITHDRAWN,)
for _before, _state in itertools.pairwise(
    [State.IN_REVIEW, State.APPROVED, State.READY, State.BATCHED, State.PRINTED, State.POSTED]
):
    _PATHS[_state] = (*_PATHS[_before], _state)
_PATHS[State.UNKNOWN] = (*_PATHS[State.PRINTED], State.UNKNOWN)
_PATHS[State.ANSWERED] = (*_PATHS[State.POSTED], State.ANSWERED)
_PATHS[State.RETURNED] = (*_PATHS[State.POSTED], State.RETURNED)
_PATHS[State.CLOSED] = (*_PATHS[State.POSTED], State.CLOSED)

_numbers = itertools.count(1)


UNCONFIRMED: dict[str, Any] = {
    "published": False,
    "eligible": False,
    "status": "unknown",
    "wants_letters": False,
    "wish_source": "",
    "wish_date": None,
    "custody_confirmed_on": None,
    "dative_confirmed": False,
}
"""Facts of somebody whom nobody has confirmed yet, as an import enters them."""


def make_facility(session: Session, **facts: Any) -> Facility:
    """A penal colony with a full address."""
    row = Facility(
        **{
            "name_ru": "ФКУ ИК-5",
            "name_en": "Penal colony 5",
            "kind": "penal_colony",
            "street": "ул. Заречная, д. 12",
            "settlement": "пос. Озёрный",
            "district": "Лесной район",
            "region": "Вятская область",
            "postal_code": "610998",
            **facts,
        }
    )
    session.add(row)
    session.flush()
    return row


def hide(row: Prisoner, *, hidden: bool = True) -> None:
    """Nobody sees or is given this person, or both again; letters stay as they are."""
    row.hidden, row.eligible = hidden, not hidden


def make_prisoner(session: Session, facility: Facility | None = None, **facts: Any) -> Prisoner:
    """A confirmed, published, eligible person, placed at `facility` (a new one by default).

    Pass `facility=None, placed=False` for nobody's address.
    """
    serial = next(_numbers)
    placed = facts.pop("placed", True)
    row = Prisoner(
        **{
            "slug": f"anna-ozerova-{serial}",
            "surname": "Озерова",
            "given_name": "Анна",
            "patronymic": "Петровна",
            "latin_name": "Anna Ozerova",
            "search_name": "озерова анна петровна anna ozerova",
            "gender": "she",
            "birth_year": 1985,
            "dative_name": "Озеровой Анне Петровне",
            "dative_confirmed": True,
            "origin_en": "Vyatka",
            "origin_ru": "Вятка",
            "story_en": "A school librarian who reads to children.",
            "story_ru": "Школьный библиотекарь, читает детям.",
            "interests_en": "poetry, cats",
            "interests_ru": "стихи, кошки",
            "status": "in_custody",
            "published": True,
            "wants_letters": True,
            "wish_source": "letter to a friend",
            "wish_date": date(2026, 5, 1),
            "custody_confirmed_on": date(2026, 11, 1),
            "eligible": not facts.get("hidden"),
            "shuffle": serial / 1_000_000,
            **facts,
        }
    )
    session.add(row)
    session.flush()
    if placed:
        place(session, row, facility or make_facility(session))
    return row


def place(session: Session, prisoner: Prisoner, facility: Facility, **facts: Any) -> Placement:
    """The present placement of somebody, checked lately."""
    row = Placement(
        **{
            "prisoner_id": prisoner.id,
            "facility_id": facility.id,
            "from_day": date(2026, 1, 1),
            "source": "family",
            "checked_on": date(2026, 11, 1),
            **facts,
        }
    )
    session.add(row)
    session.flush()
    return row


def make_case(session: Session, prisoner: Prisoner, **facts: Any) -> Prosecution:
    """A case of which a list tells everything."""
    row = Prosecution(
        **{
            "prisoner_id": prisoner.id,
            "case_name": "The reading circle",
            "case_group": "Anti-war cases",
            "articles": ["ст. 280.3 ч. 1"],
            "category": "Freedom of speech",
            "region": "Кировская область",
            "city": "Киров",
            "started_year": 2022,
            "stage": "appeal",
            "restraint": "СИЗО",
            "verdict": "колония",
            "first_verdict_on": date(2024, 2, 6),
            "sentence_months": 30,
            "ratings": ["memorial"],
            "occupation": "учитель химии",
            **facts,
        }
    )
    session.add(row)
    session.flush()
    return row


def make_staff(session: Session, *roles: Role, **facts: Any) -> Staff:
    """An account without a usable password; sign-in tests make theirs through `app.staff`."""
    row = Staff(**{"pseudonym": f"volunteer-{next(_numbers)}", "password_hash": "!", **facts})
    row.totp_secret = "JBSWY3DPEHPK3PXP"
    session.add(row)
    session.flush()
    session.add_all(StaffRole(staff_id=row.id, role=role) for role in roles)
    session.flush()
    return row


def make_return_address(session: Session, **facts: Any) -> ReturnAddress:
    row = ReturnAddress(**{"country": "DE", "consent_on": date(2026, 1, 1), **facts}, id=new_id())
    row.holder = "M. Winter"
    row.lines = "Postfach 12 34 56\n10999 Berlin\nDeutschland"
    session.add(row)
    session.flush()
    return row


def make_letter(
    session: Session,
    prisoner: Prisoner,
    state: State = State.RECEIVED,
    *,
    staff: Staff | None = None,
    now: datetime = NOON,
    email: str | None = None,
    receipt_hash: str | None = None,
    text: str = ORIGINAL_TEXT,
    russian: str = RUSSIAN_TEXT,
    file_id: str = "0" * 32,
    **facts: Any,
) -> Letter:
    """A German letter to `prisoner`, moved to `state`; its rendering is `file_id` in the vault."""
    writer = Writer()
    session.add(writer)
    session.flush()
    correspondence = Correspondence(
        writer_id=writer.id, prisoner_id=prisoner.id, receipt_hash=receipt_hash or new_id()
    )
    correspondence.email = email
    session.add(correspondence)
    session.flush()
    letter = Letter(
        **{
            "number": f"{next(_numbers):011d}",
            "correspondence_id": correspondence.id,
            "prisoner_id": prisoner.id,
            "submission_hash": new_id(),
            "body_hash": new_id(),
            "language": "de",
            "gender": "she",
            "engines": "outside",
            "created_at": now,
            **facts,
        }
    )
    moving.enter(session, letter, WRITER, now, already_counted=False)
    _add_revision(session, letter, 1, "original", "de", "writer", text, "Greta")
    walk(session, letter, state, staff or make_staff(session, Role.REVIEWER), now, russian, file_id)
    return letter


def walk(
    session: Session,
    letter: Letter,
    state: State,
    staff: Staff,
    now: datetime = NOON,
    russian: str = RUSSIAN_TEXT,
    file_id: str = "0" * 32,
) -> None:
    """Move a letter from `received` to `state` as the life cycle has it."""
    for step in _PATHS[state]:
        changes: dict[str, Any] = {}
        if step == State.IN_REVIEW:
            _add_revision(session, letter, 2, "russian", "ru", "engine", russian, "Грета")
        if step == State.APPROVED:
            changes["approval_id"] = _approve(session, letter, staff).id
        if step == State.READY:
            changes["rendering_id"] = _render(session, letter, file_id).id
        moving.move(session, letter, step, _actor(step, staff), now, **changes)
        now += timedelta(hours=1)


def _actor(step: State, staff: Staff) -> Actor:
    if step in {State.TRANSLATING, State.READY}:
        return MACHINE
    return WRITER if step == State.WITHDRAWN else by_staff(staff.id)


def _add_revision(
    session: Session,
    letter: Letter,
    seq: int,
    part: str,
    language: str,
    origin: str,
    text: str,
    name: str,
) -> None:
    row = Revision(letter_id=letter.id, seq=seq, part=part, language=language, origin=origin)
    row.text, row.signature = text, name
    session.add(row)
    session.flush()


def _approve(session: Session, letter: Letter, staff: Staff) -> Approval:
    revision = session.exec(
        select(Revision).where(Revision.letter_id == letter.id, Revision.part == "russian")
    ).one()
    placement = session.exec(
        select(Placement).where(
            Placement.prisoner_id == letter.prisoner_id, col(Placement.to_day).is_(None)
        )
    ).one()
    row = Approval(
        letter_id=letter.id, revision_id=revision.id, placement_id=placement.id, staff_id=staff.id
    )
    session.add(row)
    session.flush()
    return row


def _render(session: Session, letter: Letter, file_id: str) -> Rendering:
    assert letter.approval_id is not None
    row = Rendering(
        letter_id=letter.id,
        approval_id=letter.approval_id,
        file_id=file_id,
        pages=2,
        sha256="0" * 64,
    )
    session.add(row)
    session.flush()
    return row
