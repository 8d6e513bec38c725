"""Who may do what is published, and it is so."""

import re
from pathlib import Path

import pytest

from app.lifecycle import Role
from app.main import assemble
from app.pages.staff.home import DESKS, GROUPS
from app.service import Service
from tests.pages.doors import HEAD, measured
from tests.staffing import browser_of

# Doors are the same on both databases; that sessions and roles are found is tested on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


@pytest.mark.trust(12)
def test_every_route_opens_to_the_published_roles_alone(service: Service) -> None:
    published = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert published[0] == "| " + " | ".join(HEAD) + " |"
    assert published[1:] == measured(service)
    # A mistake behind a door is no open door: it would count as shut, and be missed here.
    assert all("/api/" in line or "yes" in line for line in published[1:])


def navigation(page: str) -> list[tuple[str, str]]:
    """(address, what is said of being there) of every link in the navigation of a page."""
    found = re.search(r'<nav class="desks".*?</nav>', page, re.DOTALL)
    assert found
    return re.findall(r'<li><a href="([^"]*)"(?: aria-current="(\w+)")?>', found[0])


@pytest.mark.trust(12)
@pytest.mark.parametrize("role", Role)
def test_the_navigation_offers_what_opens_and_nothing_else(service: Service, role: Role) -> None:
    with browser_of(assemble(service), service, role) as client:
        headings = navigation(client.get("/desk").text)
        pages = [client.get(href).text for href, _current in headings]
        offered = {href for page in pages for href, _current in navigation(page)}
        for _name, path, _roles in DESKS:
            assert (client.get(path).status_code == 200) == (path in offered), path


@pytest.mark.parametrize("role", Role)
def test_the_navigation_is_short_and_says_where_one_is(service: Service, role: Role) -> None:
    with browser_of(assemble(service), service, role) as client:
        for _name, path, _roles in DESKS:
            answer = client.get(path)
            if answer.status_code == 200:
                links = navigation(answer.text)
                assert len(links) <= len(GROUPS) + 3
                assert [href for href, current in links if current == "page"] == [path]


def test_overview_and_alarms_come_first_for_a_coordinator(service: Service) -> None:
    with browser_of(assemble(service), service, Role.COORDINATOR) as client:
        page = client.get("/desk/alarms").text
    links = navigation(page)
    assert [href for href, _current in links[len(GROUPS) :]] == [
        "/desk/overview",
        "/desk/alarms",
        "/desk",
    ]
    assert links[0] == ("/desk/overview", "true")
