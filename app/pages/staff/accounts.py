"""Volunteers and coordinators: who is here, what they may do, new keys, out at once."""

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import Invalid
from app.lifecycle import Role
from app.locale import N_
from app.moving import by_staff
from app.pages.shell.access import CoordinatorDep, ServiceDep, SignedIn
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.rendering import gettext_of, render
from app.staff import accounts, passwords
from app.staff.accounts import Keys

router = APIRouter(prefix="/desk/people")

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.TRANSLATOR: (N_("Translator"), N_("translates letters and replies by hand")),
    Role.REVIEWER: (N_("Reviewer"), N_("reads, corrects and approves what is to be printed")),
    Role.PRINTER: (N_("Printer"), N_("prints, folds and posts; never sees who writes")),
    Role.SCANNER: (N_("Scanner"), N_("uploads replies and copies them out")),
    Role.CATALOGUE: (N_("Catalogue"), N_("keeps people and places of detention true")),
    Role.COORDINATOR: (N_("Coordinator"), N_("sees every desk and looks after volunteers")),
    Role.ADMIN: (N_("Admin"), N_("may do everything, and makes coordinators")),
}
"""What a role is called, and what it does."""


@router.get("")
def people(request: Request, service: ServiceDep, staff: CoordinatorDep) -> Response:
    """Everybody, and the form for one more."""
    return _people(request, service, staff, Form(), {}, 200)


@router.post("")
def add(request: Request, service: ServiceDep, staff: CoordinatorDep, form: FormDep) -> Response:
    """A new account; its keys are shown on the answer and never again."""
    keys = accounts.new_keys()
    password_hash = passwords.hashed(keys.password)
    try:
        with service.database.write() as session:
            roles = wanted_roles(form)
            accounts.require_reach(staff.roles, frozenset(), roles)
            made = accounts.create(
                session,
                form.text("pseudonym"),
                roles,
                password_hash,
                keys.totp_secret,
                by_staff(staff.staff_id),
                service.now(),
                country=form.text("country") or service.settings.posted_from,
                town=form.text("town"),
                languages=form.text("languages"),
            )
    except Invalid as error:
        return _people(request, service, staff, form, error.problems, 422)
    return shown_once(request, made.pseudonym, keys)


@router.get("/{staff_id}")
def person(request: Request, service: ServiceDep, staff: CoordinatorDep, staff_id: str) -> Response:
    """One account."""
    return _person(request, service, staff, staff_id, {}, 200)


@router.post("/{staff_id}/roles")
def set_roles(
    request: Request, service: ServiceDep, staff: CoordinatorDep, staff_id: str, form: FormDep
) -> Response:
    """Acts on their next request."""
    try:
        with service.database.write() as session:
            theirs, roles = accounts.roles_of(session, staff_id), wanted_roles(form)
            accounts.require_reach(staff.roles, theirs, roles)
            accounts.set_roles(session, staff_id, roles, by_staff(staff.staff_id), service.now())
    except Invalid as error:
        return _person(request, service, staff, staff_id, error.problems, 422)
    return RedirectResponse(f"/desk/people/{staff_id}", status_code=303)


@router.post("/{staff_id}/disable")
def disable(service: ServiceDep, staff: CoordinatorDep, staff_id: str) -> Response:
    """Out at once, on every device."""
    with service.database.write() as session:
        accounts.require_reach(staff.roles, accounts.roles_of(session, staff_id), frozenset())
        accounts.disable(session, staff_id, by_staff(staff.staff_id), service.now())
    return RedirectResponse(f"/desk/people/{staff_id}", status_code=303)


@router.post("/{staff_id}/enable")
def enable(service: ServiceDep, staff: CoordinatorDep, staff_id: str) -> Response:
    with service.database.write() as session:
        accounts.require_reach(staff.roles, accounts.roles_of(session, staff_id), frozenset())
        accounts.enable(session, staff_id, by_staff(staff.staff_id), service.now())
    return RedirectResponse(f"/desk/people/{staff_id}", status_code=303)


@router.post("/{staff_id}/keys")
def new_keys(
    request: Request, service: ServiceDep, staff: CoordinatorDep, staff_id: str, form: FormDep
) -> Response:
    """A new password, a new second factor, or both (field `what`); shown on the answer alone."""
    what = form.text("what")
    keys = accounts.new_keys()
    password = keys.password if what != "second_factor" else ""
    secret = keys.totp_secret if what != "password" else ""
    password_hash = passwords.hashed(password) if password else None
    with service.database.write() as session:
        theirs = accounts.get(session, staff_id)
        accounts.require_reach(staff.roles, accounts.roles_of(session, staff_id), frozenset())
        accounts.set_keys(
            session,
            staff_id,
            by_staff(staff.staff_id),
            service.now(),
            password_hash=password_hash,
            totp_secret=secret or None,
        )
    return shown_once(request, theirs.pseudonym, Keys(password, secret))


def wanted_roles(form: Form) -> frozenset[Role]:
    """The ticked roles. Raises `Invalid` for one that does not exist."""
    try:
        return frozenset(Role(value) for value in form.texts("roles"))
    except ValueError:
        raise Invalid({"roles": N_("There is no such role.")}) from None


def shown_once(request: Request, pseudonym: str, keys: Keys) -> Response:
    """The page with somebody's new keys."""
    uri = keys.enrolment_uri(pseudonym) if keys.totp_secret else ""
    code = qr_code(uri) if uri else ""
    return render(request, "staff/keys.html", pseudonym=pseudonym, keys=keys, uri=uri, code=code)


def qr_code(uri: str) -> Markup:
    """The link as an inline picture, so that it leaves this page nowhere."""
    drawn = segno.make(uri, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000")
    return Markup(drawn)  # noqa: S704 — drawn by us from squares


def _people(
    request: Request,
    service: ServiceDep,
    staff: SignedIn,
    form: Form,
    problems: dict[str, str],
    status: int,
) -> Response:
    _ = gettext_of(request)
    with service.database.read() as session:
        everybody = accounts.everybody(session)
    return render(
        request,
        "staff/people.html",
        status=status,
        everybody=everybody,
        form=form,
        role_names=ROLE_NAMES,
        role_choices=_role_choices(staff),
        problems={name: _(message) for name, message in problems.items()},
    )


def _person(
    request: Request,
    service: ServiceDep,
    staff: SignedIn,
    staff_id: str,
    problems: dict[str, str],
    status: int,
) -> Response:
    _ = gettext_of(request)
    with service.database.read() as session:
        theirs = accounts.get(session, staff_id)
        roles = accounts.roles_of(session, staff_id)
    return render(
        request,
        "staff/person.html",
        status=status,
        person=theirs,
        roles=roles,
        role_names=ROLE_NAMES,
        role_choices=_role_choices(staff),
        within_reach=Role.ADMIN in staff.roles or not roles & accounts.OVER_OTHERS,
        problems={name: _(message) for name, message in problems.items()},
    )


def _role_choices(staff: SignedIn) -> list[Role]:
    return [role for role in Role if Role.ADMIN in staff.roles or role not in accounts.OVER_OTHERS]
