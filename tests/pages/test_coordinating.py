"""The coordinator's desk, as a browser meets it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main, moving
from app.lifecycle import Hold, Role, State
from app.models import Alarm, Letter, Notice, Posting
from app.service import Service
from tests.staffing import browser_of
from tests.world import make_letter, make_prisoner


@pytest.fixture
def coordinator(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


def letter_in(service: Service, state: State, **facts: object) -> str:
    with service.database.write() as session:
        row = make_prisoner(session)
        return make_letter(session, row, state, now=service.now(), **facts).id  # type: ignore[arg-type]


def state_of(service: Service, letter_id: str) -> tuple[str, str | None]:
    with service.database.read() as session:
        letter = session.get_one(Letter, letter_id)
        return letter.state, letter.held_reason


def test_every_number_of_the_dashboard_leads_to_its_list(
    service: Service, coordinator: TestClient
) -> None:
    with service.database.write() as session:
        row = make_prisoner(session)
        for state in State:
            make_letter(session, row, state, now=service.now(), email="greta@example.org")
        make_prisoner(session)
        held = make_letter(session, row, State.IN_REVIEW, now=service.now())
        moving.hold(session, held, Hold.SUSPECTED_ABUSE, moving.SYSTEM, service.now())
        session.add(Alarm(kind="count_drift", subject_id=row.id, created_at=service.now()))
    page = coordinator.get("/desk/overview").text
    assert "greta@example.org" not in page
    links = set(re.findall(r'href="(/desk/(?:letters|catalogue|alarms)[^"]*)"', page))
    assert {"/desk/letters?state=posted", "/desk/letters?held=suspected_abuse"} <= links
    assert {
        "/desk/catalogue?letters=none_picked",
        "/desk/letters?overdue=1",
        "/desk/alarms",
    } <= links
    for link in links:
        answer = coordinator.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "greta@example.org" not in answer.text
    assert "Together 16 letters." in page


def test_a_list_and_its_file_hold_the_same_letters(
    service: Service, coordinator: TestClient
) -> None:
    ids = [letter_in(service, State.POSTED) for _ in range(3)]
    letter_in(service, State.READY)
    page = coordinator.get("/desk/letters?state=posted").text
    assert all(letter_id in page for letter_id in ids)
    assert "3 letters" in page
    link = re.search(r'href="(/desk/letters\.csv[^"]*)"', page)
    assert link
    answer = coordinator.get(link[1])
    assert answer.headers["content-disposition"] == 'attachment; filename="list.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert all(",posted," in line for line in lines[1:])


def test_hold_and_release_with_a_reason(service: Service, coordinator: TestClient) -> None:
    letter_id = letter_in(service, State.IN_REVIEW)
    refused = coordinator.post(f"/desk/letters/{letter_id}/hold", data={"reason": ""})
    assert refused.status_code == 422
    assert "Choose a reason from the list." in refused.text
    page = coordinator.post(
        f"/desk/letters/{letter_id}/hold",
        data={"reason": "suspected_abuse", "note": "Reads like a threat."},
    )
    assert "Held: suspected abuse" in page.text
    assert "Reads like a threat." in page.text
    assert state_of(service, letter_id) == ("in_review", "suspected_abuse")
    page = coordinator.post(f"/desk/letters/{letter_id}/release", data={"note": "It is a song."})
    assert "The letter goes on." in page.text
    assert state_of(service, letter_id) == ("in_review", None)


def test_an_unclear_letter_was_posted_or_never(service: Service, coordinator: TestClient) -> None:
    posted, never = letter_in(service, State.UNKNOWN), letter_in(service, State.UNKNOWN)
    wrong = coordinator.post(
        f"/desk/letters/{posted}/posted",
        data={"posted_on": "2099-01-01", "country": "DE", "cost": "1,10", "currency": "EUR"},
    )
    assert wrong.status_code == 422
    assert "This day has not come yet." in wrong.text
    today = service.today().isoformat()
    coordinator.post(
        f"/desk/letters/{posted}/posted",
        data={"posted_on": today, "country": "de", "cost": "1,10", "currency": "EUR"},
    )
    assert state_of(service, posted)[0] == "posted"
    with service.database.read() as session:
        row = session.exec(select(Posting)).one()
        assert (row.cost_cents, row.country) == (110, "DE")
    coordinator.post(f"/desk/letters/{never}/never-posted")
    assert state_of(service, never)[0] == "ready"


def test_a_letter_comes_back_and_goes_out_again(service: Service, coordinator: TestClient) -> None:
    letter_id = letter_in(service, State.POSTED)
    page = coordinator.post(
        f"/desk/letters/{letter_id}/came-back", data={"returned": "moved", "note": "Stamp of ИК-5"}
    )
    assert state_of(service, letter_id)[0] == "returned"
    assert "moved to another place" in page.text
    page = coordinator.post(f"/desk/letters/{letter_id}/send-again")
    assert "laid out again" in page.text
    assert state_of(service, letter_id)[0] == "approved"


def test_what_the_life_does_not_know_is_refused(service: Service, coordinator: TestClient) -> None:
    letter_id = letter_in(service, State.IN_REVIEW)
    for step, data in (("came-back", {"returned": "moved"}), ("close", {}), ("never-posted", {})):
        answer = coordinator.post(f"/desk/letters/{letter_id}/{step}", data=data)
        assert answer.status_code in {404, 409}
    assert state_of(service, letter_id)[0] == "in_review"
    assert coordinator.get("/desk/letters/nobody").status_code == 404


def test_what_may_hurt_somebody_stands_above_what_is_newer(
    service: Service, coordinator: TestClient
) -> None:
    earlier = service.now() - timedelta(days=1)
    with service.database.write() as session:
        session.add(Alarm(kind="danger", subject_id="r" * 24, created_at=earlier))
        session.add(Alarm(kind="lost_file", subject_id="f" * 32, created_at=service.now()))
    page = coordinator.get("/desk/alarms").text
    assert page.index("A reply speaks of danger to life.") < page.index("A file is missing")


def test_alarms_are_settled_and_notices_sent_again(
    service: Service, coordinator: TestClient
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), email="greta@example.org")
        session.add(Alarm(kind="lost_file", subject_id="f" * 32, created_at=service.now()))
        session.add(
            Notice(
                kind="posted",
                correspondence_id=letter.correspondence_id,
                state="failed",
                attempts=9,
                trouble="SMTPRecipientsRefused 550",
            )
        )
    page = coordinator.get("/desk/alarms").text
    assert "A file is missing that a letter names." in page
    assert "greta@example.org" not in page
    settle = re.search(r'action="(/desk/alarms/\w+/settle)"', page)
    assert "1 notice did not go out" in page
    page = coordinator.get("/desk/alarms/notices").text
    assert "the letter is posted" in page
    assert "The mail server refuses the address." in page
    assert "SMTPRecipientsRefused" not in page
    assert "greta@example.org" not in page
    again = re.search(r'action="(/desk/notices/\w+/again)"', page)
    assert settle
    assert again
    assert "Every notice went out" in coordinator.post(again[1]).text
    page = coordinator.post(settle[1]).text
    assert "Nothing rings" in page
    with service.database.read() as session:
        notice = session.exec(select(Notice)).one()
        assert (notice.state, notice.attempts) == ("owed", 10)


@pytest.mark.trust(12)
@pytest.mark.parametrize("role", [Role.PRINTER, Role.REVIEWER, Role.CATALOGUE])
def test_only_coordinators_come_in(service: Service, role: Role) -> None:
    with browser_of(main.assemble(service), service, role) as browser:
        for path in (
            "/desk/overview",
            "/desk/letters",
            "/desk/letters.csv",
            "/desk/letters/posted",
            "/desk/answers",
            "/desk/answers.csv",
            "/desk/alarms",
            "/desk/alarms/notices",
        ):
            assert browser.get(path).status_code == 403
