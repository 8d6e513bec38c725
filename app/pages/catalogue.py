"""One person in the catalogue, and every change with its consequences; lists stand apart."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import merged
from app.catalogue import custody, editing
from app.catalogue.people import Confirmation, Move, PersonDetails
from app.catalogue.standing import Occasion
from app.errors import Invalid
from app.lifecycle import Role
from app.moving import by_staff
from app.pages import catalogue_words as words
from app.pages import coordinating_words, importing_words
from app.pages.access import ServiceDep, SignedIn, may, require
from app.pages.finding_words import place_options, value_called
from app.pages.forms import Form, FormDep
from app.pages.frames import Notice
from app.pages.rendering import gettext_of, language_of, render
from app.pages.typed import NOT_A_DAY, read_as
from app.queries import people, places, prisoners
from app.queries.prisoners import PersonPage
from app.service import Service

door = require(Role.CATALOGUE)
router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(door)])
CatalogueDep = Annotated[SignedIn, Depends(door)]
confirming = require(Role.COORDINATOR)
"""Who may be written to is decided by a coordinator; whoever keeps the catalogue prepares it."""
CoordinatorDep = Annotated[SignedIn, Depends(confirming)]


def occasion(service: Service, staff: SignedIn) -> Occasion:
    """This change: who, when, and the age at which an address is stale."""
    return Occasion(
        by_staff(staff.staff_id), service.now(), service.today(), service.settings.address_days
    )


@router.get("/new")
def new(request: Request) -> Response:
    """The empty form."""
    return _edit_form(request, None, Form((("has_patronymic", "yes"),)), {}, 200)


@router.post("")
def add(request: Request, service: ServiceDep, staff: CatalogueDep, form: FormDep) -> Response:
    """A new person, seen by nobody until confirmed."""
    try:
        details = read_as(PersonDetails, form, gettext_of(request))
    except Invalid as error:
        return _edit_form(request, None, form, error.problems, 422)
    with service.database.write() as session:
        shuffle = service.chance.random()
        made = editing.add(session, details, occasion(service, staff), shuffle)
    return _back(made.id, "added")


@router.get("/next", dependencies=[Depends(confirming)])
def next_person(service: ServiceDep, after: str = "") -> Response:
    """To the next person whose facts need a look."""
    days = service.settings.address_days
    with service.database.read() as session:
        found = people.next_to_confirm(session, service.today(), days, after[:24])
    if found is None:
        return RedirectResponse("/desk/catalogue?show=to_confirm", 303)
    return RedirectResponse(f"/desk/catalogue/{found}/confirm", 303)


@router.get("/{prisoner_id}")
def person(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, done: str = ""
) -> Response:
    """One person with history; records merged into another lead there."""
    with service.database.read() as session:
        now_id = merged.now_id(session, prisoner_id)
    if now_id is not None:
        return RedirectResponse(f"/desk/catalogue/{now_id}", 303)
    say, language = gettext_of(request), language_of(request)
    return render(
        request,
        "catalogue/person.html",
        called=lambda field, value: value_called(field, value, language, say),
        called_field=importing_words.called,
        may_confirm=may(staff, Role.COORDINATOR),
        seen=_seen(service, prisoner_id),
        words=words,
        coordinating=coordinating_words,
        today=service.today(),
        notices=_notices(request, done),
    )


@router.get("/{prisoner_id}/edit")
def edit_form(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """What is known, to be changed."""
    seen = _seen(service, prisoner_id)
    return _edit_form(request, seen, _typed(seen.prisoner, PersonDetails), {}, 200)


@router.post("/{prisoner_id}/edit")
def edit(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Change it."""
    try:
        details = read_as(PersonDetails, form, gettext_of(request))
    except Invalid as error:
        return _edit_form(request, _seen(service, prisoner_id), form, error.problems, 422)
    with service.database.write() as session:
        editing.edit(session, prisoner_id, details, occasion(service, staff))
    return _back(prisoner_id, "edited")


@router.get("/{prisoner_id}/confirm", dependencies=[Depends(confirming)])
def confirm_form(
    request: Request, service: ServiceDep, prisoner_id: str, done: str = ""
) -> Response:
    """What a coordinator has to make sure of."""
    seen = _seen(service, prisoner_id)
    form = _typed(seen.prisoner, Confirmation)
    return _confirm_form(request, service, seen, form, {}, 200, done)


@router.post("/{prisoner_id}/confirm")
def confirm(
    request: Request, service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, form: FormDep
) -> Response:
    """Confirmed; on to the next person, or back to this one."""
    say = gettext_of(request)
    try:
        confirmation = read_as(Confirmation, form, say)
        with service.database.write() as session:
            editing.confirm(session, prisoner_id, confirmation, occasion(service, staff))
    except Invalid as error:
        problems = {field: say(problem) for field, problem in error.problems.items()}
        seen = _seen(service, prisoner_id)
        return _confirm_form(request, service, seen, form, problems, 422, "")
    if form.has("next"):
        return RedirectResponse(f"/desk/catalogue/next?after={prisoner_id}", 303)
    return _back(prisoner_id, "confirmed")


@router.get("/{prisoner_id}/move")
def move_form(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """Where to, since when; what becomes of the letters stands beside it."""
    return _move_form(request, service, prisoner_id, Form(), {}, 200)


@router.post("/{prisoner_id}/move")
def move(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Somebody is at another place."""
    say = gettext_of(request)
    try:
        to = read_as(Move, form, say)
        with service.database.write() as session:
            custody.move(session, prisoner_id, to, occasion(service, staff))
    except Invalid as error:
        problems = {field: say(problem) for field, problem in error.problems.items()}
        return _move_form(request, service, prisoner_id, form, problems, 422)
    return _back(prisoner_id, "moved")


@router.get("/{prisoner_id}/left")
def left_form(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """In transfer, released, exchanged, dead: what happened, since when."""
    return _left_form(request, service, prisoner_id, Form(), {}, 200)


@router.post("/{prisoner_id}/left")
def left(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Somebody is no longer where letters went."""
    say = gettext_of(request)
    try:
        with service.database.write() as session:
            custody.leave(
                session, prisoner_id, form.text("status"), _day(form), occasion(service, staff)
            )
    except Invalid as error:
        problems = {field: say(problem) for field, problem in error.problems.items()}
        return _left_form(request, service, prisoner_id, form, problems, 422)
    return _back(prisoner_id, "left")


@router.post("/{prisoner_id}/hide")
def hide(service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep) -> Response:
    """Seen by nobody from now on."""
    with service.database.write() as session:
        editing.hide(session, prisoner_id, form.text("why"), occasion(service, staff))
    return _back(prisoner_id, "hidden")


@router.post("/{prisoner_id}/show")
def show(service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, form: FormDep) -> Response:
    """No longer hidden."""
    with service.database.write() as session:
        editing.show(session, prisoner_id, form.text("why"), occasion(service, staff))
    return _back(prisoner_id, "shown")


def _seen(service: Service, prisoner_id: str) -> PersonPage:
    with service.database.read() as session:
        return prisoners.person_page(
            session, prisoner_id, service.today(), service.settings.address_days
        )


def _typed(row: Any, model: Any) -> Form:
    """A row's values as they would be typed into the form of `model`."""
    values = {name: getattr(row, name, None) for name in model.model_fields}
    return Form(
        tuple(
            (name, "yes" if value is True else str(value))
            for name, value in values.items()
            if value is not None and value is not False
        )
    )


def _edit_form(
    request: Request, seen: PersonPage | None, form: Form, problems: dict[str, str], status: int
) -> Response:
    return render(
        request,
        "catalogue/edit.html",
        status=status,
        seen=seen,
        form=form,
        problems=problems,
        words=words,
    )


def _confirm_form(
    request: Request,
    service: Service,
    seen: PersonPage,
    form: Form,
    problems: dict[str, str],
    status: int,
    done: str,
) -> Response:
    return render(
        request,
        "catalogue/confirm.html",
        status=status,
        seen=seen,
        form=form,
        problems=problems,
        words=words,
        today=service.today(),
        suggestion=editing.suggested_dative(seen.prisoner),
        notices=_notices(request, done),
    )


def _move_form(
    request: Request,
    service: Service,
    prisoner_id: str,
    form: Form,
    problems: dict[str, str],
    status: int,
) -> Response:
    with service.database.read() as session:
        choices = places.place_choices(session)
    return render(
        request,
        "catalogue/move.html",
        status=status,
        seen=_seen(service, prisoner_id),
        places=place_options(choices, language_of(request), gettext_of(request)),
        form=form,
        problems=problems,
        today=service.today(),
    )


def _left_form(
    request: Request,
    service: Service,
    prisoner_id: str,
    form: Form,
    problems: dict[str, str],
    status: int,
) -> Response:
    return render(
        request,
        "catalogue/left.html",
        status=status,
        seen=_seen(service, prisoner_id),
        form=form,
        problems=problems,
        words=words,
        today=service.today(),
    )


def _day(form: Form) -> date:
    try:
        return date.fromisoformat(form.text("on"))
    except ValueError:
        raise Invalid({"on": NOT_A_DAY}) from None


def _notices(request: Request, done: str) -> list[Notice]:
    return [Notice(gettext_of(request)(words.DONE[done]))] if done in words.DONE else []


def _back(prisoner_id: str, done: str) -> Response:
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}?done={done}", 303)
