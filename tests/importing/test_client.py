"""Reading the API on its bad days: slowly, patiently, and nothing twice."""

import itertools
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from app.errors import Stopping, Unavailable
from app.importing.sources import ovdinfo
from app.importing.sources.client import ATTEMPTS, Reader
from tests.standins import source
from tests.standins.ovdinfo import Behaviour, OvdInfo

TODAY = date(2026, 11, 22)
SOURCE = source.make(seed=5, people=60, cases=80, places=8)
PAUSE = 0.002


def reader(api: OvdInfo, tmp_path: Path, pause: float = PAUSE) -> Reader:
    return Reader(api.url, tmp_path / "pages", pause_seconds=pause)


def in_one_order(rows: list[object]) -> list[str]:
    return sorted(map(repr, rows))


def test_everything_is_read_once(tmp_path: Path) -> None:
    with OvdInfo(SOURCE) as api:
        seen: list[tuple[int, int]] = []
        one = reader(api, tmp_path)
        one.progress = lambda done, total: seen.append((done, total))
        data, locations = one.read(TODAY)
    assert in_one_order(data) == in_one_order(SOURCE.data)
    assert locations == SOURCE.locations
    assert seen[-1][1] == len(SOURCE.data)


def test_a_source_whose_rows_all_have_a_year_is_never_asked_for_everything(tmp_path: Path) -> None:
    tidy = source.make(seed=5, people=60, cases=80, places=8)
    tidy.data = [
        row for row in tidy.data if isinstance(row, dict) and "persecution_started_year" in row
    ]
    with OvdInfo(tidy) as api:
        data, _ = reader(api, tmp_path).read(TODAY)
        # One answer is begun for the total alone; the others are years, the newest first.
        whole = [path for path in api.requests if "/data" in path and "filter" not in path]
    assert in_one_order(data) == in_one_order(tidy.data)
    assert len(whole) == 1


@pytest.mark.parametrize("trouble", ["busy", "hang"])
def test_who_is_about_to_end_waits_for_nothing(tmp_path: Path, trouble: Behaviour) -> None:
    with OvdInfo(SOURCE) as api:
        one = reader(api, tmp_path, pause=10)
        one.pause_seconds, one._last = 10, -20
        api.behave(trouble)

        def stop() -> None:
            api.asked.wait(60)
            one.stopping.set()

        threading.Thread(target=stop).start()
        began = time.monotonic()
        with pytest.raises(Stopping):
            one.read(TODAY)
        assert time.monotonic() - began < 5
    assert len(api.requests) == 1


@pytest.mark.parametrize("at", range(4))
def test_bad_answers_are_asked_again_and_nothing_is_doubled(tmp_path: Path, at: int) -> None:
    bad_day: list[Behaviour] = ["429", "500", "cut", "half", "reset", "503"]
    with OvdInfo(SOURCE) as api:
        api.behave(*bad_day[at:], *bad_day[:at])
        data, locations = reader(api, tmp_path).read(TODAY)
    assert in_one_order(data) == in_one_order(SOURCE.data)
    gathered = ovdinfo.read(data, locations, TODAY)
    assert len(gathered.people) == len(ovdinfo.read(SOURCE.data, SOURCE.locations, TODAY).people)


@pytest.mark.parametrize("trouble", ["408", "425", "507", "520", "530"])
def test_whatever_a_server_may_get_over_is_asked_again(tmp_path: Path, trouble: Behaviour) -> None:
    with OvdInfo(SOURCE) as api:
        api.behave(trouble, trouble)
        data, locations = reader(api, tmp_path).read(TODAY)
        assert api.requests[:3] == [api.requests[0]] * 3
    assert in_one_order(data) == in_one_order(SOURCE.data)
    assert locations == SOURCE.locations


def test_who_is_asked_to_wait_by_a_broken_server_waits(tmp_path: Path) -> None:
    with OvdInfo(SOURCE) as api:
        api.behave("520 in a second")
        reader(api, tmp_path, pause=0.02).read(TODAY)
    assert api.moments[1] - api.moments[0] >= 0.95


def test_broken_off_it_goes_on_with_the_pages_it_has(tmp_path: Path) -> None:
    with OvdInfo(SOURCE) as api:
        one = reader(api, tmp_path, pause=0)
        out_of_order: list[Behaviour] = ["503"] * ATTEMPTS
        one.progress = lambda _done, _total: api.behave(*out_of_order)
        with pytest.raises(Unavailable, match="kept"):
            one.read(TODAY)
        before = list(api.requests)
        api.requests.clear()
        again = reader(api, tmp_path, pause=0)
        data, _ = again.read(TODAY)
        assert {before[0], before[2]}.isdisjoint(api.requests)  # places, and the newest year
        again.forget()
        assert not again.folder.exists()
    assert in_one_order(data) == in_one_order(SOURCE.data)


def test_requests_keep_their_distance(tmp_path: Path) -> None:
    with OvdInfo(SOURCE) as api:
        reader(api, tmp_path, pause=0.05).read(TODAY)
    apart = [later - earlier for earlier, later in itertools.pairwise(api.moments)]
    assert min(apart) >= 0.045


def test_a_refusal_is_not_repeated(tmp_path: Path) -> None:
    with OvdInfo(SOURCE) as api:
        api.behave("403")
        with pytest.raises(Unavailable, match="403"):
            reader(api, tmp_path).read(TODAY)
        assert len(api.requests) == 1
