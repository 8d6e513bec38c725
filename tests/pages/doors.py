"""Which door opens to whom, measured on the application itself."""

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Route

from app.lifecycle import Role
from app.main import API, PAGES, assemble
from app.pages.public import visiting
from app.service import Service
from tests.staffing import browser_of, make_account, sign_in

HEAD = ("route", "stranger", *Role)
OPEN, SHUT = "yes", "–"


def routes() -> Iterator[tuple[str, str]]:
    """Every method and path of the application."""
    every = [*visiting.routes, *(route for router in (*PAGES, *API) for route in router.routes)]
    for route in sorted(every, key=lambda route: route.path):  # type: ignore[attr-defined]
        assert isinstance(route, APIRoute | Route)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path


def measured(service: Service) -> list[str]:
    """The table, one line a route: knocked at with every role, and as a stranger."""
    app = assemble(service)
    staff = {role: make_account(service, role) for role in Role}
    table = []
    with browser_of(app, service) as client:
        for method, path in routes():
            marks = [OPEN if opens(client, method, path) else SHUT]
            for role in Role:
                sign_in(client, service, staff[role].id)
                marks.append(OPEN if opens(client, method, path) else SHUT)
                client.cookies.clear()
            table.append("| " + " | ".join([f"`{method} {path}`", *marks]) + " |")
    return table


def opens(client: TestClient, method: str, path: str) -> bool:
    """Whether somebody gets past the door, whatever is behind it."""
    somewhere = re.sub(r"\{(\w+)\}", lambda name: "1" if name[1] == "page" else "0" * 24, path)
    answer = client.request(method, somewhere)
    led_to_the_door = answer.headers.get("location", "").startswith("/sign-in")
    return answer.status_code not in {401, 403, 500} and not (
        led_to_the_door and path != "/desk/log-out"
    )
