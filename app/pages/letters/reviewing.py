"""The reviewers' desk: every letter is read by a person before it is printed (row 43)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Claimed, Invalid
from app.journey import reviewing
from app.journey.reviewing import Text
from app.lifecycle import Role, State
from app.pages.letters.coordinating_words import HOLDS
from app.pages.letters.desk_letter import (
    length_of,
    letter_named,
    queue_page,
    see_other,
    sheet,
    text_of,
)
from app.pages.letters.desk_words import REASONS
from app.pages.shell import side_by_side
from app.pages.shell.access import ServiceDep, SignedIn, require
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, render
from app.queries import desk_letters
from app.queries.desk_letters import Opened
from app.service import Service

router = APIRouter(prefix="/desk/reviewing")
ReviewerDep = Annotated[SignedIn, Depends(require(Role.REVIEWER))]
HERE = "/desk/reviewing"


@router.get("")
def queue(request: Request, service: ServiceDep, staff: ReviewerDep) -> Response:
    """The letters that wait to be read, oldest first."""
    template, notices = "reviewing/queue.html", _notices(request)
    return queue_page(request, service, staff.staff_id, State.IN_REVIEW, template, notices)


@router.post("/next")
def take_next(service: ServiceDep, staff: ReviewerDep) -> Response:
    """Take the oldest letter that is free, first in the languages this person reads."""
    with service.database.write() as session:
        now = service.now()
        letter_id = desk_letters.next_letter(
            session,
            State.IN_REVIEW,
            staff.staff_id,
            staff.languages,
            now,
            review=reviewing.others_review(session, staff.staff_id),
        )
        if letter_id is not None:
            try:
                reviewing.take(session, letter_id, staff.staff_id, now, length_of(service))
            except Claimed:
                letter_id = None
    return see_other(f"{HERE}/{letter_id}" if letter_id else f"{HERE}?nothing=1")


@router.get("/{letter_id}")
def letter(request: Request, service: ServiceDep, staff: ReviewerDep, letter_id: str) -> Response:
    """One letter; its text only for whoever took it."""
    return _page(request, service, _opened(service, staff, letter_id), None, {}, 200)


@router.post("/{letter_id}/take")
def take(service: ServiceDep, staff: ReviewerDep, letter_id: str) -> Response:
    with service.database.write() as session:
        reviewing.take(session, letter_id, staff.staff_id, service.now(), length_of(service))
    return see_other(f"{HERE}/{letter_id}")


@router.post("/{letter_id}/give-back")
def give_back(service: ServiceDep, staff: ReviewerDep, letter_id: str) -> Response:
    with service.database.write() as session:
        reviewing.give_back(session, letter_id, staff.staff_id)
    return see_other(HERE)


@router.post("/{letter_id}/keep")
def keep(service: ServiceDep, staff: ReviewerDep, letter_id: str, form: FormDep) -> Response:
    """Keep the text as a version, and stay."""
    text = _text(_opened(service, staff, letter_id), form)
    with service.database.write() as session:
        reviewing.keep(session, letter_id, staff.staff_id, text, service.now())
    return see_other(f"{HERE}/{letter_id}?kept=1")


@router.post("/{letter_id}/approve")
def approve(
    request: Request, service: ServiceDep, staff: ReviewerDep, letter_id: str, form: FormDep
) -> Response:
    """Approve the text as it stands in the form."""
    _ = gettext_of(request)
    opened = _opened(service, staff, letter_id)
    text = _text(opened, form)
    problems = _unprintable(opened, text, _)
    if not problems:
        try:
            with service.database.write() as session:
                held = reviewing.approve(session, letter_id, staff.staff_id, text, service.now())
        except Invalid as error:
            problems = {field: _(message) for field, message in error.problems.items()}
        else:
            return see_other(f"{HERE}?held={held}" if held else f"{HERE}?approved={letter_id}")
    return _page(request, service, opened, form, problems, Invalid.status)


@router.post("/{letter_id}/changes")
def changes(
    request: Request, service: ServiceDep, staff: ReviewerDep, letter_id: str, form: FormDep
) -> Response:
    """Ask the writer to change something."""
    opened = _opened(service, staff, letter_id)
    text = _text(opened, form)
    try:
        with service.database.write() as session:
            now = service.now()
            reviewing.keep(session, letter_id, staff.staff_id, text, now)
            reviewing.ask_for_changes(session, letter_id, staff.staff_id, form.text("note"), now)
    except Invalid as error:
        return _refused(request, service, opened, form, error)
    return see_other(f"{HERE}?asked=1")


@router.post("/{letter_id}/by-hand")
def by_hand(service: ServiceDep, staff: ReviewerDep, letter_id: str) -> Response:
    """Back to be translated by a person."""
    with service.database.write() as session:
        reviewing.send_to_translator(session, letter_id, staff.staff_id, service.now())
    return see_other(f"{HERE}?by-hand=1")


@router.post("/{letter_id}/refuse")
def refuse(
    request: Request, service: ServiceDep, staff: ReviewerDep, letter_id: str, form: FormDep
) -> Response:
    """Not to be sent, with a reason; this cannot be undone."""
    try:
        with service.database.write() as session:
            reviewing.refuse(
                session,
                letter_id,
                staff.staff_id,
                form.text("reason"),
                form.text("refusal"),
                service.now(),
            )
    except Invalid as error:
        return _refused(request, service, _opened(service, staff, letter_id), form, error)
    return see_other(f"{HERE}?refused=1")


@router.post("/{letter_id}/reopen")
def reopen(service: ServiceDep, staff: ReviewerDep, letter_id: str) -> Response:
    """Undo an approval."""
    with service.database.write() as session:
        reviewing.reopen(session, letter_id, staff.staff_id, service.now(), length_of(service))
    return see_other(f"{HERE}/{letter_id}")


def _notices(request: Request) -> list[Notice]:
    _ = gettext_of(request)
    query = request.query_params
    said = []
    if approved := letter_named(request, "approved"):
        said.append(
            Notice(
                _("Approved. The page is being laid out."), undo_path=f"{HERE}/{approved}/reopen"
            )
        )
    if reason := query.get("held"):
        why = _(HOLDS[reason]) if reason in HOLDS else ""  # type: ignore[index]
        text = _("Your text is kept, and the letter waits, because: {why}.").format(why=why)
        said.append(Notice(text, "waiting"))
    if "asked" in query:
        said.append(Notice(_("The writer is asked. The letter comes back when it is changed.")))
    if "by-hand" in query:
        said.append(Notice(_("The letter waits for a translator now.")))
    if "refused" in query:
        said.append(Notice(_("The letter is not sent; the writer is told why.")))
    if "nothing" in query:
        said.append(Notice(_("Nothing is free right now."), "plain"))
    return said


def _text(opened: Opened, form: Form) -> Text:
    return Text(text_of(opened, form), form.text("signature").strip())


def _unprintable(opened: Opened, text: Text, _: Callable[[str], str]) -> dict[str, str]:
    """Every paragraph that is empty, or that the paper cannot show."""
    original = opened.texts.original if opened.texts else ""
    side = side_by_side.pairs(original, text.body)
    problems = side_by_side.missing(side, _)
    for number, pair in enumerate(side, 1):
        unprintable = side_by_side.signs_that_cannot_be_printed(pair.translation, _)
        if unprintable:
            problems[f"{side_by_side.FIELD}{number}"] = unprintable
    return problems


def _opened(service: Service, staff: SignedIn, letter_id: str) -> Opened:
    with service.database.read() as session:
        return desk_letters.opened(
            session, letter_id, State.IN_REVIEW, staff.staff_id, service.now()
        )


def _refused(
    request: Request, service: Service, opened: Opened, form: Form, error: Invalid
) -> Response:
    _ = gettext_of(request)
    problems = {field: _(message) for field, message in error.problems.items()}
    return _page(request, service, opened, form, problems, Invalid.status)


def _page(
    request: Request,
    service: Service,
    opened: Opened,
    form: Form | None,
    problems: dict[str, str],
    status: int,
) -> Response:
    _ = gettext_of(request)
    return render(
        request,
        "reviewing/letter.html",
        status=status,
        reasons=[(code, _(said)) for code, said in REASONS],
        now=service.now(),
        **sheet(request, opened, form, problems),
    )
