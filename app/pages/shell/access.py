"""Who is asking: the service, whoever is signed in, and the door of every desk.

    def queue(request: Request, service: ServiceDep, staff: ReviewerDep) -> Response: ...
    ReviewerDep = Annotated[SignedIn, Depends(require(Role.REVIEWER))]

Name the door before the form in a handler's parameters: a stranger's body is then never read.
"""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.requests import Request

from app.errors import Forbidden, LifelineError
from app.lifecycle import Role
from app.pages.shell.origins import CHANGING
from app.service import Service
from app.staff import sessions
from app.staff.sessions import SignedIn

SIGN_IN = "/sign-in"

__all__ = [
    "SIGN_IN",
    "CatalogueDep",
    "CoordinatorDep",
    "ServiceDep",
    "SignInFirst",
    "SignedIn",
    "SignedInDep",
    "catalogue_door",
    "coordinator_door",
    "may",
    "require",
]


class SignInFirst(LifelineError):
    """Nobody is signed in; `path` is where the sign-in page is."""

    status = 401

    def __init__(self, path: str) -> None:
        super().__init__("Sign in first.")
        self.path = path


async def service_of(request: Request) -> Service:
    """The open service of this process. Async, because it never waits: no thread is needed."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(service_of)]


def may(staff: SignedIn, *roles: Role) -> bool:
    """Whether one of `roles` opens this to `staff`: admins all, coordinators all but ADMIN's."""
    if Role.ADMIN in staff.roles or not staff.roles.isdisjoint(roles):
        return True
    return Role.COORDINATOR in staff.roles and set(roles) != {Role.ADMIN}


def require(*roles: Role) -> Callable[[Request, ServiceDep], SignedIn]:
    """A dependency that returns who is signed in and has one of `roles` (none: anybody of staff).

    Roles are read anew on each request, so that disabling and demoting act at once (row 15).
    Raises `SignInFirst` (answered by a redirect) and `Forbidden`.
    """

    def door(request: Request, service: ServiceDep) -> SignedIn:
        staff = signed_in(request, service)
        if staff is None:
            raise SignInFirst(_sign_in_path(request))
        if roles and not may(staff, *roles):
            raise Forbidden(
                "Your account does not reach this page. Ask a coordinator for the role."
            )
        return staff

    return door


SignedInDep = Annotated[SignedIn, Depends(require())]
catalogue_door = require(Role.CATALOGUE)
CatalogueDep = Annotated[SignedIn, Depends(catalogue_door)]
coordinator_door = require(Role.COORDINATOR)
"""Who may be written to is decided by a coordinator; whoever keeps the catalogue prepares it."""
CoordinatorDep = Annotated[SignedIn, Depends(coordinator_door)]


def signed_in(request: Request, service: Service) -> SignedIn | None:
    """Whoever the session cookie belongs to; kept on the request, so that it is read once."""
    if hasattr(request.state, "signed_in"):
        known: SignedIn | None = request.state.signed_in
        return known
    token = request.cookies.get(cookie_name(service.settings.secure_cookies), "")
    staff = None
    if token:
        with service.database.read() as session:
            staff = sessions.find(session, token, service.now())
        if staff and request.method in CHANGING and staff.idle_since_long(service.now()):
            with service.database.write() as session:
                sessions.touch(session, token, service.now())
    request.state.signed_in = staff
    return staff


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this host over https; on loopback http it cannot be used."""
    return "__Host-session" if secure else "session"


def _sign_in_path(request: Request) -> str:
    if request.method != "GET" or request.url.path == "/desk":
        return SIGN_IN
    return f"{SIGN_IN}?{urlencode({'to': request.url.path})}"
