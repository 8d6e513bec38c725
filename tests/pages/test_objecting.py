"""Objections: the public form, and the coordinator's decision."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.lifecycle import Hold, Role, State
from app.models import Letter, Objection
from app.service import Service
from tests.pages.agreeing import agree
from tests.staffing import browser_of
from tests.world import NOON, make_letter, make_prisoner

OBJECTION = {
    "about": "Анна Озерова",
    "relation": "family",
    "message": "Please stop.",
    "contact": "mother@example.org",
}


@pytest.mark.trust(75)
def test_posted_it_acts_on_the_next_request_and_can_be_reversed(
    service: Service, client: TestClient
) -> None:
    with service.database.write() as session:
        row = make_prisoner(session)
        waiting = make_letter(session, row, State.READY)
    link = re.search(r'href="(/objection\?person=[^"]+)"', client.get(f"/people/{row.slug}").text)
    assert link
    assert row.slug in client.get(link[1]).text
    thanks = client.post("/objection", data=OBJECTION)
    assert thanks.status_code == 200
    assert client.get(f"/people/{row.slug}").status_code == 404
    assert row.latin_name not in client.get("/people").text
    assert client.post(f"/people/{row.slug}/write").status_code == 404
    with service.database.read() as session:
        assert session.get_one(Letter, waiting.id).held_reason == Hold.OBJECTED

    with browser_of(main.assemble(service), service, Role.COORDINATOR) as coordinator:
        coordinator.follow_redirects = True
        assert "Somebody objects to a page" in coordinator.get("/desk/overview").text
        found = re.search(
            r'href="(/desk/objections/\w+)"', coordinator.get("/desk/objections").text
        )
        assert found
        page = coordinator.get(found[1]).text
        assert "Please stop." in page
        assert "mother@example.org" in page
        assert "Reversed." in agree(coordinator, found[1], {"decision": "reversed"}).text
        assert coordinator.post(found[1], data={"decision": "upheld"}).status_code == 409
        assert coordinator.post(found[1], data={"decision": "maybe"}).status_code == 422
        assert "Somebody objects" not in coordinator.get("/desk/overview").text
    assert client.get(f"/people/{row.slug}").status_code == 200
    with service.database.read() as session:
        assert session.get_one(Letter, waiting.id).held_reason is None


@pytest.mark.trust(75)
def test_nobody_learns_whether_somebody_is_here(service: Service, client: TestClient) -> None:
    with service.database.write() as session:
        make_prisoner(session)
        make_prisoner(
            session,
            surname="Скрытая",
            search_name="скрытая вера",
            hidden=True,
            published=False,
            eligible=False,
        )
    answers = {
        client.post("/objection", data={**OBJECTION, "about": about}).text
        for about in ("Анна Озерова", "Озерову Анну, 1985", "Вера Скрытая", "Никто Никтоев", "anna")
    }
    assert len(answers) == 1
    with service.database.read() as session:
        assert len(session.exec(select(Objection)).all()) == 5


def test_what_is_missing_is_told_and_the_rest_kept(client: TestClient) -> None:
    answer = client.post("/objection", data={**OBJECTION, "about": "", "relation": "boss"})
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Choose one of these." in answer.text
    assert "Please stop." in answer.text


def test_all_that_waits_can_be_reached_the_oldest_first(service: Service) -> None:
    with service.database.write() as session:
        for serial in range(101):
            row = Objection(
                sitting="s", relation="family", created_at=NOON + timedelta(minutes=serial)
            )
            row.about = f"Somebody {serial:03}"
            session.add(row)
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        pages = [browser.get(f"/desk/objections?page={page}").text for page in (1, 2, 3, 4)]
    listed = [re.findall(r"Somebody \d\d\d", page) for page in pages[:3]]
    assert [name for page in listed for name in page] == [
        f"Somebody {serial:03}" for serial in range(101)
    ]
    assert "101 objections" in pages[0]
    assert 'rel="next"' in pages[0]
    assert "Somebody 100" in pages[3]


@pytest.mark.trust(12)
def test_only_coordinators_decide(service: Service) -> None:
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as browser:
        assert browser.get("/desk/objections").status_code == 403
        assert browser.post("/desk/objections/x", data={"decision": "upheld"}).status_code == 403
