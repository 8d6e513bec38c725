"""Lists handed in at the desk, or asked of a source there: until their report is made.

What was handed in lies sealed in the vault, is looked into by child processes alone, and is erased
as soon as the report stands, or a day later. The worker reads; whoever waits sees how far it is.
"""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlmodel import Session, col, select

from app import work
from app.errors import Conflict, Invalid, ListUnderWay, NotFound, Stopping, Unavailable
from app.importing.records import Gathered, unpack
from app.importing.runs import keeping
from app.importing.sources import cells, ovdinfo, tables
from app.importing.sources.client import Reader
from app.importing.sources.troubles import CannotRead
from app.locale import N_
from app.models import ImportReading
from app.service import Service
from app.turns import Turn, take_turn
from mailing.isolation import Crew, Failed, Limits, Refused

CONCERNS = (ovdinfo.SOURCE, "people", "places")
READING, COMPARING, REPORTING = STAGES = range(3)
WAITS = timedelta(days=1)
"""So long a file is kept for somebody to say what its columns are."""
_STUCK = timedelta(days=2)
_LIMITS = Limits(memory_bytes=3 * 1024**3 // 2, cpu_seconds=120, deadline_seconds=240, tasks=1)
_LOOK_SECONDS = 30  # somebody waits at the page
_TELL_SECONDS = 1.0
_ATTEMPT = "1"
_FULL = "full"
_ASKED_FULLY = N_(
    "OVD-Info is being asked already, with the long stories. Wait until that is done."
)
_ASKED_IN_SHORT = N_(
    "OVD-Info is being asked already, without the long stories. Ask again when that is done."
)
_PLACE = threading.Lock()

Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Description:
    """A table as a person is shown it. columns: names with up to three values each."""

    sheets: list[str]
    sheet: str | None
    head: int
    columns: list[tuple[str, list[str]]]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The one place for a whole list in memory, from its first byte on. Raises `ListUnderWay`."""
    if not _PLACE.acquire(blocking=False):
        raise ListUnderWay
    try:
        yield
    finally:
        _PLACE.release()


def take_in(service: Service, files: Files, concerns: str, staff_id: str) -> str:
    """Keep files sealed; returns the reading's id. What needs nobody's word is read at once.

    files: names and contents; of tables one. Raises `CannotRead` with its reason.
    """
    for _, content in files:
        cells.kind_of(content)
    described = None if concerns == ovdinfo.SOURCE else _look(files[0][1], None, None)
    row = ImportReading(
        concerns=concerns,
        name=", ".join(name for name, _ in files)[:300],
        state="chosen" if described else "reading",
        file_id=service.vault.put(_bundle(files)),
        staff_id=staff_id,
        created_at=service.now(),
    )
    row.description = described and json.dumps(described)
    with service.database.write() as session:
        session.add(row)
        if row.state == "reading":
            work.owe(session, "read_list", row.id, _ATTEMPT)
    return row.id


def ask_source(session: Session, service: Service, staff_id: str, *, full: bool = False) -> str:
    """Have the worker ask OVD-Info's API; returns the reading's id, of the one under way if any.

    full: the long stories too. Raises `Conflict` when the one under way was asked otherwise: the
    source wants to be asked slowly, by one reader.
    """
    take_turn(session, Turn.ASKING)
    under_way = session.exec(
        select(ImportReading).where(
            ImportReading.concerns == ovdinfo.SOURCE,
            ImportReading.state == "reading",
            col(ImportReading.file_id).is_(None),
        )
    ).first()
    if under_way is not None:
        if is_full(under_way) != full:
            raise Conflict(_ASKED_FULLY if is_full(under_way) else _ASKED_IN_SHORT)
        return under_way.id
    row = ImportReading(
        concerns=ovdinfo.SOURCE,
        name=service.settings.ovdinfo_url[:300],
        state="reading",
        mapping={_FULL: True} if full else {},
        staff_id=staff_id,
        created_at=service.now(),
    )
    session.add(row)
    work.owe(session, "read_list", row.id, _ATTEMPT)
    return row.id


def is_full(row: ImportReading) -> bool:
    """Whether a source is asked for the long stories too."""
    return bool(row.mapping.get(_FULL))


def description(row: ImportReading) -> Description:
    """What is known of the table of a reading that waits for its mapping."""
    return Description(**json.loads(row.description or "{}"))


def look_again(service: Service, reading_id: str, sheet: str, head: int) -> None:
    """Describe another sheet, or another row as the one with the names.

    Raises `CannotRead`, and `ListUnderWay`.
    """
    with service.database.read() as session:
        row = waiting(session, reading_id)
    with one_at_a_time():
        described = _look(_files(service, row)[0][1], sheet, head)
    with service.database.write() as session:
        waiting(session, reading_id).description = json.dumps(described)


def decide(session: Session, reading_id: str, mapped: tables.Mapped) -> None:
    """The columns are known now: have the worker read. Raises `Invalid`, `NotFound`, `Conflict`."""
    row = waiting(session, reading_id)
    tables.require_fitting(mapped, "people" if row.concerns == "people" else "places")
    row.mapping, row.state = mapped.model_dump(), "reading"
    row.description = None
    work.owe(session, "read_list", row.id, _ATTEMPT)


def waiting(session: Session, reading_id: str) -> ImportReading:
    """A reading whose columns nobody explained yet. Raises `NotFound`, `Conflict`."""
    row = session.get(ImportReading, reading_id)
    if row is None:
        raise NotFound("There is no such list.")
    if row.state != "chosen":
        raise Conflict("This list is being read already.")
    return row


def carry(service: Service, reading_id: str, attempt: str) -> str:
    """The worker's piece of work: read, compare, and keep the report. Returns a code.

    When the process is about to end it is left, and owed anew: pages that came are kept.
    """
    with service.database.read() as session:
        row = session.get(ImportReading, reading_id)
    if row is None or row.state != "reading":
        return "moved_on"
    tell = _Telling(service, reading_id)
    reader = None if row.file_id else _reader(service, tell, full=is_full(row))
    try:
        gathered = _asked(service, reader) if reader else _read(service, row)
        tell(COMPARING, 0, 0)
        run_id, _ = keeping.dry_run(
            service, gathered, lambda done, total: tell(REPORTING, done, total)
        )
    except Stopping:
        with service.database.write() as session:
            work.owe(session, "read_list", reading_id, str(int(attempt) + 1), work.AFTER_STOPPING)
        return "stopped"
    except CannotRead as error:
        return _end(service, row, "failed", trouble=error.reason)
    except Invalid:
        return _end(service, row, "failed", trouble="empty")
    except Exception:
        _end(service, row, "failed", trouble="stumbled")
        raise
    if reader:
        reader.forget()
    return _end(service, row, "read", run_id=run_id)


def forget_unfinished(service: Service) -> int:
    """Erase files nobody explained, and give up what no worker finished; returns how many."""
    now = service.now()
    with service.database.read() as session:
        left = session.exec(
            select(ImportReading).where(
                ((col(ImportReading.state) == "chosen") & (ImportReading.created_at < now - WAITS))
                | (
                    (col(ImportReading.state) == "reading")
                    & (ImportReading.created_at < now - _STUCK)
                )
            )
        ).all()
    for row in left:
        _end(service, row, "failed", trouble="gone" if row.state == "chosen" else "stumbled")
    return len(left)


class _Telling:
    """Notes how far a reading is, at most once a second: each note is a transaction.

    Raises `Stopping` when the process is about to end.
    """

    def __init__(self, service: Service, reading_id: str) -> None:
        self._service, self._id = service, reading_id
        self._stage, self._at = -1, 0.0

    def __call__(self, stage: int, done: int, total: int) -> None:
        if self._service.stopping.is_set():
            raise Stopping
        if stage == self._stage and time.monotonic() - self._at < _TELL_SECONDS:
            return
        with self._service.database.write() as session:
            row = session.get(ImportReading, self._id)
            if row is not None:
                row.stage, row.done, row.total = stage, done, total
        self._stage, self._at = stage, time.monotonic()


def _read(service: Service, row: ImportReading) -> Gathered:
    files = _files(service, row)
    question = {
        "concerns": row.concerns,
        "names": [name for name, _ in files],
        "today": service.today().isoformat(),
        "mapping": row.mapping,
    }
    _, [packed] = _in_a_child("gather", question, [content for _, content in files])
    return unpack(packed)


def _reader(service: Service, tell: _Telling, *, full: bool) -> Reader:
    settings = service.settings
    folder = settings.data_dir / "imports" / (f"{ovdinfo.SOURCE}-full" if full else ovdinfo.SOURCE)
    return Reader(
        settings.ovdinfo_url,
        folder,
        settings.ovdinfo_pause_seconds,
        full,
        progress=lambda done, total: tell(READING, done, total),
        stopping=service.stopping,
    )


def _asked(service: Service, reader: Reader) -> Gathered:
    today = service.today()
    try:
        data, locations = reader.read(today)
    except Unavailable:
        raise CannotRead("source") from None
    return ovdinfo.read(ovdinfo.emptied(data), locations, today, reader.base_url)


def _end(
    service: Service,
    row: ImportReading,
    state: str,
    *,
    run_id: str | None = None,
    trouble: str = "",
) -> str:
    with service.database.write() as session:
        kept = session.get_one(ImportReading, row.id)
        kept.state, kept.run_id, kept.trouble = state, run_id, trouble
        kept.file_id = kept.description = None
    if row.file_id:
        service.vault.remove(row.file_id)
    return state


def _look(content: bytes, sheet: str | None, head: int | None) -> dict[str, Any]:
    question = {"sheet": sheet, "head": head}
    answer, _ = _in_a_child("describe", question, [content], _LOOK_SECONDS)
    return answer


def _in_a_child(
    task: str, question: dict[str, Any], parts: list[bytes], seconds: float | None = None
) -> tuple[dict[str, Any], list[bytes]]:
    try:
        return _crew().call(task, question, *parts, deadline_seconds=seconds)
    except Refused as refusal:
        raise CannotRead(refusal.reason) from None
    except Failed:
        raise CannotRead("too_much") from None


@cache
def _crew() -> Crew:
    """The children of this process; each does one task, so that its memory goes with it."""
    return Crew("app.importing.sources.tasks", _LIMITS)


def _bundle(files: Files) -> bytes:
    """Several files as one: a line that says their names and lengths, and their contents."""
    head = json.dumps([[name, len(content)] for name, content in files])
    return b"".join([head.encode(), b"\n", *(content for _, content in files)])


def _files(service: Service, row: ImportReading) -> list[tuple[str, bytes]]:
    try:
        head, _, rest = service.vault.get(row.file_id or "").partition(b"\n")
    except NotFound:
        raise CannotRead("gone") from None
    found, at = [], 0
    for name, length in json.loads(head):
        found.append((name, rest[at : at + length]))
        at += length
    return found
