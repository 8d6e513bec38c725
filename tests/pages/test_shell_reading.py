"""Looking changes nothing: every page is opened, by everybody, and the rows stay as they were."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.lifecycle import Role, State
from app.main import assemble
from app.models import Reply
from app.service import Service
from tests.pages.doors import routes
from tests.staffing import browser_of
from tests.stored import every_row
from tests.world import make_facility, make_letter, make_prisoner, make_return_address

AUDIT = {"read_record"}
"""Who read what is written down: that is the one thing reading leaves behind."""
MOST = 300  # pages


def fill(service: Service) -> None:
    """A letter in every state, to people in two places, and a reply nobody knows."""
    with service.database.write() as session:
        make_return_address(session)
        places = [make_facility(session), make_facility(session, name_ru="ФКУ СИЗО-1")]
        for number, state in enumerate(State):
            person = make_prisoner(session, places[number % 2])
            make_letter(session, person, state, now=service.now())
        session.add(Reply(received_on=date(2026, 11, 20)))


def links(page: str, here: str) -> Iterator[str]:
    """Every address of ours that a page leads to."""
    for found in re.findall(r'(?:href|src)="([^"#]+)', page):
        there = urlsplit(urljoin(here, unescape(found)))
        if there.netloc == urlsplit(here).netloc and not there.path.startswith("/static/"):
            yield there.path + (f"?{there.query}" if there.query else "")


def crawl(client: TestClient, own: str) -> dict[str, Response]:
    """Open everything that can be reached; path → answer."""
    seen: dict[str, Response] = {}
    waiting = [path for method, path in routes() if method == "GET" and "{" not in path]
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        answer = client.get(path)
        seen[path] = answer
        if "text/html" in answer.headers.get("content-type", ""):
            waiting += links(answer.text, own + path)
    return seen


def foreign(seen: dict[str, Response], own: str) -> set[tuple[str, str]]:
    """(path, address) of everything on these pages that leads to somebody else."""
    return {
        (path, found)
        for path, answer in seen.items()
        for found in re.findall(r'(?:href|src|action|formaction)="([^"]+)"', answer.text)
        if urlsplit(urljoin(own, unescape(found))).netloc != urlsplit(own).netloc
    }


@pytest.mark.trust(26, 47)
@pytest.mark.parametrize("role", [None, Role.TRANSLATOR, Role.PRINTER, Role.ADMIN], ids=str)
def test_opening_every_page_changes_no_row_and_every_address_is_ours(
    service: Service, role: Role | None
) -> None:
    fill(service)
    own = service.settings.public_url
    with browser_of(assemble(service), service, *([role] if role else [])) as client:
        before = every_row(service.database)
        seen = crawl(client, own)
        after = every_row(service.database)
    assert len(seen) > (40 if role is Role.ADMIN else 8)
    failed = {path: answer.status_code for path, answer in seen.items() if answer.is_server_error}
    assert failed == {"/health/ready": 503}, "no worker runs here"
    changed = {name for name in before if before[name] != after[name]} - AUDIT
    assert changed == set()
    assert foreign(seen, own) == set()
