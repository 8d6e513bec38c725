"""Fresh, migrated databases for every test: SQLite files and a real PostgreSQL of our own.

A server of the installed binaries is started once a test process and speaks through a unix
socket only; each test gets a copy of a migrated template. Nothing outlives the tests: the server
is told by the kernel when the process that started it dies (`--pdeathsig`).
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

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, statement: str, *names: str) -> None:
        """One statement outside any transaction; `names` are quoted into its `{}`."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """A new database, copied from `template`; yields its address and drops it at the end."""
        name = f"lifeline_{next(self.names)}"
        self.run("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)


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
def postgresql_template(postgresql: PostgreSQL) -> Iterator[str]:
    """The name of a migrated database to copy."""
    with postgresql.database() as url:
        migrations.upgrade(url)
        yield url.removeprefix("postgresql://postgres@/").partition("?")[0]


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
def postgresql_url(postgresql: PostgreSQL, postgresql_template: str) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    with postgresql.database(postgresql_template) as url:
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
