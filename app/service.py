"""What a running Lifeline consists of: settings, keys, database, vault, clock, chance."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import app.finding.keeping  # noqa: F401 — whatever process changes people keeps their index
from app import migrations, sealing
from app.database import Database
from app.errors import Refusal
from app.models import Installation
from app.models.columns import utc_now
from app.settings import Settings
from app.vault import Vault

_CANARY = "canary"


@dataclass(frozen=True)
class Service:
    """Passed to pages, API, worker and command line; rooms below take only what they need.

    stopping: set when the process is about to end, for work that would take longer than that.
    """

    settings: Settings
    database: Database
    vault: Vault
    clock: Callable[[], datetime] = utc_now
    chance: random.Random = field(default_factory=random.SystemRandom)
    stopping: threading.Event = field(default_factory=threading.Event)

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The day it is where the people who post letters are."""
        return self.now().astimezone(ZoneInfo(self.settings.time_zone)).date()

    def close(self) -> None:
        self.database.dispose()


def open_service(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Service:
    """Read the keys, open the database and prove that they belong together.

    Raises `Refusal`, having written nothing, when the key is missing or wrong (row 21) or the
    database is behind its migrations.
    """
    sealing.follow(settings.key_path)
    database = Database(settings.database_url)
    try:
        migrations.require_current(database)
        _prove_key(database)
    except BaseException:
        database.dispose()
        raise
    return Service(settings, database, Vault(settings.data_dir / "vault"), clock)


def _prove_key(database: Database) -> None:
    with database.read() as session:
        canary = session.get(Installation, _CANARY)
    if canary is None:
        with database.write() as session:
            fresh = Installation(id=_CANARY)
            fresh.value = "sings"
            session.add(fresh)
        return
    try:
        canary.value  # noqa: B018 — opening it is the proof
    except sealing.Broken:
        raise Refusal("The key file does not belong to this database.") from None
