"""How long the desks' lists take with 1.3 million letters to 10,000 people.

    bench/desk_lists.py [--people 10000] [--letters 1300000] [--database both|sqlite|postgresql]

Prints one line a list: median and slowest of five times, in milliseconds. Every reply has a page,
every letter an event, four letters in five were posted, every fourth of those was answered.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.database import Database
from app.inserting import table_of
from app.lifecycle import AFTER_APPROVAL, AFTER_RENDERING, LETTER, ReplyState, State
from app.models import (
    Alarm,
    Correspondence,
    Event,
    Letter,
    Posting,
    Prisoner,
    Reply,
    Scan,
)
from app.queries import (
    alarms,
    answers,
    coming,
    confirming,
    dashboard,
    doubtful,
    letters,
    people,
    postings,
    replies,
)
from app.queries.people import Letters, Replies, Show, Span
from app.queries.person import person_page
from bench.fresh import fresh_database
from tests.crowd import make_crowd
from tests.world import NOON

TIMES = 5
TODAY, AGE = NOON.date(), 180
CHUNK = 20_000
SHARES = {
    State.POSTED: 55,
    State.ANSWERED: 20,
    State.CLOSED: 10,
    State.READY: 4,
    State.IN_REVIEW: 4,
    State.TRANSLATING: 3,
    State.RETURNED: 1,
    State.APPROVED: 1,
    State.NEEDS_CHANGES: 1,
    State.WITHDRAWN: 1,
}
WAS_POSTED = frozenset({State.POSTED, State.ANSWERED, State.CLOSED, State.RETURNED})
Question = Callable[[Session], object]


def _people(**wanted: Any) -> Question:
    asked = people.Wanted(now=NOON, **wanted)
    return lambda session: people.find_people(session, asked, TODAY, AGE, 1)


def _letters(**wanted: Any) -> Question:
    asked = letters.Wanted(**wanted)
    return lambda session: letters.find_letters(session, asked, NOON, 1)


def _answers(state: ReplyState | None = None, page: int = 1) -> Question:
    asked = answers.Wanted(state)
    return lambda session: answers.find_answers(session, asked, NOON, page)


QUESTIONS: dict[str, Question] = {
    "everybody": _people(),
    "longest without": _people(letters=Letters.LONGEST),
    "sorted by letters": _people(sort="-letters"),
    "none yet": _people(letters=Letters.NONE),
    "under target": _people(letters=Letters.UNDER),
    "target reached": _people(letters=Letters.REACHED),
    "21 letters or more": _people(letters=Span(21, None)),
    "one is being written now": _people(letters=Letters.WRITING),
    "has answered": _people(replies=Replies.ANSWERED),
    "never answered": _people(replies=Replies.SILENT),
    "nothing posted": _people(replies=Replies.NOTHING_POSTED),
    "to confirm": _people(show=Show.TO_CONFIRM),
    "overview": lambda session: dashboard.overview(session, NOON, "Europe/Berlin", 5),
    "addresses by age": lambda session: confirming.places_by_age(session, TODAY, AGE),
    "newcomers": lambda session: confirming.newcomers(
        session, confirming.Newcomers(), TODAY, AGE, 1
    ),
    "doubtful, entered twice": lambda session: doubtful.find_doubtful(session, "twice", 1),
    "doubtful, asked": lambda session: doubtful.find_doubtful(session, "", 1),
    "birthdays": lambda session: coming.birthdays(session, TODAY, 1),
    "releases": lambda session: coming.releases(session, TODAY, 1),
    "alarms": alarms.open_alarms,
    "one person": lambda session: person_page(session, _somebody(session), TODAY, AGE),
    "letters, newest": _letters(),
    "letters in review": _letters(state=State.IN_REVIEW),
    "letters posted": _letters(state=State.POSTED),
    "letters overdue": _letters(overdue=True),
    "letters of a name": _letters(query="Каривенский"),
    "letters of a month": _letters(came=date(2026, 10, 1)),
    "letters posted in a month": lambda session: postings.posted_in(session, date(2026, 10, 1), 1),
    "the last page of these": lambda session: postings.posted_in(
        session, date(2026, 10, 1), 99_999
    ),
    "replies": _answers(),
    "replies, a late page": _answers(page=2_000),
    "replies that were read": _answers(ReplyState.READ),
    "replies that wait": lambda session: replies.waiting(session, [ReplyState.MATCHED], NOON),
    "replies counted": replies.counts,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--letters", type=int, default=1_300_000)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    asked = parser.parse_args()
    for kind in ("sqlite", "postgresql"):
        if asked.database in {"both", kind}:
            with fresh_database(kind) as database:
                _measure(kind, database, asked.people, asked.letters)


def _measure(kind: str, database: Database, number: int, written: int) -> None:
    began = time.perf_counter()
    make_crowd(database, number, unconfirmed=number // 5)
    _write(database, written)
    print(f"\n{kind}, {number:,} people, {written:,} letters, ", end="")
    print(f"made in {time.perf_counter() - began:.0f} s", flush=True)
    for name, ask in QUESTIONS.items():
        times = [_milliseconds(database, ask) for _ in range(TIMES)]
        print(f"{name:32}{statistics.median(times):9.1f} ms {max(times):9.1f} ms", flush=True)


def _milliseconds(database: Database, ask: Question) -> float:
    began = time.perf_counter()
    with database.read() as session:
        ask(session)
    return (time.perf_counter() - began) * 1000


def _somebody(session: Session) -> str:
    return session.exec(select(Prisoner.id).order_by(Prisoner.slug).limit(1)).one()


def _write(database: Database, written: int) -> None:
    """Rows as so many letters leave them. What is only printed, and texts, are left out."""
    chance = random.Random(11)
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        ids = list(connection.execute(sa.select(table_of(Prisoner).c.id)).scalars())
        for at in range(0, written, CHUNK):
            rows = _Rows(chance, ids)
            for number in range(at, min(at + CHUNK, written)):
                rows.add(number)
            for model, made in rows.made.items():
                _insert(connection, model, made)
            connection.commit()
        counted = sa.select(sa.func.count()).where(
            table_of(Letter).c.prisoner_id == table_of(Prisoner).c.id, table_of(Letter).c.counted
        )
        connection.execute(
            sa.update(table_of(Prisoner)).values(letter_count=counted.scalar_subquery())
        )
        connection.commit()
        connection.invalidate()  # with its unusual setting
    database.learn_sizes()


def _insert(connection: sa.Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table_of(model)), rows)


class _Rows:
    """The rows of some letters, by table."""

    def __init__(self, chance: random.Random, people: list[str]) -> None:
        self._chance = chance
        self._people = people
        self._states = list(SHARES), list(SHARES.values())
        self.made: dict[type[SQLModel], list[dict[str, Any]]] = {
            model: [] for model in (Correspondence, Letter, Posting, Reply, Scan, Event, Alarm)
        }

    def add(self, number: int) -> None:
        chance, name = self._chance, f"{number:024d}"
        # Some are written to more than others; the last tenth of all hardly ever.
        person = self._people[int(len(self._people) * 0.98 * chance.random() ** 1.3)]
        [state] = chance.choices(*self._states)
        age = chance.random() * 300 if state in WAS_POSTED else chance.random() * 20
        came = NOON - timedelta(days=age + 10)
        days = LETTER[state].days
        since = came + timedelta(days=min(age, 9))
        self.made[Correspondence].append(
            {
                "id": name,
                "writer_id": "w" * 24,
                "prisoner_id": person,
                "receipt_hash": name,
                "created_at": came,
            }
        )
        letter = Letter(
            id=name,
            number=f"{number:011d}",
            correspondence_id=name,
            prisoner_id=person,
            submission_hash=name,
            body_hash=name,
            state=state,
            state_since=since,
            due_at=since + timedelta(days=days) if days else None,
            counted=LETTER[state].counts is not False,
            language="de",
            gender="she",
            approval_id=name if state in AFTER_APPROVAL or state == State.CLOSED else None,
            rendering_id=name if state in AFTER_RENDERING or state == State.CLOSED else None,
            posted_on=since.date() if state in WAS_POSTED else None,
            replies=int(state == State.ANSWERED),
            created_at=came,
        )
        self.made[Letter].append(letter.model_dump())
        self.made[Event].append(_event("letter", name, came, state))
        if state in WAS_POSTED:
            self._posted(name, since.date(), chance)
        if state == State.ANSWERED:
            self._answered(name, since, chance)

    def _posted(self, name: str, day: date, chance: random.Random) -> None:
        row = Posting(
            id=name,
            letter_id=name,
            posted_on=day,
            country="DE",
            cost_cents=chance.choice((110, 180)),
        )
        self.made[Posting].append(row.model_dump())

    def _answered(self, name: str, since: Any, chance: random.Random) -> None:
        state = chance.choices(
            [ReplyState.READ, ReplyState.FORWARDED, ReplyState.MATCHED], [90, 9.8, 0.2]
        )[0]
        reply = Reply(
            id=name, letter_id=name, state=state, state_since=since, received_on=since.date()
        )
        self.made[Reply].append(reply.model_dump())
        page = Scan(id=name, reply_id=name, page=1, file_id="0" * 32, width=1, height=1)
        self.made[Scan].append(page.model_dump())
        if chance.random() < 0.001:
            alarm = Alarm(kind="danger", subject_id=name, created_at=since)
            self.made[Alarm].append(alarm.model_dump())


def _event(subject: str, which: str, at: Any, to: str) -> dict[str, Any]:
    return {
        "subject": subject,
        "subject_id": which,
        "at": at,
        "actor": "system",
        "origin": None,
        "to": str(to),
        "why": "",
    }


if __name__ == "__main__":
    main()
