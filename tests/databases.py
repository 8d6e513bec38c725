"""Fresh, migrated databases for every test: SQLite files and a real PostgreSQL of our own.

A server of the installed binaries is started once a test process and speaks through a unix
socket only; each test gets a copy of a migrated template, emptied after use for the next one by a
connection that stays (a new one learns every table anew, which takes as long as copying). Nothing
outlives the tests: the server is told by the kernel when the process that started it dies
(`--pdeathsig`).
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from app import migrations

BOTH = ["sqlite", "postgresql"]
START_SECONDS = 60

_OTHERS_OUT = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
_SHAPE = """
select 'relation', oid, relnatts from pg_class where oid >= 16384 union all
select 'constraint', oid, 0 from pg_constraint where oid >= 16384 union all
select 'trigger', oid, 0 from pg_trigger where oid >= 16384 union all
select 'function', oid, 0 from pg_proc where oid >= 16384 union all
select 'setting', setrole, 0 from pg_db_role_setting
join pg_database on pg_database.oid = setdatabase
where datname = current_database()
order by 1, 2
"""
_TABLES = """
select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
where schemaname not in ('pg_catalog', 'information_schema') order by 1
"""
_COUNT_ANEW = """
select setval(format('%I.%I', schemaname, sequencename), start_value, false)
from pg_sequences where last_value is not null
"""


def postgresql_program(name: str) -> str:
    """Where `initdb` or `postgres` is installed; the newest, when several are."""
    packaged = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(packaged, key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed; bin/test installs the package postgresql")
    return found


def as_postgres(*command: str) -> list[str]:
    """The command as user `postgres` when we are root (the server refuses root)."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig=QUIT", *command]
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return ["setpriv", *user, "--pdeathsig=QUIT", *command]


@dataclass
class PostgreSQL:
    """A running server in its own folder."""

    folder: Path
    names: Iterator[int] = field(default_factory=itertools.count)
    emptied: "list[tuple[str, psycopg.Connection]]" = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, statement: str, *names: str) -> None:
        """One statement outside any transaction; `names` are quoted into its `{}`."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """A new database, copied from `template`; yields its address and drops it at the end."""
        name = self.copy(template)
        try:
            yield self.url(name)
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def lent(self, template: "Template") -> Iterator[str]:
        """A database as new; yields its address. It is emptied afterwards, to be lent again."""
        name, keeper = self.emptied.pop() if self.emptied else self.kept(self.copy(template.name))
        try:
            yield self.url(name)
        finally:
            if template.restored(keeper):
                self.emptied.append((name, keeper))
            else:
                keeper.close()
                self.run("DROP DATABASE {} WITH (FORCE)", name)

    def kept(self, name: str) -> "tuple[str, psycopg.Connection]":
        """A database and the connection that will empty it."""
        return name, psycopg.connect(self.url(name), autocommit=True)

    def copy(self, template: str) -> str:
        """The name of a new copy of a database; files are faster than the write-ahead log."""
        name = f"lifeline_{next(self.names)}"
        self.run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return name


@dataclass
class Template:
    """A migrated database to copy: its shape, its tables, and the rows that belong in them."""

    name: str
    shape: list[tuple[object, ...]]
    tables: list[str]
    rows: dict[str, bytes]

    @classmethod
    def of(cls, url: str) -> "Template":
        name = url.removeprefix("postgresql://postgres@/").partition("?")[0]
        with psycopg.connect(url) as connection:
            tables = [table for (table,) in connection.execute(_TABLES)]
            copied = {table: _copied(connection, table) for table in tables}
            rows = {table: held for table, held in copied.items() if held}
            return cls(name, connection.execute(_SHAPE).fetchall(), tables, rows)

    def restored(self, keeper: psycopg.Connection) -> bool:
        """Empty a database that was used; False when it cannot be made as it was."""
        try:
            with keeper.transaction():
                keeper.execute(_OTHERS_OUT, prepare=True)
                if keeper.execute(_SHAPE, prepare=True).fetchall() != self.shape:
                    return False
                keeper.execute("set local lock_timeout = '2s'")
                keeper.execute("set local session_replication_role = replica")
                for (table,) in keeper.execute(self._with_rows(), prepare=True).fetchall():
                    keeper.execute(f"delete from {table}".encode(), prepare=True)
                for table, held in self.rows.items():
                    with keeper.cursor().copy(f"copy {table} from stdin".encode()) as copy:
                        copy.write(held)
                keeper.execute(_COUNT_ANEW, prepare=True)
        except psycopg.Error:  # made read-only, locked, or ended
            return False
        return True

    def _with_rows(self) -> bytes:
        asked = [f"select '{table}' where exists (select from {table})" for table in self.tables]
        return " union all ".join(asked).encode()


def _copied(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> bytes:
    with connection.cursor().copy(f"copy {table} to stdout".encode()) as copy:
        return b"".join(bytes(part) for part in copy)


@contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """A PostgreSQL server without network, without durability unless asked, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="lifeline-postgresql-"))
    server = None
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        subprocess.run(
            as_postgres(
                *(postgresql_program("initdb"), "-D", data, "--no-sync", "--auth=trust"),
                *("--username=postgres", "--encoding=UTF-8", "--locale=C.UTF-8"),
            ),
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                as_postgres(
                    *(postgresql_program("postgres"), "-D", data, "-k", str(folder)),
                    *(() if durable else ("-F",)),
                    *("-h", "", "-c", "max_connections=200", "-c", "timezone=UTC"),
                ),
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        postgresql = PostgreSQL(folder)
        wait_until_it_answers(postgresql, server)
        yield postgresql
        for _, keeper in postgresql.emptied:
            keeper.close()
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait()
        shutil.rmtree(folder)


def wait_until_it_answers(postgresql: PostgreSQL, server: "subprocess.Popen[bytes]") -> None:
    """Returns when the server takes connections; fails with its log when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(postgresql.url("postgres"), connect_timeout=1).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail((postgresql.folder / "log").read_text())
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The server of this test process, started when a test first asks for it."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgreSQL) -> Iterator[Template]:
    """A migrated database to copy."""
    with postgresql.database() as url:
        migrations.upgrade(url)
        yield Template.of(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy, with everything in the one file."""
    path = tmp_path_factory.mktemp("template") / "lifeline.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, data_dir: Path) -> str:
    """A fresh migrated SQLite file."""
    path = data_dir / "lifeline.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL, postgresql_template: Template) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    with postgresql.lent(postgresql_template) as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; every test that asks for it runs on both kinds.

    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)` chooses one of them.
    """
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    """A database without any table, of both kinds: for migrations and first starts."""
    if request.param == "sqlite":
        yield f"sqlite:///{data_dir / 'lifeline.db'}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        with server.database() as url:
            yield url
