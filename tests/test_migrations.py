"""Migrations: up, down, with data, and saying the same as the tables of the code."""

from datetime import date

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel, col, select

from alembic import command
from app import migrations
from app.database import Database
from app.errors import Refusal
from app.lifecycle import State
from app.models import Letter, Prisoner, Revision
from tests.world import RUSSIAN_TEXT, make_letter, make_prisoner

OURS = set(SQLModel.metadata.tables)


def revisions() -> list[str]:
    """Every revision, the newest first."""
    scripts = ScriptDirectory.from_config(migrations.config("sqlite://"))
    return [script.revision for script in scripts.walk_revisions()]


def test_the_migrations_make_the_tables_of_the_code(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    command.check(migrations.config(empty_database_url))


def test_up_down_and_up_again_step_by_step(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    for older in [*revisions()[1:], "base"]:
        migrations.downgrade(empty_database_url, older)
    database = Database(empty_database_url)
    assert OURS.isdisjoint(sa.inspect(database.engine).get_table_names())
    for newer in reversed(revisions()):
        migrations.upgrade(empty_database_url, newer)
    assert set(sa.inspect(database.engine).get_table_names()) >= OURS
    database.dispose()


@pytest.mark.usefixtures("keyring")
def test_letters_outlive_the_newer_migrations(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    database = Database(empty_database_url)
    with database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.POSTED)
    oldest_with_letters = "0002"
    database.dispose()
    migrations.downgrade(empty_database_url, oldest_with_letters)
    with pytest.raises(Refusal, match="bin/lifeline migrate"):
        migrations.require_current(database)
    database.dispose()
    migrations.upgrade(empty_database_url)
    migrations.require_current(database)
    with database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.POSTED
        texts = [row.text for row in session.exec(select(Revision).order_by(col(Revision.seq)))]
        assert texts[-1] == RUSSIAN_TEXT
    database.dispose()


@pytest.mark.trust(74)
@pytest.mark.usefixtures("keyring")
def test_no_migration_names_anybody(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    database = Database(empty_database_url)
    with database.write() as session:
        shown = make_prisoner(session)
        unseen = make_prisoner(session, published=False, eligible=False, status="released")
        wished = make_prisoner(session, published=False, may_be_named=True, named=True)
    database.dispose()
    migrations.downgrade(empty_database_url, "0007")
    columns = sa.inspect(database.engine).get_columns("prisoner")
    assert "named" not in {column["name"] for column in columns}
    database.dispose()
    migrations.upgrade(empty_database_url)
    with database.read() as session:
        public = {row.id: row.is_public for row in session.exec(select(Prisoner))}
        assert public == {shown.id: True, unseen.id: False, wished.id: False}
    database.dispose()


@pytest.mark.usefixtures("keyring")
def test_a_known_day_of_release_goes_with_its_migration_alone(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    database = Database(empty_database_url)
    with database.write() as session:
        anna = make_prisoner(session, release_on=date(2026, 12, 10), status_since=date(2026, 1, 2))
    database.dispose()
    migrations.downgrade(empty_database_url, "0008")
    columns = sa.inspect(database.engine).get_columns("prisoner")
    assert "release_on" not in {column["name"] for column in columns}
    database.dispose()
    migrations.upgrade(empty_database_url)
    with database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.release_on, row.status_since, row.surname) == (
            None,
            date(2026, 1, 2),
            "Озерова",
        )
    database.dispose()


@pytest.mark.trust(75)
@pytest.mark.usefixtures("keyring")
def test_nobody_hidden_is_given_and_the_database_says_so(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, "0010")
    database = Database(empty_database_url)
    with database.write() as session:
        shown = make_prisoner(session)
        hidden = make_prisoner(session, hidden=True, eligible=True)
        letter = make_letter(session, hidden, State.IN_REVIEW)
    database.dispose()
    migrations.upgrade(empty_database_url)
    with database.read() as session:
        given = {row.id: row.eligible for row in session.exec(select(Prisoner))}
        assert given == {shown.id: True, hidden.id: False}
        assert session.get_one(Letter, letter.id).prisoner_id == hidden.id
    for row, column in ((shown, "hidden"), (hidden, "eligible")):
        with pytest.raises(sa.exc.IntegrityError), database.write() as session:
            setattr(session.get_one(Prisoner, row.id), column, True)
    database.dispose()
    migrations.downgrade(empty_database_url, "0010")
    with database.write() as session:
        session.get_one(Prisoner, hidden.id).eligible = True
    database.dispose()
