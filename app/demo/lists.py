"""Somebody else's list comes in three times: applied, applied again, and yesterday only read."""

import csv
import io

from sqlmodel import Session, col, select

from app.demo.stage import HERE, Stage
from app.importing.records import OWN_CASE
from app.importing.runs import answering, applying, keeping
from app.importing.sources import tables
from app.importing.sources.tables import Mapped
from app.lifecycle import Role
from app.models import ImportLine
from app.moving import by_staff

DAYS_AGO = (44, 16, 1)
_READ = "чтение"
"""The column that says in which of the three readings a row stands."""
_MAPPED = Mapped(
    source="paper-boat",
    label="Paper Boat list",
    columns={
        "person": "id",
        "name": "ФИО",
        "birth": "Год рождения",
        "gender": "Пол",
        "articles": "Статья",
        "started": "Начало дела",
        "term": "Срок, месяцев",
        "place": "Где",
        "state": "Положение",
    },
    fixed={"ratings": ["Paper Boat"]},
)


def readings(stage: Stage) -> None:
    """Three readings; «the same person» is answered where whole name and year of birth agree."""
    with (HERE / "list.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    actor = by_staff(stage.staff[Role.CATALOGUE])
    for number, days in enumerate(DAYS_AGO, 1):
        stage.progress("lists", number, len(DAYS_AGO))
        moment = stage.ago(days)
        service = stage.at(moment)
        content = _table([row for row in rows if str(number) in row[_READ]])
        read = tables.read_content(
            content, f"paper-boat-{number}.csv", _MAPPED, "people", service.today()
        )
        run_id, _plan = keeping.dry_run(service, read)
        if number == len(DAYS_AGO):
            return
        answering.answer_sure(service, run_id, actor)
        with service.database.write() as session:
            for position in _open(session, run_id, "which_case")[:1]:
                answering.answer(session, run_id, position, OWN_CASE, actor, moment)
            keeping.owe_applying(session, run_id, actor)
        applying.apply_run(service, run_id, actor)


def _open(session: Session, run_id: str, topic: str) -> list[int]:
    """Where the doubts of one kind stand in a report."""
    lines = select(ImportLine.position).where(
        ImportLine.run_id == run_id, ImportLine.kind == "doubtful", ImportLine.topic == topic
    )
    return list(session.exec(lines.order_by(col(ImportLine.position))))


def _table(rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO()
    table = csv.DictWriter(written, list(_MAPPED.columns.values()), extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode()
