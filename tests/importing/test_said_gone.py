"""A list says that somebody is free or dead and we do not, while letters are under way."""

import pytest
from sqlmodel import col, select

from app.catalogue import custody, merging, said_gone
from app.importing.runs import answering
from app.lifecycle import Hold, State
from app.models import Alarm, ImportLine, Letter, Prisoner
from app.moving import by_staff
from app.queries import doubtful, imports
from app.service import Service
from tests.importing.bringing import (
    VERA,
    bring_in,
    bring_table,
    confirmed,
    decide,
    occasion,
)
from tests.world import make_letter, make_prisoner

DEAD = VERA | {"persecution_person_state_en": "Died in custody", "birth_year": 1990}
FREE = VERA | {"persecution_person_state_en": "At large (served the sentence)"}
OTHERS = [
    VERA | {"person_id": f"p{number}", "name_ru": name, "verdict_imprisonment_term": 12_000}
    for number, name in ((2, "Речная Нина Львовна"), (3, "Озёрная Анна Петровна"))
]


def in_transfer(service: Service, letters: int = 2) -> Prisoner:
    """Vera, of whom one of us noted that she is in transfer."""
    vera = confirmed(service)
    with service.database.write() as session:
        for _ in range(letters):
            make_letter(session, session.get_one(Prisoner, vera.id), State.READY)
        custody.leave(session, vera.id, "in_transfer", service.today(), occasion(service))
    return vera


def ringing(service: Service) -> list[tuple[str, str, str]]:
    with service.database.read() as session:
        alarms = session.exec(select(Alarm).where(col(Alarm.settled_at).is_(None))).all()
        return [(alarm.kind, alarm.subject_id, alarm.detail) for alarm in alarms]


@pytest.mark.parametrize(("row", "kind"), [(DEAD, "said_dead"), (FREE, "said_free")])
def test_it_rings_and_comes_first_with_its_letters(
    service: Service, row: dict[str, str], kind: str
) -> None:
    vera = in_transfer(service)
    made = bring_in(service, [*OTHERS, row])
    doubt = made.doubts[0]
    assert (doubt.topic, doubt.detail["field"], doubt.letters) == ("other_value", "status", 2)
    assert len(made.doubts) > 2
    assert ringing(service) == [(kind, vera.id, "OVD-Info")]
    with service.database.read() as session:
        run = session.exec(select(ImportLine.run_id)).first() or ""
        page = imports.run_page(session, run, "doubtful", "", 1)
        assert (page.lines[0].letters, page.lines[0].detail["gone"]) == (2, True)
        asked = doubtful.find_doubtful(session, doubtful.ASKED, 1).asked
        assert (asked[0].person_id, asked[0].letters, asked[0].gone) == (vera.id, 2, True)
    bring_in(service, [*OTHERS, row])
    assert ringing(service) == [(kind, vera.id, "OVD-Info")]


def test_whoever_is_kept_as_ours_rings_no_more(service: Service) -> None:
    vera = in_transfer(service)
    bring_in(service, [DEAD])
    with service.database.read() as session:
        line = session.exec(select(ImportLine).where(ImportLine.topic == "other_value")).one()
    coordinator = by_staff("d" * 24)
    for chosen, rings in (("ours", False), ("", True), ("ours", False)):
        with service.database.write() as session:
            now = service.now()
            answering.answer(session, line.run_id, line.position, chosen, coordinator, now)
        assert bool(ringing(service)) is rings
    with service.database.read() as session:
        assert {alarm.settled_by for alarm in session.exec(select(Alarm))} == {"d" * 24}
    assert bring_in(service, [DEAD]).doubts == []
    assert ringing(service) == []
    with service.database.read() as session:
        assert session.get_one(Prisoner, vera.id).status == "in_transfer"


def test_whoever_is_taken_for_gone_rings_until_letters_wait(service: Service) -> None:
    vera = in_transfer(service)
    bring_in(service, [DEAD])
    decide(service, "other_value", "theirs")
    assert [kind for kind, _, _ in ringing(service)] == ["said_dead"]
    bring_in(service, [DEAD])
    assert ringing(service) == []
    with service.database.read() as session:
        assert session.get_one(Prisoner, vera.id).status == "dead"
        assert {letter.held_reason for letter in session.exec(select(Letter))} == {Hold.DEAD}


def test_one_of_us_who_notes_it_settles_it(service: Service) -> None:
    vera = in_transfer(service)
    bring_in(service, [FREE])
    with service.database.write() as session:
        custody.leave(session, vera.id, "released", service.today(), occasion(service))
    assert ringing(service) == []


def test_released_settles_nothing_about_a_list_that_says_dead(service: Service) -> None:
    vera = in_transfer(service)
    bring_in(service, [DEAD])
    with service.database.write() as session:
        custody.leave(session, vera.id, "released", service.today(), occasion(service))
    assert [kind for kind, _, _ in ringing(service)] == ["said_dead"]


def test_it_rings_for_the_record_that_is_kept(service: Service) -> None:
    vera = in_transfer(service)
    bring_in(service, [DEAD])
    with service.database.write() as session:
        kept = make_prisoner(session)
        said_gone.ring(session, kept.id, "released", "OVD-Info", service.now())
        merging.merge(session, kept.id, vera.id, {}, occasion(service))
    assert sorted(ringing(service)) == [
        ("said_dead", kept.id, "OVD-Info"),
        ("said_free", kept.id, "OVD-Info"),
    ]


def test_it_rings_no_more_when_the_list_took_it_back(service: Service) -> None:
    vera = in_transfer(service)
    bring_in(service, [DEAD])
    bring_in(service, OTHERS)  # says nothing of her
    assert [subject for _, subject, _ in ringing(service)] == [vera.id]
    bring_in(service, [FREE])
    assert [kind for kind, _, _ in ringing(service)] == ["said_free"]
    bring_in(service, [VERA | {"persecution_person_state_en": "In transfer"}])
    assert ringing(service) == []


def test_without_letters_nothing_rings(service: Service) -> None:
    in_transfer(service, letters=0)
    [doubt] = bring_in(service, [DEAD]).doubts
    assert (doubt.detail["gone"], doubt.letters) == (True, 0)
    assert ringing(service) == []


def test_another_list_that_says_so_rings_too(service: Service) -> None:
    vera = in_transfer(service)
    row = {
        "person": "7",
        "name": "Полевая Вера Ильинична",
        "birth_year": 1990,
        "state": "умерла",
    }
    bring_table(service, row)
    decide(service, "same_person", "same")
    bring_table(service, row)
    assert ringing(service) == [("said_dead", vera.id, "A list of memorial")]
