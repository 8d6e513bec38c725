"""«The same person» for many at once; and what was read lies still while doubts are decided."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.importing.runs import answering, keeping
from app.models import ImportAnswer, ImportLine, ImportRun
from app.moving import SYSTEM, by_staff
from app.queries import imports
from app.queries.doubtful import find_doubtful
from app.service import Service

MANY = answering.AT_ONCE + 30
SOMEBODY = by_staff("c" * 24)


@pytest.fixture
def run_id(service: Service) -> str:
    """A report with many sure doubts, one that is not, and much that was read."""
    with service.database.write() as session:
        run = ImportRun(source="x", label="X", snapshot=b"read" * 1_000)
        session.add(run)
        session.flush()
        for at in range(MANY + 1):
            line = ImportLine(run_id=run.id, position=at, kind="doubtful", topic="same_person")
            line.key, line.title, line.detail = f"k{at}", "t", {"sure": at != MANY}
            session.add(line)
    return run.id


@contextmanager
def asked(service: Service) -> Iterator[list[str]]:
    """Every statement meanwhile."""
    said: list[str] = []

    def note(*told: object) -> None:
        said.append(str(told[2]))

    engine = service.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def answers(service: Service) -> dict[str, str]:
    with service.database.read() as session:
        return {row.key: row.answer for row in session.exec(select(ImportAnswer))}


def test_what_was_answered_otherwise_stays(service: Service, run_id: str) -> None:
    with service.database.write() as session:
        answering.answer(session, run_id, 3, "other", SYSTEM, service.now())
    assert answering.answer_sure(service, run_id, SOMEBODY) == MANY - 1
    given = answers(service)
    assert given.pop("k3") == "other"
    assert set(given.values()) == {"same"}
    assert given.keys() == {f"k{at}" for at in range(MANY)} - {"k3"}
    assert answering.answer_sure(service, run_id, SOMEBODY) == 0


def test_letters_come_in_between_the_answers(service: Service, run_id: str) -> None:
    with asked(service) as said:
        answering.answer_sure(service, run_id, SOMEBODY)
    begun = [each for each in said if each.startswith("INSERT INTO import_answer")]
    if service.database.is_sqlite:
        begun = [each for each in said if each == "BEGIN IMMEDIATE"]
    assert len(begun) >= 2


def test_what_was_read_is_not_loaded_to_decide_about_it(service: Service, run_id: str) -> None:
    with asked(service) as said:
        with service.database.read() as session:
            find_doubtful(session, "", 1)
            imports.runs(session)
            imports.run_page(session, run_id, "", "", 1)
        with service.database.write() as session:
            answering.answer(session, run_id, 1, "same", SYSTEM, service.now())
        answering.answer_sure(service, run_id, SOMEBODY)
        with service.database.write() as session:
            keeping.owe_applying(session, run_id, SOMEBODY)
    assert said
    loaded = re.compile(r"snapshot(?! IS NOT NULL)", re.IGNORECASE)
    assert [each for each in said if each.startswith("SELECT") and loaded.search(each)] == []


def test_a_report_tells_how_many_are_answered_and_how_many_of_the_rest_are_sure(
    service: Service, run_id: str
) -> None:
    with service.database.write() as session:
        answering.answer(session, run_id, 3, "other", SYSTEM, service.now())
        answering.answer(session, run_id, MANY, "same", SYSTEM, service.now())  # not a sure one
    with service.database.read() as session:
        page = imports.run_page(session, run_id, "", "", 1)
    assert (page.answered, page.sure, page.open) == (2, MANY - 1, MANY - 1)
