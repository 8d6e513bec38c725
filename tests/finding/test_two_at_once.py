"""Two change one person at once: the index tells of both changes, whoever comes last.

On PostgreSQL with two connections; SQLite has one writer at a time.
"""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.catalogue import cases, editing, places
from app.catalogue.cases import CaseDetails
from app.catalogue.details import FacilityDetails, PersonDetails
from app.finding.words import text_words
from app.models import Facility, PersonIndex, PersonWord, Placement, Prisoner, Prosecution
from app.service import Service
from tests.catalogue.test_every_state import OCCASION
from tests.world import make_case, make_facility, make_prisoner

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def likes_bees(session: Session, person: Prisoner) -> None:
    now = {name: getattr(person, name) for name in PersonDetails.model_fields}
    details = PersonDetails.model_validate(now | {"interests_en": "beekeeping"})
    editing.edit(session, person.id, details, OCCASION)


def another_case(session: Session, person: Prisoner) -> None:
    cases.add(session, person.id, CaseDetails(category="speech"), OCCASION)


def is_found_by(session: Session, liking: str) -> bool:
    likes = session.exec(select(PersonWord.word).where(PersonWord.field == "like")).all()
    return text_words(liking) <= set(likes)


def facets(session: Session) -> str:
    return str(session.exec(select(PersonIndex)).one().facets)


@pytest.mark.parametrize(
    ("first", "then"), [(likes_bees, another_case), (another_case, likes_bees)]
)
def test_a_person_and_a_case(
    service: Service,
    first: Callable[[Session, Prisoner], None],
    then: Callable[[Session, Prisoner], None],
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
    with service.database.write() as session:
        in_hand = session.get_one(Prisoner, anna.id)
        with service.database.write() as other:
            first(other, anna)
        assert in_hand.interests_en != "beekeeping"
        then(session, anna)
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).interests_en == "beekeeping"
        assert is_found_by(session, "beekeeping")
        assert "speech" in facets(session)


def test_a_case_and_a_place_that_somebody_else_changed(service: Service) -> None:
    with service.database.write() as session:
        place = make_facility(session, kind="penal_colony")
        anna = make_prisoner(session, place)
        case = make_case(session, anna)
    with service.database.write() as session:
        in_hand = session.get_one(Prosecution, case.id), session.get_one(Facility, place.id)
        with service.database.write() as other:
            told = {name: getattr(case, name) for name in CaseDetails.model_fields}
            rated = CaseDetails.model_validate(told | {"ratings": ["elsewhere"]})
            cases.edit(other, anna.id, case.id, rated, OCCASION)
            now = {name: getattr(place, name) for name in FacilityDetails.model_fields}
            details = FacilityDetails.model_validate(now | {"kind": "prison"})
            places.edit_facility(other, place.id, details, OCCASION)
        session.get_one(Prisoner, anna.id).story_en = "She reads to children."
    assert in_hand
    with service.database.read() as session:
        assert session.exec(select(Placement)).one().facility_id == place.id
        assert "elsewhere" in facets(session)
        assert "'prison'" in facets(session)
