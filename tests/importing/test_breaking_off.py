"""An import that an error breaks off goes on by itself; what cannot be done calls somebody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app import work
from app.errors import Unavailable
from app.importing.runs import applying, breaking_off, keeping
from app.importing.runs import cases as entering_cases
from app.importing.sources import ovdinfo
from app.models import Alarm, Event, ImportRun, Prisoner, Prosecution, SourceId
from app.moving import SYSTEM, by_staff
from app.service import Service
from tests.journey.test_sweeping import lose_everything, queued
from tests.standins import source

SOURCE = source.make(seed=7, people=60, cases=70, places=6)
SOMEBODY = by_staff("c" * 24)


@pytest.fixture
def run_id(service: Service) -> str:
    """A report that somebody at the desk had applied."""
    today = service.today()
    made, _ = keeping.dry_run(service, ovdinfo.read(SOURCE.data, SOURCE.locations, today))
    with service.database.write() as session:
        keeping.owe_applying(session, made, SOMEBODY)
    return made


def breaks(monkeypatch: pytest.MonkeyPatch, times: int, error: Exception) -> None:
    """Entering cases fails so often, after people and places were entered."""
    whole = entering_cases.enter_cases
    left = [error] * times

    def enter(*asked: Any) -> None:
        whole(*asked)
        if left:
            raise left.pop()

    monkeypatch.setattr(entering_cases, "enter_cases", enter)


def try_it(service: Service, run_id: str, error: type[Exception]) -> str:
    """What a worker does with the newest piece of work."""
    attempt = str(look(service, run_id).attempts)
    with pytest.raises(error):
        applying.carry(service, run_id, attempt)
    return breaking_off.stumbled(service, run_id, attempt)


def look(service: Service, run_id: str) -> ImportRun:
    with service.database.read() as session:
        return session.get_one(ImportRun, run_id)


def ringing(service: Service) -> list[str]:
    with service.database.read() as session:
        alarms = session.exec(select(Alarm)).all()
        return [alarm.subject_id for alarm in alarms if alarm.settled_at is None]


def everything_is_there_once(session: Session) -> None:
    people = session.exec(select(Prisoner)).all()
    assert len(people) == SOURCE.expected["new.person"]
    assert len(session.exec(select(Prosecution)).all()) == SOURCE.expected["new.case"]
    imported = select(Event.subject_id).where(Event.to == "imported", Event.subject == "prisoner")
    assert sorted(session.exec(imported)) == sorted(row.id for row in people)
    keys = session.exec(select(SourceId.key).where(SourceId.subject == "prisoner")).all()
    assert len(keys) == len(set(keys))


@pytest.mark.trust(64, 65)
@pytest.mark.parametrize("error", [Unavailable("The disk is full."), ValueError("ours")])
def test_it_goes_on_by_itself_and_doubles_nothing(
    service: Service, run_id: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    breaks(monkeypatch, 2, error)
    assert try_it(service, run_id, type(error)) == "stumbled"
    assert {f"import-{run_id}-1", f"import-{run_id}-2"} <= queued(service)
    with service.database.read() as session:
        assert session.exec(select(Prisoner)).all()  # what was done is done
    assert breaking_off.stumbled(service, run_id, "1") == "moved_on"
    assert try_it(service, run_id, type(error)) == "stumbled"
    assert applying.carry(service, run_id, "3") == "applied"
    assert look(service, run_id).state == "applied"
    assert look(service, run_id).stumbles == 0
    assert ringing(service) == []
    with service.database.read() as session:
        everything_is_there_once(session)


@pytest.mark.trust(64)
def test_given_up_it_rings_until_somebody_has_it_go_on(
    service: Service, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, breaking_off.STUMBLES, Unavailable("The disk is full."))
    said = [try_it(service, run_id, Unavailable) for _time in range(breaking_off.STUMBLES)]
    assert said == ["stumbled"] * (breaking_off.STUMBLES - 1) + ["parked"]
    run = look(service, run_id)
    assert run.broke_off
    assert ringing(service) == [run_id]
    assert breaking_off.owe_again(service) == 0
    with service.database.write() as session:
        keeping.owe_applying(session, run_id, SOMEBODY)
    run = look(service, run_id)
    assert (run.state, run.stumbles) == ("applying", 0)
    assert applying.carry(service, run_id, str(run.attempts)) == "applied"
    assert ringing(service) == []
    with service.database.read() as session:
        everything_is_there_once(session)


@pytest.mark.trust(65)
def test_work_that_was_lost_is_owed_again(service: Service, run_id: str) -> None:
    assert breaking_off.owe_again(service) == 0  # it is queued
    lose_everything(service)
    assert breaking_off.owe_again(service) == 1
    assert f"import-{run_id}-2" in queued(service)
    assert breaking_off.owe_again(service) == 0


def test_what_the_command_line_applies_is_nobody_elses_work(service: Service, run_id: str) -> None:
    """It is done in its own process, without any queue."""
    seen: list[int] = []
    look_meanwhile: Callable[[int, int], None] = lambda _done, _all: seen.append(  # noqa: E731
        breaking_off.owe_again(service)
    )
    lose_everything(service)
    applying.apply_run(service, run_id, SYSTEM, look_meanwhile)
    assert set(seen) == {0}


def test_pauses_grow(service: Service, run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[timedelta] = []
    monkeypatch.setattr(work, "owe", lambda *asked: pauses.append(asked[-1]))
    for attempt in range(1, breaking_off.STUMBLES):
        assert breaking_off.stumbled(service, run_id, str(attempt)) == "stumbled"
    assert pauses == sorted(set(pauses))
    assert pauses[-1] >= timedelta(minutes=30)
