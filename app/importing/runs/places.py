"""New places of detention, entered many at a time."""

from collections.abc import Sequence

from sqlmodel import Session

from app.importing.planning.plans import Step
from app.importing.runs.bringing import Bringing, kept
from app.inserting import insert
from app.models import Facility
from app.models.columns import new_id


def enter_places(session: Session, steps: Sequence[Step], run: Bringing) -> None:
    """Places with their addresses; those that another import entered meanwhile are passed over."""
    steps = run.not_there_yet(session, "facility", steps)
    rows = []
    for step in steps:
        facility_id = run.places[step.key] = new_id()
        mark = {"id": facility_id, "source": run.label, "created_at": run.occasion.now}
        rows.append(run.row_of(Facility, kept(step.values)) | mark)
    if rows:
        insert(session, Facility, *rows)
        run.entered(session, "facility", {run.places[step.key]: step.keys for step in steps})
