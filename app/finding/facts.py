"""What is known of people now, read from their rows."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from app.finding.facets import Facet, facets_of
from app.models import Facility, Placement, Prisoner, Prosecution


def facets_by_person(session: Session, people: Iterable[Prisoner]) -> dict[str, list[Facet]]:
    """Id of each of the people → everything they are found by or counted under.

    Their cases and places are read anew, whatever the session has of them in hand.
    """
    known = list(people)
    ids = [person.id for person in known]
    cases, places = _cases(session, ids), _places(session, ids)
    return {
        person.id: facets_of(person, cases.get(person.id, []), places.get(person.id))
        for person in known
    }


def _cases(session: Session, ids: list[str]) -> dict[str, list[Prosecution]]:
    found: dict[str, list[Prosecution]] = {}
    theirs = select(Prosecution).where(col(Prosecution.prisoner_id).in_(ids))
    for case in session.exec(theirs.execution_options(populate_existing=True)):
        found.setdefault(case.prisoner_id, []).append(case)
    return found


def _places(session: Session, ids: list[str]) -> dict[str, Facility]:
    rows = session.exec(
        select(Placement.prisoner_id, Facility)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(col(Placement.prisoner_id).in_(ids), col(Placement.to_day).is_(None))
        .execution_options(populate_existing=True)
    )
    return dict(rows.all())
