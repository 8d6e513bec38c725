"""The translators' desk: what no engine may, can or should translate is translated by hand."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Claimed, Invalid
from app.journey import translating
from app.lifecycle import Role, State
from app.pages.letters.desk_letter import (
    length_of,
    letter_named,
    queue_page,
    see_other,
    sheet,
    text_of,
)
from app.pages.shell import side_by_side
from app.pages.shell.access import ServiceDep, SignedIn, require
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, render
from app.queries import desk_letters
from app.queries.desk_letters import Opened
from app.service import Service

router = APIRouter(prefix="/desk/translating")
TranslatorDep = Annotated[SignedIn, Depends(require(Role.TRANSLATOR))]
HERE = "/desk/translating"


@router.get("")
def queue(request: Request, service: ServiceDep, staff: TranslatorDep) -> Response:
    """The letters that wait for a translation, oldest first."""
    _ = gettext_of(request)
    notices = []
    if finished := letter_named(request, "finished"):
        text = _("Your translation went to review.")
        notices.append(Notice(text, undo_path=f"{HERE}/{finished}/take-back"))
    if "nothing" in request.query_params:
        notices.append(Notice(_("Nothing is free right now."), "plain"))
    template = "translating/queue.html"
    return queue_page(request, service, staff.staff_id, State.TRANSLATING, template, notices)


@router.post("/next")
def take_next(service: ServiceDep, staff: TranslatorDep) -> Response:
    """Take the oldest letter that is free, first in the languages this person reads."""
    with service.database.write() as session:
        now = service.now()
        letter_id = desk_letters.next_letter(
            session, State.TRANSLATING, staff.staff_id, staff.languages, now, review=False
        )
        if letter_id is not None:
            try:
                translating.take(session, letter_id, staff.staff_id, now, length_of(service))
            except Claimed:
                letter_id = None
    return see_other(f"{HERE}/{letter_id}" if letter_id else f"{HERE}?nothing=1")


@router.get("/{letter_id}")
def letter(request: Request, service: ServiceDep, staff: TranslatorDep, letter_id: str) -> Response:
    """One letter; its text only for whoever took it."""
    opened = _opened(service, staff, letter_id)
    return _page(request, service, opened, None, {}, 200)


@router.post("/{letter_id}/take")
def take(service: ServiceDep, staff: TranslatorDep, letter_id: str) -> Response:
    with service.database.write() as session:
        translating.take(session, letter_id, staff.staff_id, service.now(), length_of(service))
    return see_other(f"{HERE}/{letter_id}")


@router.post("/{letter_id}/give-back")
def give_back(service: ServiceDep, staff: TranslatorDep, letter_id: str) -> Response:
    with service.database.write() as session:
        translating.give_back(session, letter_id, staff.staff_id, service.now())
    return see_other(HERE)


@router.post("/{letter_id}/keep")
def keep(service: ServiceDep, staff: TranslatorDep, letter_id: str, form: FormDep) -> Response:
    """Keep an unfinished translation."""
    opened = _opened(service, staff, letter_id)
    with service.database.write() as session:
        translating.keep(
            session,
            letter_id,
            staff.staff_id,
            text_of(opened, form),
            form.text("signature").strip(),
            service.now(),
        )
    return see_other(f"{HERE}/{letter_id}?kept=1")


@router.post("/{letter_id}/finish")
def finish(
    request: Request, service: ServiceDep, staff: TranslatorDep, letter_id: str, form: FormDep
) -> Response:
    """Send a finished translation to review."""
    _ = gettext_of(request)
    opened = _opened(service, staff, letter_id)
    text, signature = text_of(opened, form), form.text("signature").strip()
    original = opened.texts.original if opened.texts else ""
    problems = side_by_side.missing(side_by_side.pairs(original, text), _)
    if not signature:
        problems["signature"] = _("How is the letter signed in Russian?")
    if problems:
        return _page(request, service, opened, form, problems, Invalid.status)
    with service.database.write() as session:
        translating.finish(session, letter_id, staff.staff_id, text, signature, service.now())
    return see_other(f"{HERE}?finished={letter_id}")


@router.post("/{letter_id}/take-back")
def take_back(service: ServiceDep, staff: TranslatorDep, letter_id: str) -> Response:
    """Undo: the translation was not finished after all."""
    with service.database.write() as session:
        translating.take_back(session, letter_id, staff.staff_id, service.now(), length_of(service))
    return see_other(f"{HERE}/{letter_id}")


@router.post("/{letter_id}/machine")
def machine(service: ServiceDep, staff: TranslatorDep, letter_id: str) -> Response:
    """Ask the engines again, now."""
    with service.database.write() as session:
        translating.try_machine(session, letter_id, staff.staff_id, service.now())
    return see_other(HERE)


def _opened(service: Service, staff: SignedIn, letter_id: str) -> Opened:
    with service.database.read() as session:
        return desk_letters.opened(
            session, letter_id, State.TRANSLATING, staff.staff_id, service.now()
        )


def _page(
    request: Request,
    service: Service,
    opened: Opened,
    form: Form | None,
    problems: dict[str, str],
    status: int,
) -> Response:
    return render(
        request,
        "translating/letter.html",
        status=status,
        now=service.now(),
        **sheet(request, opened, form, problems),
    )
