"""A run's report as rows, for files; and what its counts and reasons are called."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.database import Database
from app.locale import N_
from app.models import ImportAnswer, ImportLine, ImportRun

SAID = {
    "new.person": N_("new people"),
    "changed.person": N_("changed people"),
    "gone.person": N_("people the source no longer has"),
    "new.case": N_("new cases"),
    "changed.case": N_("changed cases"),
    "gone.case": N_("cases the source no longer has"),
    "new.place": N_("new places"),
    "changed.place": N_("changed places"),
    "gone.place": N_("places the source no longer has"),
    "doubtful": N_("doubts to be decided"),
    "unreadable": N_("rows that cannot be read"),
    "letters": N_("letters under way concerned"),
    "failed": N_("changes that could not be made"),
}
REASONS = {
    "not_a_row": N_("this is no row"),
    "not_text": N_("there is a character in it that cannot be kept"),
    "no_text": N_("something in it is no text"),
    "letters": N_("letters in it were lost on the way: save the list anew, as UTF-8"),
    "quotes": N_("a quotation mark in it is not closed, or stands inside of a cell"),
    "shifted": N_("it has more cells than there are columns"),
    "formula": N_("a formula in it has no value: open the table, and save it anew"),
    "no_name": N_("there is no name"),
    "half_a_name": N_("the name is not whole"),
    "initials": N_("of the given name it has an initial only: write the name out in the list"),
    "too_long": N_("a name or an id is too long"),
    "no_place_name": N_("the place has no name"),
    "second_address": N_("a second address for the same place"),
    "codes": N_("neither yes nor no; the place is taken without it"),
    "paper": N_("neither lined nor blank; the place is taken without it"),
}
_AT_ONCE = 500
HEAD = ("kind", "topic", "title", "key", "letters", "row", "answer", "detail")


def rows(database: Database, run_id: str) -> Iterator[dict[str, Any]]:
    """Every line of a report, with the answer given to a doubt.

    Some at a time: nothing stays open in the database while somebody downloads them.
    """
    after = -1
    while True:
        with database.read() as session:
            found = _rows(session, run_id, after)
        for line, answer in found:
            yield {
                "kind": line.kind,
                "topic": line.topic,
                "title": line.title,
                "key": line.key,
                "letters": line.letters,
                "row": line.detail.get("row"),
                "answer": answer or "",
                "detail": line.detail,
            }
        if len(found) < _AT_ONCE:
            return
        after = found[-1][0].position


def in_json(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A list of rows as JSON, piece by piece."""
    yield "["
    between = "\n"
    for row in found:
        yield f"{between}{json.dumps(row, ensure_ascii=False)}"
        between = ",\n"
    yield "\n]\n"


def _rows(session: Session, run_id: str, after: int) -> list[tuple[ImportLine, str | None]]:
    given = sa.and_(
        col(ImportAnswer.source) == col(ImportRun.source),
        col(ImportAnswer.topic) == col(ImportLine.topic),
        col(ImportAnswer.key) == col(ImportLine.key),
        col(ImportLine.kind) == "doubtful",
    )
    found = session.exec(
        select(ImportLine, col(ImportAnswer.answer))
        .join(ImportRun, col(ImportRun.id) == col(ImportLine.run_id))
        .join(ImportAnswer, given, isouter=True)
        .where(ImportLine.run_id == run_id, ImportLine.position > after)
        .order_by(col(ImportLine.position))
        .limit(_AT_ONCE)
    )
    return list(found)


def cells(row: dict[str, Any]) -> tuple[Any, ...]:
    """A row of a CSV file, in the order of `HEAD`."""
    return tuple(
        json.dumps(row[name], ensure_ascii=False) if name == "detail" else row[name]
        for name in HEAD
    )
