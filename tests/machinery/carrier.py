"""A process that writes, reviews and carries letters until it is killed.

`python -m tests.machinery.carrier SETTINGS` imports everything once; for each line on its input
it forks a child that opens the service anew and goes to work, and prints the child's number. Before
the first it writes a letter itself: children need not compile again what it asked the database. A
child prints `kept TOKEN` once a letter was acknowledged. With `write` it does everything, with
`post` it writes letters alone, with `finish` it writes no new ones.
"""

import ctypes
import gc
import json
import os
import random
import signal
import sys
import threading
from datetime import timedelta

from sqlmodel import Session, select

import tests.compiling  # noqa: F401 — children go on with what was compiled before they were born
from app import worker
from app.errors import LifelineError
from app.journey import pairing, reviewing, writing
from app.journey.reviewing import Text
from app.journey.writing import Draft
from app.lifecycle import State
from app.models import Letter, Revision, Staff
from app.service import Service, open_service
from app.settings import Settings

RULES = pairing.Rules(timedelta(hours=2), letters_a_day=1000)
CHANCE = random.SystemRandom()


def say(line: str) -> None:
    """One write, so that lines of parent and child never mix."""
    os.write(1, f"{line}\n".encode())


def write_letters(service: Service) -> None:
    """As a writer's browser does: reserve, send, and be given a code."""
    while True:
        write_letter(service)
        threading.Event().wait(0.02)


def write_letter(service: Service) -> None:
    token = CHANCE.randbytes(16).hex()
    draft = Draft("Liebe Anna,\n\nIch schreibe Ihnen aus Hamburg.", "Greta", "de", "she", "outside")
    with service.database.write() as session:
        pairing.reserve_next(
            session,
            token,
            RULES,
            now=service.now(),
            today=service.today(),
            chance=service.chance,
        )
    with service.database.write() as session:
        writing.submit(session, token, draft, service.now(), service.chance)
    say(f"kept {token}")


def review_letters(service: Service) -> None:
    """As a tireless reviewer does."""
    while True:
        with service.database.read() as session:
            staff_id = session.exec(select(Staff.id)).one()
            waiting = session.exec(select(Letter.id).where(Letter.state == State.IN_REVIEW)).all()
        for letter_id in waiting:
            try:
                with service.database.write() as session:
                    approve(session, letter_id, staff_id, service)
            except LifelineError as error:
                say(f"not approved: {error}")
        threading.Event().wait(0.05)


def approve(session: Session, letter_id: str, staff_id: str, service: Service) -> None:
    now = service.now()
    reviewing.take(session, letter_id, staff_id, now, timedelta(minutes=5))
    text = session.exec(
        select(Revision).where(Revision.letter_id == letter_id, Revision.part == "russian")
    ).one()
    reviewing.approve(
        session, letter_id, staff_id, Text(text.text or "", text.signature or ""), now
    )


def work(settings: Settings, how: str) -> None:
    """The life of a child; it ends by being killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # nobody outlives the test
    service = open_service(settings)
    if how != "post":
        worker.start(service)
        threading.Thread(target=review_letters, args=(service,)).start()
    if how != "finish":
        threading.Thread(target=write_letters, args=(service,)).start()
    signal.pause()


def learn(settings: Settings) -> None:
    """A letter by the parent, with nothing open any more when it forks."""
    service = open_service(settings)
    write_letter(service)
    service.close()
    gc.freeze()


def main() -> None:
    settings = Settings(**json.loads(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for turn, line in enumerate(sys.stdin):
        if turn == 0:
            learn(settings)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(settings, line.strip())
        say(f"child {child}")


if __name__ == "__main__":
    main()
