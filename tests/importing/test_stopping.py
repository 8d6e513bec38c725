"""A process that is told to end while it reads a list ends soon; the next one reads on."""

import time
from urllib.parse import unquote

import pytest
from sqlmodel import select

from app.errors import Stopping
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo, reading
from app.models import ImportReading, ImportRun, Prisoner, Prosecution
from app.moving import SYSTEM
from app.service import Service
from tests.serving import Serve
from tests.standins import source
from tests.standins.ovdinfo import Behaviour, OvdInfo

SOURCE = source.make(seed=7, people=60, cases=70, places=6)
SOON, PATIENCE = 8, 60


def asked(service: Service) -> str:
    with service.database.write() as session:
        return reading.ask_source(session, service, "c" * 24)


def until(service: Service, reading_id: str, state: str) -> ImportReading:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with service.database.read() as session:
            row = session.get_one(ImportReading, reading_id)
        if row.state == state:
            return row
        time.sleep(0.1)
    pytest.fail(f"still {row.state}")


@pytest.mark.parametrize("trouble", ["busy", "hang"])
def test_told_to_end_it_ends_soon_and_the_next_goes_on(
    service: Service, serve: Serve, trouble: Behaviour
) -> None:
    with OvdInfo(SOURCE) as api:
        api.behave("well", "well", "well", trouble)
        # As long a pause as the source asks for: sixty of them when it is busy.
        server = serve(ovdinfo_url=api.url, ovdinfo_pause_seconds="0.5")
        reading_id = asked(service)
        end = time.monotonic() + PATIENCE
        while len(api.requests) < 4 and time.monotonic() < end:
            time.sleep(0.05)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < SOON
        assert not server.is_running()
        with service.database.read() as session:
            assert session.get_one(ImportReading, reading_id).state == "reading"
            assert session.exec(select(ImportRun)).all() == []
        assert len(api.requests) == 4
        locations, _total, year = map(unquote, api.requests[:3])
        serve(ovdinfo_url=api.url, ovdinfo_pause_seconds="0.001")
        row = until(service, reading_id, "read")
        again = {unquote(path) for path in api.requests[4:]}
    assert not {locations, year} & again  # what came is not asked for again
    applying.apply_run(service, str(row.run_id), SYSTEM)
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == SOURCE.expected["new.person"]
        assert len(session.exec(select(Prosecution)).all()) == SOURCE.expected["new.case"]


def test_applying_goes_on_where_it_was_told_to_stop(service: Service) -> None:
    today = service.today()
    run_id, _ = keeping.dry_run(service, ovdinfo.read(SOURCE.data, SOURCE.locations, today))
    with service.database.write() as session:
        run = session.get_one(ImportRun, run_id)
        run.state, run.attempts = "applying", 1

    def stop(done: int, total: int) -> None:
        if 0 < done < total:
            service.stopping.set()

    with pytest.raises(Stopping):
        applying.apply_run(service, run_id, SYSTEM, stop)
    assert applying.carry(service, run_id, "1") == "stopped"
    with service.database.read() as session:
        run = session.get_one(ImportRun, run_id)
        assert (run.state, run.attempts) == ("applying", 2)
    service.stopping.clear()
    assert applying.carry(service, run_id, "1") == "moved_on"
    assert applying.carry(service, run_id, "2") == "applied"
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == SOURCE.expected["new.person"]
        assert len(session.exec(select(Prosecution)).all()) == SOURCE.expected["new.case"]


def test_a_reading_that_is_stopped_is_owed_anew(service: Service) -> None:
    reading_id = asked(service)
    service.stopping.set()
    assert reading.carry(service, reading_id, "1") == "stopped"
    with service.database.read() as session:
        assert session.get_one(ImportReading, reading_id).state == "reading"
