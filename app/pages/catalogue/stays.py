"""One stay of one person at a place: its days corrected, or taken away."""

from datetime import date

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.catalogue import stays
from app.catalogue.standing import person
from app.catalogue.stays import StayDetails
from app.errors import Invalid
from app.models import Placement
from app.pages.catalogue import meanwhile
from app.pages.catalogue.people import done_to, occasion
from app.pages.shell.access import CatalogueDep, ServiceDep, catalogue_door
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.rendering import gettext_of, render
from app.pages.shell.typed import read_as, translated
from app.service import Service

router = APIRouter(
    prefix="/desk/catalogue/{prisoner_id}/stays", dependencies=[Depends(catalogue_door)]
)


@router.get("/{stay_id}")
def edit_form(request: Request, service: ServiceDep, prisoner_id: str, stay_id: str) -> Response:
    """What is known of a stay, to be changed."""
    with service.database.read() as session:
        known = _typed(stays.stay_of(session, prisoner_id, stay_id)[0])
    form = meanwhile.marked(known, StayDetails.model_fields)
    return _form(request, service, prisoner_id, stay_id, form, {}, 200)


@router.post("/{stay_id}")
def correct(
    request: Request,
    service: ServiceDep,
    staff: CatalogueDep,
    prisoner_id: str,
    stay_id: str,
    form: FormDep,
) -> Response:
    """Change it."""
    say = gettext_of(request)
    try:
        details = read_as(StayDetails, form, say)
        with service.database.write() as session:
            known = _typed(stays.stay_to_change(session, prisoner_id, stay_id)[1])
            meanwhile.require_unchanged(form, known, StayDetails.model_fields)
            stays.correct(session, prisoner_id, stay_id, details, occasion(service, staff))
    except Invalid as error:
        problems = translated(error, say)
        return _form(request, service, prisoner_id, stay_id, form, problems, 422)
    except meanwhile.Changed as changed:
        there_now, again = meanwhile.told(changed, say), changed.again(form)
        return _form(request, service, prisoner_id, stay_id, again, there_now, 409)
    return done_to(prisoner_id, "stay_changed")


@router.post("/{stay_id}/remove")
def remove(service: ServiceDep, staff: CatalogueDep, prisoner_id: str, stay_id: str) -> Response:
    """They were never there; the history keeps what it said."""
    with service.database.write() as session:
        stays.remove(session, prisoner_id, stay_id, occasion(service, staff))
    return done_to(prisoner_id, "stay_removed")


def _form(
    request: Request,
    service: Service,
    prisoner_id: str,
    stay_id: str,
    form: Form,
    problems: dict[str, str],
    status: int,
) -> Response:
    with service.database.read() as session:
        row = person(session, prisoner_id)
        stay, place = stays.stay_of(session, prisoner_id, stay_id)
        removable = stays.may_be_removed(session, stay)
    return render(
        request,
        "catalogue/stay_edit.html",
        status=status,
        person=row,
        stay=stay,
        place=place,
        removable=removable,
        form=form,
        problems=problems,
    )


def _typed(stay: Placement) -> Form:
    """A stay as it would be typed into its form."""
    known = {"from_day": _day(stay.from_day), "to_day": _day(stay.to_day), "source": stay.source}
    return Form(tuple(known.items()))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
