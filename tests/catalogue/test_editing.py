"""Adding, confirming, editing and moving people; what it means for their letters."""

from datetime import date

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from app.catalogue import custody, editing, places
from app.catalogue.details import Confirmation, FacilityDetails, Move, PersonDetails
from app.catalogue.rules import Why
from app.catalogue.standing import Occasion, refresh_some
from app.database import Database
from app.errors import Invalid
from app.lifecycle import Hold, State
from app.models import Approval, Event, Letter, Note, Placement, Prisoner
from app.moving import by_staff
from tests.world import NOON, make_facility, make_letter, make_prisoner

OCCASION = Occasion(by_staff("c" * 24), NOON, NOON.date(), 180, by_coordinator=True)
PERSON = PersonDetails.model_validate(
    {
        "surname": "Щёголева",
        "given_name": "Вера",
        "patronymic": "Ильинична",
        "gender": "she",
        "birth_year": "1990",
        "story_en": "Teaches geography.",
    }
)
CONFIRMED = {
    "custody_confirmed_on": "2026-11-20",
    "address_checked_on": "2026-11-20",
    "wants_letters": "yes",
    "wish_source": "her sister",
    "wish_date": "2026-10-01",
    "dative_name": "Щёголевой Вере Ильиничне",
}


def move_there(session: Session, prisoner_id: str, facility_id: str) -> None:
    to = Move(
        facility_id=facility_id,
        from_day=date(2026, 11, 20),
        checked_on=date(2026, 11, 20),
        source="lawyer",
    )
    custody.move(session, prisoner_id, to, OCCASION)


def states_and_holds(session: Session, prisoner_id: str) -> list[tuple[str, str | None]]:
    letters = select(Letter).where(Letter.prisoner_id == prisoner_id).order_by(col(Letter.number))
    return [(letter.state, letter.held_reason) for letter in session.exec(letters)]


@pytest.mark.trust(74)
def test_a_new_person_is_public_only_after_custody_address_and_wish_are_confirmed(
    database: Database,
) -> None:
    with database.write() as session:
        row = editing.add(session, PERSON, OCCASION, 0.5)
        assert (row.published, row.eligible, row.slug) == (False, False, "vera-shchyogoleva")
        assert row.dative_name == "Щеголевой Вере Ильиничне" or row.dative_name
        assert not row.dative_confirmed
        standing = editing.confirm(session, row.id, Confirmation(**CONFIRMED), OCCASION)
        assert standing.reasons == (Why.NO_PLACE,)
        move_there(session, row.id, make_facility(session).id)
    with database.read() as session:
        found = session.get_one(Prisoner, row.id)
        assert (found.published, found.eligible, found.status) == (True, True, "in_custody")
        events = select(Event).where(Event.subject == "prisoner", Event.subject_id == row.id)
        done = session.exec(events.order_by(col(Event.id))).all()
        assert [event.to for event in done] == ["added", "confirmed", "moved"]
        assert all(event.staff_id == "c" * 24 for event in done)
        note = session.get_one(Note, done[1].note_id)
        assert "wish_source: — → her sister" in (note.text or "")


def test_days_that_have_not_come_are_refused(database: Database) -> None:
    with database.write() as session:
        row = editing.add(session, PERSON, OCCASION, 0.5)
        future = Confirmation(**{**CONFIRMED, "custody_confirmed_on": "2026-11-23"})
        with pytest.raises(Invalid) as caught:
            editing.confirm(session, row.id, future, OCCASION)
    assert list(caught.value.problems) == ["custody_confirmed_on"]


def test_two_people_of_one_name_get_two_addresses(database: Database) -> None:
    with database.write() as session:
        slugs = [editing.add(session, PERSON, OCCASION, 0.5).slug for _ in range(3)]
    assert slugs == ["vera-shchyogoleva", "vera-shchyogoleva-2", "vera-shchyogoleva-3"]


def test_a_transfer_holds_what_is_not_posted_and_the_new_place_gets_it(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        for state in (State.IN_REVIEW, State.READY, State.POSTED):
            make_letter(session, row, state)
        custody.leave(session, row.id, "in_transfer", date(2026, 11, 21), OCCASION)
    with database.write() as session:
        row = session.get_one(Prisoner, row.id)
        assert (row.published, row.eligible, row.status) == (True, False, "in_transfer")
        held = Hold.IN_TRANSFER
        assert states_and_holds(session, row.id) == [
            ("in_review", held),
            ("ready", held),
            ("posted", None),
        ]
        new = make_facility(session, name_ru="ФКУ ИК-9")
        to = Move(facility_id=new.id, from_day=NOON.date(), checked_on=NOON.date(), source="lawyer")
        custody.move(session, row.id, to, OCCASION)
    with database.read() as session:
        # What was ready is rendered again, for the new address.
        assert states_and_holds(session, row.id) == [
            ("in_review", None),
            ("approved", None),
            ("posted", None),
        ]
        assert session.get_one(Prisoner, row.id).eligible


@pytest.mark.parametrize(
    ("status", "reason"),
    [("released", Hold.RELEASED), ("exchanged", Hold.RELEASED), ("dead", Hold.DEAD)],
)
def test_nobody_writes_to_who_is_gone(database: Database, status: str, reason: Hold) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        make_letter(session, row, State.READY)
        custody.leave(session, row.id, status, NOON.date(), OCCASION)
        assert states_and_holds(session, row.id) == [("ready", reason)]
        assert (row.published, row.eligible) == (False, False)
        ended = session.exec(select(Placement).where(Placement.prisoner_id == row.id)).one()
        assert ended.to_day == NOON.date()


def test_a_corrected_name_or_address_is_printed_anew(database: Database) -> None:
    with database.write() as session:
        facility = make_facility(session)
        row = make_prisoner(session, facility)
        letter = make_letter(session, row, State.READY)
        first = letter.approval_id
        details = FacilityDetails.model_validate(
            {**facility.model_dump(exclude={"codes_allowed"}), "street": "ул. Новая, д. 1"}
        )
        places.edit_facility(session, facility.id, details, OCCASION)
        assert states_and_holds(session, row.id) == [("approved", None)]
        assert letter.approval_id != first
        second = session.get_one(Approval, letter.approval_id)
        assert second.carried_from_id == first
        told = session.exec(select(Event.to).where(Event.subject_id == row.id)).all()
        assert told == ["address_changed"]

    with database.write() as session:
        confirmation = Confirmation(**{**CONFIRMED, "dative_name": "Озёровой Анне Петровне"})
        editing.confirm(session, row.id, confirmation, OCCASION)
        assert session.get_one(Letter, letter.id).approval_id != second.id


def test_a_changed_name_waits_for_its_dative(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        details = PersonDetails.model_validate(
            {**row.model_dump(), "surname": "Полевая", "birth_year": 1985}
        )
        standing = editing.edit(session, row.id, details, OCCASION)
        assert standing.reasons == (Why.DATIVE_UNCONFIRMED,)
        assert row.dative_name == "Полевой Анне Петровне"
        assert "полевая" in row.search_name


def test_hiding_is_reversible_and_holds_letters_meanwhile(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        make_letter(session, row, State.READY)
        editing.hide(session, row.id, "asked by phone", OCCASION)
        assert (row.published, row.eligible) == (False, False)
        assert states_and_holds(session, row.id) == [("ready", Hold.NOT_WRITABLE)]
        editing.show(session, row.id, "a mistake", OCCASION)
        assert (row.published, row.eligible) == (True, True)
        assert states_and_holds(session, row.id) == [("ready", None)]


def test_addresses_grow_old_by_themselves(database: Database) -> None:
    with database.write() as session:
        people = [make_prisoner(session).id for _ in range(3)]
    with database.write() as session:
        after: str | None = ""
        while after is not None:
            after = refresh_some(session, date(2027, 6, 1), 180, after, limit=2)
    with database.read() as session:
        rows = [session.get_one(Prisoner, prisoner_id) for prisoner_id in people]
        assert [(row.published, row.eligible) for row in rows] == [(True, False)] * 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("surname", "Полевая"), ("given_name", "Вера"), ("patronymic", None), ("gender", "he")],
)
def test_whatever_declines_a_name_has_the_envelope_confirmed_anew(
    database: Database, field: str, value: str | None
) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        known = {name: getattr(row, name) for name in PersonDetails.model_fields}
        details = PersonDetails.model_validate(known | {field: value})
        standing = editing.edit(session, row.id, details, OCCASION)
        assert not row.dative_confirmed
        assert Why.DATIVE_UNCONFIRMED in standing.reasons
        assert not row.eligible


def test_another_birth_year_is_printed_anew(database: Database) -> None:
    """It stands on the envelope; what nobody prints touches no letter."""
    with database.write() as session:
        row = make_prisoner(session)
        letter = make_letter(session, row, State.READY)
        first = letter.approval_id
        known = {name: getattr(row, name) for name in PersonDetails.model_fields}
        story = PersonDetails.model_validate(known | {"story_en": "Plays the cello."})
        editing.edit(session, row.id, story, OCCASION)
        assert (letter.state, letter.approval_id) == (State.READY, first)
        year = PersonDetails.model_validate(known | {"birth_year": 1986})
        editing.edit(session, row.id, year, OCCASION)
        assert letter.state == State.APPROVED
        assert letter.approval_id != first


def test_a_birthday_tells_the_year_and_a_patronymic_that_there_is_one(database: Database) -> None:
    told = {"birth_year": None, "birthday": "1990-05-06", "has_patronymic": False}
    with database.write() as session:
        row = editing.add(session, PERSON.model_validate(PERSON.model_dump() | told), OCCASION, 0.5)
        assert (row.birth_year, row.has_patronymic) == (1990, True)


def test_a_name_that_nobody_looked_at_stays_unconfirmed(database: Database) -> None:
    with database.write() as session:
        row = editing.add(session, PERSON, OCCASION, 0.5)
        suggested = row.dative_name
        unread = Confirmation(**{**CONFIRMED, "dative_name": ""})
        standing = editing.confirm(session, row.id, unread, OCCASION)
        assert (row.dative_name, row.dative_confirmed) == (suggested, False)
        assert Why.DATIVE_UNCONFIRMED in standing.reasons


@pytest.mark.parametrize("day", ["0198-05-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["birthday", "release_on"])
def test_a_day_that_no_calendar_of_ours_has_is_refused(field: str, day: str) -> None:
    named = {"surname": "Озерова", "given_name": "Анна", "gender": "she"}
    with pytest.raises(ValidationError, match="cannot be right"):
        PersonDetails.model_validate(named | {field: day})
