"""What the catalogue knows already, as plain values to compare a reading with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.importing.records import Answers
from app.inserting import table_of
from app.lifecycle import WITH_US
from app.models import (
    Facility,
    ImportAnswer,
    Letter,
    MergedPerson,
    Placement,
    Prisoner,
    Prosecution,
    SourceId,
)
from app.models.importing import GONE_CASE, WHICH_CASE
from app.sameness.fields import CASE_FIELDS, PERSON_FIELDS, PLACE_FIELDS, Fields, plain

_AT_ONCE = 1_000


@dataclass
class Known:
    """people, places: id → columns. cases_of: a person's id → columns of all their cases.

    cases: the source's id → columns, of this source alone; several ids may be one case, whose
    id leads to them in case_keys.
    person_ids, place_ids: the source's id → ours; gone_*: those the source no longer had.
    formerly: id → ids of records that were merged into theirs.
    present: who is where. letters: letters under way to somebody, not posted yet.
    """

    people: dict[str, Fields] = field(default_factory=dict)
    places: dict[str, Fields] = field(default_factory=dict)
    cases: dict[str, Fields] = field(default_factory=dict)
    cases_of: dict[str, list[Fields]] = field(default_factory=dict)
    case_keys: dict[str, list[str]] = field(default_factory=dict)
    person_ids: dict[str, str] = field(default_factory=dict)
    place_ids: dict[str, str] = field(default_factory=dict)
    gone_people: set[str] = field(default_factory=set)
    gone_places: set[str] = field(default_factory=set)
    gone_cases: set[str] = field(default_factory=set)
    formerly: dict[str, list[str]] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    letters: dict[str, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)

    def release(self, source: str, people: set[str]) -> None:
        """Cases that a source had of these people are not its cases any more: ids of them may
        mean others' now, as the ids of these people do."""
        for key, row in list(self.cases.items()):
            if row["prisoner_id"] in people and row["source"] == source:
                del self.cases[key]


def look_up(session: Session, source: str) -> Known:
    """Everything that a reading of `source` is compared with."""
    known = Known(
        people=_rows(session, Prisoner, PERSON_FIELDS),
        places=_rows(session, Facility, PLACE_FIELDS),
        answers=answers(session, source),
    )
    _look_up_cases(session, source, known)
    ids = session.execute(
        sa.select(
            col(SourceId.subject), col(SourceId.key), col(SourceId.target_id), col(SourceId.gone_on)
        ).where(col(SourceId.source) == source)
    )
    for subject, key, target_id, gone_on in ids:
        person = subject == "prisoner"
        (known.person_ids if person else known.place_ids)[key] = target_id
        if gone_on is not None:
            (known.gone_people if person else known.gone_places).add(key)
    merged = sa.select(col(MergedPerson.id), col(MergedPerson.kept_id))
    for before, target_id in session.execute(merged):
        known.formerly.setdefault(target_id, []).append(before)
    placed = sa.select(col(Placement.prisoner_id), col(Placement.facility_id))
    present = session.execute(placed.where(col(Placement.to_day).is_(None)))
    known.present = dict(present.all())
    under_way = (
        sa.select(col(Letter.prisoner_id), sa.func.count())
        .where(col(Letter.state).in_(sorted(WITH_US)))
        .group_by(col(Letter.prisoner_id))
    )
    known.letters = dict(session.execute(under_way).all())
    return known


def answers(session: Session, source: str) -> Answers:
    """What coordinators decided about doubts of a source: (topic, key) → answer."""
    rows = session.execute(
        sa.select(col(ImportAnswer.topic), col(ImportAnswer.key), col(ImportAnswer.answer)).where(
            col(ImportAnswer.source) == source
        )
    )
    return {(topic, key): answer for topic, key, answer in rows}


def _rows(session: Session, model: type[SQLModel], names: Iterable[str]) -> dict[str, Fields]:
    columns = table_of(model).c
    chosen = [columns.id, columns.provenance, *(columns[name] for name in names)]
    return {row["id"]: row for row in _read(session, sa.select(*chosen))}


def _look_up_cases(session: Session, source: str, known: Known) -> None:
    """Everybody's cases, and those that the source has, under each id by which it knows them."""
    columns = table_of(Prosecution).c
    extra = (columns.id, columns.prisoner_id, columns.source, columns.source_id, columns.gone_on)
    chosen = [*extra, columns.provenance, *(columns[name] for name in CASE_FIELDS)]
    rows = _read(session, sa.select(*chosen).order_by(columns.id))
    by_id = {row["id"]: row for row in rows}
    found = {
        key: by_id[answer]
        for (topic, key), answer in known.answers.items()
        if topic == WHICH_CASE and answer in by_id
    }
    gone = {key for topic, key in known.answers if topic == GONE_CASE}
    for row in by_id.values():
        known.cases_of.setdefault(row["prisoner_id"], []).append(row)
        if row["source"] == source and row["source_id"] is not None:
            found[row["source_id"]] = row
            (gone.add if row["gone_on"] else gone.discard)(row["source_id"])
    known.cases, known.gone_cases = found, gone
    for key, row in found.items():
        known.case_keys.setdefault(row["id"], []).append(key)


def _read(session: Session, rows: sa.Select[Any]) -> Iterator[Fields]:
    """The rows, little by little; what many of them say is in memory once."""
    said: dict[str, str] = {}
    for row in session.execute(rows.execution_options(yield_per=_AT_ONCE)).mappings():
        yield {
            name: said.setdefault(value, value) if isinstance(value, str) else plain(value)
            for name, value in row.items()
        }
