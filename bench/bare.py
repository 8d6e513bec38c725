"""The measure: FastAPI and SQLModel with one durable row a request, and nothing else.

`python -m bench.bare DATABASE_URL SOCKET_FD` serves `POST /rows`.
"""

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel

from app.database import driver_url
from bench.serving import serve

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000")


class Row(SQLModel, table=True):
    """A letter as the simplest program would keep it."""

    id: int | None = Field(default=None, primary_key=True)
    text: str
    signature: str


class NewRow(SQLModel):
    text: str
    signature: str


def engine_of(url: str) -> sa.Engine:
    """The same durability as ours: synchronous=FULL, synchronous_commit=on."""
    if url.startswith("postgresql"):
        options = {"options": "-c synchronous_commit=on"}
        return sa.create_engine(driver_url(url), pool_size=20, connect_args=options)
    engine = sa.create_engine(url, pool_size=20, connect_args={"check_same_thread": False})

    def set_up(connection: Any, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", set_up)
    return engine


def application(url: str) -> FastAPI:
    """`POST /rows` keeps one row and answers with its id."""
    engine = engine_of(url)
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["row"]])
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    @app.post("/rows", status_code=201)
    def keep(new: NewRow, session: Annotated[Session, Depends(session)]) -> dict[str, int | None]:
        row = Row.model_validate(new)
        session.add(row)
        session.commit()
        return {"id": row.id}

    return app


if __name__ == "__main__":
    serve(application(sys.argv[1]), int(sys.argv[2]))
