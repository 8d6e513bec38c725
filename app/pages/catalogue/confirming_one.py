"""Confirming one person after the other, each with a way back on the next page."""

from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import editing, together
from app.catalogue.details import Confirmation
from app.catalogue.foreseeing import carry_out
from app.catalogue.rules import Standing
from app.catalogue.standing import person_to_change
from app.errors import Invalid
from app.finding import tags
from app.locale import N_
from app.pages.catalogue import as_known, meanwhile, words
from app.pages.catalogue.foreseen import AGAIN, Question, as_shown, ask
from app.pages.catalogue.just_confirmed import just_confirmed
from app.pages.catalogue.people import as_typed, notices_of, occasion, seen_by_desk, walk_of
from app.pages.shell.access import CoordinatorDep, ServiceDep, catalogue_door, coordinator_door
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, render
from app.pages.shell.typed import moment, read_as, translated
from app.queries.asked import ASK_AGAIN_DAYS
from app.queries.person import PersonPage
from app.service import Service

router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(catalogue_door)])


@router.get("/{prisoner_id}/confirm", dependencies=[Depends(coordinator_door)])
def confirm_form(
    request: Request,
    service: ServiceDep,
    staff: CoordinatorDep,
    prisoner_id: str,
    done: str = "",
) -> Response:
    """What a coordinator has to make sure of; above it, who was confirmed just before."""
    seen = seen_by_desk(service, prisoner_id)
    with service.database.read() as session:
        known = as_known.known(session, seen.prisoner)
    mark = meanwhile.mark_of(known, as_known.OF_CONFIRMING)
    form = meanwhile.with_mark(as_typed(seen.prisoner, Confirmation), mark)
    notices = notices_of(request, done) + just_confirmed(request, service, staff)
    return _confirm_form(request, service, seen, form, {}, 200, notices)


@router.post("/{prisoner_id}/confirm")
def confirm(
    request: Request, service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, form: FormDep
) -> Response:
    """Confirmed; on to the next person, or back to this one."""
    say, now = gettext_of(request), occasion(service, staff)
    if form.has(AGAIN):
        return _confirm_form(request, service, seen_by_desk(service, prisoner_id), form, {}, 200)
    dated = _with_today(form, service)

    def act(session: Session) -> Standing:
        known = as_known.known(session, person_to_change(session, prisoner_id))
        said = as_known.confirming(dated, known)
        meanwhile.require_unchanged(said, known, as_known.OF_CONFIRMING)
        return editing.confirm(session, prisoner_id, confirmation, now)

    try:
        confirmation = read_as(Confirmation, dated, say)
        agrees = as_shown(form, unasked=True, may_gain=True)
        carried = carry_out(service, [prisoner_id], act, now, agrees)
    except Invalid as error:
        problems = translated(error, say)
        seen = seen_by_desk(service, prisoner_id)
        return _confirm_form(request, service, seen, form, problems, 422)
    except meanwhile.Changed as changed:
        there_now, again = meanwhile.told(changed, say), changed.again(form)
        seen = seen_by_desk(service, prisoner_id)
        return _confirm_form(request, service, seen, again, there_now, 409)
    path = f"/desk/catalogue/{prisoner_id}"
    if carried.done is None:
        name = seen_by_desk(service, prisoner_id).prisoner.latin_name
        title = say(N_("%(name)s: what this confirmation does")) % {"name": name}
        here = f"{path}/confirm{walk_of(request)}"
        question = Question(title, say(N_("Confirm it")), here, {}, path)
        return ask(request, question, form, carried.seen)
    told = {"confirmed": prisoner_id, "at": now.now.isoformat()}
    if form.has("next"):
        return RedirectResponse(f"/desk/catalogue/next{walk_of(request, prisoner_id, **told)}", 303)
    return RedirectResponse(f"{path}?{urlencode(told)}", 303)


@router.post("/{prisoner_id}/confirm/undo")
def unconfirm(
    service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, form: FormDep
) -> Response:
    """The confirmation is taken back: the person is as before, and on the screen again."""
    at = moment(form.text("at"))
    if at is None:
        raise Invalid({"at": "This is no moment."})
    undone = together.unconfirm(service, at, occasion(service, staff)).done
    done = "unconfirmed" if undone else "changed_since"
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}/confirm?done={done}", 303)


def _with_today(form: Form, service: Service) -> Form:
    """The day that a tick stands for, where no other is given."""
    if not form.has("address_today") or form.text("address_checked_on"):
        return form
    rest = tuple(item for item in form.items if item[0] != "address_checked_on")
    return Form((*rest, ("address_checked_on", service.today().isoformat())), form.uploads)


def _confirm_form(
    request: Request,
    service: Service,
    seen: PersonPage,
    form: Form,
    problems: dict[str, str],
    status: int,
    notices: list[Notice] | None = None,
) -> Response:
    return render(
        request,
        "catalogue/confirm.html",
        status=status,
        seen=seen,
        form=form,
        problems=problems,
        words=words,
        tags=tags,
        today=service.today(),
        suggestion=editing.suggested_dative(seen.prisoner),
        walk=walk_of(request),
        skip=walk_of(request, seen.prisoner.id),
        ask_again_days=ASK_AGAIN_DAYS,
        notices=notices or [],
    )
