"""The first page of the desks: what waits for whoever is signed in, and the way to every desk."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.lifecycle import Role
from app.locale import N_
from app.pages.access import ServiceDep, SignedIn, SignedInDep, may
from app.pages.frames import Desk, DeskLink
from app.pages.rendering import gettext_of, render

router = APIRouter()

DESKS: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    (N_("Overview"), "/desk", ()),
    (N_("Translate"), "/desk/translating", (Role.TRANSLATOR,)),
    (N_("Review"), "/desk/reviewing", (Role.REVIEWER,)),
    (N_("Print and post"), "/desk/posting", (Role.PRINTER,)),
    (N_("Replies"), "/desk/replying", (Role.SCANNER, Role.TRANSLATOR, Role.REVIEWER)),
    (N_("Prisoners"), "/desk/prisoners", (Role.CATALOGUE,)),
    (N_("Places"), "/desk/places", (Role.CATALOGUE,)),
    (N_("Letters"), "/desk/letters", (Role.COORDINATOR,)),
    (N_("Dashboard"), "/desk/dashboard", (Role.COORDINATOR,)),
    (N_("Volunteers"), "/desk/people", (Role.COORDINATOR,)),
    (N_("My account"), "/desk/account", ()),
)
"""Every desk: its name, its path, and the roles that open it (none: everybody of staff)."""


@router.get("/desk")
def overview(request: Request, service: ServiceDep, staff: SignedInDep) -> Response:
    """What waits for this person, by desk."""
    return render(request, "staff/home.html")


def desk_of(request: Request) -> Mapping[str, Any]:
    """The name `desk` for every page shown to somebody who is signed in."""
    staff: SignedIn | None = getattr(request.state, "signed_in", None)
    if staff is None:
        return {}
    _ = gettext_of(request)
    path = request.url.path
    here = {route.path for route in request.app.routes if isinstance(route, Route)}
    open_to_them = [
        (name, href)
        for name, href, roles in DESKS
        if href in here and (not roles or may(staff, *roles))
    ]
    current = max(
        (href for _name, href in open_to_them if f"{path}/".startswith(f"{href}/")),
        key=len,
        default="",
    )
    links = [DeskLink(_(name), href, current=href == current) for name, href in open_to_them]
    return {"desk": Desk(staff.pseudonym, links)}
