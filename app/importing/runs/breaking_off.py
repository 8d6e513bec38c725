"""Imports whose applying broke off go on by themselves, and are given up in the end (row 64)."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app import work
from app.models import Alarm, ImportRun
from app.models.importing import STUMBLED
from app.moving import Actor
from app.service import Service

STUMBLES = 5
"""So often applying one run may break off before somebody has to look."""
PAUSE = timedelta(seconds=30)
LONGER = 4
"""So many times longer is each pause than the one before: half an hour is the last."""
BROKE_OFF = "import_broke_off"
"""The kind of the alarm."""


def stumbled(service: Service, run_id: str, attempt: str) -> str:
    """Applying broke off by an error: it goes on later, and after the last time only when somebody
    says so, whom an alarm calls. What was done is done. Returns a code for the record of work.
    """
    with service.database.write() as session:
        run = session.get(ImportRun, run_id)
        if run is None or run.state != "applying" or str(run.attempts) != attempt:
            return "moved_on"
        run.counts = run.counts | {STUMBLED: run.stumbles + 1}
        if run.stumbles < STUMBLES:
            run.attempts += 1
            pause = PAUSE * LONGER ** (run.stumbles - 1)
            work.owe(session, "import", run.id, str(run.attempts), pause)
            return "stumbled"
        run.state = "planned"
        alarm = Alarm(kind=BROKE_OFF, subject_id=run.id, detail=run.label, created_at=service.now())
        session.add(alarm)
        return "parked"


def owe_again(service: Service) -> int:
    """Runs that somebody at the desk had applied, and that nobody works on; returns how many."""
    with service.database.read() as session:
        begun = session.exec(
            select(ImportRun.id, ImportRun.attempts).where(
                ImportRun.state == "applying", col(ImportRun.applied_by).is_not(None)
            )
        ).all()
    pieces = {work.piece_id("import", id_, str(tried)): (id_, str(tried)) for id_, tried in begun}
    lost = pieces.keys() - work.unfinished(service.database.engine, list(pieces))
    return sum(stumbled(service, *pieces[piece]) != "moved_on" for piece in sorted(lost))


def settle(session: Session, run_id: str, actor: Actor | None, now: datetime) -> None:
    """It is applied after all, or a later reading took its place: nothing rings any more."""
    ringing = select(Alarm).where(
        Alarm.kind == BROKE_OFF, Alarm.subject_id == run_id, col(Alarm.settled_at).is_(None)
    )
    for alarm in session.exec(ringing):
        alarm.settled_at, alarm.settled_by = now, actor.staff_id if actor else None
