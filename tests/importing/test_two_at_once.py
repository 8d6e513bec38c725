"""Two coordinators at the same import at once: both are heard, and a source is asked once.

On PostgreSQL with two connections; SQLite has one writer at a time.
"""

import pytest
from sqlmodel import Session, select

from app.importing.runs import answering
from app.importing.sources import reading
from app.models import ImportAnswer, ImportLine, ImportReading, ImportRun
from app.moving import Actor, by_staff
from app.service import Service
from tests.catalogue.test_one_order import Act, meets, writing

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

VERA, OLEG = by_staff("a" * 24), by_staff("b" * 24)


@pytest.fixture
def run_id(service: Service) -> str:
    """A report with one sure doubt."""
    with service.database.write() as session:
        run = ImportRun(source="x", label="X", snapshot=b"read")
        session.add(run)
        session.flush()
        line = ImportLine(run_id=run.id, position=1, kind="doubtful", topic="same_person")
        line.key, line.title, line.detail = "k", "t", {"sure": True}
        session.add(line)
    return run.id


def the_answer(service: Service) -> tuple[str, str | None]:
    with service.database.read() as session:
        row = session.exec(select(ImportAnswer)).one()
        return row.answer, row.staff_id


def test_of_two_answers_to_one_doubt_the_later_stands(service: Service, run_id: str) -> None:
    def answers(by: Actor, chosen: str) -> Act:
        return lambda on: answering.answer(on, run_id, 1, chosen, by, service.now())

    failed = meets(
        service, answers(VERA, "same"), writing(service, answers(OLEG, "other")), lambda _: None
    )
    assert failed == []
    assert the_answer(service) == ("other", OLEG.staff_id)


def test_what_is_being_answered_is_not_answered_with_all_that_are_sure(
    service: Service, run_id: str
) -> None:
    failed = meets(
        service,
        lambda on: answering.answer(on, run_id, 1, "other", VERA, service.now()),
        lambda: answering.answer_sure(service, run_id, OLEG),
        lambda _: None,
    )
    assert failed == []
    assert the_answer(service) == ("other", VERA.staff_id)


def test_a_source_is_asked_by_one_reader(service: Service) -> None:
    readings = []

    def asks(session: Session) -> None:
        readings.append(reading.ask_source(session, service, "a" * 24))

    failed = meets(service, asks, writing(service, asks), lambda _: None)
    assert failed == []
    with service.database.read() as session:
        row = session.exec(select(ImportReading)).one()
    assert readings == [row.id, row.id]
