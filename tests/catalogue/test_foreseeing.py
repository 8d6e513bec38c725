"""What is announced before a change is what happens: every change, a letter in every state.

A letter that waits to be laid out is given to the machine as well, because what it finds there is
announced too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import batching, moving
from app.addressing import present_place
from app.catalogue import custody, editing, letters_seen, objecting, places
from app.catalogue.details import Confirmation, FacilityDetails, Move, PersonDetails
from app.catalogue.foreseeing import carry_out
from app.catalogue.letters_seen import Fate
from app.catalogue.objecting import Decision, ObjectionDetails
from app.catalogue.standing import Occasion
from app.journey import reconciling, rendering
from app.lifecycle import Hold, Role, State
from app.models import Approval, Correspondence, Letter, Notice, Objection, Prisoner
from app.moving import SYSTEM
from app.service import Service
from mailing import paper
from mailing.paper import RenderedLetter
from tests import world
from tests.catalogue.test_every_state import EVERY, OCCASION, TODAY, make_letter

Deed = Callable[[Session, str], object]
HELD = [
    (State.IN_REVIEW, Hold.IN_TRANSFER),
    (State.APPROVED, Hold.STALE_ADDRESS),
    (State.READY, Hold.SUSPECTED_ABUSE),
    (State.READY, Hold.OBJECTED),
    (State.PRINTED, Hold.RELEASED),
]
WRITER = "greta@example.org"
VOLUNTEER = replace(OCCASION, by_coordinator=False)


def _details(session: Session, prisoner_id: str, **changes: object) -> PersonDetails:
    row = session.get_one(Prisoner, prisoner_id)
    known = {name: getattr(row, name) for name in PersonDetails.model_fields}
    return PersonDetails.model_validate(known | changes)


def moves(checked_on: date | None = TODAY, occasion: Occasion = OCCASION, **facts: object) -> Deed:
    def deed(session: Session, prisoner_id: str) -> object:
        to = world.make_facility(session, name_ru="ФКУ ИК-9", **facts)
        there = Move(facility_id=to.id, from_day=TODAY, checked_on=checked_on, source="her lawyer")
        return custody.move(session, prisoner_id, there, occasion)

    return deed


def leaves(status: str) -> Deed:
    return lambda session, id_: custody.leave(session, id_, status, TODAY, OCCASION)


def edits(occasion: Occasion = OCCASION, **changes: object) -> Deed:
    return lambda session, id_: editing.edit(
        session, id_, _details(session, id_, **changes), occasion
    )


def confirms(**facts: object) -> Deed:
    made_sure = {
        "custody_confirmed_on": TODAY,
        "wants_letters": True,
        "wish_source": "her sister",
        "wish_date": TODAY,
        **facts,
    }
    return lambda session, id_: editing.confirm(
        session, id_, Confirmation.model_validate(made_sure), OCCASION
    )


def hides(session: Session, prisoner_id: str) -> object:
    return editing.hide(session, prisoner_id, "her sister phoned", OCCASION)


def shows(session: Session, prisoner_id: str) -> object:
    return editing.show(session, prisoner_id, "a mistake", OCCASION)


def objects(session: Session, prisoner_id: str) -> object:
    slug = session.get_one(Prisoner, prisoner_id).slug
    details = ObjectionDetails.model_validate({"about": slug, "relation": "family"})
    meant, today = objecting.whom(session, details), TODAY.isoformat()
    return objecting.object_to(session, details, meant, prisoner_id, today, OCCASION.now)


def decides(decision: Decision) -> Deed:
    def deed(session: Session, prisoner_id: str) -> None:
        about = select(Objection).where(Objection.prisoner_id == prisoner_id)
        objecting.decide(session, session.exec(about).one().id, decision, OCCASION)

    return deed


def corrects(**facts: object) -> Deed:
    """The place where somebody is, edited."""

    def deed(session: Session, prisoner_id: str) -> object:
        placed = present_place(session, prisoner_id)
        assert placed is not None
        known = {name: getattr(placed[1], name) for name in FacilityDetails.model_fields}
        details = FacilityDetails.model_validate(known | facts)
        return places.edit_facility(session, placed[1].id, details, OCCASION)

    return deed


def nothing(session: Session, prisoner_id: str) -> None:
    """No change before the change."""


def then(*deeds: Deed) -> Deed:
    def deed(session: Session, prisoner_id: str) -> None:
        for each in deeds:
            each(session, prisoner_id)

    return deed


CHANGES: dict[str, tuple[Deed, Deed]] = {
    "moved": (nothing, moves()),
    "moved, the address not checked": (nothing, moves(None)),
    "moved, the address too old": (nothing, moves(date(2026, 1, 1))),
    "moved, the address not whole": (nothing, moves(postal_code="")),
    "moved out of transfer": (leaves("in_transfer"), moves()),
    "moved back after a release": (leaves("released"), moves()),
    "moved back by a volunteer": (leaves("released"), moves(occasion=VOLUNTEER)),
    "moved out of transfer by a volunteer": (leaves("in_transfer"), moves(occasion=VOLUNTEER)),
    "no longer barred by a volunteer": (edits(bar="wanted"), edits(VOLUNTEER, bar=None)),
    "moved while hidden": (hides, moves()),
    "moved while somebody objects": (objects, moves()),
    "moved while barred": (edits(bar="incommunicado"), moves()),
    "moved while under age": (edits(birth_year=2010), moves()),
    "in transfer": (nothing, leaves("in_transfer")),
    "released": (nothing, leaves("released")),
    "exchanged": (nothing, leaves("exchanged")),
    "dead": (nothing, leaves("dead")),
    "house arrest": (nothing, leaves("house_arrest")),
    "nobody knows where": (nothing, leaves("unknown")),
    "hidden": (nothing, hides),
    "shown again": (hides, shows),
    "moved while hidden, and shown again": (then(hides, moves()), shows),
    "released while hidden, and shown again": (then(hides, leaves("released")), shows),
    "barred": (nothing, edits(bar="prisoner_of_war")),
    "no longer barred": (edits(bar="wanted"), edits(bar=None)),
    "moved while barred, and no longer barred": (
        then(edits(bar="wanted"), moves()),
        edits(bar=None),
    ),
    "a birth year under age": (nothing, edits(birth_year=2010)),
    "a birth year that was wrong": (edits(birth_year=2010), edits(birth_year=1985)),
    "another birth year": (nothing, edits(birth_year=1986)),
    "another name": (nothing, edits(surname="Полевая")),
    "another story": (nothing, edits(story_en="Plays the cello.")),
    "the wish taken back": (nothing, confirms(wants_letters=False)),
    "the address checked again": (moves(None), confirms(address_checked_on=TODAY)),
    "the street of the place corrected": (nothing, corrects(street="ул. Речная, д. 3")),
    "the address of the place not whole any more": (nothing, corrects(postal_code="")),
    "the address of the place whole again": (moves(postal_code=""), corrects(postal_code="610997")),
    "a note on the place": (nothing, corrects(notes="Asks for lined paper.")),
    "the place of somebody hidden corrected": (hides, corrects(street="ул. Речная, д. 3")),
    "objection upheld": (objects, decides(Decision.UPHELD)),
    "objection reversed": (objects, decides(Decision.REVERSED)),
    "moved while somebody objects, reversed": (
        then(objects, moves()),
        decides(Decision.REVERSED),
    ),
}
"""What had happened before, and what happens."""

EACH_DEED = [
    "moved",
    "moved out of transfer by a volunteer",
    "moved while hidden, and shown again",
    "released",
    "hidden",
    "no longer barred",
    "the address checked again",
    "the address of the place whole again",
    "moved while somebody objects, reversed",
]
"""Among them everything that can be done, once: to be seen on the other database as well."""
ON = [("sqlite", change) for change in CHANGES] + [("postgresql", each) for each in EACH_DEED]


@dataclass(frozen=True)
class Seen:
    """A letter's row at one moment."""

    state: State
    held: Hold | None
    approval_id: str | None
    on_paper: bool


def look(session: Session, letter_id: str) -> Seen:
    letter = session.get_one(Letter, letter_id)
    held = Hold(letter.held_reason) if letter.held_reason else None
    paper_too = batching.is_on_paper(session, letter)
    return Seen(State(letter.state), held, letter.approval_id, paper_too)


def happened(before: Seen, after: Seen, *, elsewhere: bool) -> tuple[Fate, Hold | None]:
    """What became of a letter, read from its rows alone, after the machine had its turn."""
    if before.state in {State.POSTED, State.ANSWERED}:
        assert after == before
        return Fate.SENT, None
    if after.held:
        fate = Fate.TAKEN_OUT if before.on_paper else Fate.HELD
        return Fate.STAYS_HELD if after.held == before.held else fate, after.held
    if after.approval_id != before.approval_id:
        assert after.state == State.READY, "it was laid out again"
        return Fate.LAID_OUT_AGAIN, None
    if before.held:
        return Fate.GOES_ON, None
    waits_for_approval = {State.RECEIVED, State.TRANSLATING, State.IN_REVIEW, State.NEEDS_CHANGES}
    if elsewhere and before.state in waits_for_approval:
        return Fate.FOLLOWS, None
    return Fate.UNTOUCHED, None


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, service: Service) -> Callable[[str], None]:
    """Lays a letter out if it waits for that; only the drawing of the page itself is left out."""
    monkeypatch.setattr(paper, "render", lambda sheet: RenderedLetter(sheet.number.encode(), 1))

    def turn(letter_id: str) -> None:
        with service.database.read() as session:
            letter = session.get_one(Letter, letter_id)
        rendering.render(service, letter_id, f"{letter.moves}-{letter.attempts}")

    return turn


def people_with_letters(session: Session, before: Deed) -> dict[str, tuple[str, str]]:
    """Somebody for every state, and for some holds: case → (person, letter)."""
    world.make_return_address(session)
    staff = world.make_staff(session, Role.REVIEWER)
    found = {}
    for case in EVERY:
        person = world.make_prisoner(session)
        letter = make_letter(session, person, case)
        found[str(case)] = person.id, letter.id
    for state, reason in HELD:
        person = world.make_prisoner(session)
        letter = world.make_letter(session, person, state, staff=staff, email=WRITER)
        moving.hold(session, letter, reason, SYSTEM, OCCASION.now)
        found[f"{state}, held: {reason}"] = person.id, letter.id
    for state in (State.IN_REVIEW, State.READY, State.POSTED):
        person = world.make_prisoner(session)
        letter = world.make_letter(session, person, state, staff=staff, email=WRITER)
        found[f"{state}, with an e-mail"] = person.id, letter.id
    for person_id, _ in found.values():
        session.flush()
        before(session, person_id)
    return found


def notices(session: Session, person_id: str) -> int:
    """E-mails that are owed to writers to this person."""
    mine = select(Notice).join(
        Correspondence, col(Correspondence.id) == col(Notice.correspondence_id)
    )
    return len(session.exec(mine.where(Correspondence.prisoner_id == person_id)).all())


@pytest.mark.parametrize(("database_url", "change"), ON, indirect=["database_url"])
def test_announced_is_what_happens(
    service: Service, machine: Callable[[str], None], change: str
) -> None:
    before, deed = CHANGES[change]
    with service.database.write() as session:
        found = people_with_letters(session, before)
    for case, (person_id, letter_id) in found.items():
        machine(letter_id)
        with service.database.read() as session:
            was, owed = look(session, letter_id), notices(session, person_id)
            stood_at = present_place(session, person_id)
            revision = revision_of(session, letter_id)

        def act(session: Session, person_id: str = person_id) -> bool:
            deed(session, person_id)
            return True

        foreseen = carry_out(service, [person_id], act, OCCASION, lambda _: False)
        told = foreseen.seen
        assert foreseen.done is None
        with service.database.read() as session:
            assert (look(session, letter_id), notices(session, person_id)) == (was, owed), case
        again = carry_out(service, [person_id], act, OCCASION, told.__eq__)
        assert again.done, f"{case}: announced twice, twice the same"
        machine(letter_id)
        with service.database.read() as session:
            is_at = present_place(session, person_id)
            elsewhere = is_at is not None and (stood_at is None or stood_at[1].id != is_at[1].id)
            became = happened(was, look(session, letter_id), elsewhere=elsewhere)
            assert dict(told.letters) == {became: 1}, case
            assert told.told == notices(session, person_id) - owed, case
            row = session.get_one(Prisoner, person_id)
            standing = told.after
            assert (row.published, row.eligible) == (standing.writable, standing.picked), case
            assert revision_of(session, letter_id) == revision, "nobody's words change"
    assert reconciling.reconcile(service).drifted == 0


def revision_of(session: Session, letter_id: str) -> str | None:
    letter = session.get_one(Letter, letter_id)
    if letter.approval_id is None:
        return None
    return session.get_one(Approval, letter.approval_id).revision_id


def test_of_many_letters_to_one_person_it_is_asked_once_where_they_go(service: Service) -> None:
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    numbers = []
    with service.database.write() as session:
        anna = world.make_prisoner(session)
        for _ in range(3):
            world.make_letter(session, anna, State.APPROVED)
            sa.event.listen(service.database.engine, "before_cursor_execute", note)
            letters_seen.look(session, [anna.id], OCCASION, "DE")
            sa.event.remove(service.database.engine, "before_cursor_execute", note)
            numbers.append(len(asked))
            asked.clear()
    assert numbers[0] > 1
    assert len(set(numbers)) == 1
