"""Two records of one person: found, laid side by side, merged. For coordinators."""

from fastapi import APIRouter, Depends
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import merging
from app.catalogue.foreseeing import CarriedOut, Consequences, carry_out
from app.catalogue.standing import person as person_of
from app.catalogue.two_records import FIELDS, Side
from app.locale import N_
from app.pages import catalogue_words, coordinating_words, merging_words
from app.pages.access import ServiceDep, SignedIn
from app.pages.catalogue import CoordinatorDep, confirming, occasion
from app.pages.desk_words import RECIPIENT_GENDERS
from app.pages.forms import Form, FormDep
from app.pages.frames import Notice
from app.pages.rendering import gettext_of, render
from app.queries import second_records
from app.queries.second_records import SideBySide
from app.service import Service

router = APIRouter(prefix="/desk/catalogue/{prisoner_id}/same", dependencies=[Depends(confirming)])

LONGEST_QUERY = 100
_LOOK_AGAIN = N_(
    "Nothing is merged yet. Look at what your choices do, then press the button again."
)


@router.get("")
def find(request: Request, service: ServiceDep, prisoner_id: str, q: str = "") -> Response:
    """Who else may be this person: suggestions, or a search by name."""
    asked = q.replace("\0", "")[:LONGEST_QUERY].strip()
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
def compare(
    request: Request, service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, other_id: str
) -> Response:
    """Both records side by side, and what merging them with these choices does."""
    chosen = _chosen(request.query_params)
    seen = _seen(service, prisoner_id, other_id, chosen)
    carried = _carry_out(service, staff, seen, chosen, None)
    return _page(request, seen, carried.seen, [])


@router.post("/{other_id}")
def merge(
    request: Request,
    service: ServiceDep,
    staff: CoordinatorDep,
    prisoner_id: str,
    other_id: str,
    form: FormDep,
) -> Response:
    """One person from now on; done only as it was foreseen on the page that was seen."""
    chosen = _chosen(form)
    seen = _seen(service, prisoner_id, other_id, chosen)
    carried = _carry_out(service, staff, seen, chosen, form.text("shown"))
    if carried.done is None:
        look_again = Notice(gettext_of(request)(_LOOK_AGAIN), "waiting")
        return _page(request, seen, carried.seen, [look_again])
    for file_id in carried.done:
        service.vault.remove(file_id)
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}?done=merged", 303)


def _carry_out(
    service: Service,
    staff: SignedIn,
    seen: SideBySide,
    chosen: dict[str, Side],
    shown: str | None,
) -> CarriedOut[list[str]]:
    """Merge if all that it does was `shown`; otherwise nothing is changed."""
    ids = [each.record.person.id for each in (seen.kept, seen.other)]
    now, per_batch = occasion(service, staff), service.settings.batch_letters_per_person
    return carry_out(
        service,
        ids,
        lambda session: merging.merge(session, ids[0], ids[1], chosen, now, per_batch=per_batch),
        now,
        lambda does: shown == _told(seen, does),
    )


def _told(seen: SideBySide, does: Consequences) -> str:
    return f"{does.mark} {seen.choices}"


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


def _chosen(typed: Form | QueryParams) -> dict[str, Side]:
    asked = typed.values if isinstance(typed, Form) else dict(typed)
    return {field: Side(asked[field]) for field in FIELDS if asked.get(field) in set(Side)}


def _page(
    request: Request, seen: SideBySide, does: Consequences, notices: list[Notice]
) -> Response:
    return render(
        request,
        "merging/compare.html",
        seen=seen,
        does=does,
        shown=_told(seen, does),
        words=catalogue_words,
        coordinating=coordinating_words,
        merging=merging_words,
        genders=RECIPIENT_GENDERS,
        notices=notices,
    )
