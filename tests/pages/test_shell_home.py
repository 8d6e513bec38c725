"""The first page of the desks: what waits, for whom, and since when."""

import re
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app import moving
from app.lifecycle import Hold, Role, State
from app.main import assemble
from app.models import Reply
from app.moving import SYSTEM
from app.service import Service
from mailing import email
from tests.conftest import Clock
from tests.staffing import browser_of
from tests.world import make_letter, make_prisoner


def waiting(client: TestClient) -> dict[str, tuple[str, ...]]:
    """Queue → (how many, the age of the oldest, how many past their day)."""
    rows = re.findall(r'<tr role="row">(.*?)</tr>', client.get("/desk").text, re.DOTALL)
    found = {}
    for row in rows[1:]:
        cells = re.findall(r'class="cell-content"[^>]*>(.*?)</td>', row, re.DOTALL)
        name, *numbers = (unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells)
        found[name] = tuple(numbers)
    return found


@pytest.fixture
def filled(service: Service, clock: Clock) -> Service:
    """Letters in every state, one of them held, and a reply in the holding pen; a week ago."""
    with service.database.write() as session:
        for state in (*State, State.IN_REVIEW):
            make_letter(session, make_prisoner(session), state, now=service.now())
        held = make_letter(session, make_prisoner(session), State.READY, now=service.now())
        moving.hold(session, held, Hold.NO_ADDRESS, SYSTEM, service.now())
        session.add(Reply(received_on=date(2026, 11, 20), state_since=service.now()))
    clock.forward(days=7)
    return service


def test_each_role_sees_what_waits_for_it(filled: Service) -> None:
    app = assemble(filled)
    expected = {
        Role.TRANSLATOR: {"Letters to translate": ("1", "7 days", "1")},
        Role.REVIEWER: {"Letters to review": ("2", "7 days", "2")},
        Role.SCANNER: {"Replies without a letter": ("1", "7 days", "0")},
        Role.CATALOGUE: {},
        Role.PRINTER: {
            "Letters to print": ("1", "7 days", "0"),
            "Letters in a batch, to be printed": ("1", "7 days", "0"),
            "Printed letters to post": ("1", "7 days", "0"),
        },
    }
    for role, queues in expected.items():
        with browser_of(app, filled, role) as client:
            assert waiting(client) == queues, role


def test_a_coordinator_sees_every_queue(filled: Service) -> None:
    with browser_of(assemble(filled), filled, Role.COORDINATOR) as client:
        queues = waiting(client)
    assert {"Letters that came back", "Letters to review", "Replies without a letter"} <= set(
        queues
    )
    assert len(queues) == 8


def test_when_nothing_waits_it_says_so(service: Service) -> None:
    with browser_of(assemble(service), service, Role.REVIEWER) as client:
        assert "Nothing waits for you right now" in client.get("/desk").text


def test_mail_that_went_nowhere_can_be_looked_at_in_the_demonstration(service: Service) -> None:
    settings = service.settings.model_copy(update={"demonstration": True})
    service = Service(settings, service.database, service.vault, service.clock)
    with browser_of(assemble(service), service, Role.COORDINATOR) as client:
        assert "No mail yet" in client.get("/desk/outbox").text
        message = email.build(
            "Post <post@localhost>",
            "greta@example.org",
            "There is news",
            "There is news for you. <script>",
            "<1@localhost>",
            service.now(),
        )
        email.send(message, (service.settings.data_dir / "outbox").as_uri())
        page = client.get("/desk/outbox").text
    assert "greta@example.org" in page
    assert "There is news for you. &lt;script&gt;" in page


def test_a_real_installation_says_how_many_notices_wait_for_a_mail_server(
    service: Service,
) -> None:
    with browser_of(assemble(service), service, Role.COORDINATOR) as client:
        assert "No notice waits for it yet" in client.get("/desk/outbox").text
        with service.database.write() as session:
            letter = make_letter(session, make_prisoner(session), email="greta@example.org")
            moving.owe_notice(session, letter.correspondence_id, "posted", service.now())
        page = client.get("/desk/outbox").text
    assert "One notice waits for it" in page
    assert "greta@example.org" not in page


def test_with_a_mail_server_there_is_no_outbox(service: Service) -> None:
    settings = service.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:25"})
    served = Service(settings, service.database, service.vault, service.clock)
    with browser_of(assemble(served), served, Role.COORDINATOR) as client:
        assert "/desk/outbox" not in client.get("/desk").text
        assert client.get("/desk/outbox").status_code == 404
