"""Who may do what is published, and it is so."""

from pathlib import Path

import pytest

from app.lifecycle import Role
from app.main import assemble
from app.pages.home import DESKS
from app.service import Service
from tests.pages.doors import HEAD, measured
from tests.staffing import browser_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


@pytest.mark.trust(12)
def test_every_route_opens_to_the_published_roles_alone(service: Service) -> None:
    published = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert published[0] == "| " + " | ".join(HEAD) + " |"
    assert published[1:] == measured(service)
    # A mistake behind a door is no open door: it would count as shut, and be missed here.
    assert all("/api/" in line or "yes" in line for line in published[1:])


@pytest.mark.trust(12)
@pytest.mark.parametrize("role", Role)
def test_the_navigation_offers_what_opens_and_nothing_else(service: Service, role: Role) -> None:
    with browser_of(assemble(service), service, role) as client:
        page = client.get("/desk").text
        for _name, path, _roles in DESKS:
            offered = f'<li><a href="{path}"' in page
            assert (client.get(path).status_code == 200) == offered, path
