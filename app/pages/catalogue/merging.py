"""Two records of one person: found, laid side by side, merged. For coordinators."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import merging
from app.catalogue.foreseeing import Consequences, carry_out
from app.catalogue.standing import person as person_of
from app.catalogue.two_records import FIELDS, Side
from app.locale import N_
from app.pages.catalogue import merging_words
from app.pages.catalogue import words as catalogue_words
from app.pages.catalogue.foreseen import SHOWN
from app.pages.catalogue.people import occasion
from app.pages.letters import coordinating_words
from app.pages.letters.desk_words import RECIPIENT_GENDERS
from app.pages.shell.access import CoordinatorDep, ServiceDep, coordinator_door
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.parameters import query_text
from app.pages.shell.rendering import gettext_of, render
from app.queries import second_records
from app.queries.second_records import SideBySide
from app.service import Service

router = APIRouter(
    prefix="/desk/catalogue/{prisoner_id}/same", dependencies=[Depends(coordinator_door)]
)

_LOOK_AGAIN = N_(
    "Nothing is merged yet. Look at what your choices do, then press the button again."
)


@router.get("")
def find(request: Request, service: ServiceDep, prisoner_id: str, q: str = "") -> Response:
    """Who else may be this person: suggestions, or a search by name."""
    asked = query_text(q)
    with service.database.read() as session:
        person = person_of(session, prisoner_id)
        found = second_records.candidates(session, prisoner_id, asked)
    return render(
        request,
        "merging/find.html",
        person=person,
        found=found,
        query=asked,
        words=catalogue_words,
    )


@router.get("/{other_id}")
def compare(request: Request, service: ServiceDep, prisoner_id: str, other_id: str) -> Response:
    """Both records side by side, and the choices between them."""
    return _page(request, _seen(service, prisoner_id, other_id, {}))


@router.post("/{other_id}")
def merge(
    request: Request,
    service: ServiceDep,
    staff: CoordinatorDep,
    prisoner_id: str,
    other_id: str,
    form: FormDep,
) -> Response:
    """What it does with these choices; done only as it was told on the page that was seen."""
    chosen, now = _chosen(form), occasion(service, staff)
    seen = _seen(service, prisoner_id, other_id, chosen)
    became = [seen.outcome.mark]

    def act(session: Session) -> list[str]:
        per_batch = service.settings.batch_letters_per_person
        done = merging.merge(session, prisoner_id, other_id, chosen, now, per_batch=per_batch)
        became.append(done.became)
        return done.files

    def is_as_shown(does: Consequences) -> bool:
        # Compared inside, when nobody can change either record any more.
        return form.text(SHOWN) == _told(does, became[-1])

    carried = carry_out(service, [prisoner_id, other_id], act, now, is_as_shown)
    if carried.done is None:
        say = gettext_of(request)
        notices = [Notice(say(_LOOK_AGAIN), "waiting")] if form.has(SHOWN) else []
        return _page(request, seen, carried.seen, _told(carried.seen, became[0]), notices)
    for file_id in carried.done:
        service.vault.remove(file_id)
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}?done=merged", 303)


def _told(does: Consequences, became: str) -> str:
    """What it does to letters and people, and which values they have then."""
    return f"{does.mark} {became}"


def _seen(service: Service, prisoner_id: str, other_id: str, chosen: dict[str, Side]) -> SideBySide:
    with service.database.read() as session:
        merging.require_two(session, prisoner_id, other_id)
        return second_records.side_by_side(
            session,
            prisoner_id,
            other_id,
            chosen,
            service.today(),
            service.settings.address_days,
        )


def _chosen(form: Form) -> dict[str, Side]:
    return {field: Side(form.text(field)) for field in FIELDS if form.text(field) in set(Side)}


def _page(
    request: Request,
    seen: SideBySide,
    does: Consequences | None = None,
    shown: str = "",
    notices: Sequence[Notice] = (),
) -> Response:
    return render(
        request,
        "merging/compare.html",
        seen=seen,
        does=does,
        shown=shown,
        words=catalogue_words,
        coordinating=coordinating_words,
        merging=merging_words,
        genders=RECIPIENT_GENDERS,
        notices=list(notices),
    )
