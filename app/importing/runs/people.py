"""New people, entered many at a time. Nobody sees them until confirmed."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.catalogue import calling
from app.importing.planning.plans import Step
from app.importing.runs.bringing import Bringing, kept
from app.inserting import insert
from app.models import Placement, Prisoner
from app.models.columns import new_id
from app.sameness.fields import Fields


def prepare_people(steps: Sequence[Step], run: Bringing) -> list[tuple[Step, Fields]]:
    """Rows for new people, made outside any transaction: names are declined and transliterated."""
    return [(step, _row(step, run)) for step in steps]


def enter_people(session: Session, prepared: Sequence[tuple[Step, Fields]], run: Bringing) -> None:
    """Unpublished, ineligible, without any wish: whatever a source says, that is ours to learn."""
    run.release(session, [step for step, _ in prepared])
    steps = run.not_there_yet(session, "prisoner", [step for step, _ in prepared])
    keys = {step.key for step in steps}
    new = [(step, row) for step, row in prepared if step.key in keys]
    if not new:
        return
    slugs = [row["slug"] for _, row in new]
    taken = set(session.exec(select(Prisoner.slug).where(col(Prisoner.slug).in_(slugs))))
    stays = []
    for step, row in new:
        if row["slug"] in taken:
            row["slug"] = f"{row['slug']}-{row['id'][:6]}"
        person_id: str = row["id"]
        run.people |= dict.fromkeys(step.keys, person_id)
        facility_id = run.place(step.values.get("facility", ""))
        if facility_id:
            stays.append(_stay(person_id, facility_id, run))
    insert(session, Prisoner, *(row for _, row in new))
    if stays:
        insert(session, Placement, *stays)
    run.entered(session, "prisoner", {row["id"]: step.keys for step, row in new})


def _row(step: Step, run: Bringing) -> Fields:
    values = kept({name: value for name, value in step.values.items() if name != "facility"})
    name = values["surname"], values["given_name"], values.get("patronymic")
    called = calling.names(*name, values.get("latin_name"))
    slug = calling.free_slug(called["latin_name"], run.slugs)
    run.slugs.add(slug)
    row = run.row_of(Prisoner, values) | called
    row["provenance"] |= dict.fromkeys(step.values.keys() & {"facility"}, run.source)
    return row | {
        "id": new_id(),
        "slug": slug,
        "dative_name": calling.dative_of(*name, values["gender"]),
        "source": run.label,
        "shuffle": run.chance.random(),
        "created_at": run.occasion.now,
        "changed_at": run.occasion.now,
    }


def _stay(person_id: str, facility_id: str, run: Bringing) -> Fields:
    return {
        "id": new_id(),
        "prisoner_id": person_id,
        "facility_id": facility_id,
        "from_day": run.occasion.today,
        "to_day": None,
        "source": run.label,
        "checked_on": None,
    }
