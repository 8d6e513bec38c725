"""What is written down of visitors: nothing that tells who they are."""

import re

import httpx
import pytest
from fastapi.testclient import TestClient

from app.lifecycle import Role
from app.service import Service
from app.settings import Settings
from tests.serving import Lifeline
from tests.staffing import enter, make_account
from tests.stored import everything

AGENT = "Marker-Agent-4711"
ADDRESS = "203.0.113.99"
MARKERS = {
    "User-Agent": AGENT,
    "X-Forwarded-For": ADDRESS,
    "X-Real-IP": ADDRESS,
    "Forwarded": f"for={ADDRESS}",
    "Accept-Language": "de-marker",
    "Referer": "https://marker.example/from",
    "Cookie": "marker=cookie-4711",
}
SECRETS = (AGENT, ADDRESS, "de-marker", "marker.example", "cookie-4711", "query-4711", "typed-4711")


@pytest.mark.trust(18)
@pytest.mark.trust(49)
def test_neither_log_nor_database_knows_who_came(
    live_server: Lifeline, process_settings: dict[str, str], settings: Settings
) -> None:
    with httpx.Client(base_url=live_server.url, headers=MARKERS) as visitor:
        for path in ("/", "/sign-in?to=query-4711", "/no/query-4711", "/api/v1/x?q=query-4711"):
            visitor.get(path)
        visitor.post("/sign-in", data={"name": "typed-4711", "password": "typed-4711", "code": "1"})
        visitor.post("/write", data={"text": "typed-4711"})
        visitor.post("/letter", data={"code": "typed-4711"})
    live_server.stop()
    written = live_server.printed()
    assert '"route": "/sign-in"' in written
    assert '"status": 404' in written
    found = [secret for secret in SECRETS if secret in written]
    assert found == []
    assert not re.search(r"\b127\.0\.0\.1:\d{4,5} -", written), "no access log of the server"
    content = everything(settings)
    assert [secret for secret in SECRETS if secret.encode() in content] == []


@pytest.mark.trust(18)
def test_nothing_is_stored_of_whoever_signs_in(
    service: Service, settings: Settings, client: TestClient
) -> None:
    maria = make_account(service, Role.PRINTER)
    client.headers.update({"User-Agent": AGENT, "X-Forwarded-For": ADDRESS})
    assert enter(client, maria, service.now()).status_code == 303
    content = everything(settings)
    assert AGENT.encode() not in content
    assert ADDRESS.encode() not in content
