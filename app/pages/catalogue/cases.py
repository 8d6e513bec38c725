"""The cases of one person: entered, corrected, joined, taken away."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.catalogue import cases, joining_cases
from app.catalogue.cases import CaseDetails
from app.catalogue.standing import person
from app.errors import Invalid
from app.models import Prisoner, Prosecution
from app.pages.catalogue import meanwhile
from app.pages.catalogue.people import done_to, occasion
from app.pages.shell.access import CatalogueDep, ServiceDep, catalogue_door
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.rendering import gettext_of, render
from app.pages.shell.typed import read_as
from app.service import Service

router = APIRouter(
    prefix="/desk/catalogue/{prisoner_id}/cases", dependencies=[Depends(catalogue_door)]
)


@router.get("/new")
def new(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """The empty form."""
    return _form(request, _person(service, prisoner_id), None, Form(), {}, 200)


@router.post("")
def add(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """A case that no list told of."""
    try:
        details = read_as(CaseDetails, form, gettext_of(request))
    except Invalid as error:
        return _form(request, _person(service, prisoner_id), None, form, error.problems, 422)
    with service.database.write() as session:
        cases.add(session, prisoner_id, details, occasion(service, staff))
    return done_to(prisoner_id, "case_added")


@router.get("/{case_id}")
def edit_form(request: Request, service: ServiceDep, prisoner_id: str, case_id: str) -> Response:
    """What is known of a case, to be changed."""
    case, gone = _case(service, prisoner_id, case_id)
    whose = _person(service, prisoner_id)
    form = meanwhile.marked(_typed(case), CaseDetails.model_fields)
    return _form(request, whose, case, form, {}, 200, gone=gone)


@router.post("/{case_id}")
def edit(
    request: Request,
    service: ServiceDep,
    staff: CatalogueDep,
    prisoner_id: str,
    case_id: str,
    form: FormDep,
) -> Response:
    """Change it."""
    try:
        details = read_as(CaseDetails, form, gettext_of(request))
    except Invalid as error:
        case, gone = _case(service, prisoner_id, case_id)
        whose = _person(service, prisoner_id)
        return _form(request, whose, case, form, error.problems, 422, gone=gone)
    try:
        with service.database.write() as session:
            known = _typed(cases.case_to_change(session, prisoner_id, case_id))
            meanwhile.require_unchanged(form, known, CaseDetails.model_fields)
            cases.edit(session, prisoner_id, case_id, details, occasion(service, staff))
    except meanwhile.Changed as changed:
        case, gone = _case(service, prisoner_id, case_id)
        whose, again = _person(service, prisoner_id), changed.again(form)
        there_now = meanwhile.told(changed, gettext_of(request))
        return _form(request, whose, case, again, there_now, 409, gone=gone)
    return done_to(prisoner_id, "case_changed")


@router.post("/{case_id}/remove")
def remove(service: ServiceDep, staff: CatalogueDep, prisoner_id: str, case_id: str) -> Response:
    """Take it away; the history keeps what it said."""
    with service.database.write() as session:
        cases.remove(session, prisoner_id, case_id, occasion(service, staff))
    return done_to(prisoner_id, "case_removed")


@router.post("/{case_id}/join")
def join(
    service: ServiceDep, staff: CatalogueDep, prisoner_id: str, case_id: str, form: FormDep
) -> Response:
    """Another case is this very one: they become one."""
    with service.database.write() as session:
        other, now = form.text("other"), occasion(service, staff)
        joining_cases.join(session, prisoner_id, case_id, other, now)
    return done_to(prisoner_id, "cases_joined")


@router.post("/{case_id}/two")
def keep_two(
    service: ServiceDep, staff: CatalogueDep, prisoner_id: str, case_id: str, form: FormDep
) -> Response:
    """Another case is not this one, though it reads like it: not asked again."""
    with service.database.write() as session:
        other, now = form.text("other"), occasion(service, staff)
        joining_cases.keep_two(session, prisoner_id, case_id, other, now)
    return done_to(prisoner_id, "two_cases")


def _person(service: Service, prisoner_id: str) -> Prisoner:
    with service.database.read() as session:
        return person(session, prisoner_id)


def _case(service: Service, prisoner_id: str, case_id: str) -> tuple[Prosecution, bool]:
    """The case, and whether it is gone from its lists."""
    with service.database.read() as session:
        case = cases.case_of(session, prisoner_id, case_id)
        return case, cases.is_gone(session, case)


def _typed(case: Prosecution) -> Form:
    values = {name: getattr(case, name) for name in CaseDetails.model_fields}
    lines = {name: "\n".join(value) for name, value in values.items() if isinstance(value, list)}
    said = {name: "yes" if value is True else value for name, value in (values | lines).items()}
    return Form(tuple((name, str(value)) for name, value in said.items() if value))


def _form(
    request: Request,
    prisoner: Prisoner,
    case: Prosecution | None,
    form: Form,
    problems: dict[str, str],
    status: int,
    *,
    gone: bool = False,
) -> Response:
    return render(
        request,
        "catalogue/case_edit.html",
        status=status,
        person=prisoner,
        case=case,
        removable=case is not None and cases.may_be_removed(case),
        gone=gone,
        form=form,
        problems=problems,
    )
