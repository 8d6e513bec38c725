"""Doing what is planned, in short transactions; stopped half-way, it goes on where it was.

The plan is made anew from the rows that were read, so that answers given and edits made since the
report count. What is done already is no difference any more, so doing it twice changes nothing.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby, islice

import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import Session, col

from app import merged, work
from app.catalogue.standing import Occasion
from app.errors import Conflict, LifelineError, Stopping
from app.finding.counting import count_others
from app.importing.planning.known import look_up
from app.importing.planning.plans import Plan, Step
from app.importing.planning.whole import plan
from app.importing.records import Progress, unpack
from app.importing.runs import breaking_off, cases, changes, people, places
from app.importing.runs.bringing import Bringing
from app.importing.runs.keeping import TAKEN, newest
from app.importing.runs.pacing import Pace
from app.models import ImportRun
from app.models.importing import STUMBLED
from app.moving import SYSTEM, Actor, by_staff
from app.service import Service

AT_ONCE = 160
"""New rows in one transaction at most."""
SECONDS_AT_ONCE = 0.04
"""Changes in one transaction: each may move letters, so time decides, not number."""
_TELL_SECONDS = 1.0


@dataclass
class Outcome:
    """What was done. failed: title → why a step could not be done; the others were."""

    counts: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def apply_run(
    service: Service, run_id: str, actor: Actor, progress: Progress | None = None
) -> Outcome:
    """Do what a run plans. Doubts that nobody answered stay undone.

    progress: called with steps done and steps in all. Raises `NotFound`, `Conflict` when a later
    reading has taken the run's place, and `Stopping` between two transactions.
    """
    made, run = _planned(service, run_id, actor)
    outcome = Outcome(made.counts)
    total = len(made.steps)
    _begin(service, run_id, actor, total)
    done, pace, told = 0, Pace(AT_ONCE), time.monotonic()
    for write in _pieces(made, run, outcome, pace):
        if service.stopping.is_set():
            raise Stopping
        with service.database.write() as session, pace.measured():
            _require_applying(session, run_id)
            done += write(session)
            if time.monotonic() > told + _TELL_SECONDS:
                told = time.monotonic()
                session.execute(_of(run_id).values(done=done))
            session.flush()
        if progress:
            progress(done, total)
    count_others(service.database)
    _end(service, run_id, actor, outcome)
    return outcome


def carry(service: Service, run_id: str, attempt: str) -> str:
    """The worker's piece of work: apply a run as somebody at the desk asked. Returns a code.

    What breaks it off by an error is raised: see `breaking_off.stumbled`.
    """
    with service.database.read() as session:
        run = session.get(ImportRun, run_id)
    if run is None or run.state != "applying" or str(run.attempts) != attempt:
        return "moved_on"
    try:
        apply_run(service, run_id, by_staff(run.applied_by) if run.applied_by else SYSTEM)
    except Stopping:
        with service.database.write() as session:
            later = session.get_one(ImportRun, run_id)
            later.attempts += 1
            work.owe(session, "import", run_id, str(later.attempts), work.AFTER_STOPPING)
        return "stopped"
    except Conflict:
        return "superseded"
    return "applied"


def _planned(service: Service, run_id: str, actor: Actor) -> tuple[Plan, Bringing]:
    with service.database.read() as session:
        gathered = unpack(newest(session, run_id).snapshot or b"")
        known = look_up(session, gathered.source)
        slugs = merged.slugs_like(session, "")
    occasion = Occasion(
        actor, service.now(), service.today(), service.settings.address_days, by_coordinator=False
    )
    ours = dict(known.person_ids), dict(known.place_ids)
    made = plan(gathered, known)
    return made, Bringing(made.source, made.label, occasion, service.chance, *ours, slugs)


def _require_applying(session: Session, run_id: str) -> None:
    """That no later reading came meanwhile, without loading megabytes of this one."""
    state = session.execute(sa.select(col(ImportRun.state)).where(col(ImportRun.id) == run_id))
    if state.scalar() != "applying":
        raise Conflict(TAKEN)


def _of(run_id: str) -> sa.Update:
    return sa.update(ImportRun).where(col(ImportRun.id) == run_id)


def _pieces(
    made: Plan, run: Bringing, outcome: Outcome, pace: Pace
) -> Iterator[Callable[[Session], int]]:
    """What is written in one transaction each; it returns how many steps it did."""
    for (kind, topic), group in groupby(made.steps, key=lambda step: (step.kind, step.topic)):
        steps = iter(list(group))
        if kind == "new":
            yield _entering(topic, list(islice(steps, pace.rows)), run)
            yield _learn_sizes
            while chunk := list(islice(steps, pace.rows)):
                yield _entering(topic, chunk, run)
        else:
            do = partial(_do, run=run)
            if topic == "person":
                # In the order of everybody who changes several people in one transaction.
                steps = iter(sorted(steps, key=lambda step: step.target_id or ""))
            for first in steps:
                yield partial(_many, steps=chain([first], steps), do=do, outcome=outcome)


def _learn_sizes(session: Session) -> int:
    """Tables that are empty at first grow by thousands of rows, all of one source: PostgreSQL
    would look through all of them for each of the next ones."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("ANALYZE source_id, prosecution")
    return 0


def _entering(topic: str, chunk: list[Step], run: Bringing) -> Callable[[Session], int]:
    if topic == "person":
        new_people = people.prepare_people(chunk, run)
    elif topic == "case":
        new_cases = cases.prepare_cases(chunk, run)

    def enter(session: Session) -> int:
        if topic == "place":
            places.enter_places(session, chunk, run)
        elif topic == "person":
            people.enter_people(session, new_people, run)
        else:
            cases.enter_cases(session, new_cases, run)
        return len(chunk)

    return enter


def _do(session: Session, step: Step, run: Bringing) -> None:
    if step.kind == "gone":
        changes.note_gone(session, step, run)
    elif step.topic == "person":
        changes.change_person(session, step, run)
    elif step.topic == "place":
        changes.change_place(session, step, run)
    else:
        changes.change_case(session, step, run)


def _many(
    session: Session,
    steps: Iterator[Step],
    do: Callable[[Session, Step], None],
    outcome: Outcome,
) -> int:
    """As many steps as time allows; one that cannot be done is undone and reported."""
    until = time.monotonic() + SECONDS_AT_ONCE
    number = 0
    for step in steps:
        try:
            with session.begin_nested():
                do(session, step)
        except (LifelineError, ValidationError) as error:
            outcome.failed[step.title] = f"{step.topic} {step.key}: {error}"
        number += 1
        if time.monotonic() > until:
            break
    return number


def _begin(service: Service, run_id: str, actor: Actor, total: int) -> None:
    with service.database.write() as session:
        run = newest(session, run_id)
        run.state, run.done, run.total = "applying", 0, total
        run.applied_by = actor.staff_id


def _end(service: Service, run_id: str, actor: Actor, outcome: Outcome) -> None:
    with service.database.write() as session:
        run = newest(session, run_id)
        run.state, run.applied_at, run.applied_by = "applied", service.now(), actor.staff_id
        run.done = run.total
        breaking_off.settle(session, run_id, actor, service.now())
        failed = {"failed": len(outcome.failed)} if outcome.failed else {}
        said = {k: v for k, v in run.counts.items() if k not in {"failed", STUMBLED}}
        run.counts = said | failed
