"""Uploading what came back: photos and PDF files of one reply."""

from datetime import date

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Invalid, TooLarge, UnsupportedFile
from app.journey import reply_machine, replying
from app.journey.reply_machine import Unreadable
from app.lifecycle import Role
from app.locale import N_
from app.pages.letters.replying import (
    LONGEST_CLUE,
    ScannerDep,
    claim_length,
    day_or_none,
    on,
    visitor_of,
)
from app.pages.shell.access import ServiceDep, require
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.rendering import gettext_of, render
from app.service import Service

router = APIRouter(prefix="/desk/replying")


@router.get("/new", dependencies=[Depends(require(Role.SCANNER))])
def new(request: Request, service: ServiceDep) -> Response:
    """The form to upload photos or PDF files of one reply."""
    return _upload_form(request, service, Form(), {}, 200)


@router.post("/new")
def upload(request: Request, service: ServiceDep, staff: ScannerDep, form: FormDep) -> Response:
    """Take the pages in; whoever uploads goes on with them."""
    _ = gettext_of(request)
    name, town = (form.text(field).strip()[:LONGEST_CLUE] for field in ("name", "town"))
    try:
        files = [(each.name, each.content) for each in form.files("files")]
        if not files:
            raise Invalid({"files": N_("Choose at least one photo or PDF file.")})
        reply_id = reply_machine.take_in(
            service, staff.staff_id, files, _day(form.text("received_on")), name=name, town=town
        )
    except Unreadable as error:
        problems = {
            name: _(words).format(name=error.name) for name, words in error.problems.items()
        }
        return _upload_form(request, service, form, problems, error.status)
    except Invalid as error:
        problems = {name: _(words) for name, words in error.problems.items()}
        return _upload_form(request, service, form, problems, error.status)
    except UnsupportedFile as error:
        words = _("«{name}» is neither a photo (JPEG, PNG) nor a PDF file.").format(name=error)
        return _upload_form(request, service, form, {"files": words}, error.status)
    except TooLarge as error:
        words = _("«{name}» is too large. Send it in parts.").format(name=error)
        return _upload_form(request, service, form, {"files": words}, error.status)
    with service.database.write() as session:
        replying.take(session, reply_id, visitor_of(staff), service.now(), claim_length(service))
    return on(reply_id, "uploaded")


def _upload_form(
    request: Request, service: Service, form: Form, problems: dict[str, str], status: int
) -> Response:
    return render(
        request,
        "replying/new.html",
        status=status,
        form=form,
        received_on=form.text("received_on").strip() or service.today().isoformat(),
        megabytes=service.settings.upload_megabytes,
        problems=problems,
    )


def _day(typed: str) -> date:
    day = day_or_none(typed)
    if day is None:
        raise Invalid({"received_on": N_("Write the day as a date.")})
    return day
