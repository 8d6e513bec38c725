"""Acknowledged means on disk."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import Database

COMMITS = 5
WRITING = """
import sys
import sqlalchemy as sa
from app.database import Database

database = Database(sys.argv[1])
for number in range(int(sys.argv[2])):
    with database.write() as session:
        session.execute(
            sa.text("insert into limit_bucket (bucket, count, since) values (:b, 1, '2026-01-01')"),
            {"b": f"bucket-{number}"},
        )
    sys.stdout.write("kept\\n")
    sys.stdout.flush()
"""


@pytest.mark.trust(58)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_synced_before_each_commit_is_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    seen = tmp_path / "calls"
    watched = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,write", "-o", str(seen)]
    program = [sys.executable, "-c", WRITING, database_url, str(COMMITS)]
    subprocess.run([*watched, *program], check=True, capture_output=True)
    synced, acknowledged = False, 0
    for call in seen.read_text().splitlines():
        if "sync(" in call:
            synced = True
        elif '"kept\\n"' in call:
            assert synced, "a commit was acknowledged before it was synced"
            synced, acknowledged = False, acknowledged + 1
    assert acknowledged == COMMITS


@pytest.mark.trust(58)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_commits_synchronously(database: Database) -> None:
    with database.write() as session:
        assert session.execute(sa.text("show synchronous_commit")).scalar_one() == "on"
