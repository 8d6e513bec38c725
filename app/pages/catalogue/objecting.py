"""The public objection, and the coordinator's decision.

The answer is the same whether somebody of that name exists, is public, or is hidden already.
"""

import secrets

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import objecting
from app.catalogue.foreseeing import carry_out
from app.catalogue.objecting import Decision, ObjectionDetails
from app.errors import Invalid
from app.locale import N_
from app.pages.catalogue import words
from app.pages.catalogue.foreseen import Question, as_shown, ask
from app.pages.catalogue.people import occasion
from app.pages.shell.access import CoordinatorDep, ServiceDep, coordinator_door
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.parameters import query_text
from app.pages.shell.rendering import gettext_of, render
from app.pages.shell.typed import read_as
from app.queries import objections, person

router = APIRouter()
decisions = APIRouter(prefix="/desk/objections", dependencies=[Depends(coordinator_door)])

SITTING = "objection"
A_DAY = 24 * 3600  # seconds


@router.get("/objection")
def form_page(request: Request, person: str = "") -> Response:
    """The form; from somebody's page it knows whom it is about."""
    about = query_text(person, 80)
    return _page(request, Form((("about", about),) if about else ()), {}, 200)


@router.post("/objection")
def object_to(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """Hide at once, then thank; nobody learns whether there was anything to hide."""
    try:
        details = read_as(ObjectionDetails, form, gettext_of(request))
    except Invalid as error:
        return _page(request, form, error.problems, 422)
    sitting = request.cookies.get(SITTING, "")[:64] or secrets.token_urlsafe(16)
    today, now = service.today().isoformat(), service.now()
    with service.database.read() as session:
        meant = objecting.whom(session, details)
    with service.database.write() as session:
        objecting.object_to(session, details, meant, sitting, today, now)
    response = render(request, "objecting/thanks.html", left_contact=bool(details.contact))
    response.set_cookie(
        SITTING,
        sitting,
        max_age=A_DAY,
        secure=service.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@decisions.get("")
def undecided(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """What waits for a decision, oldest first."""
    with service.database.read() as session:
        found = objections.undecided_objections(session, page)
    return render(request, "objecting/list.html", found=found, words=words)


@decisions.get("/{objection_id}")
def one(request: Request, service: ServiceDep, objection_id: str) -> Response:
    """One objection, and whom it is about."""
    with service.database.read() as session:
        found = objections.objection(session, objection_id)
        letters = person.letters_of(session, found.prisoner_id) if found.prisoner_id else None
    return render(request, "objecting/decide.html", objection=found, letters=letters, words=words)


@decisions.post("/{objection_id}")
def decide(
    request: Request, service: ServiceDep, staff: CoordinatorDep, objection_id: str, form: FormDep
) -> Response:
    """Upheld: hidden they stay. Reversed: the rule decides again; what it does is shown before."""
    say, now, path = (
        gettext_of(request),
        occasion(service, staff),
        f"/desk/objections/{objection_id}",
    )
    if form.text("decision") not in set(Decision):
        raise Invalid({"decision": N_("Choose one of the two.")})
    decision = Decision(form.text("decision"))

    def act(session: Session) -> bool:
        objecting.decide(session, objection_id, decision, now)
        return True

    with service.database.read() as session:
        found = objections.objection(session, objection_id)
    if found.prisoner_id is None:
        with service.database.write() as session:
            act(session)
        return RedirectResponse(path, 303)
    unasked = decision is Decision.UPHELD
    carried = carry_out(service, [found.prisoner_id], act, now, as_shown(form, unasked=unasked))
    if carried.done:
        return RedirectResponse(path, 303)
    title = say(N_("Reverse: show again")) if not unasked else say(N_("Uphold: it stays hidden"))
    question = Question(title, title, path, {say(N_("About")): found.name}, path, may_retype=False)
    return ask(request, question, form, carried.seen)


def _page(request: Request, form: Form, problems: dict[str, str], status: int) -> Response:
    return render(
        request,
        "objecting/form.html",
        status=status,
        form=form,
        problems=problems,
        relations=words.RELATIONS,
    )
