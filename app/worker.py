"""The clockwork that carries letters through the machine's stations, as durable workflows.

A workflow is one piece of work, done whole or again: its function looks at the state first, so
that a repetition after a crash does nothing twice. It takes ids and returns codes; no word of a
letter reaches the queue's tables. On SQLite the web process works itself, and a file lock refuses
a second one; on PostgreSQL any number of `lifeline worker` processes do, each under its own name.
"""

import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig
from sqlmodel import col, select

from app import work
from app.catalogue import standing
from app.errors import Refusal
from app.finding import counting, keeping, remaking
from app.importing.runs import applying as importing
from app.importing.runs import breaking_off
from app.importing.sources import reading
from app.journey import (
    forgetting,
    notifying,
    pairing,
    reconciling,
    rendering,
    reply_machine,
    sweeping,
    translating,
)
from app.models import Worker
from app.service import Service, open_service
from app.settings import Settings
from app.turns import Turn

HEARTBEAT = timedelta(seconds=15)
DEAD = timedelta(minutes=2)
"""A worker that was not heard of for so long is taken for dead, and its work given to others."""
EVERY_MINUTE, EVERY_NIGHT = "* * * * *", "17 3 * * *"
FINISHED_DAYS = 7
"""Finished work is remembered this long: its ids keep the same work from being done twice."""
DRAIN_SECONDS = 10
GIVE_WAY_SECONDS = 1.0
"""On SQLite a piece of work waits so long at most while letters queue up to be taken."""
_RECOVERIES = 20

log = structlog.get_logger()


@dataclass(frozen=True)
class _Running:
    service: Service
    locks: ExitStack
    threads: tuple[threading.Thread, ...]
    stopped: threading.Event


_running: list[_Running] = []


def start(service: Service) -> None:
    """Begin to work in this process. Call `stop` before it ends.

    Raises `Refusal` when another process works already: on SQLite any, on PostgreSQL one of the
    same name.
    """
    if _running:
        raise Refusal("This process works already.")
    locks = ExitStack()
    locks.enter_context(_only_one(service))
    service.stopping.clear()
    stopped = threading.Event()
    threads = (
        threading.Thread(target=_beat, args=(service, stopped), daemon=True),
        threading.Thread(target=_safely, args=(_remake_index, service), daemon=True),
    )
    _running.append(_Running(service, locks, threads, stopped))
    try:
        # In a thread of its own: the queue's library refuses to start where an event loop runs.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_launch, service).result()
        for thread in threads:
            thread.start()
    except BaseException:
        stop(drain_seconds=0)
        raise


def stop(drain_seconds: int = DRAIN_SECONDS) -> None:
    """Finish what is being done within so many seconds; what is cut off is done again later."""
    if not _running:
        return
    running = _running[-1]
    running.stopped.set()
    running.service.stopping.set()
    DBOS.destroy(workflow_completion_timeout_sec=drain_seconds)
    for thread in running.threads:
        if thread.ident is not None:
            thread.join()
    _running.clear()
    running.locks.close()


def run(settings: Settings) -> None:
    """The life of a worker process: work until SIGTERM or SIGINT. Raises `Refusal`."""
    told = threading.Event()

    def tell(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    service = open_service(settings)
    start(service)
    try:
        told.wait()
    finally:
        stop()
        service.close()


def tend(service: Service) -> None:
    """What is due every minute: each part for itself, so that one in trouble stops no other."""
    for part in (
        _expire_reservations,
        sweeping.keep_deadlines,
        sweeping.release_for_return_address,
        sweeping.sweep,
        breaking_off.owe_again,
        reap,
    ):
        _safely(part, service)


def tidy(service: Service) -> None:
    """What is due every night."""
    for part in (
        _remake_index,
        _refresh_standing,
        reconciling.reconcile,
        forgetting.forget,
        reading.forget_unfinished,
        _forget_finished_work,
        _learn_sizes,
    ):
        _safely(part, service)


def reap(service: Service) -> int:
    """Give the unfinished work of dead workers to the living; returns how many pieces."""
    now, here = service.now(), service.settings.worker_name
    with service.database.read() as session:
        alive = set(session.exec(select(Worker.name).where(Worker.seen_at > now - DEAD)))
    taken = work.take_from_the_dead(service.database.engine, alive | {here})
    if taken:
        log.warning("work_of_a_dead_worker", pieces=taken)
    with service.database.write() as session:
        session.execute(sa.delete(Worker).where(col(Worker.seen_at) < now - timedelta(days=1)))
    return taken


def _launch(service: Service) -> None:
    settings = service.settings
    config: DBOSConfig = {
        "name": work.APPLICATION,
        "system_database_url": settings.database_url,
        "system_database_engine": service.database.engine_of_queue(),
        "application_version": work.VERSION,
        "executor_id": settings.worker_name,
        "serializer": work.serializer(),
        "log_level": "WARNING",
        "enable_otlp": False,
        "run_migrations": False,
    }
    DBOS(config=config)
    DBOS.launch()
    for queue in work.QUEUES:
        DBOS.register_queue(
            queue,
            worker_concurrency=settings.worker_concurrency,
            polling_interval_sec=settings.worker_polling_seconds,
            on_conflict="always_update",
        )
    DBOS.apply_schedules(
        [
            {"schedule_name": "tend", "workflow_fn": _tend, "schedule": EVERY_MINUTE},
            {
                "schedule_name": "tidy",
                "workflow_fn": _tidy,
                "schedule": EVERY_NIGHT,
                "cron_timezone": settings.time_zone,
            },
        ]
    )
    _seen(service)


def _carry(
    kind: str,
    do: Callable[[Service, str, str], str],
    stumbled: Callable[[Service, str, str], str] | None = None,
) -> None:
    """Make `do` the workflow `kind`. Its function is called by the queue's library alone.

    stumbled: called when it broke off, instead of what is done about letters and replies.
    """
    broke_off = stumbled or partial(_stumbled, kind)

    def carry(subject_id: str, attempt: str) -> str:
        service = _running[-1].service
        service.database.give_way(GIVE_WAY_SECONDS)
        try:
            return do(service, subject_id, attempt)
        except Exception as error:  # noqa: BLE001 — an error's text must not reach the queue's tables
            log.error("work_broke_off", kind=kind, subject=subject_id, error=_where(error))
            return broke_off(service, subject_id, attempt)

    DBOS.workflow(name=kind, max_recovery_attempts=_RECOVERIES)(carry)


def _stumbled(kind: str, service: Service, subject_id: str, attempt: str) -> str:
    return sweeping.stumbled(service, kind, subject_id, attempt)


_carry("translate", translating.translate)
_carry("render", rendering.render)
_carry("read_scan", reply_machine.read_scan)
_carry("translate_reply", reply_machine.translate_reply)
_carry("notify", notifying.notify)
_carry("import", importing.carry, breaking_off.stumbled)
_carry("read_list", reading.carry)


@DBOS.workflow(name="tend")
def _tend(_at: datetime, _context: Any) -> None:
    tend(_running[-1].service)


@DBOS.workflow(name="tidy")
def _tidy(_at: datetime, _context: Any) -> None:
    tidy(_running[-1].service)


def _expire_reservations(service: Service) -> None:
    expired = True
    while expired:
        with service.database.write() as session:
            expired = bool(pairing.expire(session, service.now(), limit=100))


def _refresh_standing(service: Service) -> None:
    after: str | None = ""
    while after is not None:
        with service.database.write() as session:
            after = standing.refresh_some(
                session, service.today(), service.settings.address_days, after, limit=100
            )
    missing = True
    while missing:
        with service.database.write() as session:
            missing = bool(keeping.index_what_is_missing(session, limit=100))
    counting.count_others(service.database)


def _remake_index(service: Service) -> None:
    """Whoever an earlier release put into the index by other rules is put there by ours."""
    with service.database.read() as session:
        remade = remaking.is_remade(session)
    while not (remade or service.stopping.is_set()):
        service.database.give_way(GIVE_WAY_SECONDS)
        with service.database.write() as session:
            remade = remaking.remake_some(session)


def _forget_finished_work(service: Service) -> None:
    before = datetime.now(UTC) - timedelta(days=FINISHED_DAYS)  # the queue has its own clock
    work.forget_finished(service.database.engine, before)


def _learn_sizes(service: Service) -> None:
    service.database.learn_sizes()


def _safely(part: Callable[[Service], object], service: Service) -> None:
    try:
        part(service)
    except Exception as error:  # noqa: BLE001 — the other parts must be tended all the same
        log.error("tending_broke_off", part=part.__name__, error=_where(error))


def _where(error: Exception) -> str:
    """The kind of an error and its line, without its words: they may quote a letter."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = os.path.basename(trace.tb_frame.f_code.co_filename)  # noqa: PTH119 — a name only
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"


def _beat(service: Service, stopped: threading.Event) -> None:
    while not stopped.wait(HEARTBEAT.total_seconds()):
        _safely(_seen, service)


def _seen(service: Service) -> None:
    """This worker lives."""
    with service.database.write() as session:
        row = session.get(Worker, service.settings.worker_name)
        if row is None:
            session.add(Worker(name=service.settings.worker_name, seen_at=service.now()))
        else:
            row.seen_at = service.now()


@contextmanager
def _only_one(service: Service) -> Iterator[None]:
    """Refuses a second working process: of any name on SQLite, of this name on PostgreSQL."""
    if service.settings.is_sqlite:
        with (service.settings.data_dir / "worker.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Refusal(
                    "Another process carries the letters of this database already."
                ) from None
            yield
        return
    name = service.settings.worker_name
    engine = service.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not _take_name(connection, name):
            raise Refusal(f"Another worker is called {name}. Set LIFELINE_WORKER_NAME.")
        yield


def _take_name(connection: sa.Connection, name: str) -> bool:
    """Hold the name as long as the connection lasts; a worker that just died may have it yet."""
    statement = sa.select(sa.func.pg_try_advisory_lock(int(Turn.WORKING), sa.func.hashtext(name)))
    for pause in (0.1, 0.4, 1.5, 3.0):
        if connection.execute(statement).scalar_one():
            return True
        threading.Event().wait(pause)
    return bool(connection.execute(statement).scalar_one())
