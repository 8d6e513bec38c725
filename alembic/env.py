"""Alembic's environment: our tables alone; the work queue brings its own."""

import sqlalchemy as sa
from sqlmodel import SQLModel

import app.models  # noqa: F401 — registers the tables
from alembic import context

OURS = set(SQLModel.metadata.tables)


def _is_ours(_item: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    return kind != "table" or not reflected or name in OURS


def migrate() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch rebuilds with foreign keys on would delete child rows.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            # And what they leave behind must not outlive a person who is erased later.
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            include_object=_is_ours,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
