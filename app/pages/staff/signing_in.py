"""The door of the desks: sign in with name, password and one-time code; log out."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import LifelineError, TooManyRequests
from app.pages.shell.access import SIGN_IN, ServiceDep, cookie_name, signed_in
from app.pages.shell.forms import FormDep
from app.pages.shell.rendering import gettext_of, render
from app.staff import sessions, signing_in
from app.staff.signing_in import NotRecognised

router = APIRouter()


@router.get(SIGN_IN)
def ask(request: Request, service: ServiceDep, to: str = "") -> Response:
    """The form; whoever is signed in already goes on."""
    if signed_in(request, service) is not None:
        return RedirectResponse(desk_path(to), status_code=303)
    return render(request, "staff/sign_in.html", to=desk_path(to), pseudonym="", problems={})


@router.post(SIGN_IN)
def enter(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """A new session with a new id, in a cookie that scripts cannot read (row 44)."""
    name, to = form.text("name"), desk_path(form.text("to"))
    try:
        token = signing_in.sign_in(
            service.database, name, form.text("password"), form.text("code"), service.now()
        )
    except (NotRecognised, TooManyRequests) as error:
        return _again(request, error, name, to)
    _end_session(request, service)
    return give_cookie(RedirectResponse(to, status_code=303), service, token)


@router.post("/desk/log-out")
def log_out(request: Request, service: ServiceDep) -> Response:
    """The session is over for whoever has its cookie (row 45)."""
    _end_session(request, service)
    response = RedirectResponse(SIGN_IN, status_code=303)
    secure = service.settings.secure_cookies
    response.delete_cookie(
        cookie_name(secure), secure=secure, httponly=True, samesite="lax", path="/"
    )
    return response


def give_cookie(response: Response, service: ServiceDep, token: str) -> Response:
    """Set the session cookie: `__Host-` and Secure on https, for no script, for no other site."""
    secure = service.settings.secure_cookies
    response.set_cookie(
        cookie_name(secure), token, secure=secure, httponly=True, samesite="lax", path="/"
    )
    return response


def desk_path(to: str) -> str:
    """`to` where it is a desk of ours, else the first page of the desks (no open redirects)."""
    parts = urlsplit(to)
    clean = not parts.scheme and not parts.netloc and "\\" not in to and to.isprintable()
    return to if clean and (to == "/desk" or to.startswith("/desk/")) else "/desk"


def _again(request: Request, error: LifelineError, name: str, to: str) -> Response:
    _ = gettext_of(request)
    response = render(
        request,
        "staff/sign_in.html",
        status=error.status,
        to=to,
        pseudonym=name,
        problems={"name": _(str(error))},
    )
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _end_session(request: Request, service: ServiceDep) -> None:
    token = request.cookies.get(cookie_name(service.settings.secure_cookies), "")
    if token:
        with service.database.write() as session:
            sessions.end(session, token)
