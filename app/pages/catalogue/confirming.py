"""Confirming several people at once, after looking at them: addresses at a place, newcomers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import together
from app.catalogue.details import Day, Line, MaybeDay, Typed
from app.catalogue.foreseeing import Consequences
from app.catalogue.looked_at import LookedAt
from app.catalogue.together import Custody
from app.errors import Invalid
from app.lifecycle import Role
from app.locale import N_
from app.pages.catalogue import words
from app.pages.catalogue.lists import LISTS
from app.pages.catalogue.people import occasion
from app.pages.shell.access import (
    CatalogueDep,
    CoordinatorDep,
    ServiceDep,
    SignedIn,
    catalogue_door,
    coordinator_door,
    may,
)
from app.pages.shell.csv_lists import desk_list
from app.pages.shell.finding_words import place_options
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.parameters import query_text, whole_number
from app.pages.shell.rendering import gettext_of, language_of, render
from app.pages.shell.typed import moment as moment_of
from app.pages.shell.typed import read_as, translated
from app.queries import confirming as asking
from app.queries import places
from app.queries.confirming import Candidate, Newcomers, Outcome
from app.service import Service

router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(catalogue_door)])
_MOST = 99_999
_FILTERS = ("q", "place", "source", "page")
"""What of the newcomers' list an answer leads back to."""


@dataclass(frozen=True)
class Told:
    """What is said of the last confirmation: how many are done, how many of the ticked are not."""

    done: int | None = None
    public: int = 0
    rest: int = 0
    stopped: bool = False
    undone: int | None = None
    undo_path: str = ""
    undo_fields: Mapping[str, str] = field(default_factory=dict)


class Checked(Typed):
    """Where people are was made sure of: when, and by whom."""

    checked_on: Day
    source: Line = Field(min_length=1, max_length=300)


class CustodyTyped(Typed):
    """What is said of all the ticked newcomers at once."""

    custody_confirmed_on: Day
    address_checked_on: MaybeDay = None
    address_source: Line = Field("", max_length=300)
    wants_letters: bool = False
    wish_source: Line = Field("", max_length=300)
    wish_date: MaybeDay = None
    names_right: bool = False


@router.get("/addresses")
def addresses(request: Request, service: ServiceDep, staff: CatalogueDep) -> Response:
    """Places by the age of the addresses there, the oldest first."""
    with service.database.read() as session:
        found = asking.places_by_age(session, service.today(), service.settings.address_days)
    may_confirm = may(staff, Role.COORDINATOR)
    return render(
        request, "catalogue/addresses.html", places=found, lists=LISTS, may_confirm=may_confirm
    )


@router.get("/addresses.csv")
def addresses_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    with service.database.read() as session:
        found = asking.places_by_age(session, service.today(), service.settings.address_days)
    return desk_list(
        request,
        (
            *(N_("place"), N_("region"), N_("people")),
            *(N_("never checked"), N_("to check again"), N_("oldest check")),
        ),
        ((p.name, p.region, p.people, p.unchecked, p.due, p.oldest) for p in found),
    )


@router.get("/addresses/{facility_id}", dependencies=[Depends(coordinator_door)])
def people_there(
    request: Request, service: ServiceDep, staff: CoordinatorDep, facility_id: str
) -> Response:
    """Everybody at one place, to be ticked."""
    form = Form((("checked_on", service.today().isoformat()),))
    return _address_form(request, service, staff, facility_id, form, {}, 200)


@router.post("/addresses/{facility_id}")
def check(
    request: Request, service: ServiceDep, staff: CoordinatorDep, facility_id: str, form: FormDep
) -> Response:
    """The addresses of the ticked people were made sure of."""
    now = occasion(service, staff)
    people = _ticked(form)
    try:
        typed = read_as(Checked, form, gettext_of(request))
        done = together.check_addresses(service, people, typed.checked_on, typed.source, now)
    except Invalid as error:
        problems = translated(error, gettext_of(request))
        return _address_form(request, service, staff, facility_id, form, problems, 422)
    where = {"page": form.text("page")}
    return _back(f"addresses/{facility_id}", where, now.now, len(people), done.stopped)


@router.post("/addresses/{facility_id}/undo")
def uncheck(
    service: ServiceDep, staff: CoordinatorDep, facility_id: str, form: FormDep
) -> Response:
    """The check is taken back: the days before count again."""
    moment = moment_of(form.text("at"))
    if moment is None:
        raise Invalid({"at": "This is no moment."})
    done = together.uncheck_addresses(service, moment, occasion(service, staff))
    return RedirectResponse(f"/desk/catalogue/addresses/{facility_id}?undone={done.done}", 303)


@router.get("/newcomers", dependencies=[Depends(coordinator_door)])
def newcomers(request: Request, service: ServiceDep, staff: CoordinatorDep) -> Response:
    """Who is not public yet, by name, place and list, to be ticked."""
    form = Form((("custody_confirmed_on", service.today().isoformat()),))
    return _newcomers_form(request, service, staff, request.query_params, form, {}, 200)


@router.get("/newcomers.csv", dependencies=[Depends(coordinator_door)])
def newcomers_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole, with what stands against each."""
    wanted = _wanted(request.query_params)
    with service.database.read() as session:
        found = asking.newcomers(
            session, wanted, service.today(), service.settings.address_days, None
        )
    say = gettext_of(request)
    return desk_list(
        request,
        (
            *(N_("surname, name"), N_("in Latin letters"), N_("birth year"), N_("place")),
            *(N_("checked"), N_("source"), N_("what still stands against it")),
        ),
        (
            (
                p.name,
                p.latin_name,
                p.birth_year,
                p.place,
                p.checked_on,
                p.source,
                "; ".join(map(say, words.against(p.reasons))),
            )
            for p in found.people
        ),
    )


@router.post("/newcomers")
def confirm(
    request: Request, service: ServiceDep, staff: CoordinatorDep, form: FormDep
) -> Response:
    """Custody, address and wish of the ticked people, as far as one answer holds for all."""
    now = occasion(service, staff)
    people = _ticked(form)
    try:
        typed = read_as(CustodyTyped, form, gettext_of(request))
        if form.has("look"):
            seen = together.foresee(service, people, Custody(**typed.model_dump()), now)
            return _newcomers_form(request, service, staff, form.values, form, {}, 200, seen)
        done = together.confirm(service, people, Custody(**typed.model_dump()), now)
    except Invalid as error:
        problems = translated(error, gettext_of(request))
        return _newcomers_form(request, service, staff, form.values, form, problems, 422)
    where = {name: form.text(name) for name in _FILTERS}
    return _back("newcomers", where, now.now, len(people), done.stopped)


@router.post("/newcomers/undo")
def unconfirm(service: ServiceDep, staff: CoordinatorDep, form: FormDep) -> Response:
    """The confirmation is taken back: everybody is as they were."""
    moment = moment_of(form.text("at"))
    if moment is None:
        raise Invalid({"at": "This is no moment."})
    done = together.unconfirm(service, moment, occasion(service, staff))
    return RedirectResponse(f"/desk/catalogue/newcomers?undone={done.done}", 303)


def _address_form(
    request: Request,
    service: Service,
    staff: SignedIn,
    facility_id: str,
    form: Form,
    problems: dict[str, str],
    status: int,
) -> Response:
    moment = moment_of(request.query_params.get("at", ""))
    with service.database.read() as session:
        place = places.place_page(session, facility_id).facility
        found = asking.at_place(
            session,
            facility_id,
            service.today(),
            service.settings.address_days,
            _number(request.query_params.get("page", "") or form.text("page")),
        )
        done = asking.checked_at(session, moment, staff.staff_id) if moment else 0
    lately = moment is not None and service.now() - moment <= together.UNDO_FOR
    undo_path = f"/desk/catalogue/addresses/{facility_id}/undo" if done and lately else ""
    return render(
        request,
        "catalogue/checking.html",
        status=status,
        place=place,
        found=found,
        ticked=_boxes(request, form, found.people),
        form=form,
        problems=problems,
        today=service.today(),
        told=_told(request, moment, done, undo_path=undo_path),
        words=words,
    )


def _newcomers_form(
    request: Request,
    service: Service,
    staff: SignedIn,
    asked: Any,
    form: Form,
    problems: dict[str, str],
    status: int,
    foreseen: Consequences | None = None,
) -> Response:
    moment = moment_of(request.query_params.get("at", ""))
    today, days = service.today(), service.settings.address_days
    wanted = _wanted(asked)
    with service.database.read() as session:
        found = asking.newcomers(session, wanted, today, days, _number(asked.get("page", "")))
        sources = asking.sources_of_newcomers(session, today, days)
        choices = places.place_choices(session)
        outcome = Outcome(0, 0, [])
        if moment:
            outcome = asking.confirmed_at(session, moment, staff.staff_id, today, days)
    lately = moment is not None and service.now() - moment <= together.UNDO_FOR
    undo_path = "/desk/catalogue/newcomers/undo" if outcome.done and lately else ""
    tickable = [person for person in found.people if not person.alone]
    return render(
        request,
        "catalogue/newcomers.html",
        status=status,
        wanted=wanted,
        found=found,
        tickable=len(tickable),
        outcome=outcome,
        sources=sources,
        places=place_options(choices, language_of(request), gettext_of(request)),
        ticked=_boxes(request, form, tickable),
        form=form,
        problems=problems,
        today=today,
        told=_told(request, moment, outcome.done, outcome.public, undo_path),
        foreseen=foreseen,
        words=words,
    )


def _told(
    request: Request, moment: datetime | None, done: int, public: int = 0, undo_path: str = ""
) -> Told:
    """What the last confirmation came to, read from the events it left."""
    query = request.query_params
    if moment is None:
        return Told(undone=_number(query["undone"]) if query.get("undone") else None)
    rest = max(0, _number(query.get("of", "")) - done)
    fields = {"at": moment.isoformat()}
    return Told(done, public, rest, query.get("stopped") == "1", None, undo_path, fields)


def _back(
    path: str, where: Mapping[str, str], moment: datetime, asked: int, stopped: bool
) -> Response:
    kept = {name: text for name, text in where.items() if text}
    kept |= {"at": moment.isoformat(), "of": str(asked)} | ({"stopped": "1"} if stopped else {})
    return RedirectResponse(f"/desk/catalogue/{path}?{urlencode(kept)}", 303)


def _ticked(form: Form) -> LookedAt:
    """Who is ticked, each with the mark of what the page said of them."""
    pairs = (value.partition(".") for value in form.texts("person"))
    return {id_[:24]: mark[:24] for id_, _, mark in pairs}


def _boxes(request: Request, form: Form, shown: Sequence[Candidate]) -> set[str]:
    """Who is ticked: as typed, or everybody where the link for that was followed.

    Whom somebody changed since they were ticked is to be ticked again.
    """
    if request.query_params.get("tick") == "all":
        return {each.id for each in shown}
    typed = _ticked(form)
    return {each.id for each in shown if typed.get(each.id, "changed") in ("", each.mark)}


def _wanted(asked: Any) -> Newcomers:
    return Newcomers(
        query_text(asked.get("q", "")),
        query_text(asked.get("place", ""), 24),
        query_text(asked.get("source", ""), 300),
    )


def _number(text: str) -> int:
    return whole_number(text, _MOST) or 0
