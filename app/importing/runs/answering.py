"""What coordinators answer to the doubts of a report: one by one, or all that are sure."""

from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlmodel import Session, col

from app.catalogue import said_gone
from app.catalogue.answers import forget, given, keep, keep_new
from app.errors import Invalid, NotFound
from app.importing.records import CHOICES
from app.locale import N_
from app.models import ImportLine, ImportRun
from app.moving import Actor
from app.service import Service

AT_ONCE = 200


def answer(
    session: Session, run_id: str, position: int, chosen: str, actor: Actor, now: datetime
) -> ImportLine:
    """A coordinator's answer to one doubt of a report; "" takes an answer back.

    Raises `NotFound`, and `Invalid` for an answer that the doubt does not have.
    """
    line = session.get(ImportLine, (run_id, position))
    if line is None or line.kind != "doubtful":
        raise NotFound("There is no such doubt.")
    named = {id_ for id_, _ in line.detail.get("cases", ())}
    if chosen and chosen not in {*CHOICES[line.topic], *named}:
        raise Invalid({"answer": N_("Choose one of these.")})
    run = session.get_one(ImportRun, run_id)
    if chosen:
        keep(session, given(run.source, line.topic, line.key, chosen, actor, now))
    else:
        forget(session, run.source, line.topic, line.key)
    if line.detail.get("gone"):
        _decided(session, line, chosen, run, actor, now)
    return line


def answer_sure(service: Service, run_id: str, actor: Actor) -> int:
    """«The same person» for every doubt of a report where whole name and birth year agree.

    For a coordinator who has looked at the list; what was answered otherwise stays. Some in one
    transaction. Returns how many. Raises `NotFound`.
    """
    topic, now = "same_person", service.now()
    with service.database.read() as session:
        run = session.get(ImportRun, run_id)
        if run is None:
            raise NotFound("There is no such import.")
        sure = iter(_sure(session, run_id, topic))
    answered = 0
    while keys := list(islice(sure, AT_ONCE)):
        with service.database.write() as session:
            same = [given(run.source, topic, key, "same", actor, now) for key in keys]
            answered += keep_new(session, same)
    return answered


def _sure(session: Session, run_id: str, topic: str) -> list[str]:
    lines = session.execute(
        sa.select(col(ImportLine.key), col(ImportLine.detail)).where(
            col(ImportLine.run_id) == run_id,
            col(ImportLine.kind) == "doubtful",
            col(ImportLine.topic) == topic,
        )
    )
    return [key for key, detail in lines if detail.get("sure")]


def _decided(
    session: Session, line: ImportLine, chosen: str, run: ImportRun, actor: Actor, now: datetime
) -> None:
    """Who is kept as ours rings no more; taken for gone, only when it is applied."""
    if chosen == "ours":
        said_gone.settle(session, str(line.target_id), actor, now, run.label)
    elif line.letters:
        said_gone.ring(session, str(line.target_id), line.detail["theirs"], run.label, now)
