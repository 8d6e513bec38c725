"""What every test may ask for. Databases, servers and browsers have files of their own."""

import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app import sealing
from app.database import Database
from app.main import assemble
from app.service import Service, open_service
from app.settings import Settings
from app.staff import passwords
from tests.visiting import Visitor

pytest_plugins = [
    "tests.compiling",
    "tests.databases",
    "tests.serving",
    "tests.browser",
    "tests.demonstration",
]

MEMORY = Path("/dev/shm")
ROOM = 4_000_000_000  # bytes
REAL_PASSWORDS = {"_hasher": passwords._hasher, "NOBODYS_HASH": passwords.NOBODYS_HASH}


def pytest_configure(config: pytest.Config) -> None:
    """Tests choose their settings themselves, whatever this machine has set, and are quick."""
    _keep_files_in_memory()
    for name in [name for name in os.environ if name.startswith("LIFELINE_")]:
        del os.environ[name]
    # To keep and check passwords as in the product took many tests longer than all else.
    passwords._hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    passwords.NOBODYS_HASH = passwords.hashed("nobody's")
    # A busy machine makes no example wrong.
    hypothesis.settings.register_profile("lifeline", deadline=None)
    hypothesis.settings.load_profile("lifeline")


def _keep_files_in_memory() -> None:
    """Thousands of small databases wait for no disk, where memory has room for files."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    starts_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if starts_programs and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded stays; to look for garbage in it would take an eighth of every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longer than others begins first, so that nobody waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept and checked with the same effort as in the product."""
    for name, real in REAL_PASSWORDS.items():
        monkeypatch.setattr(passwords, name, real)


@pytest.fixture
def now() -> datetime:
    """The moment at which tests of pure rules take place: a Sunday noon."""
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **time: float) -> datetime:
        """`clock.forward(days=3)`; returns the new moment."""
        self.moment += timedelta(**time)
        return self.moment


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The clock of `service`, at `now` to begin with."""
    return Clock(now)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The data folder of this test."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key file with new keys."""
    path = tmp_path / "data.key"
    sealing.write_keyring(path, sealing.new_keyring())
    return path


@pytest.fixture
def keyring(key_file: Path) -> sealing.Keyring:
    """The keys of this test, in use."""
    ring = sealing.read_keyring(key_file)
    sealing.use(ring)
    return ring


@pytest.fixture
def settings(data_dir: Path, key_file: Path, database_url: str) -> Settings:
    """Safe settings of a plain installation without a worker; runs on both databases."""
    return Settings(
        data_dir=data_dir, key_file=key_file, database_url=database_url, embedded_worker=False
    )


@pytest.fixture
def database(database_url: str, keyring: sealing.Keyring) -> Iterator[Database]:
    """A fresh migrated database with keys in use; runs on both kinds."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def service(settings: Settings, clock: Clock) -> Iterator[Service]:
    """A running Lifeline without web pages, on a clock of its own; runs on both databases."""
    service = open_service(settings, clock)
    yield service
    service.close()


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A browser without scripts on our own pages; follows no redirect unless told to."""
    own = service.settings.public_url
    headers = {"Origin": own, "Sec-Fetch-Site": "same-origin"}
    with Visitor(
        assemble(service), base_url=own, headers=headers, follow_redirects=False
    ) as client:
        yield client
