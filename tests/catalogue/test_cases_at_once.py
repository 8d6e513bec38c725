"""Two people work on the cases or the portrait of one person at once: one after the other.

On PostgreSQL with two connections; SQLite has one writer at a time.
"""

from collections.abc import Callable
from random import Random

import pytest
from sqlmodel import Session, select

from app.catalogue import cases, joining_cases, portraits
from app.catalogue.cases import CaseDetails
from app.catalogue.standing import people_to_change
from app.errors import NotFound
from app.importing.planning.plans import Step
from app.importing.runs import changes
from app.importing.runs.bringing import Bringing
from app.models import Event, Prisoner, Prosecution
from app.service import Service
from tests.catalogue.test_every_state import OCCASION
from tests.catalogue.test_merging import merge, two_records
from tests.catalogue.test_one_order import Act, meets, writing
from tests.world import make_prisoner

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Deed = Callable[[str, str], Act]


def add_case(session: Session, prisoner: Prisoner, **facts: str) -> str:
    case = Prosecution.model_validate({"prisoner_id": prisoner.id, **facts})
    session.add(case)
    session.flush()
    return case.id


def adds(prisoner_id: str, _case_id: str) -> Act:
    return lambda on: cases.add(on, prisoner_id, CaseDetails(stage="Appeal"), OCCASION)


def edits(prisoner_id: str, case_id: str) -> Act:
    return lambda on: cases.edit(on, prisoner_id, case_id, CaseDetails(stage="Appeal"), OCCASION)


def removes(prisoner_id: str, case_id: str) -> Act:
    return lambda on: cases.remove(on, prisoner_id, case_id, OCCASION)


@pytest.mark.parametrize("deed", [adds, edits, removes])
def test_a_case_and_the_record_it_belongs_to(service: Service, deed: Deed) -> None:
    """The case goes with the merged record; whoever comes second is told that it is not there."""
    with service.database.write() as session:
        kept, other = two_records(session)
        case_id = add_case(session, other, verdict="seven years")
    failed = meets(
        service,
        lambda on: people_to_change(on, [other.id]),
        writing(service, deed(other.id, case_id)),
        lambda on: merge(on, kept, other),
    )
    assert [type(error) for error in failed] == [NotFound]
    with service.database.read() as session:
        [case] = session.exec(select(Prosecution)).all()
        assert (case.prisoner_id, case.verdict, case.stage) == (kept.id, "seven years", "")


def test_two_cases_are_joined_once(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        first = add_case(session, anna, verdict="seven years")
        other = add_case(session, anna, stage="Appeal")

    def joins(session: Session) -> None:
        joining_cases.join(session, anna.id, first, other, OCCASION)

    failed = meets(service, joins, writing(service, joins), lambda _: None)
    assert [type(error) for error in failed] == [NotFound]
    with service.database.read() as session:
        [case] = session.exec(select(Prosecution)).all()
        assert (case.verdict, case.stage) == ("seven years", "Appeal")
        joined = select(Event).where(Event.subject_id == anna.id, Event.to == "cases_joined")
        assert len(session.exec(joined).all()) == 1


def test_what_is_edited_while_an_import_is_applied_stays(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        case_id = add_case(session, anna, source="list", source_id="a")
    step = Step("changed", "case", ["a"], "", case_id, {"stage": "Appeal"}, {"stage": ""})
    run = Bringing("list", "A list", OCCASION, Random(1))
    details = CaseDetails(stage="Trial", source="list")
    failed = meets(
        service,
        lambda on: cases.edit(on, anna.id, case_id, details, OCCASION),
        writing(service, lambda on: changes.change_case(on, step, run)),
        lambda _: None,
    )
    assert failed == []
    with service.database.read() as session:
        assert session.get_one(Prosecution, case_id).stage == "Trial"


def test_no_portrait_that_was_replaced_is_left_behind(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
    replaced: list[str | None] = []

    def hangs(file_id: str) -> Act:
        return lambda on: replaced.append(portraits.hang(on, anna.id, file_id, OCCASION))

    failed = meets(service, hangs("one"), writing(service, hangs("two")), lambda _: None)
    assert (failed, replaced) == ([], [None, "one"])
