"""A whole source of fictional people: brought in, again, changed; doubts decided."""

from collections import Counter
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.addressing import present_place
from app.catalogue import custody, editing
from app.catalogue.importing import applying, keeping, ovdinfo
from app.catalogue.importing.plans import Plan
from app.catalogue.importing.records import unpack
from app.catalogue.people import Confirmation, Move, PersonDetails
from app.catalogue.rules import Why
from app.catalogue.standing import Occasion
from app.errors import Conflict
from app.lifecycle import Hold, State
from app.models import (
    Event,
    Facility,
    ImportLine,
    ImportRun,
    Letter,
    Placement,
    Prisoner,
    Prosecution,
    SourceId,
)
from app.moving import SYSTEM, by_staff
from app.service import Service
from tests.standins import source
from tests.standins.source import HOME
from tests.world import make_letter

SOURCE = source.make(seed=3, people=150, cases=200, places=12)
LOCATIONS: list[dict[str, Any]] = [
    {
        "id": f"loc{number}",
        "attributes": {
            "name": f"ФКУ ИК-{number} УФСИН России по Кировской области",
            "address": f"61000{number}, Кировская область, пос. Речной, ул. Новая, д. {number}",
            "type": "Исправительная колония",
        },
    }
    for number in (1, 2)
]
VERA = {
    "person_id": "p1",
    "name_ru": "Полевая Вера Ильинична",
    "name_en": "Vera Polevaya",
    "gender_en": "female",
    "birth_year": 1990,
    "persecution_person_state_en": "Serving a sentence",
    "penal_facility_ru": ["ИК-1 УФСИН России по Кировской области"],
    "persecution_started": "2022-03-01",
    "case_name_en": "A post",
    "persecution_article_and_part_en": ["207.3 p. 1"],
    "verdict_imprisonment_term": 66,
    "story_en": "Teaches geography.",
}


def bring_in(service: Service, data: list[Any], locations: list[Any] | None = None) -> Plan:
    """Read, plan, and do what nobody has to be asked about; the plan."""
    places = LOCATIONS if locations is None else locations
    run_id, made = keeping.dry_run(service, ovdinfo.read(data, places, service.today()))
    outcome = applying.apply_run(service, run_id, SYSTEM)
    assert outcome.failed == {}
    return made


def without_doubts(made: Plan) -> dict[str, int]:
    kept = {"doubtful", "unreadable", "letters"}
    return {name: number for name, number in made.counts.items() if name not in kept}


def occasion(service: Service) -> Occasion:
    return Occasion(by_staff("c" * 24), service.now(), service.today(), 180)


def the_only_person(session: Session) -> Prisoner:
    return session.exec(select(Prisoner)).one()


def confirmed(service: Service) -> Prisoner:
    """Vera, brought in and then confirmed by a coordinator, so that she gets letters."""
    bring_in(service, [VERA])
    today = service.today()
    with service.database.write() as session:
        row = the_only_person(session)
        editing.confirm(
            session,
            row.id,
            Confirmation(
                custody_confirmed_on=today,
                address_checked_on=today,
                wants_letters=True,
                wish_source="her sister",
                wish_date=today,
                dative_name="Полевой Вере Ильиничне",
            ),
            occasion(service),
        )
        assert row.eligible
    return row


def test_all_that_can_be_read_is_brought_in_and_every_doubt_is_asked(service: Service) -> None:
    made = bring_in(service, SOURCE.data, SOURCE.locations)
    assert made.counts == dict(SOURCE.expected)
    assert Counter(doubt.topic for doubt in made.doubts) == SOURCE.doubts
    assert {broken.reason for broken in made.unreadable} == {"not_a_row", "no_name", "half_a_name"}
    with service.database.read() as session:
        run = session.exec(select(ImportRun)).one()
        assert (run.state, run.done) == ("applied", run.total)
        people = session.exec(select(Prisoner)).all()
        assert len(people) == SOURCE.expected["new.person"]
        assert len(session.exec(select(Prosecution)).all()) == SOURCE.expected["new.case"]
        assert len({person.slug for person in people}) == len(people)
        by_key = {
            known.key: known.target_id
            for known in session.exec(select(SourceId).where(SourceId.subject == "prisoner"))
        }
        for person in SOURCE.clean:
            _as_it_was(session, session.get_one(Prisoner, by_key[person.id]), person)


def _as_it_was(session: Session, row: Prisoner, person: Any) -> None:
    """Below all the dirt it is the same person."""
    kept = (row.surname, row.given_name, row.patronymic, row.birth_year)
    told = (person.surname, person.given, person.patronymic, person.born)
    assert [str(part).replace("ё", "е") for part in kept] == [
        str(part).replace("ё", "е") for part in told
    ]
    assert row.gender == ("she" if person.she else "he")
    placed = present_place(session, row.id)
    assert (placed is not None) == (person.place is not None)
    if placed is not None:
        assert person.place.name.split()[1] in placed[1].name_ru.replace("№ ", "-").replace(
            " -", "-"
        ).replace("–", "-")
        assert placed[0].checked_on is None
    cases = session.exec(select(Prosecution).where(Prosecution.prisoner_id == row.id)).all()
    assert sorted((case.started_on, case.sentence_months) for case in cases) == sorted(
        (case.started, case.months) for case in person.cases
    )
    assert {article for case in cases for article in case.articles} == {
        article for case in person.cases for article in case.articles
    }
    assert row.provenance["surname"] == "ovdinfo"


@pytest.mark.trust(74)
def test_nobody_who_was_brought_in_may_be_written_to(service: Service) -> None:
    bring_in(service, SOURCE.data, SOURCE.locations)
    with service.database.read() as session:
        for row in session.exec(select(Prisoner)):
            yes = (row.published, row.eligible, row.wants_letters, row.dative_confirmed)
            assert not any(yes)
            assert row.custody_confirmed_on is None


def test_the_same_again_changes_nothing(service: Service) -> None:
    bring_in(service, SOURCE.data, SOURCE.locations)
    with service.database.read() as session:
        before = [row.model_dump() for row in session.exec(select(Prisoner).order_by(Prisoner.id))]
    again = bring_in(service, SOURCE.data, SOURCE.locations)
    assert without_doubts(again) == {}
    assert Counter(doubt.topic for doubt in again.doubts) == SOURCE.doubts
    with service.database.read() as session:
        after = [row.model_dump() for row in session.exec(select(Prisoner).order_by(Prisoner.id))]
    assert after == before


def test_a_changed_source_gives_exactly_the_differences(service: Service) -> None:
    bring_in(service, SOURCE.data, SOURCE.locations)
    later, steps = source.changed(SOURCE)
    made = bring_in(service, later.data, later.locations)
    assert without_doubts(made) == dict(steps)
    assert without_doubts(bring_in(service, later.data, later.locations)) == {}


def test_stopped_half_way_it_goes_on_and_doubles_nothing(service: Service) -> None:
    gathered = ovdinfo.read(SOURCE.data, SOURCE.locations, service.today())
    run_id, _ = keeping.dry_run(service, gathered)

    class PowerCut(Exception):
        pass

    def cut(done: int, total: int) -> None:
        if done > total // 2:
            raise PowerCut

    with pytest.raises(PowerCut):
        applying.apply_run(service, run_id, SYSTEM, cut)
    with service.database.read() as session:
        run = session.get_one(ImportRun, run_id)
        assert run.state == "applying"
        assert session.exec(select(Prisoner)).all()
    applying.apply_run(service, run_id, SYSTEM)
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == SOURCE.expected["new.person"]
        assert len(session.exec(select(Prosecution)).all()) == SOURCE.expected["new.case"]
        assert len(session.exec(select(Facility)).all()) == SOURCE.expected["new.place"]


def test_no_home_and_no_illness_is_kept_anywhere(service: Service) -> None:
    bring_in(service, SOURCE.data, SOURCE.locations)
    with service.database.read() as session:
        tables = (Prisoner, Prosecution, Facility, Placement, ImportLine)
        kept = repr([row.model_dump() for table in tables for row in session.exec(select(table))])
        run = session.exec(select(ImportRun)).one()
        unpacked = repr(unpack(run.snapshot or b""))
    for secret in ("Домашняя", HOME, "not to be read"):
        assert secret not in kept
        assert secret not in unpacked


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


def decide(service: Service, topic: str, answer: str) -> None:
    """Answer every doubt of a topic in the newest report."""
    with service.database.write() as session:
        run = session.exec(select(ImportRun).where(col(ImportRun.snapshot).is_not(None))).one()
        lines = session.exec(
            select(ImportLine).where(
                ImportLine.run_id == run.id,
                ImportLine.kind == "doubtful",
                ImportLine.topic == topic,
            )
        ).all()
        assert lines
        for line in lines:
            keeping.answer(session, run.id, line.position, answer, SYSTEM, service.now())


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


def test_the_source_is_the_same_every_time() -> None:
    again = source.make(seed=3, people=150, cases=200, places=12)
    assert (again.data, again.locations) == (SOURCE.data, SOURCE.locations)
