"""Choosing somebody: search by name in either alphabet, read about them, write to them."""

import secrets

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.journey import pairing
from app.locale import N_
from app.pages.access import ServiceDep
from app.pages.rendering import render
from app.queries import choosing

router = APIRouter()

KINDS = {
    "remand_prison": N_("remand prison"),
    "penal_colony": N_("penal colony"),
    "strict_colony": N_("strict-regime penal colony"),
    "prison": N_("prison"),
    "colony_settlement": N_("colony settlement"),
    "hospital": N_("prison hospital"),
    "juvenile": N_("colony for young people"),
}
LONGEST_QUERY = 100


@router.get("/people")
def people(request: Request, service: ServiceDep, q: str = "", page: int = 1) -> Response:
    """Everybody who may be written to, by name."""
    query = q.replace("\0", "")[:LONGEST_QUERY].strip()
    with service.database.read() as session:
        found = choosing.find_people(session, query, page)
    return render(request, "choosing/people.html", query=query, found=found, kinds=KINDS)


@router.get("/people/{slug}")
def person(request: Request, service: ServiceDep, slug: str) -> Response:
    """One person, as they wish to be known."""
    with service.database.read() as session:
        found = choosing.person_by_slug(session, slug)
    return render(request, "choosing/person.html", person=found, kinds=KINDS)


@router.post("/people/{slug}/write")
def write_to(service: ServiceDep, slug: str) -> Response:
    """Reserve this very person, and go to the form."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as session:
        chosen = choosing.person_by_slug(session, slug)
        pairing.reserve_chosen(
            session, token, chosen.id, pairing.Rules.of(service.settings), now=service.now()
        )
    return RedirectResponse(f"/write/{token}", 303)
