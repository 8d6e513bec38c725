"""Statements are compiled once a test process, as in a server that runs for days.

Every test has engines of its own; each would compile every statement again, a third of the time.
"""

from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json

_compiled: dict[type[sa.Dialect], tuple[Any, dict[Any, Any]]] = {}


@sa.event.listens_for(sa.Engine, "engine_connect")
def _share(connection: sa.Connection) -> None:
    """Engines of `app.database` go on with the dialect and the statements of their first one."""
    engine: Any = connection.engine
    if getattr(engine.dialect, "_json_deserializer", None) is not from_json:
        return  # the queue's, or one of a migration
    kind = type(engine.dialect)
    connection.dialect, engine._compiled_cache = _compiled.setdefault(kind, (engine.dialect, {}))
    engine.dialect = connection.dialect
