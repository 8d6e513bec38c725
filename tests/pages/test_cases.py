"""The form of a case, at the catalogue's desk."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.main import assemble
from app.models import Prisoner, Prosecution
from app.service import Service
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import make_prisoner

CASE = {
    "articles": "ст. 207.3 ч. 2 УК РФ",
    "category": "freedom of speech",
    "case_name": "The reading circle",
    "started_year": "2023",
    "sentence_life": "yes",
    "ratings": "memorial",
}


@pytest.fixture
def anna(service: Service) -> Prisoner:
    with service.database.write() as session:
        return make_prisoner(session)


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(assemble(service), service, Role.CATALOGUE) as client:
        yield client


def test_a_case_is_entered_changed_and_taken_away(desk: TestClient, anna: Prisoner) -> None:
    path = f"/desk/catalogue/{anna.id}"
    assert f"{path}/cases/new" in desk.get(path).text
    assert desk.get(f"{path}/cases/new").status_code == 200
    entered = desk.post(f"{path}/cases", data=CASE, follow_redirects=True)
    seen = words_on(entered.text)
    assert "The case is entered." in seen
    assert "for life" in seen
    assert "Recognised by: memorial" in seen
    found = re.search(rf'href="({path}/cases/(?!new)[^"]+)"', entered.text)
    assert found is not None
    form = desk.get(found[1]).text
    assert "The reading circle" in form
    assert "Take the case away" in form
    changed = desk.post(found[1], data=CASE | {"case_name": "The choir"}, follow_redirects=True)
    assert "The case is changed." in words_on(changed.text)
    assert "name of the case: The reading circle → The choir" in words_on(changed.text)
    gone = desk.post(f"{found[1]}/remove", follow_redirects=True)
    assert "The case is taken away." in words_on(gone.text)
    assert desk.get(found[1]).status_code == 404


def test_what_is_wrong_stands_beside_its_field(
    desk: TestClient, anna: Prisoner, service: Service
) -> None:
    path = f"/desk/catalogue/{anna.id}/cases"
    wrong = desk.post(path, data=CASE | {"sentence_months": "12", "verdict": "guilty"})
    assert wrong.status_code == 422
    assert "A sentence is for life, or so many months long." in words_on(wrong.text)
    assert "guilty" in wrong.text
    with service.database.read() as session:
        assert session.exec(select(Prosecution)).all() == []
