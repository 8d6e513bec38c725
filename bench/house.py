"""Lifeline itself in one web process, on a database of fictional people.

`python -m bench.house serve SETTINGS SOCKET_FD` serves it, and carries letters where the settings
say so; `python -m bench.house carry SETTINGS` is a worker of its own. Where letters are carried, a
tireless reviewer approves them, so that they go on to be laid out.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import main, migrations, sealing, texts, worker
from app.errors import LifelineError
from app.journey import reviewing
from app.journey.reviewing import Text
from app.lifecycle import Role, State
from app.models import Letter, Prisoner, Staff
from app.pages.shell import logs
from app.service import Service, open_service
from app.settings import Settings
from app.staff import partners
from bench.serving import serve
from tests.world import make_facility, make_prisoner, make_return_address, make_staff, place

PEOPLE, PLACES = 1_000, 40


def prepare(settings: Settings) -> str:
    """Keys, tables, people, a reviewer, and a partner, whose token is returned."""
    sealing.write_keyring(settings.key_path, sealing.new_keyring())
    migrations.upgrade(settings.database_url)
    service = open_service(settings)
    with service.database.write() as session:
        _people(session, service.today(), service)
        make_return_address(session)
        make_staff(session, Role.REVIEWER)
        token = partners.add(session, "Bench", service.now())
    service.close()
    return token


def _people(session: Session, today: date, service: Service) -> None:
    places = [make_facility(session) for _ in range(PLACES)]
    for number in range(PEOPLE):
        person = make_prisoner(session, placed=False, shuffle=service.chance.random())
        place(session, person, places[number % PLACES], from_day=today, checked_on=today)


def gap_and_sum(settings: Settings) -> tuple[int, int]:
    """Of the counts of those who may be written to: highest less lowest, and the sum."""
    count = col(Prisoner.letter_count)
    asked = sa.select(sa.func.max(count) - sa.func.min(count), sa.func.sum(count))
    service = open_service(settings)
    with service.database.read() as session:
        gap, total = session.execute(asked.where(col(Prisoner.eligible))).one()
    service.close()
    return int(gap), int(total)


def states(settings: Settings) -> dict[str, int]:
    """Letters in each state."""
    asked = sa.select(col(Letter.state), sa.func.count()).group_by(col(Letter.state))
    service = open_service(settings)
    with service.database.read() as session:
        found = {str(state): int(number) for state, number in session.execute(asked)}
    service.close()
    return found


@contextmanager
def carrying(service: Service) -> Iterator[None]:
    """A worker and a reviewer in this process meanwhile."""
    stopped = threading.Event()
    reviewer = threading.Thread(target=_review, args=(service, stopped))
    worker.start(service)
    reviewer.start()
    try:
        yield
    finally:
        stopped.set()
        reviewer.join()
        worker.stop(drain_seconds=1)


def _review(service: Service, stopped: threading.Event) -> None:
    with service.database.read() as session:
        staff_id = session.exec(select(Staff.id)).one()
    in_review = select(Letter.id).where(Letter.state == State.IN_REVIEW).limit(1)
    while not stopped.wait(0.2):
        with service.database.read() as session:
            waiting = session.exec(in_review).all()
        for letter_id in waiting:
            try:
                with service.database.write() as session:
                    _approve(session, letter_id, staff_id, service)
            except LifelineError as trouble:
                print(f"not approved: {trouble}", file=sys.stderr)


def _approve(session: Session, letter_id: str, staff_id: str, service: Service) -> None:
    now = service.now()
    reviewing.take(session, letter_id, staff_id, now, timedelta(minutes=5))
    russian = texts.russian_of(session, letter_id)
    if russian is not None:
        text = Text(russian.text or "", russian.signature or "")
        reviewing.approve(session, letter_id, staff_id, text, now)


def _serve(settings: Settings, descriptor: int) -> None:
    service = open_service(settings)
    application = main.assemble(service)
    if settings.works_embedded:
        with carrying(service):
            serve(application, descriptor)
    else:
        serve(application, descriptor)
    service.close()


def _carry(settings: Settings) -> None:
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    service = open_service(settings)
    with carrying(service):
        told.wait()
    service.close()


if __name__ == "__main__":
    logs.configure()
    chosen = Settings.model_validate_json(sys.argv[2])
    if sys.argv[1] == "serve":
        _serve(chosen, int(sys.argv[3]))
    else:
        _carry(chosen)
