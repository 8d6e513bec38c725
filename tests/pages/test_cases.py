"""The form of a case, at the catalogue's desk."""

import re
from collections.abc import Iterator
from datetime import date

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


def test_everything_a_list_tells_of_a_case_is_shown_and_can_be_changed(
    desk: TestClient, service: Service, anna: Prisoner
) -> None:
    with service.database.write() as session:
        case = Prosecution(
            prisoner_id=anna.id,
            source="ovdinfo",
            source_id="c7",
            city="Киров",
            restraint="СИЗО",
            occupation="учитель химии",
            ended_year=2025,
            first_verdict_on=date(2024, 2, 6),
        )
        session.add(case)
    path = f"/desk/catalogue/{anna.id}"
    seen = words_on(desk.get(path).text)
    for told in (
        "Kirov",
        "СИЗО",
        "first verdict on 6 Feb 2024",
        "ended in 2025",
        "occupation: учитель химии",
        "source: ovdinfo",
    ):
        assert told in seen
    form = desk.get(f"{path}/cases/{case.id}").text
    for value in ("Киров", "СИЗО", "учитель химии", "2025", "2024-02-06"):
        assert f'value="{value}"' in form
    assert 'name="source"' not in form
    typed = {
        "city": "Слободской",
        "restraint": "домашний арест",
        "occupation": "химик",
        "ended_year": "2026",
        "first_verdict_on": "2024-03-07",
        "source": "somebody",
    }
    changed = desk.post(f"{path}/cases/{case.id}", data=typed, follow_redirects=True)
    assert "town: Киров → Слободской" in words_on(changed.text)
    with service.database.read() as session:
        kept = session.get_one(Prosecution, case.id)
    assert {name: str(getattr(kept, name)) for name in typed} == typed | {"source": "ovdinfo"}


def test_the_source_of_a_case_that_one_of_us_entered(
    desk: TestClient, service: Service, anna: Prisoner
) -> None:
    path = f"/desk/catalogue/{anna.id}"
    assert 'name="source"' in desk.get(f"{path}/cases/new").text
    desk.post(f"{path}/cases", data=CASE | {"source": "A letter of her sister"})
    assert "source: A letter of her sister" in words_on(desk.get(path).text)
    with service.database.read() as session:
        case = session.exec(select(Prosecution)).one()
    assert 'value="A letter of her sister"' in desk.get(f"{path}/cases/{case.id}").text


def test_a_case_does_not_end_before_it_begins(desk: TestClient, anna: Prisoner) -> None:
    path = f"/desk/catalogue/{anna.id}/cases"
    for late in ({"ended_year": "2022"}, {"first_verdict_on": "2022-05-06"}):
        wrong = desk.post(path, data=CASE | late)
        assert wrong.status_code == 422
        assert "The case cannot end before it begins." in words_on(wrong.text)


def test_an_occupation_is_proposed_where_no_profession_is_known(service: Service) -> None:
    with service.database.write() as session:
        person = make_prisoner(session, profession_en="", profession_ru="")
        known = make_prisoner(session, profession_en="nurse", profession_ru="медсестра")
        for row in (person, known):
            session.add(Prosecution(prisoner_id=row.id, occupation="учитель химии"))
    with browser_of(assemble(service), service, Role.COORDINATOR) as desk:
        page = desk.get(f"/desk/catalogue/{person.id}/confirm").text
        assert "A list tells of an occupation: учитель химии." in words_on(page)
        propose = f"/desk/catalogue/{person.id}/edit?propose=occupation"
        assert f'href="{propose}"' in page
        assert 'value="учитель химии"' in desk.get(propose).text
        assert "occupation" not in desk.get(f"/desk/catalogue/{known.id}/confirm").text
        path = f"/desk/catalogue/{known.id}/edit?propose=occupation"
        assert "учитель химии" not in desk.get(path).text
