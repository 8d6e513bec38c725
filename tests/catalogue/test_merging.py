"""Two records of one person become one: nothing is lost, nothing leaks, nothing counts twice."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app import merged
from app.addressing import present_place
from app.catalogue import custody, editing, merging, objecting
from app.catalogue.details import Confirmation, PersonDetails
from app.catalogue.objecting import Decision
from app.catalogue.rules import Why
from app.catalogue.standing import Occasion
from app.catalogue.two_records import Side
from app.errors import Conflict, Invalid, NotFound
from app.journey import pairing, reconciling
from app.lifecycle import Hold, ReplyState, State
from app.models import (
    Event,
    Letter,
    Note,
    Objection,
    Placement,
    Prisoner,
    Prosecution,
    Reply,
    SourceId,
)
from app.moving import by_staff
from app.queries.person import person_page
from app.service import Service
from tests.catalogue.test_objecting import object_to
from tests.journey.test_writing import RULES
from tests.world import NOON, make_facility, make_letter, make_prisoner, place

TODAY = NOON.date()
OCCASION = Occasion(by_staff("c" * 24), NOON, TODAY, 180, by_coordinator=True)
KEPT, OTHER = Side.KEPT, Side.OTHER


def two_records(session: Session, **facts: Any) -> tuple[Prisoner, Prisoner]:
    """Two records of one person at one place; `facts` are the other's."""
    here = make_facility(session)
    kept = make_prisoner(session, here, slug="anna-ozerova")
    checked_on = facts.pop("checked_on", date(2026, 11, 1))
    other = make_prisoner(session, placed=False, **{"slug": "anna-ozerova-2", **facts})
    place(session, other, here, checked_on=checked_on)
    return kept, other


def merge(session: Session, kept: Prisoner, other: Prisoner, **chosen: Side) -> list[str]:
    return merging.merge(session, kept.id, other.id, chosen, OCCASION).files


def is_counted_right(service: Service) -> bool:
    return reconciling.reconcile(service).drifted == 0


def test_nothing_refers_to_the_other_record_any_more(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        letter = make_letter(session, other, State.ANSWERED)
        editing.hide(session, other.id, "by mistake", OCCASION)
        editing.show(session, other.id, "", OCCASION)
        session.add(Prosecution(prisoner_id=other.id, source="a list", source_id="7"))
        session.add(SourceId(source="a list", subject="prisoner", key="7", target_id=other.id))
        session.add(Objection(prisoner_id=other.id, relation="family", hid=False))
        session.add(
            Reply(letter_id=letter.id, state=ReplyState.MATCHED, received_on=TODAY, moves=1)
        )
        letter.replies = 1
        pairing.reserve_chosen(session, "form", other.id, RULES, now=NOON)
        merge(session, kept, other)
    with service.database.read() as session:
        still = {
            (name, column.name)
            for name, table in SQLModel.metadata.tables.items()
            for column in table.columns
            if isinstance(getattr(column.type, "impl", column.type), sa.String)
            and session.execute(sa.select(table).where(column == other.id)).first()
        }
        history, index = ("event", "subject_id"), ("person_index", "prisoner_id")
        assert still - {index} == {history, ("merged_person", "id")}
        page = person_page(session, kept.id, TODAY, 180)
        assert len(page.prosecutions) == len(page.objections) == len(page.stays) == 1
        assert page.letters.posted == 1
        assert session.exec(select(Reply)).one().letter_id == letter.id
    assert is_counted_right(service)


def test_fields_are_the_kept_records_unless_empty_or_only_a_list_said_so(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(
            session,
            birthday=date(1985, 3, 4),
            story_en="Teaches.",
            profession_en="teacher",
            interests_en="chess",
        )
        kept.provenance = {"interests_en": "a list", "story_en": "coordinator"}
        other.provenance = {"profession_en": "a list", "interests_en": "coordinator"}
        story = kept.story_en
        merge(session, kept, other)
    with service.database.read() as session:
        row = session.get_one(Prisoner, kept.id)
        assert row.story_en == story  # one of us entered both
        assert (row.interests_en, row.profession_en) == ("chess", "teacher")
        assert row.birthday == date(1985, 3, 4)  # more exact than the year alone
        assert row.provenance["interests_en"] == "coordinator"
        assert row.provenance["profession_en"] == "a list"
        assert "birth_year" in row.provenance


def test_what_is_chosen_holds_and_the_rest_stays_readable(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, latin_name="Anna Ozyorova", story_en="Teaches.\nReads.")
        number = make_letter(session, other, State.POSTED).number
        editing.edit(
            session,
            other.id,
            PersonDetails.model_validate(other.model_dump() | {"origin_en": "Kirov"}),
            OCCASION,
        )
        merge(session, kept, other, latin_name=OTHER)
    with service.database.read() as session:
        row = session.get_one(Prisoner, kept.id)
        assert row.latin_name == "Anna Ozyorova"
        assert "ozyorova" in row.search_name
        assert row.story_en != "Teaches.\nReads."
        event = session.exec(select(Event).where(Event.to == "merged")).one()
        assert (event.subject_id, event.staff_id) == (kept.id, "c" * 24)
        note = session.get_one(Note, event.note_id)
        told = note.text or ""
        assert b"Teaches" not in (note.text_sealed or b"")
        for line in (
            "story_en: Teaches.\nReads.",
            "origin_en: Kirov",
            "wish_source: letter to a friend",
            "slug: anna-ozerova-2",
            "facility: ФКУ ИК-5, 2026-01-01 – ",
            f"letters: {number}",
        ):
            assert line in told
        steps = person_page(session, kept.id, TODAY, 180).steps
        assert [step.to for step in steps] == ["edited", "edited", "merged"]


def test_another_name_is_laid_out_again_and_taken_out_of_the_pile(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, dative_name="Азеровой Анне Петровне", surname="Азерова")
        own = [make_letter(session, kept, state) for state in (State.READY, State.PRINTED)]
        ready, printed = (
            make_letter(session, other, state) for state in (State.READY, State.PRINTED)
        )
        merge(session, kept, other)
        assert [(each.state, each.held_reason) for each in own] == [
            ("ready", None),
            ("printed", None),
        ]
        assert (ready.state, ready.held_reason) == ("approved", None)
        assert (printed.state, printed.held_reason) == ("printed", Hold.STALE_ADDRESS)
        present = present_place(session, kept.id)
        assert present is not None
        assert len(session.exec(select(Placement)).all()) == 2


def test_a_name_out_of_both_waits_for_its_dative(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, surname="Азерова", given_name="Алла")
        letters = [
            make_letter(session, person, state)
            for person in (kept, other)
            for state in (State.READY, State.PRINTED)
        ]
        merge(session, kept, other, surname=OTHER)
    with service.database.read() as session:
        row = session.get_one(Prisoner, kept.id)
        assert (row.surname, row.given_name) == ("Азерова", "Анна")
        assert (row.dative_name, row.dative_confirmed) == ("Азеровой Анне Петровне", False)
        assert not row.published
        held = [session.get_one(Letter, letter.id).held_reason for letter in letters]
        assert held == [Hold.NOT_WRITABLE] * 4


def test_the_place_checked_last_holds_and_the_other_ends(service: Service) -> None:
    with service.database.write() as session:
        kept = make_prisoner(session)
        other = make_prisoner(session, placed=False)
        new = place(session, other, make_facility(session), checked_on=date(2026, 11, 20))
        merge(session, kept, other)
        present = present_place(session, kept.id)
        assert present is not None
        assert present[0].id == new.id
        ended = session.exec(select(Placement).where(col(Placement.to_day).is_not(None))).one()
        assert (ended.prisoner_id, ended.to_day) == (kept.id, TODAY)


def test_whoever_is_free_in_the_newer_record_is_free(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        letter = make_letter(session, kept, State.READY)
        custody.leave(session, other.id, "released", date(2026, 11, 20), OCCASION)
        merge(session, kept, other)
        assert (letter.state, letter.held_reason) == (State.READY, Hold.RELEASED)
    with service.database.read() as session:
        row = session.get_one(Prisoner, kept.id)
        assert (row.status, row.published, row.eligible) == ("released", False, False)
        assert present_place(session, kept.id) is None


@pytest.mark.trust(74)
def test_merging_alone_makes_nobody_writable(service: Service) -> None:
    with service.database.write() as session:
        unknown = make_prisoner(
            session,
            placed=False,
            published=False,
            eligible=False,
            wants_letters=False,
            wish_source="",
            wish_date=None,
        )
        confirmed = make_prisoner(session)
        merge(session, unknown, confirmed)
        standing = person_page(session, unknown.id, TODAY, 180).reasons
        assert set(standing) == {Why.NO_WISH, Why.NO_WISH_SOURCE, Why.NO_WISH_DATE}

        placeless = make_prisoner(session, placed=False, published=False, eligible=False)
        confirmed = make_prisoner(session)
        letter = make_letter(session, confirmed, State.READY)
        merge(session, placeless, confirmed)
        standing = person_page(session, placeless.id, TODAY, 180).reasons
        assert standing == (Why.CUSTODY_UNCONFIRMED,)
        assert letter.held_reason == Hold.NOT_WRITABLE
        assert not session.get_one(Prisoner, placeless.id).published


def test_confirmed_again_letters_go_on_and_what_is_printed_for_elsewhere_does_not(
    service: Service,
) -> None:
    """Its volunteer may not have taken it out of the pile while it waited."""
    with service.database.write() as session:
        kept = make_prisoner(session, custody_confirmed_on=None, published=False, eligible=False)
        other = make_prisoner(session, placed=False)
        place(session, other, make_facility(session), checked_on=date(2026, 3, 1))
        ready, printed = (
            make_letter(session, other, state) for state in (State.READY, State.PRINTED)
        )
        merge(session, kept, other)
        assert {each.held_reason for each in (ready, printed)} == {Hold.NOT_WRITABLE}
        present = present_place(session, kept.id)
        assert present is not None
        present[0].checked_on = date(2026, 1, 1)  # too old to be picked, but shown again
        sure = Confirmation(
            custody_confirmed_on=TODAY,
            wants_letters=True,
            wish_source="her sister",
            wish_date=TODAY,
        )
        standing = editing.confirm(session, kept.id, sure, OCCASION)
        assert standing.reasons == (Why.ADDRESS_STALE,)
        assert [(each.state, each.held_reason) for each in (ready, printed)] == [
            ("approved", None),
            ("printed", Hold.STALE_ADDRESS),
        ]


@pytest.mark.trust(74)
def test_a_wish_taken_back_stays_taken_back(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, wants_letters=False, published=False, eligible=False)
        letter = make_letter(session, kept, State.READY)
        merge(session, kept, other)
        assert letter.held_reason == Hold.NOT_WRITABLE
        row = session.get_one(Prisoner, kept.id)
        assert (row.wants_letters, row.published, row.eligible) == (False, False, False)


@pytest.mark.trust(74)
@pytest.mark.parametrize("bar", ["prisoner_of_war", "wanted"])
def test_what_forbids_letters_in_either_forbids_them(service: Service, bar: str) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, bar=bar, published=False, eligible=False)
        merge(session, kept, other)
        row = session.get_one(Prisoner, kept.id)
        assert (row.bar, row.published, row.eligible) == (bar, False, False)


@pytest.mark.trust(74)
@pytest.mark.parametrize("whose", ["kept", "other"])
def test_who_is_not_to_be_named_in_either_is_named_nowhere(service: Service, whose: str) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        (kept if whose == "kept" else other).identity_hidden = True
        merge(session, kept, other)
        row = session.get_one(Prisoner, kept.id)
        assert row.identity_hidden
        assert not row.is_public


@pytest.mark.trust(75)
@pytest.mark.parametrize("whose", ["kept", "other"])
def test_an_objection_to_either_hides_the_person_until_it_is_reversed(
    service: Service, whose: str
) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        letters = [make_letter(session, person, State.READY) for person in (kept, other)]
        object_to(session, (kept if whose == "kept" else other).slug)
        merge(session, kept, other)
        assert [letter.held_reason for letter in letters] == [Hold.OBJECTED] * 2
        row = session.get_one(Prisoner, kept.id)
        assert (row.hidden, row.published, row.eligible) == (True, False, False)
    with service.database.write() as session:
        objection = session.exec(select(Objection)).one()
        assert objection.prisoner_id == kept.id
        objecting.decide(session, objection.id, Decision.REVERSED, OCCASION)
        row = session.get_one(Prisoner, kept.id)
        assert (row.hidden, row.published) == (False, True)
        held = [session.get_one(Letter, letter.id).held_reason for letter in letters]
        assert held == [None] * 2


@pytest.mark.trust(75)
def test_whom_a_coordinator_hid_no_reversed_objection_shows(service: Service) -> None:
    for first in ("kept", "other"):
        with service.database.write() as session:
            kept, other = two_records(
                session, slug=f"other-{first}", surname=f"Полевая{first}", search_name=first
            )
            kept.slug = f"kept-{first}"
            session.flush()
            object_to(session, (kept if first == "kept" else other).slug, sitting=first)
            hidden = other if first == "kept" else kept
            editing.hide(session, hidden.id, "her sister phoned", OCCASION)
            merge(session, kept, other)
            objection = session.exec(select(Objection).where(Objection.prisoner_id == kept.id))
            objecting.decide(session, objection.one().id, Decision.REVERSED, OCCASION)
            assert session.get_one(Prisoner, kept.id).hidden


def test_portraits(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, portrait_file_id="b" * 32)
        assert merge(session, kept, other) == []
        assert session.get_one(Prisoner, kept.id).portrait_file_id == "b" * 32
        third = make_prisoner(session, portrait_file_id="c" * 32)
        assert merge(session, kept, third) == ["c" * 32]


def test_an_old_address_leads_to_the_person_however_often_merged(service: Service) -> None:
    with service.database.write() as session:
        first, second = two_records(session)
        third = make_prisoner(session, slug="anna-ozerova-3")
        merge(session, first, second)
        merge(session, third, first)
    with service.database.write() as session:
        assert merged.ids_of(session, third.id) != [third.id]
        for slug in ("anna-ozerova", "anna-ozerova-2", "anna-ozerova-3"):
            found = session.exec(select(Prisoner).where(merged.answers_to(slug))).one()
            assert found.id == third.id
        details = PersonDetails.model_validate(third.model_dump())
        assert editing.add(session, details, OCCASION, 0.5).slug == "anna-ozerova-4"
        object_to(session, "https://letters.example/people/anna-ozerova-2")
        assert session.get_one(Prisoner, third.id).hidden


def test_one_record_is_not_two_and_two_are_merged_once(service: Service) -> None:
    with service.database.write() as session:
        kept, other = two_records(session)
        with pytest.raises(Invalid):
            merge(session, kept, kept)
        with pytest.raises(NotFound):
            merging.merge(session, kept.id, "0" * 24, {}, OCCASION)
    with service.database.write() as session:
        merge(session, kept, other)
    for one, two in ((kept, other), (other, kept)):
        with service.database.write() as session, pytest.raises(Conflict):
            merge(session, one, two)
