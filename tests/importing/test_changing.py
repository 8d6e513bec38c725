"""What a source changes of somebody we know: doubts, edits of ours, letters under way."""

import pytest
from sqlmodel import col, select

from app.addressing import present_place
from app.catalogue import custody, editing
from app.catalogue.details import Confirmation, Move, PersonDetails
from app.catalogue.rules import Why
from app.errors import Conflict
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo
from app.lifecycle import Hold, State
from app.models import (
    Event,
    Facility,
    ImportLine,
    ImportRun,
    Letter,
    Prisoner,
    Prosecution,
    SourceId,
)
from app.moving import SYSTEM
from app.sameness.values import value_key
from app.service import Service
from tests.importing.bringing import (
    LOCATIONS,
    VERA,
    bring_in,
    confirmed,
    decide,
    occasion,
    the_only_person,
    without_doubts,
)
from tests.world import make_letter


def test_what_one_of_us_edited_stays_and_is_asked_about_once(service: Service) -> None:
    bring_in(service, [VERA])
    with service.database.write() as session:
        row = the_only_person(session)
        details = PersonDetails.model_validate(row.model_dump() | {"story_en": "Draws maps."})
        editing.edit(session, row.id, details, occasion(service))
    made = bring_in(service, [VERA | {"story_en": "Teaches history.", "name_en": "Vera Polevaia"}])
    [doubt] = made.doubts
    assert (doubt.topic, doubt.detail["ours"]) == ("other_value", "Draws maps.")
    with service.database.read() as session:
        row = the_only_person(session)
        assert (row.story_en, row.latin_name) == ("Draws maps.", "Vera Polevaia")
        assert row.provenance["story_en"] == "coordinator"
        assert row.provenance["latin_name"] == "ovdinfo"
    decide(service, "other_value", "ours")
    assert bring_in(service, [VERA | {"story_en": "Teaches history."}]).doubts == []
    [new] = bring_in(service, [VERA | {"story_en": "Teaches physics."}]).doubts
    assert new.detail["theirs"] == "Teaches physics."
    decide(service, "other_value", "theirs")
    bring_in(service, [VERA | {"story_en": "Teaches physics."}])
    with service.database.read() as session:
        assert the_only_person(session).story_en == "Teaches physics."


def test_a_long_story_that_says_something_new_at_its_end_is_asked_about_again(
    service: Service,
) -> None:
    long = "She taught geography in a village school for twenty years. " * 8
    bring_in(service, [VERA | {"story_en": long}])
    with service.database.write() as session:
        row = the_only_person(session)
        details = PersonDetails.model_validate(row.model_dump() | {"story_en": long + "Freed."})
        editing.edit(session, row.id, details, occasion(service))
    told = VERA | {"story_en": long + "Arrested."}
    bring_in(service, [told])
    decide(service, "other_value", "ours")
    assert bring_in(service, [told]).doubts == []
    [new] = bring_in(service, [told | {"story_en": long + "Gravely ill."}]).doubts
    assert new.detail["theirs"].startswith("…")
    assert new.detail["theirs"].endswith("Gravely ill.")
    assert new.detail["ours"].endswith("Freed.")


def test_what_was_refused_of_a_short_value_stays_refused() -> None:
    """As it was kept before the keys of long values had a digest."""
    assert value_key("story_en", "a" * 120, "p1") == f"p1|story_en|{'a' * 120}"
    assert value_key("story_en", "a" * 121, "p1") != value_key("story_en", "a" * 120 + "b", "p1")


@pytest.mark.parametrize(("answer", "people"), [("same", 1), ("other", 2)])
def test_two_ids_are_one_person_only_when_somebody_says_so(
    service: Service, answer: str, people: int
) -> None:
    twin = VERA | {"person_id": "p2", "case_name_en": "A protest", "name_ru": "Полевая Вера"}
    made = bring_in(service, [VERA, twin])
    assert [doubt.topic for doubt in made.doubts] == ["same_person"]
    with service.database.read() as session:
        the_only_person(session)
        session.exec(select(Prosecution)).one()
    decide(service, "same_person", answer)
    made = bring_in(service, [VERA, twin])
    assert made.doubts == []
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == people
        assert len(session.exec(select(Prosecution)).all()) == 2
        targets = {
            known.target_id for known in session.exec(select(SourceId)) if known.key[0] == "p"
        }
        assert len(targets) == people
    assert without_doubts(bring_in(service, [VERA, twin])) == {}


def test_answers_about_words_and_numbers(service: Service) -> None:
    row = VERA | {
        "name_ru": "Полевенко Саша",
        "gender_en": "",
        "persecution_person_state_en": "Being looked for a place",
        "verdict_imprisonment_term": 12_000,
    }
    made = bring_in(service, [row])
    assert {doubt.topic for doubt in made.doubts} == {"gender", "state", "term"}
    with service.database.read() as session:
        assert session.exec(select(Prisoner)).all() == []
    for topic, answer in (("gender", "he"), ("state", "in_transfer"), ("term", "life")):
        decide(service, topic, answer)
    assert bring_in(service, [row]).doubts == []
    with service.database.read() as session:
        person = the_only_person(session)
        assert (person.gender, person.status) == ("he", "in_transfer")
        case = session.exec(select(Prosecution)).one()
        assert (case.sentence_life, case.sentence_months) == (True, None)


def test_a_move_in_the_source_re_addresses_letters_and_waits_for_a_check(service: Service) -> None:
    vera = confirmed(service)
    with service.database.write() as session:
        letter = make_letter(session, session.get_one(Prisoner, vera.id), State.READY)
        before = letter.approval_id
    made = bring_in(
        service, [VERA | {"penal_facility_ru": "ФКУ ИК-2 УФСИН России по Кировской области"}]
    )
    assert made.counts["letters"] == 1
    with service.database.read() as session:
        row = session.get_one(Prisoner, vera.id)
        assert (row.published, row.eligible) == (False, False)
        placed = present_place(session, row.id)
        assert placed is not None
        assert "ИК-2" in placed[1].name_ru
        assert (placed[0].source, placed[0].checked_on) == ("OVD-Info", None)
        moved = session.get_one(Letter, letter.id)
        assert moved.state == State.APPROVED
        assert moved.approval_id != before
        events = session.exec(select(Event.to).where(Event.subject_id == row.id)).all()
        assert "moved" in events
    assert (
        without_doubts(
            bring_in(
                service, [VERA | {"penal_facility_ru": ["ИК–2 УФСИН России по Кировской области"]}]
            )
        )
        == {}
    )


def test_a_release_in_the_source_holds_letters_and_a_return_needs_confirming(
    service: Service,
) -> None:
    vera = confirmed(service)
    with service.database.write() as session:
        letter = make_letter(session, session.get_one(Prisoner, vera.id), State.IN_REVIEW)
    free = VERA | {"persecution_person_state_en": "At large (served the sentence)"}
    bring_in(service, [free])
    with service.database.read() as session:
        row = session.get_one(Prisoner, vera.id)
        assert (row.status, row.published, row.eligible) == ("released", False, False)
        assert session.get_one(Letter, letter.id).held_reason == Hold.RELEASED
        assert present_place(session, row.id) is None
    bring_in(service, [VERA])
    with service.database.read() as session:
        row = session.get_one(Prisoner, vera.id)
        assert (row.status, row.custody_confirmed_on) == ("in_custody", None)
        assert not row.eligible


def test_a_birth_year_of_the_source_makes_nobody_writable(service: Service) -> None:
    minor = VERA | {"birth_year": service.today().year - 16}
    bring_in(service, [minor])
    today = service.today()
    with service.database.write() as session:
        row = the_only_person(session)
        sure = {
            "custody_confirmed_on": today,
            "address_checked_on": today,
            "wants_letters": True,
            "wish_source": "her sister",
            "wish_date": today,
            "dative_name": "Полевой Вере Ильиничне",
        }
        standing = editing.confirm(session, row.id, Confirmation(**sure), occasion(service))
        assert standing.reasons == (Why.UNDER_18,)
    bring_in(service, [VERA])
    with service.database.read() as session:
        row = the_only_person(session)
        assert (row.birth_year, row.eligible, row.published) == (1990, False, False)


def test_a_coordinators_move_is_not_undone(service: Service) -> None:
    vera = confirmed(service)
    with service.database.write() as session:
        other = session.exec(select(Facility).where(col(Facility.name_ru).contains("ИК-2"))).one()
        today = service.today()
        to = Move(facility_id=other.id, from_day=today, checked_on=today, source="her lawyer")
        custody.move(session, vera.id, to, occasion(service))
    made = bring_in(service, [VERA])
    assert [(doubt.topic, doubt.detail["field"]) for doubt in made.doubts] == [
        ("other_value", "facility")
    ]
    with service.database.read() as session:
        placed = present_place(session, vera.id)
        assert placed is not None
        assert placed[1].id == other.id
        assert session.get_one(Prisoner, vera.id).eligible


def test_whoever_is_gone_from_the_source_is_reported_once_and_kept(service: Service) -> None:
    second = VERA | {"person_id": "p9", "name_ru": "Речная Нина Львовна"}
    bring_in(service, [VERA, second])
    assert without_doubts(bring_in(service, [VERA])) == {"gone.person": 1, "gone.case": 1}
    assert without_doubts(bring_in(service, [VERA])) == {}
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 2
        known = session.get_one(SourceId, ("ovdinfo", "prisoner", "p9"))
        assert known.gone_on == service.today()
    assert without_doubts(bring_in(service, [VERA, second])) == {
        "changed.case": 1,
        "changed.person": 1,
    }


def test_other_quotes_around_a_place_re_address_nothing(service: Service) -> None:
    bring_in(service, [VERA])
    other = [{**place, "attributes": {**place["attributes"]}} for place in LOCATIONS]
    other[0]["attributes"]["name"] = "ФКУ “ИК № 1” УФСИН\u00a0России по Кировской области"
    assert without_doubts(bring_in(service, [VERA], other)) == {}


def test_a_later_reading_takes_the_place_of_an_earlier_one(service: Service) -> None:
    first, _ = keeping.dry_run(service, ovdinfo.read([VERA], LOCATIONS, service.today()))
    second, _ = keeping.dry_run(service, ovdinfo.read([VERA], LOCATIONS, service.today()))
    with service.database.read() as session:
        assert session.get_one(ImportRun, first).state == "superseded"
        assert {line.run_id for line in session.exec(select(ImportLine))} == {second}
    with pytest.raises(Conflict):
        applying.apply_run(service, first, SYSTEM)


def test_an_address_changed_in_the_source_is_printed_anew(service: Service) -> None:
    vera = confirmed(service)
    with service.database.write() as session:
        letter = make_letter(session, session.get_one(Prisoner, vera.id), State.READY)
    changed = [*LOCATIONS]
    changed[0] = {**changed[0], "attributes": {**changed[0]["attributes"]}}
    changed[0]["attributes"]["address"] = "610001, Кировская область, пос. Речной, ул. Старая, д. 1"
    made = bring_in(service, [VERA], changed)
    assert without_doubts(made) == {"changed.place": 1}
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.APPROVED
        assert not session.get_one(Prisoner, vera.id).eligible  # until somebody checked it
        place = session.exec(select(Facility).where(col(Facility.street).contains("Старая"))).one()
        assert place.provenance["street"] == "ovdinfo"
