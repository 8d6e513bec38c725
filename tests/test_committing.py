"""Writers of one moment share a commit of the SQLite file, and nothing else."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from app import committing
from app.database import Database
from app.errors import Unavailable
from app.models import Limit
from app.models.columns import utc_now

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def commits(database: Database) -> list[str]:
    """Every BEGIN, SAVEPOINT and COMMIT of this database, as they happen."""
    kept(database)  # the first connection of all speaks of its own
    seen: list[str] = []
    for name in ("begin", "savepoint", "commit", "rollback"):
        sa.event.listen(database.engine, name, lambda *_, name=name: seen.append(name))
    return seen


class Turns:
    """Holds the first writer inside its turn until as many others wait as a test wants."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.pool = ThreadPoolExecutor(10)
        self.go = threading.Event()
        self.first = self.pool.submit(self._hold)

    def _hold(self) -> None:
        with self.database.write() as session:
            session.add(Limit(bucket="first"))
            assert self.go.wait(20)

    def add(self, bucket: str, *, fails: bool = False) -> "Future[None]":
        return self.pool.submit(self._write, bucket, fails=fails)

    def _write(self, bucket: str, *, fails: bool) -> None:
        with self.database.write() as session:
            session.add(Limit(bucket=bucket))
            session.flush()
            if fails:
                raise LookupError(bucket)

    def let_go(self, waiting: int) -> None:
        while self.database._shared._waiting < waiting:
            time.sleep(0.001)
        self.go.set()


@pytest.fixture
def turns(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Turns]:
    monkeypatch.setattr(committing, "LONGEST_SECONDS", 20)  # a slow machine changes nothing
    turns = Turns(database)
    while database._shared._group is None:
        time.sleep(0.001)
    yield turns
    turns.go.set()
    turns.pool.shutdown()


def kept(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.exec(select(Limit.bucket)))


def test_writers_who_wait_are_kept_by_one_commit(
    database: Database, commits: list[str], turns: Turns
) -> None:
    writers = [turns.add(f"writer-{number}") for number in range(5)]
    turns.let_go(waiting=5)
    for writer in [turns.first, *writers]:
        writer.result(20)
    assert commits.count("commit") == 1
    assert kept(database) == {"first", *(f"writer-{number}" for number in range(5))}


def test_a_writer_alone_commits_at_once(database: Database, commits: list[str]) -> None:
    for number in range(3):
        with database.write() as session:
            session.add(Limit(bucket=f"{number}"))
    assert commits == ["begin", "commit"] * 3


def test_a_failing_writer_takes_nobody_with_it(database: Database, turns: Turns) -> None:
    writers = [turns.add(f"writer-{number}", fails=number in {1, 3}) for number in range(5)]
    turns.let_go(waiting=5)
    failures = [writer.exception(20) for writer in writers]
    assert [type(failure) for failure in failures] == [
        type(None),
        LookupError,
        type(None),
        LookupError,
        type(None),
    ]
    assert kept(database) == {"first", "writer-0", "writer-2", "writer-4"}


def test_a_first_writer_who_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(LookupError), database.write() as session:
        session.add(Limit(bucket="gone"))
        session.flush()
        raise LookupError
    with database.write() as session:
        session.add(Limit(bucket="kept"))
    assert kept(database) == {"kept"}


def test_what_our_own_rules_undo_costs_no_connection(database: Database) -> None:
    kept(database)
    opened: list[object] = []
    sa.event.listen(database.engine, "connect", lambda *_: opened.append(1))
    for _ in range(3):
        with pytest.raises(LookupError), database.write() as session:
            session.add(Limit(bucket="gone"))
            session.flush()
            raise LookupError
    assert opened == []
    with pytest.raises(OperationalError), database.write() as session:
        session.add(Limit(bucket="gone"))
        session.flush()
        session.execute(sa.text("select * from nothing"))
    with database.write() as session:
        session.add(Limit(bucket="kept"))
    assert len(opened) == 1, "after a failure of the database nobody trusts its connection"
    assert kept(database) == {"kept"}


def test_nobody_is_told_of_success_before_the_commit(database: Database, turns: Turns) -> None:
    def refuse(_connection: object) -> None:
        raise sa.exc.OperationalError("COMMIT", {}, Exception("database or disk is full"))

    sa.event.listen(database.engine, "commit", refuse)
    writers = [turns.add("one"), turns.add("two")]
    turns.let_go(waiting=2)
    for writer in [turns.first, *writers]:
        with pytest.raises(Unavailable):
            writer.result(20)
    sa.event.remove(database.engine, "commit", refuse)
    assert kept(database) == set()
    with database.write() as session:
        session.add(Limit(bucket="afterwards"))
    assert kept(database) == {"afterwards"}


@pytest.mark.trust(59)
def test_a_full_disk_ends_the_transaction_of_all_and_says_so(
    database: Database, turns: Turns
) -> None:
    with database.read() as session:
        pages = session.execute(sa.text("PRAGMA page_count")).scalar_one()

    def fill(_: int) -> None:
        with database.write() as session:
            session.execute(sa.text(f"PRAGMA max_page_count={pages}"))
            session.add_all(Limit(bucket=f"{number:0100}") for number in range(2_000))
            session.flush()

    writer = turns.add("small")
    filler = turns.pool.submit(fill, 0)
    turns.let_go(waiting=2)
    with pytest.raises(Unavailable):
        filler.result(20)
    outcomes = {"first": turns.first.exception(20), "small": writer.exception(20)}
    told = {bucket for bucket, outcome in outcomes.items() if outcome is None}
    failed = [outcome for outcome in outcomes.values() if outcome is not None]
    assert all(isinstance(outcome, Unavailable) for outcome in failed)
    assert kept(database) == told, "who was told of success is there, and nobody else"


def test_a_group_whose_next_writer_gave_up_is_committed_all_the_same(
    database: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "LONGEST_SECONDS", 0.05)
    shared = database._shared
    with shared._counting:
        shared._waiting += 1  # somebody who never takes the turn
    assert shared._group is not None
    shared._group.opened += 3600
    turns.go.set()
    turns.first.result(20)
    assert kept(database) == {"first"}
    with shared._counting:
        shared._waiting -= 1


def test_who_gets_no_turn_is_told_that_it_is_busy(database: Database, turns: Turns) -> None:
    database._shared._patience = 0.05
    with pytest.raises(Unavailable), database.write():
        pass
    turns.go.set()
    turns.first.result(20)
    assert kept(database) == {"first"}


def test_the_queues_changes_wait_for_their_turn_and_end_the_group(
    database: Database, turns: Turns, commits: list[str]
) -> None:
    """The first writer's group is committed before the queue begins: neither waits for SQLite."""
    queue = database.engine_of_queue()
    assert queue is not None
    waiting = turns.pool.submit(_add_by, queue, "queue")
    turns.let_go(waiting=1)
    waiting.result(20)
    turns.first.result(20)
    assert commits == ["commit"]
    assert kept(database) == {"first", "queue"}
    queue.dispose()


def test_the_queue_hears_in_sqlites_words_that_it_got_no_turn(
    database: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its library repeats what was refused so, and nothing else."""
    queue = database.engine_of_queue()
    assert queue is not None
    monkeypatch.setattr(database._shared, "_patience", 0.01)
    with pytest.raises(OperationalError, match="database is locked"):
        _add_by(queue, "queue")
    turns.go.set()
    turns.first.result(20)
    assert "queue" not in kept(database)
    _add_by(queue, "queue")
    assert "queue" in kept(database)
    queue.dispose()


def test_a_failed_change_of_the_queue_gives_its_turn_back(database: Database) -> None:
    queue = database.engine_of_queue()
    assert queue is not None
    _add_by(queue, "queue")
    with pytest.raises(IntegrityError):
        _add_by(queue, "queue")
    with database.write() as session:
        session.add(Limit(bucket="ours"))
    assert kept(database) == {"queue", "ours"}
    queue.dispose()


def test_the_worker_gives_way_until_writers_have_stopped_queuing(
    database: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [turns.add(f"writer-{number}") for number in range(3)]
    turns.let_go(waiting=3)
    for writer in [turns.first, *others]:
        writer.result(20)
    clock = Clock(database._shared._queued)
    monkeypatch.setattr(committing, "time", clock)
    database.give_way(5.0)
    assert 0.2 < clock.slept < 0.5, "calm came before the longest wait"
    database.give_way(5.0)
    assert clock.slept < 0.5, "nobody queues: no waiting"
    database._shared._queued = clock.now + 60
    database.give_way(5.0)
    assert clock.slept < 6, "no longer than it was told"


class Clock:
    """Stands in for `time`: sleeping takes no time."""

    def __init__(self, now: float) -> None:
        self.now, self.slept = now, 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def _add_by(engine: sa.Engine, bucket: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(Limit).values(bucket=bucket, count=1, since=utc_now()))
