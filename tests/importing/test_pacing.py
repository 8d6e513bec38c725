"""An import writes little at once, and less where the database is slow."""

import itertools
from types import SimpleNamespace

import pytest

from app.importing.runs import applying, keeping
from app.importing.runs.pacing import Pace
from app.importing.sources import ovdinfo
from app.moving import SYSTEM
from app.service import Service
from tests.standins import source


def test_the_pace_follows_the_machine() -> None:
    pace = Pace(60)
    for seconds, rows in ((0.05, 60), (0.5, 30), (0.01, 60), (0.01, 60)):
        pace.note(seconds)
        assert pace.rows == rows
    for _ in range(10):
        pace.note(3.0)
    assert pace.rows == 20


def test_on_a_slow_database_few_rows_are_held_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = source.make(seed=4, people=240, cases=300, places=8)
    run_id, _ = keeping.dry_run(service, ovdinfo.read(made.data, made.locations, service.today()))
    seconds = itertools.count(step=0.2)
    slow = SimpleNamespace(monotonic=lambda: next(seconds))
    monkeypatch.setattr("app.importing.runs.pacing.time", slow)
    done = [0]
    applying.apply_run(service, run_id, SYSTEM, lambda so_far, _: done.append(so_far))
    steps = [later - earlier for earlier, later in itertools.pairwise(done)]
    assert max(steps[:4]) > 20
    assert max(steps[6:]) == 20
