"""A list that has one person twice is read again after its two records were merged."""

from typing import Any

import pytest
from sqlmodel import select

from app.addressing import present_place
from app.catalogue import editing, merging
from app.catalogue.details import PersonDetails
from app.catalogue.two_records import FIELDS, Side
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo
from app.models import ImportRun, Prisoner, SourceId
from app.moving import SYSTEM
from app.service import Service
from tests.importing.bringing import (
    LOCATIONS,
    VERA,
    bring_in,
    decide,
    occasion,
    without_doubts,
)

TWICE: dict[str, Any] = VERA | {
    "person_id": "p9",
    "name_ru": "Палевая Вера Ильинична",
    "name_en": "Vera Polevaia",
    "birth_year": 1990,
    "penal_facility_ru": ["ИК-2 УФСИН России по Кировской области"],
    "story_en": "Draws maps.",
    "case_name_en": "Another post",
}
CHOICES = {
    "as usual": {},
    "the other in everything": dict.fromkeys(FIELDS, Side.OTHER),
    "the other's story": {"story_en": Side.OTHER},
    "the other's place": {"whereabouts": Side.OTHER},
}


def twice(service: Service, second: dict[str, Any] = TWICE) -> dict[str, Prisoner]:
    """Vera, whom the list has twice, entered twice by mistake: key → record."""
    bring_in(service, [VERA])
    bring_in(service, [VERA, second])
    decide(service, "same_person", "other")
    bring_in(service, [VERA, second])
    with service.database.read() as session:
        known = session.exec(select(SourceId).where(SourceId.subject == "prisoner"))
        found = {each.key: session.get_one(Prisoner, each.target_id) for each in known}
    assert set(found) == {"p1", "p9"}
    return found


def merge(
    service: Service, kept: Prisoner, other: Prisoner, chosen: dict[str, Side] | None = None
) -> None:
    with service.database.write() as session:
        merging.merge(session, kept.id, other.id, chosen or {}, occasion(service))


def values_of(service: Service, prisoner_id: str) -> tuple[dict[str, Any], str | None]:
    with service.database.read() as session:
        placed = present_place(session, prisoner_id)
        return session.get_one(Prisoner, prisoner_id).model_dump(), placed and placed[1].id


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("kept", ["p1", "p9"])
def test_read_again_nothing_changes_and_nothing_is_asked(
    service: Service, kept: str, choice: str
) -> None:
    veras = twice(service)
    other = veras["p9" if kept == "p1" else "p1"]
    merge(service, veras[kept], other, CHOICES[choice])
    before = values_of(service, veras[kept].id)
    for data in ([VERA, TWICE], [TWICE, VERA], [VERA, TWICE]):
        made = bring_in(service, data)
        assert (without_doubts(made), made.doubts) == ({}, [])
    assert values_of(service, veras[kept].id) == before


def test_what_one_of_us_entered_is_not_asked_about_again(service: Service) -> None:
    veras = twice(service)
    with service.database.write() as session:
        row = session.get_one(Prisoner, veras["p1"].id)
        details = PersonDetails.model_validate(row.model_dump() | {"story_en": "Teaches at home."})
        editing.edit(session, row.id, details, occasion(service))
    [doubt] = bring_in(service, [VERA | {"story_en": "?"}, TWICE]).doubts
    assert doubt.detail["theirs"] == "?"
    decide(service, "other_value", "ours")
    merge(service, veras["p9"], veras["p1"])
    made = bring_in(service, [VERA | {"story_en": "?"}, TWICE])
    assert (without_doubts(made), made.doubts) == ({}, [])
    values, _ = values_of(service, veras["p9"].id)
    assert values["story_en"] == "Teaches at home."
    assert values["provenance"]["story_en"] == "coordinator"


def test_a_later_change_of_the_list_is_followed(service: Service) -> None:
    veras = twice(service)
    merge(service, veras["p1"], veras["p9"])
    made = bring_in(service, [VERA | {"story_en": "Was a teacher."}, TWICE])
    assert without_doubts(made) == {"changed.person": 1}
    assert values_of(service, veras["p1"].id)[0]["story_en"] == "Was a teacher."
    gone = bring_in(service, [VERA | {"story_en": "Was a teacher."}])
    assert without_doubts(gone) == {"gone.person": 1, "gone.case": 1}


def test_an_answer_given_before_the_merging_still_counts(service: Service) -> None:
    veras = twice(service)
    third = VERA | {"person_id": "p0", "name_ru": "Полевая Вера"}
    bring_in(service, [VERA, TWICE, third])
    decide(service, "same_person", "other")
    [again] = bring_in(service, [VERA, TWICE, third]).doubts
    assert again.topic == "same_person"  # the second of the two is asked about apart
    decide(service, "same_person", "other")
    run = keeping.dry_run(service, ovdinfo.read([VERA, TWICE, third], LOCATIONS, service.today()))
    merge(service, veras["p9"], veras["p1"])
    assert run[1].doubts == []
    made = keeping.dry_run(service, ovdinfo.read([VERA, TWICE, third], LOCATIONS, service.today()))[
        1
    ]
    assert made.doubts == []
    assert without_doubts(made) == {"new.person": 1, "new.case": 1}


def test_a_report_made_before_the_merging_is_applied_to_the_person_now(service: Service) -> None:
    veras = twice(service)
    changed = TWICE | {"profession_en": "teacher", "occupation_en": "teacher"}
    run_id, _ = keeping.dry_run(service, ovdinfo.read([VERA, changed], LOCATIONS, service.today()))
    merge(service, veras["p1"], veras["p9"])
    assert applying.apply_run(service, run_id, SYSTEM).failed == {}
    with service.database.read() as session:
        assert session.get_one(ImportRun, run_id).state == "applied"
        assert len(session.exec(select(Prisoner)).all()) == 1


def test_merged_while_an_import_is_being_applied(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is planned for the record that goes reaches the one that stays."""
    veras = twice(service)
    changed = TWICE | {"story_en": "Draws large maps."}
    new = {"case_name_en": "A third post", "persecution_started": "2025-01-01"}
    run_id, made = keeping.dry_run(
        service, ovdinfo.read([VERA, changed, changed | new], LOCATIONS, service.today())
    )
    assert {step.topic for step in made.steps} == {"person", "case"}
    begin = applying._begin

    def merge_then_begin(*args: Any) -> None:
        merge(service, veras["p1"], veras["p9"], {"story_en": Side.OTHER})
        begin(*args)

    with monkeypatch.context() as patched:
        patched.setattr(applying, "_begin", merge_then_begin)
        assert applying.apply_run(service, run_id, SYSTEM).failed == {}
    values, _ = values_of(service, veras["p1"].id)
    assert values["story_en"] == "Draws large maps."
    made = bring_in(service, [VERA, changed, changed | new])
    assert (without_doubts(made), made.doubts) == ({}, [])
