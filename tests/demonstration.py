"""The demonstration, filled once for all test processes; each test gets a copy of it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import TypeAdapter

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


_AS_JSON = TypeAdapter(Filled)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The demonstration as `bin/run` makes it, on SQLite; made by the first process that asks."""
    ours = tmp_path_factory.getbasetemp()
    everybodys = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    told = everybodys / "demonstration.json"
    with told.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_bytes(_AS_JSON.dump_json(_fill(tmp_path_factory.mktemp("demonstration"))))
    return _AS_JSON.validate_json(told.read_bytes())


def _fill(folder: Path) -> Filled:
    settings = Filled(folder, DemoAccounts({}, [])).settings(folder)
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
