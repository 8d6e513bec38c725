"""Work that is owed to the machine: queue entries made in the transaction that owes them.

A queue entry carries ids only. Its own id is kind, subject and attempt, so the same work owed
twice runs once; whoever runs it looks at the state again and does nothing when it has moved on.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from dbos import DBOSClient
from dbos._serialization import DBOSPortableJSONSerializer
from sqlmodel import Session

from app.inserting import Row

APPLICATION = "lifeline"
VERSION = "1"
"""Queued work names the version that may run it: constant across compatible releases."""

LETTERS, PAGES, REPLIES, NOTICES, IMPORTS = QUEUES = (
    "letters",
    "pages",
    "replies",
    "notices",
    "imports",
)
"""Each is served in its order: a flood of new letters does not keep approved ones from paper."""
QUEUE_OF = {
    "translate": LETTERS,
    "render": PAGES,
    "read_scan": REPLIES,
    "translate_reply": REPLIES,
    "notify": NOTICES,
    "import": IMPORTS,
    "read_list": IMPORTS,
}

AFTER_STOPPING = timedelta(seconds=5)
"""What was left because the process ends is left to the next one."""

logging.getLogger("dbos").setLevel(logging.WARNING)
_clients: "WeakKeyDictionary[sa.Engine, DBOSClient]" = WeakKeyDictionary()


def serializer() -> DBOSPortableJSONSerializer:
    """What is queued is JSON, never pickle."""
    return DBOSPortableJSONSerializer()


def owe(
    session: Session, kind: str, subject_id: str, attempt: str, delay: timedelta | None = None
) -> None:
    """Queue one piece of work for `subject_id` inside the session's transaction.

    kind: a key of `QUEUE_OF`, also the name of its workflow. attempt: tells this piece from an
    earlier one of the same kind and subject. delay: not before this much later.
    """
    # The connection, because a session would plan the same statements anew.
    _client(session.get_bind().engine).enqueue_in_transaction(
        session.connection(),
        _options(kind, subject_id, attempt, delay),  # type: ignore[arg-type]
        subject_id,
        attempt,
    )


def rows_of(session: Session, kind: str, subject_id: str, attempt: str) -> list[Row]:
    """The rows that queue a piece of work nobody can have owed before, for `insert_together`."""
    noted = _Noting()
    _client(session.get_bind().engine).enqueue_in_transaction(
        noted,  # type: ignore[arg-type]
        _options(kind, subject_id, attempt),  # type: ignore[arg-type]
        subject_id,
        attempt,
    )
    return noted.rows


class _Noting:
    """Stands in for a connection: notes what the queue's library would insert, and where."""

    dialect = None

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._options: dict[str, Any] = {}

    def get_execution_options(self) -> dict[str, Any]:
        return self._options

    def execution_options(self, **options: Any) -> None:
        self._options |= options

    def execute(self, statement: sa.Insert, values: dict[str, Any]) -> "_Noting":
        table = statement.table
        schema = self._options["schema_translate_map"].get(table.schema, table.schema)
        self.rows.append(Row(_in_schema(table, schema), values))
        return self

    def fetchone(self) -> None:
        """Nothing was there before."""


@cache
def _in_schema(table: Any, schema: str | None) -> sa.Table:
    named: sa.Table = table.to_metadata(sa.MetaData(), schema=schema)
    return named


def _options(
    kind: str, subject_id: str, attempt: str, delay: timedelta | None = None
) -> dict[str, object]:
    options: dict[str, object] = {
        "queue_name": QUEUE_OF[kind],
        "workflow_name": kind,
        "workflow_id": piece_id(kind, subject_id, attempt),
        "app_version": VERSION,
    }
    return options | ({"delay_seconds": delay.total_seconds()} if delay else {})


def unfinished(engine: sa.Engine, ids: Sequence[str]) -> set[str]:
    """Which of the pieces of work with these ids are queued, delayed, or being done."""
    if not ids:
        return set()
    found = _client(engine).list_workflows(
        workflow_ids=list(ids),
        status=["ENQUEUED", "DELAYED", "PENDING"],
        load_input=False,
        load_output=False,
    )
    return {piece.workflow_id for piece in found}


def take_from_the_dead(engine: sa.Engine, living: Collection[str]) -> int:
    """Queue anew what was begun by workers that are not `living`; returns how many pieces."""
    client = _client(engine)
    begun = client.list_workflows(status="PENDING", load_input=False, load_output=False)
    left = [piece for piece in begun if piece.executor_id and piece.executor_id not in living]
    for queue in {piece.queue_name for piece in left}:
        ids = [piece.workflow_id for piece in left if piece.queue_name == queue]
        client.resume_workflows(ids, queue_name=queue)
    return len(left)


def forget_finished(engine: sa.Engine, before: datetime) -> None:
    """Remove from the queue's tables what was owed before then and is finished."""
    client = _client(engine)
    while True:
        finished = client.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            end_time=before.isoformat(),
            limit=200,
            load_input=False,
            load_output=False,
        )
        if not finished:
            return
        client.delete_workflows([piece.workflow_id for piece in finished])


def piece_id(kind: str, subject_id: str, attempt: str) -> str:
    """The id of one piece of work, in the queue's tables."""
    return f"{kind}-{subject_id}-{attempt}"


def _client(engine: sa.Engine) -> DBOSClient:
    if engine not in _clients:
        _clients[engine] = DBOSClient(
            system_database_engine=engine,
            serializer=serializer(),
            application_name=APPLICATION,
            lazy=True,
        )
    return _clients[engine]
