"""Everything an installation has stored, to search and to compare."""

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.database import Database
from app.settings import Settings

SYSTEM_SCHEMAS = {"information_schema", "pg_catalog"}


def every_row(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """The rows of our tables by table, in an order of their own."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(sa.select(table))), key=repr
            )
            for table in SQLModel.metadata.sorted_tables
        }


def everything(settings: Settings) -> bytes:
    """Every file of the installation and every row of its database, the work queue's too."""
    files = [path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()]
    database = Database(settings.database_url)
    try:
        return b"\n".join([*files, *_rows(database)])
    finally:
        database.dispose()


def _rows(database: Database) -> list[bytes]:
    found = []
    inspector = sa.inspect(database.engine)
    with database.engine.connect() as connection:
        for schema in set(inspector.get_schema_names()) - SYSTEM_SCHEMAS:
            for name in inspector.get_table_names(schema):
                table = sa.table(name, schema=schema)
                for row in connection.execute(sa.select(sa.text("*")).select_from(table)):
                    found += [
                        value if isinstance(value, bytes) else str(value).encode() for value in row
                    ]
    return found
