"""Runs and their reports, kept so that somebody can work through them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import work
from app.catalogue import said_gone
from app.errors import Conflict, Invalid, NotFound
from app.importing.planning.comparing import shown
from app.importing.planning.known import Known, look_up
from app.importing.planning.plans import Plan
from app.importing.planning.whole import plan
from app.importing.records import Gathered, Progress, pack
from app.importing.runs import breaking_off
from app.importing.runs.pacing import Pace
from app.inserting import insert
from app.locale import N_
from app.models import ImportLine, ImportRun
from app.models.importing import STUMBLED
from app.moving import Actor
from app.sameness.fields import Fields
from app.sameness.values import is_empty
from app.service import Service

LINES_AT_ONCE = 300
TAKEN = N_("A later import of this source has taken its place. Apply that one.")
_LONGEST = 300
_REFERENCES = frozenset({"facility", "person"})


def dry_run(
    service: Service, gathered: Gathered, progress: Progress | None = None
) -> tuple[str, Plan]:
    """Plan what a reading would do, and keep the report. Nothing in the catalogue changes.

    Reports of earlier readings of the source go: this one is the newest. Returns the run's id.
    progress: called with lines of the report kept and lines in all. Raises `Invalid` when nothing
    at all was read.
    """
    if not gathered.rows_read:
        raise Invalid({"file": "There is nothing in it."})
    snapshot = pack(gathered)
    with service.database.read() as session:
        known = look_up(session, gathered.source)
    made = plan(gathered, known)
    run = ImportRun(
        source=gathered.source,
        label=gathered.label,
        origin=gathered.origin,
        counts=made.counts,
        rows_read=gathered.rows_read,
        total=len(made.steps),
        snapshot=snapshot,
        created_at=service.now(),
    )
    _clear_earlier(service, gathered.source)
    with service.database.write() as session:
        session.add(run)
    report = _lines(made, _names(made, known))
    seen = {known.person_ids.get(key) for key in gathered.seen_people}
    del gathered, known  # as large as the catalogue, and the report takes the longest
    total, kept = len(made.doubts) + len(made.unreadable) + len(made.steps), 0
    lines = (line | {"run_id": run.id, "position": at} for at, line in enumerate(report, 1))
    pace = Pace(LINES_AT_ONCE)
    while chunk := list(islice(lines, pace.rows)):
        with service.database.write() as session, pace.measured():
            insert(session, ImportLine, *chunk)
        kept += len(chunk)
        if progress:
            progress(kept, total)
    _ring(service, made, seen)
    return run.id, made


def owe_applying(session: Session, run_id: str, actor: Actor) -> None:
    """Have the worker apply a run. Raises `NotFound`, and `Conflict` when a later one is there."""
    run = newest(session, run_id)
    run.state, run.done, run.applied_by = "applying", 0, actor.staff_id
    run.counts = {name: number for name, number in run.counts.items() if name != STUMBLED}
    run.attempts += 1
    work.owe(session, "import", run.id, str(run.attempts))


def newest(session: Session, run_id: str) -> ImportRun:
    """A run that can be applied. Raises `NotFound`, and `Conflict` when a later one is there."""
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound("There is no such import.")
    if not has_rows(session, run_id):
        raise Conflict(TAKEN)
    return run


def has_rows(session: Session, run_id: str) -> bool:
    """Whether what was read is there still: no later reading of the source took its place."""
    there = sa.select(col(ImportRun.snapshot).is_not(None)).where(col(ImportRun.id) == run_id)
    return bool(session.execute(there).scalar())


def _ring(service: Service, made: Plan, seen: set[str | None]) -> None:
    """Alarms for letters to people whom the source says to be free or dead.

    seen: of whom it spoke; what it does not say any more of them rings no longer.
    """
    now = service.now()
    doubts = [doubt for doubt in made.doubts if doubt.detail.get("gone") and doubt.letters]
    said = {str(doubt.target_id): str(doubt.detail["theirs"]) for doubt in doubts}
    with service.database.read() as session:
        over = (said_gone.ringing_for(session, made.label) & seen) - said.keys()
    if not said and not over:
        return
    with service.database.write() as session:
        for prisoner_id in over:
            said_gone.settle(session, str(prisoner_id), None, now, made.label)
        for prisoner_id, status in said.items():
            said_gone.ring(session, prisoner_id, status, made.label, now)


def _clear_earlier(service: Service, source: str) -> None:
    """Earlier reports of a source: what they counted stays, their lines and rows go."""
    with service.database.read() as session:
        earlier = [
            run_id
            for (run_id,) in session.execute(
                sa.select(col(ImportRun.id)).where(
                    col(ImportRun.source) == source, col(ImportRun.snapshot).is_not(None)
                )
            )
        ]
    for run_id in earlier:
        with service.database.write() as session:
            run = session.get_one(ImportRun, run_id)
            run.snapshot = None
            breaking_off.settle(session, run_id, None, service.now())
            if run.state != "applied":
                run.state = "superseded"
        removed = True
        while removed:
            with service.database.write() as session:
                removed = _remove_lines(session, run_id)


def _remove_lines(session: Session, run_id: str) -> bool:
    positions = (
        sa.select(col(ImportLine.position))
        .where(col(ImportLine.run_id) == run_id)
        .order_by(col(ImportLine.position))
        .limit(LINES_AT_ONCE * 2)
    )
    last = session.execute(sa.select(sa.func.max(positions.subquery().c.position))).scalar()
    if last is None:
        return False
    session.execute(
        sa.delete(ImportLine).where(
            col(ImportLine.run_id) == run_id, col(ImportLine.position) <= last
        )
    )
    return True


def _names(made: Plan, known: Known) -> dict[str, str]:
    """What the references of a plan are called."""
    ours = known.people.items()
    people = {f"id:{id_}": f"{row['surname']} {row['given_name']}" for id_, row in ours}
    places = {f"id:{id_}": row["name_ru"] for id_, row in known.places.items()}
    new = {f"key:{step.key}": step.title for step in made.steps if step.kind == "new"}
    return people | places | new


def _lines(made: Plan, names: dict[str, str]) -> Iterator[Fields]:
    """The report: doubts first, then what could not be read, then every step."""
    for doubt in made.doubts:
        line = _line("doubtful", doubt.topic, doubt.title, doubt.detail, doubt.key, doubt.target_id)
        yield line | {"letters": doubt.letters}
    for broken in made.unreadable:
        detail = {"row": broken.row, "reason": broken.reason}
        yield _line("unreadable", "row", broken.words, detail)
    for step in made.steps:
        named = {k: names.get(v, v) for k, v in step.values.items() if k in _REFERENCES}
        after = step.values | named
        values = {name: shown(value) for name, value in after.items() if not is_empty(value)}
        detail = {"values": values}
        if step.kind == "changed":
            changed = {k: [shown(step.before.get(k)), shown(v)] for k, v in after.items()}
            detail = {"changed": changed}
        line = _line(step.kind, step.topic, step.title, detail, step.key, step.target_id)
        yield line | {"letters": step.letters}


def _line(
    kind: str,
    topic: str,
    title: str,
    detail: dict[str, Any],
    key: str = "",
    target_id: str | None = None,
) -> Fields:
    return {
        "kind": kind,
        "topic": topic,
        "key": key[:_LONGEST],
        "title": title[:_LONGEST],
        "target_id": target_id,
        "letters": 0,
        "detail": detail,
    }
