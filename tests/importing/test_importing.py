"""A whole source of fictional people: brought in, again, changed, broken off."""

from collections import Counter
from typing import Any

import pytest
from sqlmodel import Session, select

from app.addressing import present_place
from app.importing.records import unpack
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo
from app.models import (
    Facility,
    ImportLine,
    ImportRun,
    Placement,
    Prisoner,
    Prosecution,
    SourceId,
)
from app.moving import SYSTEM
from app.service import Service
from tests.importing.bringing import LOCATIONS, VERA, bring_in, without_doubts
from tests.standins import source
from tests.standins.source import HOME

SOURCE = source.make(seed=3, people=150, cases=200, places=12, namesakes=40)


def test_all_that_can_be_read_is_brought_in_and_every_doubt_is_asked(service: Service) -> None:
    made = bring_in(service, SOURCE.data, SOURCE.locations)
    assert made.counts == dict(SOURCE.expected)
    assert Counter(doubt.topic for doubt in made.doubts) == SOURCE.doubts
    reasons = {"not_a_row", "no_name", "half_a_name", "no_text", "letters", "initials"}
    assert {broken.reason for broken in made.unreadable} == reasons
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


def test_the_source_is_the_same_every_time() -> None:
    again = source.make(seed=3, people=150, cases=200, places=12, namesakes=40)
    assert (again.data, again.locations) == (SOURCE.data, SOURCE.locations)


def test_characters_that_no_database_keeps_stop_one_row_alone(service: Service) -> None:
    half = "\ud800"  # of a pair, as JSON can hold it
    bad = (
        {"person_id": "1", "name_ru": "Речной\0 Пётр"},
        {"person_id": "2", "name_ru": f"Речной{half} Пётр"},
        {"person_id": "3", "case_name_en": "A\0"},
        {"person_id": "4", "persecution_region_en": half},
        {"person_id": "x\0"},
    )
    ivan = {"person_id": "p2", "name_ru": "Луговой Иван Львович", "story_en": f"A\0 {half}b"}
    rows = [VERA, *(VERA | each for each in bad), VERA | ivan]
    made = bring_in(service, rows, [*LOCATIONS, {"id": "1", "attributes": {"name": "СИЗО\0-9"}}])
    assert [broken.reason for broken in made.unreadable] == ["not_text"] * 6
    with service.database.read() as session:
        told = {row.surname: row.story_en for row in session.exec(select(Prisoner))}
    assert told == {"Полевая": "Teaches geography.", "Луговой": "A b"}
