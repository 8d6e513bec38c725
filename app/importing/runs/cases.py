"""Cases of lists: entered, known under further ids, gone; each told in the person's history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app import merged, sealing
from app.catalogue.answers import forget, remember
from app.catalogue.history import apply, line_of
from app.finding import keeping as finding
from app.importing.planning.plans import Step
from app.importing.runs.bringing import Bringing, kept
from app.inserting import insert
from app.models import Event, Note, Prosecution
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


def prepare_cases(steps: Iterable[Step], run: Bringing) -> list[NewCase]:
    """Rows for new cases, made outside any transaction: what the history tells is sealed."""
    return [_prepared(step, run) for step in steps]


def enter_cases(session: Session, cases: Sequence[NewCase], run: Bringing) -> None:
    """Cases of people who are there; the others wait with their people."""
    keys = [case.step.key for case in cases]
    known = set(
        session.exec(
            select(Prosecution.source_id).where(
                Prosecution.source == run.source, col(Prosecution.source_id).in_(keys)
            )
        )
    )
    refs = {case.step.values["person"] for case in cases}
    people = {ref: run.person(ref) for ref in refs}
    now_ids = merged.now_ids(session, filter(None, people.values()))
    entered = []
    for case in cases:
        person = people[case.step.values["person"]]
        if person is None or case.step.key in known:
            continue
        case.row["prisoner_id"] = now_ids.get(person, person)
        entered.append(case)
        for key in case.step.keys[1:]:
            remember(session, run.source, WHICH_CASE, key, case.row["id"], run.occasion)
    if entered:
        insert(session, Prosecution, *(case.row for case in entered))
        insert(session, Note, *(case.note for case in entered))
        insert(session, Event, *(_found(case, run) for case in entered))
        ours = [ref[3:] for ref in people if ref.startswith("id:")]
        finding.index_people(session, [now_ids.get(person, person) for person in ours])


def know(session: Session, keys: Iterable[str], case: Prosecution, run: Bringing) -> None:
    """The source knows this case under these ids, and has it."""
    for key in keys:
        forget(session, run.source, GONE_CASE, key)
        if (case.source, case.source_id) == (run.source, key):
            continue
        if case.source_id is None:
            case.source, case.source_id = run.source, key
        else:
            remember(session, run.source, WHICH_CASE, key, case.id, run.occasion)


def rate(case: Prosecution, after: list[str], source: str) -> dict[str, tuple[Any, Any]]:
    """On whose lists the case is now; each rating keeps where it came from."""
    before, provenance = list(case.ratings), dict(case.provenance)
    changed = apply(case, {"ratings": after}, source)
    case.provenance = ratings.credited(provenance, before, after, source)
    return changed


def note_gone(session: Session, step: Step, run: Bringing) -> None:
    """The source has a case no longer: noted and told once. Nothing else of it changes."""
    case = session.get(Prosecution, step.target_id)
    if case is None:
        return
    occasion = run.occasion
    if (case.source, case.source_id) == (run.source, step.key):
        case.gone_on = occasion.today
    else:
        remember(session, run.source, GONE_CASE, step.key, occasion.today.isoformat(), occasion)
    note, person = _in_lines(case.model_dump(), run.label), case.prisoner_id
    record(
        session, "prisoner", person, occasion.actor, occasion.now, origin=None, to=GONE, note=note
    )


def _prepared(step: Step, run: Bringing) -> NewCase:
    values = kept({name: value for name, value in step.values.items() if name != "person"})
    mark = {"id": new_id(), "source": run.source, "source_id": step.key}
    row = run.row_of(Prosecution, values) | mark
    given = row["ratings"] or []
    row["provenance"] |= {ratings.rating_key(rating): run.source for rating in given}
    note_id = new_id()
    place = sealing.place("note", "text_sealed", note_id)
    told = sealing.keyring().seal(_in_lines(row, run.label), place)
    return NewCase(step, row, {"id": note_id, "text_sealed": told})


def _found(case: NewCase, run: Bringing) -> Fields:
    return run.event("prisoner", case.row["prisoner_id"], FOUND, case.note["id"])


def _in_lines(row: Fields, label: str) -> str:
    said = {name: plain(row[name]) for name in _TOLD if row[name]}
    if "started_on" in said:
        said.pop("started_year", None)
    lines = {
        name: "; ".join(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return "\n".join(line_of(name, value) for name, value in {**lines, "source": label}.items())
