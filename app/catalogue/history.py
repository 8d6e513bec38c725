"""Every change to the catalogue leaves an event: which fields, from what, to what, by whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, SQLModel

from app.catalogue.standing import Occasion
from app.models.importing import COORDINATOR
from app.moving import record

_LONGEST_WHY = 80
_NOT_TOLD = frozenset({"confirmed_by", "search_name"})
"""The event says who it was; the words for searching follow the name."""


def apply(
    row: SQLModel, values: Mapping[str, Any], source: str = COORDINATOR
) -> dict[str, tuple[Any, Any]]:
    """Set `values` on `row`; returns what changed, as field → (before, after).

    source: where the values come from, kept beside those that changed.
    """
    changed = {}
    for field, value in values.items():
        before = getattr(row, field)
        if before != value:
            setattr(row, field, value)
            changed[field] = (before, value)
    credit(row, changed, source)
    return changed


def credit(row: SQLModel, fields: Iterable[str], source: str) -> None:
    """Note where these fields come from, on rows that keep such a note."""
    known = getattr(row, "provenance", None)
    noted = dict.fromkeys(fields, source)
    if known is not None and noted:
        row.provenance = {**known, **noted}


def remember(
    session: Session,
    subject: str,
    subject_id: str,
    what: str,
    occasion: Occasion,
    changed: Mapping[str, tuple[Any, Any]],
    why: str = "",
) -> None:
    """Write the event `what`; field names beside it in the clear, the values sealed."""
    told = {field: values for field, values in changed.items() if field not in _NOT_TOLD}
    lines = [
        f"{field}: {_words(before)} → {_words(after)}" for field, (before, after) in told.items()
    ]
    record(
        session,
        subject,
        subject_id,
        occasion.actor,
        occasion.now,
        origin=None,
        to=what,
        why=(why or ", ".join(changed))[:_LONGEST_WHY],
        note="\n".join(lines) or None,
    )


def line_of(field: str, value: Any) -> str:
    """A line of a note that tells what a field is, where nothing was before."""
    return f"{field}: {_words(value)}"


def before_of(note: str, field: str, after: Any) -> str | None:
    """What `field` was before the change in `note` to `after`, in words; "" for nothing.

    None when the note tells of no such change.
    """
    begin, end = f"{field}: ", f" → {_words(after)}"
    for line in note.split("\n"):
        if line.startswith(begin) and line.endswith(end):
            before = line[len(begin) : len(line) - len(end)]
            return "" if before == _words(None) else before
    return None


def _words(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
