"""Hanging up somebody's portrait and taking it down, at the catalogue desk."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue import portraits
from app.catalogue.standing import person
from app.errors import NotFound
from app.locale import N_
from app.pages.catalogue.people import occasion
from app.pages.shell.access import CatalogueDep, ServiceDep, catalogue_door
from app.pages.shell.forms import FormDep, Upload
from app.pages.shell.pictures import picture_answer
from app.pages.shell.rendering import gettext_of, render
from app.service import Service
from mailing import scans
from mailing.scans import ScanLimits, UploadRefused

router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(catalogue_door)])

LARGEST = 10_000_000  # bytes
_LIMITS = ScanLimits(max_bytes=LARGEST, pages=1)
_PROBLEMS = {
    "unsupported": N_("This is neither a photo (JPEG, PNG) nor a PDF file."),
    "too_large": N_("This picture is too large: 10 megabytes fit."),
}
_UNREADABLE = N_("This picture cannot be read. Try another one.")
_NOTHING = N_("Choose a picture.")


@router.get("/{prisoner_id}/portrait")
def portrait(request: Request, service: ServiceDep, prisoner_id: str) -> Response:
    """The present portrait, and a form for another."""
    return _page(request, service, prisoner_id, {}, 200)


@router.get("/{prisoner_id}/portrait/picture")
def picture(service: ServiceDep, prisoner_id: str) -> Response:
    """The picture, whether the person is shown or not."""
    with service.database.read() as session:
        file_id = person(session, prisoner_id).portrait_file_id
    if file_id is None:
        raise NotFound("There is no portrait.")
    return picture_answer(service, file_id)


@router.post("/{prisoner_id}/portrait")
def hang(
    request: Request, service: ServiceDep, staff: CatalogueDep, prisoner_id: str, form: FormDep
) -> Response:
    """Encode the picture anew, without what a camera wrote into it, and show it."""
    with service.database.read() as session:
        person(session, prisoner_id)
    if form.has("remove"):
        return _hung(service, prisoner_id, staff, None)
    files = form.files("picture")
    if not files:
        problems = {"picture": gettext_of(request)(_NOTHING)}
        return _page(request, service, prisoner_id, problems, 422)
    try:
        jpeg = _encoded_anew(files[0])
    except UploadRefused as error:
        said = gettext_of(request)(_PROBLEMS.get(error.reason, _UNREADABLE))
        return _page(request, service, prisoner_id, {"picture": said}, 422)
    return _hung(service, prisoner_id, staff, service.vault.put(jpeg))


def _encoded_anew(upload: Upload) -> bytes:
    return scans.intake(upload.content, _LIMITS)[0].jpeg


def _hung(service: Service, prisoner_id: str, staff: CatalogueDep, file_id: str | None) -> Response:
    with service.database.write() as session:
        before = portraits.hang(session, prisoner_id, file_id, occasion(service, staff))
    if before is not None:
        service.vault.remove(before)
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}/portrait", 303)


def _page(
    request: Request, service: Service, prisoner_id: str, problems: dict[str, str], status: int
) -> Response:
    with service.database.read() as session:
        found = person(session, prisoner_id)
    return render(
        request, "catalogue/portrait.html", status=status, person=found, problems=problems
    )
