"""Changes to people, places and cases we have, by the catalogue's own doors: letters follow.

What a source says never makes anybody writable: whoever it brings back into custody, or frees of
what forbade letters, waits for a coordinator's confirmation again.
"""

from typing import Any

from sqlmodel import Session, col, select

from app import merged
from app.catalogue import cases, custody, editing, letters, places
from app.catalogue.details import FacilityDetails, Move, PersonDetails
from app.catalogue.history import apply, remember
from app.catalogue.standing import (
    Occasion,
    must_be_confirmed,
    people_to_change,
    person_to_change,
    refresh,
    standing_of,
)
from app.errors import NotFound
from app.importing.planning.plans import Step
from app.importing.runs import cases as entering_cases
from app.importing.runs.bringing import Bringing, kept
from app.models import Letter, Placement, Prisoner, Prosecution, SourceId
from app.readdressing import Readdressed
from app.sameness.fields import Fields, plain

_WHEREABOUTS = frozenset({"status", "facility"})
_NOT_ON_AN_ENVELOPE = frozenset({"name_en", "kind", "notes"})


def change_person(session: Session, step: Step, run: Bringing) -> None:
    """Set what the source changed. Fields that somebody edited meanwhile are left alone."""
    target, occasion = str(step.target_id), run.occasion
    row = person_to_change(session, merged.now_id(session, target) or target)
    run.release(session, [step])
    run.link(session, "prisoner", step.keys, row.id)
    values = _untouched(row, step)
    noted = row.provenance
    details = {name: value for name, value in values.items() if name not in _WHEREABOUTS}
    departs = "facility" not in values and values.get("status") in custody.DEPARTURES
    if departs:
        # Before what else is said: that somebody is wanted holds their letters too, and untold.
        custody.leave(session, row.id, values["status"], occasion.today, occasion)
    if details:
        _edit(session, row, details, occasion)
    if "facility" in values:
        facility_id = run.place(values["facility"])
        if facility_id is None:
            raise NotFound("This place was not entered.")
        to = Move(facility_id=facility_id, from_day=occasion.today, source=run.label)
        custody.move(session, row.id, to, occasion)
    elif "status" in values and not departs:
        stood = standing_of(session, row, occasion)
        changed = apply(row, {"status": values["status"]}, run.source)
        if must_be_confirmed(session, row, stood, occasion):
            changed |= apply(row, {"custody_confirmed_on": None})
        row.changed_at = occasion.now
        refresh(session, row, occasion)
        remember(session, "prisoner", row.id, "edited", occasion, changed)
    row.provenance = noted | dict.fromkeys(values, run.source)


def change_place(session: Session, step: Step, run: Bringing) -> None:
    """Set what the source changed. Letters to people there are addressed anew, and then wait.

    Somebody made sure of the address that was; of the new one nobody has yet.
    """
    row = places.place_to_change(session, str(step.target_id))
    run.link(session, "facility", step.keys, row.id)
    values = _untouched(row, step)
    if values:
        now = {name: getattr(row, name) for name in FacilityDetails.model_fields}
        details = FacilityDetails.model_validate(now | values)
        noted = row.provenance
        if values.keys() - _NOT_ON_AN_ENVELOPE:
            _uncheck(session, row.id, run.occasion)
        places.edit_facility(session, row.id, details, run.occasion)
        row.provenance = noted | dict.fromkeys(values, run.source)


def change_case(session: Session, step: Step, run: Bringing) -> None:
    """Set what the source changed of a case. What somebody edited meanwhile is left alone."""
    whose = select(Prosecution.prisoner_id).where(Prosecution.id == step.target_id)
    row = cases.case_to_change(session, session.exec(whose).first() or "", str(step.target_id))
    entering_cases.know(session, step.keys, row, run)
    values = kept(_untouched(row, step))
    ref, rated = values.pop("person", None), values.pop("ratings", None)
    if ref is not None:
        owner = run.person(ref) or row.prisoner_id
        values["prisoner_id"] = merged.now_id(session, owner) or owner
    changed = apply(row, values, run.source)
    if rated is not None:
        changed |= entering_cases.rate(row, rated, run.source)
    told = {name: values for name, values in changed.items() if name != "prisoner_id"}
    if changed:
        cases.note(session, row.prisoner_id, "case_changed", run.occasion, told)


def note_gone(session: Session, step: Step, run: Bringing) -> None:
    """The source has it no longer: it stays as it is, and that is noted, told, reported once."""
    if step.topic == "case":
        entering_cases.note_gone(session, step, run)
        return
    subject = "prisoner" if step.topic == "person" else "facility"
    known = session.get(SourceId, (run.source, subject, step.key))
    if known is not None:
        known.gone_on = run.occasion.today
        run.gone(session, subject, known.target_id)


def _edit(session: Session, row: Prisoner, details: Fields, occasion: Occasion) -> None:
    """Set what is not of whereabouts; whose letter waits since then is told, as of a departure."""
    waited = _waiting(session, row.id)
    editing.edit(session, row.id, _details(row, details), occasion)
    stopped = _waiting(session, row.id) - waited
    letters.tell(session, Readdressed(held=len(stopped), correspondences=stopped), occasion)


def _waiting(session: Session, prisoner_id: str) -> frozenset[str]:
    """Correspondences with a letter to this person that waits, for whatever reason."""
    held = col(Letter.held_reason).is_not(None)
    found = select(Letter.correspondence_id).where(Letter.prisoner_id == prisoner_id, held)
    return frozenset(session.exec(found))


def _uncheck(session: Session, facility_id: str, occasion: Occasion) -> None:
    here = select(Placement).where(
        Placement.facility_id == facility_id, col(Placement.to_day).is_(None)
    )
    there = session.exec(here).all()
    people_to_change(session, [placement.prisoner_id for placement in there])
    for placement in there:
        changed = apply(placement, {"checked_on": None})
        if changed:
            remember(session, "prisoner", placement.prisoner_id, "unchecked", occasion, changed)


def _untouched(row: Any, step: Step) -> Fields:
    """The values whose fields are still as they were when the plan was made."""
    return {
        name: value
        for name, value in step.values.items()
        if not hasattr(row, name) or _is_as_before(row, name, step)
    }


def _is_as_before(row: Any, name: str, step: Step) -> bool:
    now, before = plain(getattr(row, name)), step.before.get(name)
    return now == before or (name == "status" and before is None and now == "unknown")


def _details(row: Prisoner, values: Fields) -> PersonDetails:
    now = {name: getattr(row, name) for name in PersonDetails.model_fields if hasattr(row, name)}
    year = values.get("birth_year")
    if year and "birthday" not in values and row.birthday and row.birthday.year != year:
        now["birthday"] = None
    return PersonDetails.model_validate(now | values)
