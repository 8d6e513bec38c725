"""My account: what others may know of me, my password, my second factor."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import Invalid, TooManyRequests
from app.locale import N_
from app.moving import by_staff
from app.pages.shell.access import ServiceDep, SignedIn, SignedInDep
from app.pages.shell.forms import FormDep
from app.pages.shell.rendering import gettext_of, render
from app.pages.staff.accounts import ROLE_NAMES, qr_code
from app.pages.staff.signing_in import give_cookie
from app.staff import accounts, passwords, sessions, signing_in
from app.staff.accounts import Keys
from app.staff.signing_in import NotRecognised

router = APIRouter(prefix="/desk/account")
SECRET = re.compile(r"[A-Z2-7]{32}")


@router.get("")
def account(request: Request, service: ServiceDep, staff: SignedInDep) -> Response:
    """What is known of me, and the ways to change it."""
    return _account(request, service, staff, {}, 200)


@router.post("")
def describe(request: Request, service: ServiceDep, staff: SignedInDep, form: FormDep) -> Response:
    """Country, town, languages, contact; none but the country is required."""
    try:
        with service.database.write() as session:
            accounts.describe(
                session,
                staff.staff_id,
                country=form.text("country"),
                town=form.text("town"),
                languages=form.text("languages"),
                contact=form.text("contact"),
            )
    except Invalid as error:
        return _account(request, service, staff, error.problems, 422)
    return RedirectResponse("/desk/account", status_code=303)


@router.post("/password")
def change_password(
    request: Request, service: ServiceDep, staff: SignedInDep, form: FormDep
) -> Response:
    """A new password of one's own; every other device is signed out."""
    new = form.text("new")
    problem = passwords.problem_with(new, staff.pseudonym)
    if problem:
        return _account(request, service, staff, {"new": problem}, 422)
    try:
        signing_in.confirm(
            service.database,
            staff.staff_id,
            form.text("password"),
            form.text("code"),
            service.now(),
        )
    except (NotRecognised, TooManyRequests) as error:
        return _account(request, service, staff, {"password": str(error)}, error.status)
    return _with_keys(service, staff, password_hash=passwords.hashed(new))


@router.get("/second-factor")
def ask_second_factor(request: Request, staff: SignedInDep) -> Response:
    """A secret by chance; nothing is kept until a code of it was typed."""
    return _second_factor(request, staff, accounts.new_keys().totp_secret, {}, 200)


@router.post("/second-factor")
def change_second_factor(
    request: Request, service: ServiceDep, staff: SignedInDep, form: FormDep
) -> Response:
    """The new secret counts once its code, the password and an old code are right."""
    secret, now = form.text("secret"), service.now()
    if not SECRET.fullmatch(secret):
        return RedirectResponse("/desk/account/second-factor", status_code=303)
    if signing_in.matching_step(secret, form.text("new_code"), now) is None:
        problems = {"new_code": N_("This is not the code that the new entry shows now.")}
        return _second_factor(request, staff, secret, problems, 422)
    try:
        signing_in.confirm(
            service.database, staff.staff_id, form.text("password"), form.text("code"), now
        )
    except (NotRecognised, TooManyRequests) as error:
        return _second_factor(request, staff, secret, {"password": str(error)}, error.status)
    return _with_keys(service, staff, totp_secret=secret)


def _with_keys(service: ServiceDep, staff: SignedIn, **keys: str) -> Response:
    """Store them; this browser goes on with a new session, all others are out."""
    now = service.now()
    with service.database.write() as session:
        accounts.set_keys(session, staff.staff_id, by_staff(staff.staff_id), now, **keys)
        token = sessions.begin(session, staff.staff_id, now)
    response = RedirectResponse("/desk/account", status_code=303)
    return give_cookie(response, service, token)


def _account(
    request: Request, service: ServiceDep, staff: SignedIn, problems: dict[str, str], status: int
) -> Response:
    _ = gettext_of(request)
    with service.database.read() as session:
        mine = accounts.get(session, staff.staff_id)
    return render(
        request,
        "staff/account.html",
        status=status,
        me=mine,
        roles=[ROLE_NAMES[role] for role in sorted(staff.roles)],
        problems={name: _(message) for name, message in problems.items()},
    )


def _second_factor(
    request: Request, staff: SignedIn, secret: str, problems: dict[str, str], status: int
) -> Response:
    _ = gettext_of(request)
    uri = Keys("", secret).enrolment_uri(staff.pseudonym)
    return render(
        request,
        "staff/second_factor.html",
        status=status,
        secret=secret,
        uri=uri,
        code=qr_code(uri),
        problems={name: _(message) for name, message in problems.items()},
    )
