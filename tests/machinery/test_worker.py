"""The worker carries letters: by real workflows, on both databases."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import select

from app import worker
from app.lifecycle import State
from app.models import Letter, Rendering
from app.service import Service
from app.settings import Settings
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
