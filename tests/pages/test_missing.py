"""Whom a list does not name any more: coordinators are asked until somebody says what happened."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app import main
from app.lifecycle import Role, State
from app.models import ImportRun, Prisoner, SourceId
from app.queries.missing import missing
from app.service import Service
from tests.importing.bringing import VERA, bring_in
from tests.pages.agreeing import agree
from tests.pages.test_catalogue_lists import csv_beside, table
from tests.staffing import browser_of
from tests.world import make_letter, make_prisoner

LOST = date(2026, 11, 3)
PATH = "/desk/catalogue/doubtful?kind=missing"


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


def lose(session: Session, person: Prisoner, key: str = "p1", **facts: Any) -> None:
    about = {"source": "list", "subject": "prisoner", "key": key, "gone_on": LOST, **facts}
    session.add(SourceId(target_id=person.id, **about))
    session.flush()


def test_whoever_a_list_leaves_out_is_asked_about_until_somebody_answers(
    service: Service, desk: TestClient
) -> None:
    anna = VERA | {"person_id": "p2", "name_ru": "Ручьёва Анна Ильинична", "name_en": "Anna"}
    bring_in(service, [VERA, anna])
    assert table(desk.get(PATH).text) == []
    bring_in(service, [anna])
    bring_in(service, [anna])  # the lines of the first reading are gone, the question is not
    page = desk.get(PATH).text
    assert [row[0].split()[0] for row in table(page)] == ["Полевая"]
    assert "Missing in OVD-Info since 22 Nov 2026" in page
    with service.database.read() as session:
        (vera,) = missing(session)
    own = desk.get(f"/desk/catalogue/{vera}").text
    assert "Missing in OVD-Info since 22 Nov 2026" in own
    assert f'href="/desk/catalogue/{vera}/left"' in own

    answer = {"source": "ovdinfo", "back": "list"}
    assert table(desk.post(f"/desk/catalogue/{vera}/still-there", data=answer).text) == []
    own = desk.get(f"/desk/catalogue/{vera}").text
    assert "Missing in OVD-Info" not in own
    assert "n prison still, though a list does not name them any more" in own
    bring_in(service, [anna])
    assert table(desk.get(PATH).text) == []  # the answer is kept

    bring_in(service, [VERA, anna])
    gone = desk.post(f"/desk/catalogue/{vera}/still-there", data=answer)
    assert gone.status_code == 409  # the list names her again


OLD = {"source": "list", "since": "2026-11-03"}


def test_lost_once_more_it_is_asked_once_more(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        person = make_prisoner(session)
        lose(session, person)
    desk.post(f"/desk/catalogue/{person.id}/still-there", data={"source": "list"})
    assert table(desk.get(PATH).text) == []
    with service.database.write() as session:
        session.get_one(SourceId, ("list", "prisoner", "p1")).gone_on = date(2026, 11, 20)
    page = desk.get(PATH).text
    assert "Missing in list since 20 Nov 2026" in page
    old = desk.post(f"/desk/catalogue/{person.id}/still-there", data=OLD)
    assert old.status_code == 409  # this loss was not on that page
    now = OLD | {"since": "2026-11-20"}
    assert desk.post(f"/desk/catalogue/{person.id}/still-there", data=now).status_code == 200


def test_whoever_is_free_meanwhile_is_not_called_still_there(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        person = make_prisoner(session)
        lose(session, person)
        person.status = "released"
    old = desk.post(f"/desk/catalogue/{person.id}/still-there", data=OLD)
    assert old.status_code == 409
    assert "still, though a list does not name" not in desk.get(f"/desk/catalogue/{person.id}").text


def test_those_with_letters_under_way_come_first_and_say_how_many(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        session.add(ImportRun(source="list", label="The List"))
        for surname, letters in (("Без", 0), ("Два", 2), ("Одна", 1)):
            person = make_prisoner(session, surname=surname)
            lose(session, person, key=surname)
            for _ in range(letters):
                make_letter(session, person, State.IN_REVIEW)
            make_letter(session, person, State.POSTED)
    page = desk.get("/desk/catalogue/doubtful").text
    rows = table(page)
    assert [row[0].split()[0] for row in rows] == ["Два", "Одна", "Без"]
    assert "2 letters under way" in rows[0][-1]
    assert "1 letter under way" in rows[1][-1]
    assert "under way" not in rows[2][-1]
    assert csv_beside(desk, page)[0].startswith("The List,2026-11-03,2,")


def test_nobody_is_asked_about_without_need(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        free = make_prisoner(session, status="released")
        twice = make_prisoner(session, surname="Дважды")
        lose(session, free, key="free")
        lose(session, twice, key="old id")
        lose(session, twice, key="new id", gone_on=None)
        assert missing(session) == {}
        lose(session, twice, key="other list", source="another")
        assert [each.source for each in missing(session)[twice.id]] == ["another"]
    assert desk.post(f"/desk/catalogue/{free.id}x/still-there", data={}).status_code == 404
    wrong = desk.post(f"/desk/catalogue/{twice.id}/still-there", data={"source": "nowhere"})
    assert wrong.status_code == 409


def test_whoever_left_is_asked_about_no_more(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        person = make_prisoner(session)
        lose(session, person)
    typed = {"status": "released", "on": "2026-11-20"}
    agree(desk, f"/desk/catalogue/{person.id}/left", typed)
    assert table(desk.get(PATH).text) == []
