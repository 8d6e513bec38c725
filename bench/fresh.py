"""A fresh migrated database of either kind, with keys of its own in use, removed at the end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import migrations, sealing
from app.database import Database
from tests.databases import running_postgresql


@contextmanager
def fresh_database(kind: str) -> Iterator[Database]:
    """kind: `sqlite`, or `postgresql` with a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder) / "data.key"
        sealing.write_keyring(key_file, sealing.new_keyring())
        sealing.use(sealing.read_keyring(key_file))
        if kind == "sqlite":
            yield _migrated(f"sqlite:///{folder}/lifeline.db")
            return
        with running_postgresql() as server, server.database() as url:
            database = _migrated(url)
            yield database
            database.dispose()


def _migrated(url: str) -> Database:
    migrations.upgrade(url)
    return Database(url)
