"""One person in the catalogue: entered, known, changed; the rest of the desk stands apart."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import merged
from app.catalogue import editing, two_people
from app.catalogue.details import PersonDetails, PersonTyped
from app.catalogue.foreseeing import carry_out
from app.catalogue.rules import Standing
from app.catalogue.standing import Occasion, person_to_change
from app.errors import Invalid
from app.finding import tags
from app.lifecycle import Role
from app.locale import N_
from app.moving import by_staff
from app.pages.catalogue import importing_words, meanwhile, words
from app.pages.catalogue.foreseen import AGAIN, Question, as_shown, ask
from app.pages.catalogue.just_confirmed import just_confirmed
from app.pages.letters import coordinating_words
from app.pages.shell.access import CatalogueDep, ServiceDep, SignedIn, catalogue_door, may
from app.pages.shell.finding_words import value_called
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, language_of, render
from app.pages.shell.typed import read_as
from app.queries import histories, imports, people
from app.queries.people import PersonRow
from app.queries.person import PersonPage, person_page
from app.sameness.matching import Somebody
from app.service import Service

router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(catalogue_door)])
_WALK = ("show", "q", "place", "source", "letters", "replies", "rank")
"""What a list was asked for, as it is carried from one person to confirm to the next."""


def occasion(service: Service, staff: SignedIn) -> Occasion:
    """This change: who, when, and the age at which an address is stale."""
    return Occasion(
        by_staff(staff.staff_id),
        service.now(),
        service.today(),
        service.settings.address_days,
        by_coordinator=may(staff, Role.COORDINATOR),
    )


@router.get("/new")
def new(request: Request) -> Response:
    """The empty form."""
    return _edit_form(request, None, Form((("has_patronymic", "yes"),)), {}, 200)


@router.post("")
def add(request: Request, service: ServiceDep, staff: CatalogueDep, form: FormDep) -> Response:
    """A new person, seen by nobody until confirmed."""
    try:
        details = read_as(PersonTyped, form, gettext_of(request))
    except Invalid as error:
        return _edit_form(request, None, form, error.problems, 422)
    there = _there_already(service, details)
    # Whoever enters somebody all the same has seen these very records.
    if {row.id for row in there}.difference(form.text("not_these").split()):
        return _edit_form(request, None, form, {}, 409, there)
    with service.database.write() as session:
        shuffle = service.chance.random()
        made = editing.add(session, details, occasion(service, staff), shuffle)
    return done_to(made.id, "added")


@router.get("/{prisoner_id}")
def person(
    request: Request,
    service: ServiceDep,
    staff: CatalogueDep,
    prisoner_id: str,
    done: str = "",
    back: int = 0,
) -> Response:
    """One person with history; records merged into another lead there."""
    with service.database.read() as session:
        now_id = merged.now_id(session, prisoner_id)
    if now_id is not None:
        return RedirectResponse(f"/desk/catalogue/{now_id}", 303)
    say, language = gettext_of(request), language_of(request)
    seen = seen_by_desk(service, prisoner_id)
    with service.database.read() as session:
        lists_called = imports.labels(session)

    def called(field: str, value: str) -> str:
        if field == "source":
            return lists_called.get(value, value)
        return value_called(field, value, language, say)

    return render(
        request,
        "catalogue/person.html",
        called=called,
        called_field=importing_words.called,
        may_confirm=may(staff, Role.COORDINATOR),
        seen=seen,
        part=histories.part_of(seen.steps, back),
        words=words,
        coordinating=coordinating_words,
        today=service.today(),
        notices=notices_of(request, done) + just_confirmed(request, service, staff),
    )


@router.get("/{prisoner_id}/edit")
def edit_form(
    request: Request, service: ServiceDep, prisoner_id: str, propose: str = ""
) -> Response:
    """What is known, to be changed; on request with a list's occupation where no work is known."""
    seen = seen_by_desk(service, prisoner_id)
    form = meanwhile.marked(as_typed(seen.prisoner, PersonDetails), PersonDetails.model_fields)
    if propose == "occupation" and not (seen.prisoner.profession_en or seen.prisoner.profession_ru):
        told = next((case.occupation for case in seen.prosecutions if case.occupation), "")
        typed = tuple(item for item in form.items if item[0] != "profession_ru")
        form = Form((*typed, ("profession_ru", told[:160])))
    return _edit_form(request, seen, form, {}, 200)


@router.post("/{prisoner_id}/edit")
def edit(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Change it."""
    say, now = gettext_of(request), occasion(service, staff)
    if form.has(AGAIN):
        return _edit_form(request, seen_by_desk(service, prisoner_id), form, {}, 200)
    try:
        details = read_as(PersonTyped, form, say)
    except Invalid as error:
        return _edit_form(request, seen_by_desk(service, prisoner_id), form, error.problems, 422)

    def act(session: Session) -> Standing:
        known = as_typed(person_to_change(session, prisoner_id), PersonDetails)
        meanwhile.require_unchanged(form, known, PersonDetails.model_fields)
        return editing.edit(session, prisoner_id, details, now)

    try:
        carried = carry_out(service, [prisoner_id], act, now, as_shown(form, unasked=True))
    except meanwhile.Changed as changed:
        there_now = meanwhile.told(changed, say)
        again = changed.again(form)
        return _edit_form(request, seen_by_desk(service, prisoner_id), again, there_now, 409)
    if carried.done is not None:
        return done_to(prisoner_id, "edited")
    title = say(N_("%(name)s: what your changes do")) % {"name": details.latin_name}
    path = f"/desk/catalogue/{prisoner_id}"
    question = Question(title, say(N_("Save the changes")), f"{path}/edit", {}, path)
    return ask(request, question, form, carried.seen)


def _there_already(service: Service, details: PersonDetails) -> list[PersonRow]:
    """Records that may be of whom these details are, by the comparison that imports make."""
    name = details.surname, details.given_name, details.patronymic
    year = details.birthday.year if details.birthday else details.birth_year
    with service.database.read() as session:
        ids = two_people.namesakes_of(session, Somebody("", *name, year))
        rows = people.people_by_id(session, ids)
    return [rows[id_] for id_ in ids]


def walk_of(request: Request, after: str = "", **more: str) -> str:
    """The query that leads on through the list that is being confirmed. after: who was the last."""
    known = {name: request.query_params.get(name, "")[:300] for name in _WALK}
    kept = {"after": after} | known | more
    asked = urlencode({name: text for name, text in kept.items() if text})
    return f"?{asked}" if asked else ""


def seen_by_desk(service: Service, prisoner_id: str) -> PersonPage:
    """Everything the desk knows of one person. Raises `NotFound`."""
    with service.database.read() as session:
        return person_page(session, prisoner_id, service.today(), service.settings.address_days)


def as_typed(row: Any, model: Any) -> Form:
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
    request: Request,
    seen: PersonPage | None,
    form: Form,
    problems: dict[str, str],
    status: int,
    there: Sequence[PersonRow] = (),
) -> Response:
    return render(
        request,
        "catalogue/edit.html",
        status=status,
        seen=seen,
        form=form,
        problems=problems,
        there=there,
        words=words,
        tags=tags,
    )


def notices_of(request: Request, done: str) -> list[Notice]:
    """What was done just now, as the address of this page says."""
    return [Notice(gettext_of(request)(words.DONE[done]))] if done in words.DONE else []


def done_to(prisoner_id: str, done: str) -> Response:
    """To the person's page, which tells what was done."""
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}?done={done}", 303)
