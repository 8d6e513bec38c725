"""A case that its list has no longer: marked, taken away by us, and not back unasked."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.catalogue import cases
from app.errors import Conflict
from app.lifecycle import Role
from app.models import ImportAnswer, Prosecution
from app.models.importing import WHICH_CASE
from app.service import Service
from tests.importing.bringing import (
    VERA,
    bring_in,
    decide,
    occasion,
    the_only_person,
    without_doubts,
)
from tests.staffing import browser_of

SECOND = VERA | {
    "case_name_en": "A protest",
    "persecution_started": "2019-07-27",
    "persecution_article_and_part_en": ["212 p. 2"],
}


def names(service: Service) -> list[str]:
    with service.database.read() as session:
        return sorted(session.exec(select(Prosecution.case_name)).all())


def gone(service: Service) -> tuple[str, str]:
    """Vera has two cases, and the list names the second no longer: ids of her and of it."""
    bring_in(service, [VERA, SECOND])
    assert without_doubts(bring_in(service, [VERA])) == {"gone.case": 1}
    with service.database.read() as session:
        case = session.exec(select(Prosecution).where(Prosecution.case_name == "A protest")).one()
        assert case.gone_on == service.today()
        return the_only_person(session).id, case.id


@pytest.mark.parametrize(
    ("answer", "after"), [("own_case", ["A post", "A protest"]), ("seen", ["A post"])]
)
def test_taken_away_it_comes_back_only_if_somebody_says_so(
    service: Service, answer: str, after: list[str]
) -> None:
    person, case = gone(service)
    with service.database.write() as session:
        cases.remove(session, person, case, occasion(service))
    assert names(service) == ["A post"]
    assert bring_in(service, [VERA]).doubts == []
    [doubt] = bring_in(service, [VERA, SECOND]).doubts
    assert (doubt.topic, doubt.detail["removed"]) == (WHICH_CASE, True)
    assert names(service) == ["A post"]
    decide(service, WHICH_CASE, answer)
    assert bring_in(service, [VERA, SECOND]).doubts == []
    assert names(service) == after
    assert without_doubts(bring_in(service, [VERA, SECOND])) == {}


def test_taken_away_twice_it_is_asked_about_twice(service: Service) -> None:
    person, case = gone(service)
    for _ in range(2):
        with service.database.write() as session:
            cases.remove(session, person, case, occasion(service))
        [doubt] = bring_in(service, [VERA, SECOND]).doubts
        assert doubt.topic == WHICH_CASE
        decide(service, WHICH_CASE, "own_case")
        person, case = gone(service)


def test_what_another_list_still_has_stays(service: Service) -> None:
    person, case = gone(service)
    with service.database.write() as session:
        session.add(ImportAnswer(source="memorial", topic=WHICH_CASE, key="m1", answer=case))
    with service.database.write() as session, pytest.raises(Conflict):
        cases.remove(session, person, case, occasion(service))


def test_the_desk_marks_it_and_takes_it_away(service: Service, client: TestClient) -> None:
    person, case = gone(service)
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as desk:
        desk.follow_redirects = True
        assert desk.get(f"/desk/catalogue/{person}").text.count("missing in the list since") == 1
        page = desk.get(f"/desk/catalogue/{person}/cases/{case}").text
        assert "No list names this case any more." in page
        page = desk.post(f"/desk/catalogue/{person}/cases/{case}/remove").text
        assert "The case is taken away." in page
        assert "missing in the list since" not in page
        with service.database.read() as session:
            left = session.exec(select(Prosecution.id)).one()
        still = desk.get(f"/desk/catalogue/{person}/cases/{left}").text
        assert "Take the case away" not in still
    assert names(service) == ["A post"]
