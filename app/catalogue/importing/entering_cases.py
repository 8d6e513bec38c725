"""Cases of lists: entered, known under further ids, gone; each told in the person's history."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import merged
from app.catalogue.history import apply, line_of
from app.catalogue.importing import ratings
from app.catalogue.importing.answers import remember
from app.catalogue.importing.known import GONE_CASE, WHICH_CASE, plain
from app.catalogue.importing.newcomers import Whereto, kept, row_of
from app.catalogue.importing.plans import Step
from app.catalogue.importing.records import Fields
from app.catalogue.standing import Occasion
from app.finding import keeping as finding
from app.inserting import insert
from app.models import Event, ImportAnswer, Note, Prosecution
from app.models.columns import new_id
from app.moving import record

FOUND, GONE = "case_found", "case_gone"
_TOLD = ("articles", "case_name", "region", "started_on", "started_year", "ratings")
"""What the history tells of a case that a list brought, or has no longer."""


def enter_cases(
    session: Session,
    steps: Sequence[Step],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
) -> None:
    """Cases of people who are there; the others wait with their people."""
    keys = [step.key for step in steps]
    known = set(
        session.exec(
            select(Prosecution.source_id).where(
                Prosecution.source == source, col(Prosecution.source_id).in_(keys)
            )
        )
    )
    people = {step.values["person"]: whereto.person(step.values["person"]) for step in steps}
    now_ids = merged.now_ids(session, filter(None, people.values()))
    rows = []
    for step in steps:
        person = people[step.values["person"]]
        person = now_ids.get(person, person) if person else None
        if person is not None and step.key not in known:
            values = kept({name: value for name, value in step.values.items() if name != "person"})
            mark = {"id": new_id(), "prisoner_id": person, "source": source, "source_id": step.key}
            row = row_of(Prosecution, values, source) | mark
            given = row["ratings"] or []
            row["provenance"] |= {ratings.rating_key(rating): source for rating in given}
            rows.append(row)
            for key in step.keys[1:]:
                remember(session, source, WHICH_CASE, key, row["id"], occasion)
    if rows:
        insert(session, Prosecution, *rows)
        _tell_found(session, rows, label, occasion)
        ours = [ref[3:] for ref in people if ref.startswith("id:")]
        finding.index_people(session, [now_ids.get(person, person) for person in ours])


def know(
    session: Session, source: str, keys: Iterable[str], case: Prosecution, occasion: Occasion
) -> None:
    """The source knows this case under these ids, and has it."""
    for key in keys:
        session.execute(_answers(source, GONE_CASE, key))
        if (case.source, case.source_id) == (source, key):
            continue
        if case.source_id is None:
            case.source, case.source_id = source, key
        else:
            remember(session, source, WHICH_CASE, key, case.id, occasion)


def rate(case: Prosecution, after: list[str], source: str) -> dict[str, tuple[Any, Any]]:
    """On whose lists the case is now; each rating keeps where it came from."""
    before, provenance = list(case.ratings), dict(case.provenance)
    changed = apply(case, {"ratings": after}, source)
    case.provenance = ratings.credited(provenance, before, after, source)
    return changed


def note_gone(session: Session, source: str, label: str, step: Step, occasion: Occasion) -> None:
    """The source has a case no longer: noted and told once. Nothing else of it changes."""
    case = session.get(Prosecution, step.target_id)
    if case is None:
        return
    if (case.source, case.source_id) == (source, step.key):
        case.gone_on = occasion.today
    else:
        day = occasion.today.isoformat()
        session.merge(
            ImportAnswer(source=source, topic=GONE_CASE, key=step.key, answer=day, at=occasion.now)
        )
    note = _in_lines(case.model_dump(), label)
    record(
        session,
        "prisoner",
        case.prisoner_id,
        occasion.actor,
        occasion.now,
        origin=None,
        to=GONE,
        note=note,
    )


def _answers(source: str, topic: str, key: str) -> sa.Delete:
    return sa.delete(ImportAnswer).where(
        col(ImportAnswer.source) == source,
        col(ImportAnswer.topic) == topic,
        col(ImportAnswer.key) == key,
    )


def _tell_found(session: Session, rows: Sequence[Fields], label: str, occasion: Occasion) -> None:
    notes, events = [], []
    for row in rows:
        note = Note(id=new_id())
        note.text = _in_lines(row, label)
        notes.append({"id": note.id, "text_sealed": note.text_sealed})
        events.append(
            {
                "subject": "prisoner",
                "subject_id": row["prisoner_id"],
                "at": occasion.now,
                "actor": occasion.actor.kind,
                "staff_id": occasion.actor.staff_id,
                "origin": None,
                "to": FOUND,
                "why": label[:80],
                "note_id": note.id,
            }
        )
    insert(session, Note, *notes)
    insert(session, Event, *events)


def _in_lines(row: Fields, label: str) -> str:
    said = {name: plain(row[name]) for name in _TOLD if row[name]}
    if "started_on" in said:
        said.pop("started_year", None)
    lines = {
        name: "; ".join(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return "\n".join(line_of(name, value) for name, value in {**lines, "source": label}.items())
