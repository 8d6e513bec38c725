"""The worker carries letters: by real workflows, on both databases."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app import worker
from app.importing.runs import keeping as importing
from app.lifecycle import State
from app.models import Alarm, ImportRun, Letter, Prisoner, Rendering, Reservation, Revision
from app.models.columns import new_id, utc_now
from app.moving import by_staff
from app.service import Service
from app.settings import Settings
from tests.serving import Lifeline
from tests.standins.translators import GoogleStandIn
from tests.world import make_letter, make_prisoner, make_return_address

PATIENCE_SECONDS = 60


@pytest.fixture
def google() -> Iterator[GoogleStandIn]:
    with GoogleStandIn() as standin:
        yield standin


@pytest.fixture
def settings(settings: Settings, google: GoogleStandIn) -> Settings:
    return settings.model_copy(
        update={"translators": f"google+{google.url}", "worker_polling_seconds": 0.05}
    )


@pytest.fixture
def working(service: Service) -> Iterator[Service]:
    """A service whose letters are carried, by a worker in this process."""
    worker.start(service)
    yield service
    worker.stop(drain_seconds=0)


def wait_until(true: Callable[[], bool]) -> None:
    """Returns when it is so; fails when it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        threading.Event().wait(0.05)


def state_of(service: Service, letter_id: str) -> str:
    with service.database.read() as session:
        return session.get_one(Letter, letter_id).state


def test_a_letter_is_translated_and_an_approved_one_rendered(working: Service) -> None:
    with working.database.write() as session:
        make_return_address(session)
        prisoner = make_prisoner(session)
        new = make_letter(session, prisoner, State.TRANSLATING)
        approved = make_letter(session, prisoner, State.APPROVED)
    wait_until(lambda: state_of(working, new.id) == State.IN_REVIEW)
    wait_until(lambda: state_of(working, approved.id) == State.READY)
    with working.database.read() as session:
        rendering = session.exec(select(Rendering)).one()
        assert working.vault.get(rendering.file_id).startswith(b"%PDF")


def test_a_second_process_does_not_carry_the_same_letters(
    working: Service, lifeline: Callable[..., Lifeline]
) -> None:
    second = lifeline("worker", process_settings_of(working))
    second.start()
    assert second.process is not None
    assert second.process.wait(PATIENCE_SECONDS) == 1
    assert "Another" in second.printed()


@pytest.mark.trust(63)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_work_of_a_dead_worker_is_done_by_a_living_one(
    service: Service, google: GoogleStandIn, lifeline: Callable[..., Lifeline]
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.TRANSLATING)
    google.behave("hang")
    doomed = lifeline("worker", process_settings_of(service) | {"worker_name": "worker-2"})
    doomed.start()
    wait_until(lambda: bool(google.requests))
    doomed.kill()
    google.behave("well")
    later = replace(service, clock=lambda: utc_now() + timedelta(minutes=5))
    worker.start(later)
    try:
        assert state_of(service, letter.id) == State.TRANSLATING
        assert worker.reap(later) == 1
        wait_until(lambda: state_of(service, letter.id) == State.IN_REVIEW)
        assert worker.reap(later) == 0
    finally:
        worker.stop(drain_seconds=0)


@pytest.mark.trust(19)
def test_the_queue_holds_ids_and_codes_alone(working: Service) -> None:
    with working.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.TRANSLATING)
    wait_until(lambda: state_of(working, letter.id) == State.IN_REVIEW)
    wait_until(lambda: "translated" in everything_queued(working))
    said = everything_queued(working)
    assert letter.id in said
    for marker in ("geschneit", "снег", "Anna", "Анна", "Greta"):
        assert marker not in said


@pytest.mark.trust(64)
def test_an_error_of_ours_parks_one_letter_and_others_go_on(
    working: Service, google: GoogleStandIn
) -> None:
    """A text that does not belong to its row opens as an error, never as text."""
    with working.database.write() as session:
        broken = make_letter(session, make_prisoner(session), State.TRANSLATING)
        row = session.exec(select(Revision)).one()
        row.text_sealed = b"\0" * 60
    with working.database.write() as session:
        good = make_letter(session, make_prisoner(session), State.TRANSLATING)
    wait_until(lambda: state_of(working, good.id) == State.IN_REVIEW)
    wait_until(lambda: trouble_of(working, broken.id) == "stumbled")
    assert "Broken" not in everything_queued(working)


@pytest.mark.trust(64, 65)
def test_an_import_that_breaks_off_or_is_lost_is_owed_again(working: Service) -> None:
    with working.database.write() as session:
        broken = ImportRun(source="x", label="X", snapshot=b"no rows")
        lost = ImportRun(source="y", label="Y", snapshot=b"-", state="applying", attempts=1)
        lost.applied_by = "c" * 24
        session.add_all([broken, lost])
        session.flush()
        importing.owe_applying(session, broken.id, by_staff("c" * 24))
    wait_until(lambda: run_of(working, broken.id).stumbles == 1)
    assert run_of(working, broken.id).state == "applying"
    worker.tend(working)
    assert run_of(working, lost.id).attempts == 2
    assert run_of(working, broken.id).attempts == 2, "it is owed already"


def run_of(service: Service, run_id: str) -> ImportRun:
    with service.database.read() as session:
        return session.get_one(ImportRun, run_id)


def test_every_minute_and_every_night_something_is_tended(working: Service) -> None:
    with working.database.write() as session:
        session.add(
            Reservation(
                token_hash=new_id(),
                prisoner_id=make_prisoner(session, letter_count=1).id,
                sitting=new_id(),
                random=True,
                counted=True,
                expires_at=working.now() - timedelta(minutes=1),
            )
        )
    worker.tend(working)
    worker.tidy(working)
    with working.database.read() as session:
        assert session.exec(select(Reservation.counted)).one() is False
        assert session.exec(select(Prisoner.letter_count)).one() == 0
        assert session.exec(select(Alarm)).all() == []
        sizes = "select stat from sqlite_stat1 where tbl = 'prisoner' and stat is not null"
        if not working.settings.is_sqlite:
            sizes = "select reltuples from pg_class where relname = 'prisoner' and reltuples = 1"
        assert session.execute(sa.text(sizes)).all(), "the database knows how large its tables are"


def trouble_of(service: Service, letter_id: str) -> str | None:
    with service.database.read() as session:
        return session.get_one(Letter, letter_id).trouble


def everything_queued(service: Service) -> str:
    """All that the queue's tables hold, as text."""
    schema = None if service.settings.is_sqlite else "dbos"
    tables = sa.MetaData(schema=schema)
    with service.database.engine.connect() as connection:
        tables.reflect(connection, only=lambda name, _: name.startswith(("workflow", "operation")))
        rows = [connection.execute(sa.select(table)).all() for table in tables.sorted_tables]
    return "\n".join(str(tuple(row)) for found in rows for row in found)


def process_settings_of(service: Service) -> dict[str, str]:
    """The settings of another process on the same database."""
    settings = service.settings
    return {
        "data_dir": str(settings.data_dir),
        "key_file": str(settings.key_file),
        "database_url": settings.database_url,
        "translators": settings.translators,
        "worker_polling_seconds": "0.05",
    }
