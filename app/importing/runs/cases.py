"""Cases of lists: entered, known under further ids, gone; each told in the person's history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import merged, sealing
from app.catalogue.answers import remember
from app.catalogue.history import apply, line_of
from app.catalogue.standing import Occasion
from app.finding import keeping as finding
from app.importing.planning.plans import Step
from app.importing.runs.newcomers import Whereto, kept, row_of
from app.inserting import insert
from app.models import Event, ImportAnswer, Note, Prosecution
from app.models.columns import new_id
from app.models.importing import GONE_CASE, WHICH_CASE
from app.moving import record
from app.sameness import ratings
from app.sameness.fields import Fields, plain

FOUND, GONE = "case_found", "case_gone"
_TOLD = ("articles", "case_name", "region", "started_on", "started_year", "ratings")
"""What the history tells of a case that a list brought, or has no longer."""


@dataclass(frozen=True)
class NewCase:
    """A case to be entered: its row, whose person is not known yet, and what the history tells."""

    step: Step
    row: Fields
    note: Fields


def prepare_cases(steps: Iterable[Step], source: str, label: str) -> list[NewCase]:
    """Rows for new cases, made outside any transaction: what the history tells is sealed."""
    return [_prepared(step, source, label) for step in steps]


def enter_cases(
    session: Session,
    cases: Sequence[NewCase],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
) -> None:
    """Cases of people who are there; the others wait with their people."""
    keys = [case.step.key for case in cases]
    known = set(
        session.exec(
            select(Prosecution.source_id).where(
                Prosecution.source == source, col(Prosecution.source_id).in_(keys)
            )
        )
    )
    refs = {case.step.values["person"] for case in cases}
    people = {ref: whereto.person(ref) for ref in refs}
    now_ids = merged.now_ids(session, filter(None, people.values()))
    entered = []
    for case in cases:
        person = people[case.step.values["person"]]
        if person is None or case.step.key in known:
            continue
        case.row["prisoner_id"] = now_ids.get(person, person)
        entered.append(case)
        for key in case.step.keys[1:]:
            remember(session, source, WHICH_CASE, key, case.row["id"], occasion)
    if entered:
        insert(session, Prosecution, *(case.row for case in entered))
        insert(session, Note, *(case.note for case in entered))
        insert(session, Event, *(_found(case, label, occasion) for case in entered))
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


def _prepared(step: Step, source: str, label: str) -> NewCase:
    values = kept({name: value for name, value in step.values.items() if name != "person"})
    mark = {"id": new_id(), "source": source, "source_id": step.key}
    row = row_of(Prosecution, values, source) | mark
    given = row["ratings"] or []
    row["provenance"] |= {ratings.rating_key(rating): source for rating in given}
    note_id = new_id()
    place = sealing.place("note", "text_sealed", note_id)
    told = sealing.keyring().seal(_in_lines(row, label), place)
    return NewCase(step, row, {"id": note_id, "text_sealed": told})


def _found(case: NewCase, label: str, occasion: Occasion) -> Fields:
    return {
        "subject": "prisoner",
        "subject_id": case.row["prisoner_id"],
        "at": occasion.now,
        "actor": occasion.actor.kind,
        "staff_id": occasion.actor.staff_id,
        "origin": None,
        "to": FOUND,
        "why": label[:80],
        "note_id": case.note["id"],
    }


def _in_lines(row: Fields, label: str) -> str:
    said = {name: plain(row[name]) for name in _TOLD if row[name]}
    if "started_on" in said:
        said.pop("started_year", None)
    lines = {
        name: "; ".join(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return "\n".join(line_of(name, value) for name, value in {**lines, "source": label}.items())
