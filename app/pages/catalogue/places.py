"""Places of detention, and the addresses that replies come back to."""

from datetime import date

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import places as keeping
from app.catalogue.details import FacilityTyped, ReturnAddressDetails
from app.catalogue.foreseeing import carry_out
from app.errors import Invalid
from app.locale import N_
from app.models import Facility
from app.pages.catalogue import importing_words, meanwhile, words
from app.pages.catalogue.foreseen import AGAIN, Question, as_shown, ask
from app.pages.catalogue.people import notices_of, occasion
from app.pages.letters import coordinating_words
from app.pages.shell.access import (
    CatalogueDep,
    CoordinatorDep,
    ServiceDep,
    catalogue_door,
    coordinator_door,
)
from app.pages.shell.finding_words import KINDS
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.parameters import query_text
from app.pages.shell.rendering import gettext_of, render
from app.pages.shell.typed import NOT_A_DAY, read_as
from app.queries import histories, places
from app.queries.places import PlacePage
from app.service import Service

router = APIRouter(prefix="/desk/places", dependencies=[Depends(catalogue_door)])
returns = APIRouter(prefix="/desk/return-addresses", dependencies=[Depends(coordinator_door)])


@router.get("")
def list_places(request: Request, service: ServiceDep, q: str = "") -> Response:
    """Every place, by region."""
    asked = query_text(q)
    with service.database.read() as session:
        found = places.find_places(session, asked)
    return render(request, "catalogue/places.html", places=found, query=asked, kinds=KINDS)


@router.get("/new")
def new(request: Request) -> Response:
    return _form(request, None, Form((("country", "RU"),)), {}, 200)


@router.post("")
def add(request: Request, service: ServiceDep, staff: CatalogueDep, form: FormDep) -> Response:
    """A new place."""
    try:
        details = read_as(FacilityTyped, form, gettext_of(request))
    except Invalid as error:
        return _form(request, None, form, error.problems, 422)
    with service.database.write() as session:
        made = keeping.add_facility(session, details, occasion(service, staff))
    return RedirectResponse(f"/desk/places/{made.id}", 303)


@router.get("/{facility_id}")
def place(
    request: Request, service: ServiceDep, facility_id: str, done: str = "", back: int = 0
) -> Response:
    """One place, who is there, and its history."""
    seen = _seen(service, facility_id)
    return render(
        request,
        "catalogue/place.html",
        seen=seen,
        part=histories.part_of(seen.steps, back),
        kinds=KINDS,
        words=words,
        coordinating=coordinating_words,
        called_field=importing_words.called,
        notices=notices_of(request, done),
    )


@router.get("/{facility_id}/edit")
def edit_form(request: Request, service: ServiceDep, facility_id: str) -> Response:
    seen = _seen(service, facility_id)
    form = meanwhile.marked(_typed(seen.facility), FacilityTyped.model_fields)
    return _form(request, seen, form, {}, 200)


@router.post("/{facility_id}/edit")
def edit(
    request: Request, service: ServiceDep, staff: CatalogueDep, facility_id: str, form: FormDep
) -> Response:
    """Change a place; what it does to letters to people there is told first."""
    say, now, path = gettext_of(request), occasion(service, staff), f"/desk/places/{facility_id}"
    if form.has(AGAIN):
        return _form(request, _seen(service, facility_id), form, {}, 200)
    try:
        details = read_as(FacilityTyped, form, say)
    except Invalid as error:
        return _form(request, _seen(service, facility_id), form, error.problems, 422)
    with service.database.read() as session:
        there = [each.id for each in keeping.people_at(session, facility_id)]

    def act(session: Session) -> Facility:
        known = _typed(keeping.place_to_change(session, facility_id))
        meanwhile.require_unchanged(form, known, FacilityTyped.model_fields)
        return keeping.edit_facility(session, facility_id, details, now)

    try:
        carried = carry_out(service, there, act, now, as_shown(form, unasked=True))
    except meanwhile.Changed as changed:
        there_now = meanwhile.told(changed, say)
        again = changed.again(form)
        return _form(request, _seen(service, facility_id), again, there_now, 409)
    if carried.done is not None:
        return RedirectResponse(f"{path}?done=edited", 303)
    title = say(N_("%(name)s: what your changes do")) % {"name": details.name_ru}
    question = Question(title, say(N_("Save the changes")), f"{path}/edit", {}, path, of_place=True)
    return ask(request, question, form, carried.seen)


@returns.get("")
def return_addresses(request: Request, service: ServiceDep, done: str = "") -> Response:
    """Where replies come back to."""
    return _returns(request, service, Form(), {}, 200, done)


@returns.post("")
def add_return_address(
    request: Request, service: ServiceDep, staff: CoordinatorDep, form: FormDep
) -> Response:
    """Somebody agreed to receive replies."""
    try:
        details = read_as(ReturnAddressDetails, form, gettext_of(request))
    except Invalid as error:
        return _returns(request, service, form, error.problems, 422)
    with service.database.write() as session:
        keeping.add_return_address(session, details, occasion(service, staff))
    return RedirectResponse("/desk/return-addresses", 303)


@returns.post("/{address_id}/end")
def end_return_address(
    request: Request, service: ServiceDep, address_id: str, form: FormDep
) -> Response:
    """No letter names it any more from that day."""
    try:
        on = date.fromisoformat(form.text("ends_on"))
    except ValueError:
        problems = {f"ends_on-{address_id}": gettext_of(request)(NOT_A_DAY)}
        return _returns(request, service, Form(), problems, 422)
    with service.database.write() as session:
        keeping.end_return_address(session, address_id, on)
    return RedirectResponse("/desk/return-addresses?done=ended", 303)


def _seen(service: Service, facility_id: str) -> PlacePage:
    with service.database.read() as session:
        return places.place_page(session, facility_id)


def _typed(facility: Facility) -> Form:
    """A place as it would be typed into its form."""
    values = {name: getattr(facility, name) for name in FacilityTyped.model_fields}
    codes = {True: "yes", False: "no", None: ""}[facility.codes_allowed]
    typed = {**values, "codes_allowed": codes}
    return Form(tuple((name, str(value)) for name, value in typed.items()))


def _form(
    request: Request, seen: PlacePage | None, form: Form, problems: dict[str, str], status: int
) -> Response:
    return render(
        request,
        "catalogue/place_edit.html",
        status=status,
        seen=seen,
        form=form,
        problems=problems,
        kinds=KINDS,
    )


def _returns(
    request: Request,
    service: Service,
    form: Form,
    problems: dict[str, str],
    status: int,
    done: str = "",
) -> Response:
    with service.database.read() as session:
        found = places.return_addresses(session)
    return render(
        request,
        "catalogue/return_addresses.html",
        status=status,
        addresses=found,
        form=form,
        problems=problems,
        today=service.today(),
        notices=notices_of(request, done),
    )
