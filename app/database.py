"""Engine, read and write sessions, and the only commits.

SQLite: WAL, `synchronous=FULL`, `secure_delete`; write sessions take turns (`app.committing`)
after a `BEGIN IMMEDIATE`, so that what one read cannot be stale when it writes.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from app.committing import SharedCommits
from app.errors import Unavailable

BUSY_SECONDS = 10
REWRITTEN = 500_000_000  # bytes: written anew within seconds
_FULL_OR_READ_ONLY = (
    "disk is full",
    "readonly",
    "read-only",
    "locked",
    "disk i/o",
    "unable to open",
)
_POSTGRES_UNAVAILABLE = {"53100", "53200", "53300", "57P03", "25006", "55P03", "40001", "40P01"}


def driver_url(url: str) -> str:
    """The same address with the driver we ship: `postgresql://` is spoken by psycopg."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


class Database:
    """The one database. `read()` and `write()` yield sessions; `write()` commits at its end."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        # What is bound to statements may be somebody's words: never in an error's text.
        options: dict[str, Any] = {
            "hide_parameters": True,
            "json_deserializer": from_json,  # keeps words that come again once, and is quicker
            "pool_size": pool_size,
            "max_overflow": 20,
        }
        if self.is_sqlite:
            options["connect_args"] = {"check_same_thread": False, "timeout": BUSY_SECONDS}
        else:
            # To compile a query takes longer than any of our questions.
            options["connect_args"] = {
                "options": "-c synchronous_commit=on -c lock_timeout=10s -c jit=off"
            }
        self.engine = sa.create_engine(driver_url(url), **options)
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _set_up_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        self._shared = SharedCommits(self._immediate, BUSY_SECONDS)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that changes nothing, rolled back at the end.

        On SQLite all its questions see one state of the database. On PostgreSQL each sees what was
        committed before it was asked: what must fit together is asked in one question.
        """
        with unavailable_when_it_is(), Session(self.engine, expire_on_commit=False) as session:
            session.info["database"] = self
            yield session
            session.expunge_all()  # rows stay readable after the session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back by any exception.

        Raises `Unavailable` when the database is busy past the limit, full or read-only.
        """
        with (
            unavailable_when_it_is(),
            self._shared.session() if self.is_sqlite else self._own_commit() as session,
        ):
            session.info["database"] = self
            yield session

    @contextmanager
    def _own_commit(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def _immediate(self) -> sa.Connection:
        return self.engine.connect().execution_options(immediate=True)

    def give_way(self, longest: float) -> None:
        """Work in the background lets letters that come in go first, for so many seconds."""
        if self.is_sqlite:
            self._shared.give_way(longest)

    def engine_of_queue(self) -> sa.Engine | None:
        """An engine for the queue's library on SQLite, whose changes take turns with ours.

        They wait for no disk: after a power failure the file is as it was at some moment before,
        and a piece of work that is done again finds that its letter has moved on. Whatever stands
        in the file before one of our own commits is on disk with it.
        """
        if not self.is_sqlite:
            return None
        engine = sa.create_engine(
            self.url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
        )
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "connect", _set_up_queue)
        self._shared.include(engine)
        return engine

    def checkpoint(self) -> None:
        """Write deleted pages through to the SQLite file: erasure is physical (row 23)."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                connection.connection.driver_connection.execute(  # type: ignore[union-attr]
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )

    def scrub(self, tables: Iterable[str]) -> None:
        """Physically let go of what was erased from these tables (row 23); blocks, so by night.

        PostgreSQL keeps the old versions of rows: tables are written anew without them, larger
        ones than `REWRITTEN` only cleared for new rows, because nobody can write meanwhile.
        """
        self.checkpoint()
        if self.is_sqlite:
            return
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            # Everybody else waits behind us for as long as we wait.
            connection.exec_driver_sql("SET lock_timeout = '2s'")
            try:
                for table in tables:
                    _vacuum(connection, table)
            finally:
                connection.exec_driver_sql("RESET lock_timeout")

    def learn_sizes(self) -> None:
        """Let the database see how large its tables are, so that it asks them in a good order.

        PostgreSQL does so by itself, but not at once; SQLite never does. It looks at a thousand
        rows of each index, so that letters wait for milliseconds only.
        """
        with self.write() as session:
            connection = session.connection()
            if self.is_sqlite:
                connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("ANALYZE")

    def dispose(self) -> None:
        self.engine.dispose()


def _vacuum(connection: sa.Connection, table: str) -> None:
    size = connection.execute(sa.select(sa.func.pg_total_relation_size(table))).scalar_one()
    if size < REWRITTEN:
        with suppress(OperationalError):  # somebody is at it: the next night, then
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")
            return
    connection.exec_driver_sql(f"VACUUM {table}")


@contextmanager
def unavailable_when_it_is() -> Iterator[None]:
    """Turns «full», «read-only» and «busy» of either database into `Unavailable`."""
    try:
        yield
    except DBAPIError as error:
        if _is_unavailable(error):
            raise Unavailable("The database cannot save anything right now.") from error
        raise


def _is_unavailable(error: DBAPIError) -> bool:
    if (
        error.connection_invalidated
        or getattr(error.orig, "sqlstate", None) in _POSTGRES_UNAVAILABLE
    ):
        return True
    said = str(error.orig).lower()
    if isinstance(error.orig, sqlite3.Error):
        return any(words in said for words in _FULL_OR_READ_ONLY)
    return isinstance(error, OperationalError) and "connection" in said


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _set_up_queue(connection: Any, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_sqlite(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
