"""What every test may ask for. Databases, servers and browsers have files of their own."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import sealing
from app.database import Database
from app.settings import Settings

pytest_plugins = ["tests.databases", "tests.serving", "tests.browser"]


def pytest_configure(config: pytest.Config) -> None:
    """Tests choose their settings themselves, whatever this machine has set."""
    for name in [name for name in os.environ if name.startswith("LIFELINE_")]:
        del os.environ[name]


@pytest.fixture
def now() -> datetime:
    """The moment at which tests of pure rules take place: a Sunday noon."""
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


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
