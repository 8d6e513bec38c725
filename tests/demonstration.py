"""The demonstration, filled once a test process; each test gets a copy of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import demo, migrations, sealing
from app.demo import DemoAccounts
from app.service import Service, open_service
from app.settings import Settings


@dataclass(frozen=True)
class Filled:
    """A folder with database, vault and key, and the keys that were printed."""

    folder: Path
    accounts: DemoAccounts

    def settings(self, folder: Path) -> Settings:
        return Settings(
            data_dir=folder / "data",
            key_file=folder / "data.key",
            demonstration=True,
            embedded_worker=False,
        )


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The demonstration as `bin/run` makes it, on SQLite."""
    folder = tmp_path_factory.mktemp("demonstration")
    made = Filled(folder, DemoAccounts({}, []))
    settings = made.settings(folder)
    sealing.write_keyring(settings.key_path, sealing.new_keyring())
    migrations.upgrade(settings.database_url)
    service = open_service(settings)
    accounts = demo.fill(service)
    service.database.checkpoint()
    service.close()
    return Filled(folder, accounts)


@contextmanager
def copied(filled: Filled, folder: Path) -> Iterator[Service]:
    """A copy of the demonstration in a new folder, opened."""
    shutil.copytree(filled.folder, folder)
    service = open_service(filled.settings(folder))
    try:
        yield service
    finally:
        service.close()


@pytest.fixture
def demonstration(filled: Filled, tmp_path: Path) -> Iterator[Service]:
    """A copy of the demonstration of one's own, opened."""
    with copied(filled, tmp_path / "demonstration") as service:
        yield service
