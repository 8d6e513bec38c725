"""Where somebody is, and whether anybody sees them: consequences first, but to hide comes first."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import custody, editing
from app.catalogue.details import Move
from app.catalogue.foreseeing import CarriedOut, carry_out
from app.catalogue.rules import Standing
from app.catalogue.standing import person, person_to_change
from app.catalogue.still_there import note_still_there
from app.errors import Invalid
from app.lifecycle import Role
from app.locale import N_
from app.pages.catalogue import as_known, meanwhile, words
from app.pages.catalogue.foreseen import AGAIN, Question, Told, as_shown, ask
from app.pages.catalogue.people import done_to, occasion, seen_by_desk
from app.pages.letters import coordinating_words
from app.pages.shell.access import (
    CatalogueDep,
    CoordinatorDep,
    ServiceDep,
    SignedIn,
    catalogue_door,
    may,
)
from app.pages.shell.finding_words import place_options
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, language_of, render
from app.pages.shell.typed import NOT_A_DAY, read_as, translated
from app.queries import imports, places
from app.service import Service

router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(catalogue_door)])


@router.get("/{prisoner_id}/move")
def move_form(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """Where to, since when."""
    return _move_form(request, service, prisoner_id, _empty(service, prisoner_id), {}, 200)


@router.post("/{prisoner_id}/move")
def move(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Somebody is at another place."""
    say = gettext_of(request)
    if form.has(AGAIN):
        return _move_form(request, service, prisoner_id, form, {}, 200)
    now = occasion(service, staff)

    def act(session: Session) -> Standing:
        _require_unchanged(session, prisoner_id, form)
        return custody.move(session, prisoner_id, to, now)

    try:
        to = read_as(Move, form, say)
        carried = _carry_out(service, staff, prisoner_id, form, act)
    except Invalid as error:
        problems = translated(error, say)
        return _move_form(request, service, prisoner_id, form, problems, 422)
    except meanwhile.Changed as changed:
        there_now, again = meanwhile.told(changed, say), changed.again(form)
        return _move_form(request, service, prisoner_id, again, there_now, 409)
    if carried.done is not None:
        return done_to(prisoner_id, "moved")
    seen = seen_by_desk(service, prisoner_id)
    with service.database.read() as session:
        choices = places.place_choices(session)
    told: dict[str, Told] = {
        say(N_("From")): seen.present.place if seen.present else "–",
        say(N_("To")): next(each.name for each in choices if each.id == to.facility_id),
        say(N_("There since")): to.from_day,
        say(N_("Address made sure on")): to.checked_on or say(N_("not yet")),
        say(N_("By whom or where")): to.source,
    }
    title = say(N_("%(name)s: another place")) % {"name": seen.prisoner.latin_name}
    question = _question(prisoner_id, "move", title, say(N_("Note the new place")), told)
    return ask(request, question, form, carried.seen)


@router.get("/{prisoner_id}/left")
def left_form(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """In transfer, released, exchanged, dead: what happened, since when."""
    return _left_form(request, service, prisoner_id, _empty(service, prisoner_id), {}, 200)


@router.post("/{prisoner_id}/left")
def left(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Somebody is no longer where letters went."""
    say = gettext_of(request)
    if form.has(AGAIN):
        return _left_form(request, service, prisoner_id, form, {}, 200)
    now, status = occasion(service, staff), form.text("status")

    def act(session: Session) -> Standing:
        _require_unchanged(session, prisoner_id, form)
        return custody.leave(session, prisoner_id, status, on, now)

    try:
        on = _day_of(form)
        carried = _carry_out(service, staff, prisoner_id, form, act)
    except Invalid as error:
        problems = translated(error, say)
        return _left_form(request, service, prisoner_id, form, problems, 422)
    except meanwhile.Changed as changed:
        there_now, again = meanwhile.told(changed, say), changed.again(form)
        return _left_form(request, service, prisoner_id, again, there_now, 409)
    if carried.done is not None:
        return done_to(prisoner_id, "left")
    told: dict[str, Told] = {
        say(N_("What happened")): say(words.DEPARTURES[status][0]),
        say(N_("On")): on,
    }
    name = seen_by_desk(service, prisoner_id).prisoner.latin_name
    title = say(N_("%(name)s: what happened")) % {"name": name}
    question = _question(prisoner_id, "left", title, say(N_("Note it")), told)
    return ask(request, question, form, carried.seen)


@router.post("/{prisoner_id}/still-there")
def still_there(
    service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """A list does not name them any more, and they are in prison still."""
    source, now = form.text("source")[:40], occasion(service, staff)
    with service.database.write() as session:
        label = imports.labels(session).get(source, source)
        note_still_there(session, prisoner_id, source, label, now, form.text("since"))
    if form.text("back") == "list":
        return RedirectResponse("/desk/catalogue/doubtful?kind=missing", 303)
    return done_to(prisoner_id, "still_there")


@router.post("/{prisoner_id}/hide")
def hide(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Seen by nobody from now on. Nothing stands in its way: what it did is told afterwards."""
    why, now = form.text("why"), occasion(service, staff)
    carried = carry_out(
        service,
        [prisoner_id],
        lambda session: editing.hide(session, prisoner_id, why, now),
        now,
        lambda _: True,
    )
    return render(
        request,
        "catalogue/hidden.html",
        person=seen_by_desk(service, prisoner_id).prisoner,
        seen=carried.seen,
        may_show=may(staff, Role.COORDINATOR),
        words=words,
        coordinating=coordinating_words,
        notices=[Notice(gettext_of(request)(words.DONE["hidden"]))],
    )


@router.post("/{prisoner_id}/show")
def show(
    request: Request, service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, form: FormDep
) -> Response:
    """No longer hidden."""
    say, why, now = gettext_of(request), form.text("why"), occasion(service, staff)
    carried = _carry_out(
        service, staff, prisoner_id, form, lambda on: editing.show(on, prisoner_id, why, now)
    )
    if carried.done is not None:
        return done_to(prisoner_id, "shown")
    name = seen_by_desk(service, prisoner_id).prisoner.latin_name
    title = say(N_("Show %(name)s again?")) % {"name": name}
    question = Question(
        title,
        say(N_("Show again")),
        f"/desk/catalogue/{prisoner_id}/show",
        {say(N_("Why")): why},
        f"/desk/catalogue/{prisoner_id}",
        may_retype=False,
    )
    return ask(request, question, form, carried.seen)


def _empty(service: Service, prisoner_id: str) -> Form:
    """The form as nobody has filled it in, with the mark of where they are now."""
    with service.database.read() as session:
        known = as_known.known(session, person(session, prisoner_id))
    return meanwhile.with_mark(Form(), meanwhile.mark_of(known, as_known.OF_MOVING))


def _require_unchanged(session: Session, prisoner_id: str, form: Form) -> None:
    known = as_known.known(session, person_to_change(session, prisoner_id))
    meanwhile.require_unchanged(form, known, as_known.OF_MOVING)


def _carry_out(
    service: Service,
    staff: SignedIn,
    prisoner_id: str,
    form: Form,
    act: Callable[[Session], Any],
) -> CarriedOut[Any]:
    return carry_out(service, [prisoner_id], act, occasion(service, staff), as_shown(form))


def _question(
    prisoner_id: str, deed: str, title: str, button: str, told: dict[str, Told]
) -> Question:
    path = f"/desk/catalogue/{prisoner_id}"
    return Question(title, button, f"{path}/{deed}", told, path)


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
        seen=seen_by_desk(service, prisoner_id),
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
        seen=seen_by_desk(service, prisoner_id),
        form=form,
        problems=problems,
        words=words,
        today=service.today(),
    )


def _day_of(form: Form) -> date:
    try:
        return date.fromisoformat(form.text("on"))
    except ValueError:
        raise Invalid({"on": NOT_A_DAY}) from None
