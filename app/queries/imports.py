"""Imports as the catalogue's desk works through them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.importing.runs import keeping
from app.models import ImportAnswer, ImportLine, ImportReading, ImportRun
from app.queries.paging import cut

DOUBTS, LINES = 10, 25
"""So many on a page: doubts are long, and each wants an answer; other lines are a row each."""
KINDS = ("doubtful", "changed", "new", "gone", "unreadable")


@dataclass(frozen=True)
class LineRow:
    """One line. detail: what to show; answer: what somebody decided, for a doubt."""

    position: int
    kind: str
    topic: str
    title: str
    target_id: str | None
    letters: int
    detail: dict[str, Any]
    answer: str


@dataclass(frozen=True)
class RunPage:
    """A run and one page of its lines of one kind. counts: (kind, topic) → lines.

    newest: no later reading of the source took its place, so that it can be applied.
    answered: doubts with an answer; sure: unanswered doubts where whole name and year agree.
    """

    run: ImportRun
    newest: bool
    lines: list[LineRow]
    counts: Counter[tuple[str, str]]
    answered: int
    sure: int
    kind: str
    topic: str
    page: int
    pages: int

    def count(self, kind: str, topic: str = "") -> int:
        return sum(n for (k, t), n in self.counts.items() if k == kind and topic in {"", t})

    @property
    def open(self) -> int:
        return self.count("doubtful") - self.answered


def runs(session: Session) -> list[ImportRun]:
    """The latest hundred runs, the newest first."""
    newest = select(ImportRun).order_by(col(ImportRun.created_at).desc()).limit(100)
    return list(session.exec(newest).all())


def unfinished(session: Session) -> list[ImportReading]:
    """Lists that have no report yet, or never got one; the newest first."""
    newest = (
        select(ImportReading)
        .where(ImportReading.state != "read")
        .order_by(col(ImportReading.created_at).desc())
        .limit(20)
    )
    return list(session.exec(newest).all())


def reading(session: Session, reading_id: str) -> ImportReading:
    """One list on its way to a report. Raises `NotFound`."""
    found = session.get(ImportReading, reading_id)
    if found is None:
        raise NotFound("There is no such list.")
    return found


def lists_known(session: Session, concerns: str) -> dict[str, dict[str, Any]]:
    """Lists that were brought in before, as source → how its table was understood last."""
    rows = session.exec(
        select(ImportReading)
        .where(ImportReading.state == "read", ImportReading.concerns == concerns)
        .order_by(col(ImportReading.created_at).desc())
        .limit(200)
    )
    known: dict[str, dict[str, Any]] = {}
    for row in rows:
        known.setdefault(row.mapping.get("source", ""), row.mapping)
    known.pop("", None)
    return known


def sources(session: Session) -> set[str]:
    """The short names of everything that was ever brought in."""
    return set(session.exec(select(ImportRun.source).distinct()))


def labels(session: Session) -> dict[str, str]:
    """What sources are called, by the newest import of each."""
    rows = session.execute(
        sa.select(col(ImportRun.source), col(ImportRun.label)).order_by(col(ImportRun.created_at))
    )
    return dict(rows.all())


def run(session: Session, run_id: str) -> ImportRun:
    """One run. Raises `NotFound`."""
    found = session.get(ImportRun, run_id)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def run_page(session: Session, run_id: str, kind: str, topic: str, page: int) -> RunPage:
    """One run with one page of lines; page counts from 1. Raises `NotFound`.

    Without a kind, the first that has lines: doubts come first.
    """
    found = run(session, run_id)
    counted = session.execute(
        sa.select(col(ImportLine.kind), col(ImportLine.topic), sa.func.count())
        .where(col(ImportLine.run_id) == run_id)
        .group_by(col(ImportLine.kind), col(ImportLine.topic))
    )
    counts = Counter({(kind_, topic_): number for kind_, topic_, number in counted})
    there = {kind_ for kind_, _ in counts}
    if kind not in KINDS:
        kind = next((kind_ for kind_ in KINDS if kind_ in there), KINDS[0])
    topic = topic if (kind, topic) in counts else ""
    total = sum(n for (k, t), n in counts.items() if k == kind and topic in {"", t})
    most = DOUBTS if kind == "doubtful" else LINES
    page, pages, start = cut(total, page, most)
    answered, sure = _answers(session, run_id, found.source)
    lines = _lines(session, found, kind, topic, slice(start, start + most))
    newest = keeping.has_rows(session, run_id)
    return RunPage(found, newest, lines, counts, answered, sure, kind, topic, page, pages)


def _lines(session: Session, run: ImportRun, kind: str, topic: str, here: slice) -> list[LineRow]:
    order = [col(ImportLine.letters).desc(), col(ImportLine.position)]
    if kind == "doubtful":  # in order of urgency already
        order = order[1:]
    query = (
        sa.select(ImportLine, col(ImportAnswer.answer))
        .join(ImportAnswer, _given(run.source), isouter=True)
        .where(col(ImportLine.run_id) == run.id, col(ImportLine.kind) == kind)
        .order_by(*order)
        .slice(here.start, here.stop)
    )
    if topic:
        query = query.where(col(ImportLine.topic) == topic)
    return [
        LineRow(
            line.position,
            line.kind,
            line.topic,
            line.title,
            line.target_id,
            line.letters,
            line.detail,
            answer or "",
        )
        for line, answer in session.execute(query)
    ]


def _answers(session: Session, run_id: str, source: str) -> tuple[int, int]:
    """How many doubts are answered, and how many of the rest are sure."""
    answer = col(ImportAnswer.answer)
    sure = sa.and_(answer.is_(None), col(ImportLine.detail)["sure"].as_boolean())
    counted = session.execute(
        sa.select(sa.func.count(answer), sa.func.count(sa.case((sure, 1))))
        .select_from(ImportLine)
        .join(ImportAnswer, _given(source), isouter=True)
        .where(col(ImportLine.run_id) == run_id, col(ImportLine.kind) == "doubtful")
    ).one()
    return counted[0], counted[1]


def _given(source: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(ImportAnswer.source) == source,
        col(ImportAnswer.topic) == col(ImportLine.topic),
        col(ImportAnswer.key) == col(ImportLine.key),
        col(ImportLine.kind) == "doubtful",
    )
