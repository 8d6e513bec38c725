"""Column types shared by the tables."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field


def new_id() -> str:
    """A random id (24 hex digits), made here because ciphertexts are bound to it."""
    return secrets.token_hex(12)


def utc_now() -> datetime:
    return datetime.now(UTC)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware time in UTC; SQLite would forget the zone, and naive times are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def Id(**kwargs: Any) -> Any:  # noqa: N802 — reads like a type in the tables
    return Field(default_factory=new_id, primary_key=True, max_length=24, **kwargs)


def Moment(**kwargs: Any) -> Any:  # noqa: N802
    return Field(sa_type=UTCDateTime, **kwargs)


def one_of(column: str, values: Iterable[str], name: str) -> sa.CheckConstraint:
    """A check that `column` holds one of `values` (or NULL)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=name)
