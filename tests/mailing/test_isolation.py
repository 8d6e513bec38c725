"""Children may hang, grow, crash and lie: the parent goes on."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailing.isolation import Crew, Failed, Limits, Refused

LIMITS = Limits(
    memory_bytes=512 * 1024**2, cpu_seconds=1, deadline_seconds=10, patience_seconds=0.3, tasks=5
)


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew("tests.mailing.hostile_tasks", LIMITS, processes=1)
    yield crew
    crew.close()


def works(crew: Crew) -> bool:
    answer, parts = crew.call("echo", {"word": "да"}, b"one", b"", b"\x00\xff")
    return answer["word"] == "да" and parts == [b"one", b"", b"\x00\xff"]


def test_a_task_is_answered_by_a_warm_process_of_its_own(crew: Crew) -> None:
    pids = {crew.call("echo", {})[0]["pid"] for _ in range(3)}
    assert len(pids) == 1
    assert os.getpid() not in pids


@pytest.mark.trust(33)
@pytest.mark.trust(35)
def test_what_sleeps_is_killed_at_its_deadline(crew: Crew) -> None:
    assert works(crew)
    begun = time.monotonic()
    with pytest.raises(Failed, match="deadline"):
        crew.call("sleep", {}, deadline_seconds=0.3)
    assert time.monotonic() - begun < 2
    assert works(crew)


@pytest.mark.trust(35)
@pytest.mark.parametrize(
    ("task", "reason"),
    [("spin", "died"), ("crash", "died"), ("swallow", "MemoryError")],
)
def test_processor_time_and_memory_are_capped_and_the_next_task_works(
    crew: Crew, task: str, reason: str
) -> None:
    with pytest.raises(Failed, match=reason):
        crew.call(task, {})
    assert works(crew)


def test_a_process_killed_while_idle_is_replaced(crew: Crew) -> None:
    pid = crew.call("echo", {})[0]["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert works(crew)


def test_a_process_is_replaced_after_its_share_of_tasks(crew: Crew) -> None:
    pids = [crew.call("echo", {})[0]["pid"] for _ in range(LIMITS.tasks + 1)]
    assert len(set(pids[:-1])) == 1
    assert pids[-1] != pids[0]


def test_no_file_is_written(crew: Crew, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="OSError"):
        crew.call("write", {"path": str(tmp_path / "file")})
    assert (tmp_path / "file").read_bytes() == b""


def test_noise_does_not_reach_the_answers(crew: Crew) -> None:
    assert crew.call("print", {})[0]["said"]
    assert works(crew)


def test_children_inherit_no_environment(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELINE_SMTP_URL", "smtp://user:secret@host")
    names = crew.call("look", {})[0]["environment"]
    assert "LIFELINE_SMTP_URL" not in names
    assert set(names) <= {
        "HOME",
        "LANG",
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "PATH",
        "PYTHONPATH",
        "TMPDIR",
    }


def test_refusals_keep_the_process_and_errors_say_no_more_than_their_name(crew: Crew) -> None:
    pid = crew.call("echo", {})[0]["pid"]
    with pytest.raises(Refused, match="not_liked"):
        crew.call("refuse", {})
    assert crew.call("echo", {})[0]["pid"] == pid
    with pytest.raises(Failed) as caught:
        crew.call("raise", {})
    assert str(caught.value) == "KeyError"


def test_others_wait_for_a_place_only_so_long(crew: Crew) -> None:
    works(crew)
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(crew.call, "sleep", {}, deadline_seconds=1.5)
        reasons = set()
        while not long.done():
            try:
                crew.call("echo", {})
            except Failed as failure:
                reasons.add(failure.reason)
        assert isinstance(long.exception(), Failed)
    assert "busy" in reasons


def test_temporary_folders_go_with_their_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    crew = Crew("tests.mailing.hostile_tasks", LIMITS, processes=1)
    assert works(crew)
    assert len(list(tmp_path.iterdir())) == 1
    crew.close()
    assert list(tmp_path.iterdir()) == []
    assert works(crew)
    crew.close()
