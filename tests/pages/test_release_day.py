"""The day of release at the desk: typed, confirmed, told by whom and when, kept in merging."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.lifecycle import Role
from app.models import Prisoner, Prosecution
from app.service import Service
from tests.pages.test_catalogue import NEW
from tests.pages.test_merging import BUTTON, same
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import NOON, make_prisoner

DAY = "2026-12-10"


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


def day_known(service: Service) -> str:
    with service.database.read() as session:
        return str(session.exec(select(Prisoner)).one().release_on)


def typed_in(page: str) -> str:
    """What stands in the field of the form."""
    field = re.search(r'<input[^>]*name="release_on"[^>]*>', page)
    assert field
    value = re.search(r'value="([^"]*)"', field[0])
    return value[1] if value else ""


def test_typed_changed_and_told_in_the_history(service: Service, desk: TestClient) -> None:
    desk.post("/desk/catalogue", data=NEW | {"release_on": DAY})
    with service.database.read() as session:
        row = session.exec(select(Prisoner)).one()
    path = f"/desk/catalogue/{row.id}"
    page = words_on(desk.get(path).text)
    assert "Release 10 December 2026" in page
    assert "day of release entered by one of us" in page
    form = desk.get(f"{path}/edit").text
    assert typed_in(form) == DAY
    page = words_on(desk.post(f"{path}/edit", data=NEW | {"release_on": "2027-01-31"}).text)
    assert "Release 31 January 2027" in page
    assert "day of release: 10 Dec 2026 → 31 Jan 2027" in page
    desk.post(f"{path}/edit", data=NEW | {"release_on": ""})
    assert day_known(service) == "None"


@pytest.mark.parametrize("typed", ["0026-12-10", "1936-12-10", "2226-12-10", "soon"])
def test_a_day_that_cannot_be_right_is_given_back(desk: TestClient, typed: str) -> None:
    answer = desk.post("/desk/catalogue", data=NEW | {"release_on": typed})
    assert answer.status_code == 422
    assert 'id="release_on-error"' in answer.text
    assert typed_in(answer.text) == typed


def test_what_was_learned_while_confirming_is_kept(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        row = make_prisoner(session)
        case = Prosecution(prisoner_id=row.id, started_on=NOON.date(), sentence_months=24)
        session.add(case)
    path = f"/desk/catalogue/{row.id}"
    page = words_on(desk.get(f"{path}/confirm").text)
    assert "Left empty: about November 2028, by the length of the sentence." in page
    assert "Release about November 2028, by the length of the sentence" in words_on(
        desk.get(path).text
    )
    said = {
        "custody_confirmed_on": "2026-11-22",
        "wants_letters": "yes",
        "wish_source": "her letter",
        "wish_date": "2026-05-01",
        "dative_name": row.dative_name,
    }
    page = words_on(desk.post(f"{path}/confirm", data=said | {"release_on": DAY}).text)
    assert "Release 10 December 2026" in page
    assert typed_in(desk.get(f"{path}/confirm").text) == DAY
    desk.post(f"{path}/confirm", data=said)
    assert day_known(service) == DAY, "who does not speak of the day takes nothing back"
    desk.post(f"{path}/confirm", data=said | {"release_on": ""})
    assert day_known(service) == "None"


def test_of_two_records_the_one_that_knows_the_day_tells_it(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        kept = make_prisoner(session)
        other = make_prisoner(
            session, release_on=NOON.date().replace(month=12), provenance={"release_on": "list"}
        )
    page = desk.post(same(kept, other)).text
    assert "Day of release" in page
    assert "22 December 2026" in page
    shown = BUTTON.search(page)
    assert shown
    desk.post(same(kept, other), data={"shown": shown[1]})
    with service.database.read() as session:
        row = session.exec(select(Prisoner)).one()
    assert (row.id, str(row.release_on)) == (kept.id, "2026-12-22")
    assert row.provenance["release_on"] == "list"
