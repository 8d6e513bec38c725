"""`kill -9`, again and again, while letters are written, translated, approved and rendered."""

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.journey import reconciling, writing
from app.lifecycle import Role, State
from app.models import Correspondence, Letter, Rendering, Revision
from app.sealing import keyring
from app.service import Service
from app.settings import Settings
from tests.serving import environment
from tests.standins.translators import GoogleStandIn
from tests.world import make_facility, make_prisoner, make_return_address, make_staff

KILLS = 20
KILLS_WHILE_POSTING = 200
PATIENCE_SECONDS = 60
ROOT = Path(__file__).parents[2]


@pytest.fixture
def google() -> Iterator[GoogleStandIn]:
    with GoogleStandIn() as standin:
        yield standin


@pytest.fixture
def settings(settings: Settings, google: GoogleStandIn) -> Settings:
    return settings.model_copy(
        update={"translators": f"google+{google.url}", "worker_polling_seconds": 0.05}
    )


@dataclass
class Carriers:
    """The parent of the processes that are killed, and what these acknowledged."""

    process: "subprocess.Popen[str]"
    kept: list[str] = field(default_factory=list)
    children: "queue.Queue[int]" = field(default_factory=queue.Queue)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "kept":
                self.kept.append(rest)
            elif word == "child":
                self.children.put(int(rest))

    def start(self, how: str) -> int:
        """Another process; returns its number."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{how}\n")
        self.process.stdin.flush()
        return self.children.get(timeout=PATIENCE_SECONDS)


@pytest.fixture
def carriers(settings: Settings, tmp_path: Path) -> Iterator[Carriers]:
    chosen = settings.model_dump(mode="json", exclude_unset=False)
    with (tmp_path / "carriers.log").open("w") as log:
        process = subprocess.Popen(
            [
                *("setpriv", "--pdeathsig=KILL", sys.executable, "-m", "tests.machinery.carrier"),
                json.dumps(chosen),
            ],
            cwd=ROOT,
            env=environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        carriers = Carriers(process)
        listener = threading.Thread(target=carriers.listen)
        listener.start()
        yield carriers
        process.kill()
        listener.join()
        with process:
            pass


@pytest.mark.trust(56)
@pytest.mark.trust(62)
@pytest.mark.timeout(400)
def test_whatever_is_killed_every_acknowledged_letter_is_there_once_and_arrives(
    service: Service, carriers: Carriers
) -> None:
    make_people(service)
    kill_each(carriers, "write", KILLS, within_seconds=1)
    carriers.start("finish")
    wait_until(lambda: states(service).keys() == {State.READY})

    every_acknowledged_letter_is_there_once(service, carriers.kept)
    with service.database.read() as session:
        letters = len(session.exec(select(Letter.id)).all())
        assert letters >= len(carriers.kept) >= KILLS
        renderings = Counter(session.exec(select(Rendering.letter_id)))
        assert len(renderings) == letters
        assert set(renderings.values()) == {1}
        translations = Counter(
            session.exec(select(Revision.letter_id).where(Revision.origin == "engine"))
        )
        assert set(translations.values()) == {1}
        for rendering in session.exec(select(Rendering)):
            assert service.vault.get(rendering.file_id).startswith(b"%PDF")
    nothing_is_amiss(service)


@pytest.mark.trust(56)
@pytest.mark.timeout(400)
def test_two_hundred_kills_while_posting_lose_no_acknowledged_letter(
    service: Service, carriers: Carriers
) -> None:
    make_people(service)
    kill_each(carriers, "post", KILLS_WHILE_POSTING, within_seconds=0.05)
    assert len(carriers.kept) >= KILLS_WHILE_POSTING
    every_acknowledged_letter_is_there_once(service, carriers.kept)
    nothing_is_amiss(service)


def make_people(service: Service) -> None:
    with service.database.write() as session:
        facility = make_facility(session)
        for _ in range(10):
            make_prisoner(session, facility)
        make_return_address(session)
        make_staff(session, Role.REVIEWER)


def every_acknowledged_letter_is_there_once(service: Service, kept: list[str]) -> None:
    with service.database.read() as session:
        for token in kept:
            submission = keyring().hashed("submission", token)
            letter = session.exec(select(Letter).where(Letter.submission_hash == submission)).one()
            code = keyring().receipt_code(token)
            correspondence = session.get_one(Correspondence, letter.correspondence_id)
            assert correspondence.receipt_hash == writing.receipt_hash(code)


def nothing_is_amiss(service: Service) -> None:
    """Counts agree with letters, files with rows, and the database with itself."""
    found = reconciling.reconcile(service)
    assert (found.drifted, found.lost_files) == (0, 0)
    if service.settings.is_sqlite:
        with service.database.engine.connect() as connection:
            assert connection.execute(sa.text("pragma integrity_check")).scalar_one() == "ok"


def kill_each(carriers: Carriers, how: str, times: int, within_seconds: float) -> None:
    """One process after the other, each killed anywhere in its work after a first letter."""
    chance = random.Random(times)
    for _ in range(times):
        child = carriers.start(how)
        before = len(carriers.kept)
        wait_until(lambda before=before: len(carriers.kept) > before)  # type: ignore[misc]
        time.sleep(chance.uniform(0, within_seconds))
        kill(child)


def kill(child: int) -> None:
    """Returns when it is dead: until then it holds the lock that another one needs."""
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{child}").exists())


def states(service: Service) -> Counter[str]:
    with service.database.read() as session:
        return Counter(session.exec(select(Letter.state)))


def wait_until(true: Callable[[], bool]) -> None:
    """Returns when it is so; fails when it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        threading.Event().wait(0.01)
