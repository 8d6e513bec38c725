"""Bringing a database up to date, and refusing one that is not."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOS

from alembic import command
from app.database import Database, driver_url
from app.errors import Refusal

_SCRIPTS = Path(__file__).resolve().parent.parent / "alembic"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the tables of the database at `url`, and those of the work queue, up to date."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        Database(url).engine.connect().close()  # WAL before the queue's own tables
    command.upgrade(config(url), revision)
    DBOS.migrate(url)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(config(url), revision)


def config(url: str) -> Config:
    """Alembic's configuration for the database at `url`."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    settings.set_main_option("sqlalchemy.url", driver_url(url).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def require_current(database: Database) -> None:
    """Raises `Refusal` when the database is behind (or ahead of) this release's migrations.

    The same when it cannot be opened, as before the very first migration.
    """
    wanted = _newest()
    try:
        with database.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.OperationalError:
        raise Refusal(
            "The database cannot be opened. If there is none yet, run: bin/lifeline migrate"
        ) from None
    if found != wanted:
        raise Refusal(
            f"The database is at revision {found or 'nothing'}, this release needs {wanted}. "
            "Run: bin/lifeline migrate"
        )


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def is_empty(database: Database) -> bool:
    """Whether nothing was ever migrated here."""
    return not sa.inspect(database.engine).has_table("alembic_version")
