"""With the receipt code: see, take back, write again, go on, read, delete.

The code comes by POST in every single form: never in an address, a cookie or a log (row 49).
"""

import base64
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import guessing
from app.errors import Invalid, NotFound, TooManyRequests
from app.journey import following, forgetting, pairing, writing
from app.locale import N_
from app.models import Letter, Reply
from app.moving import WRITER
from app.pages.public.telling import story_of, what_next
from app.pages.shell import side_by_side
from app.pages.shell.access import ServiceDep
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, language_of, render
from app.pages.shell.side_by_side import Pair
from app.queries import following as reading
from app.queries.following import OwnCorrespondence
from app.sealing import grouped_code, typed_code
from mailing.paper import page_picture

router = APIRouter()

PICTURE_WIDTH = 900  # pixels


def code_of(service: ServiceDep, form: FormDep) -> str:
    """The receipt code that was sent, which opens something.

    A wrong one is counted, whichever form it came by (row 54). Raises `NotFound`, and beyond the
    limit `TooManyRequests`.
    """
    code = typed_code(form.text("code"))
    try:
        with service.database.read() as session:
            reading.correspondence_id_of(session, code)
    except NotFound:
        with service.database.write() as session:
            wait = guessing.note_wrong_code(session, service.now())
        if wait:
            raise TooManyRequests(
                N_("Too many wrong codes were tried here. Wait a few minutes."), wait
            ) from None
        raise
    return code


CodeDep = Annotated[str, Depends(code_of)]


@router.get("/letter")
def enter(request: Request) -> Response:
    """The form for the receipt code."""
    return render(request, "following/enter.html", problems={}, typed="")


@router.post("/letter")
def follow(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """What became of the letters a code opens."""
    try:
        code = code_of(service, form)
    except NotFound:
        return _wrong_code(request, form)
    with service.database.read() as session:
        opened = reading.correspondence_of(session, code)
    return _status(request, code, opened)


@router.post("/letter/withdraw")
def withdraw(request: Request, service: ServiceDep, code: CodeDep, form: FormDep) -> Response:
    """Take one letter back, if it is not too late."""
    _ = gettext_of(request)
    with service.database.write() as session:
        letter = reading.own_letter(session, code, form.text("letter"))
        at_once = following.withdraw(session, letter, service.now())
        opened = reading.correspondence_of(session, code)
    said = (
        _("You took the letter back. It will not be sent.")
        if at_once
        else _("The letter is printed already. The volunteer is told to take it out of the pile.")
    )
    return _status(request, code, opened, Notice(said))


@router.post("/letter/revise")
def revise(request: Request, service: ServiceDep, code: CodeDep, form: FormDep) -> Response:
    """A new text of a letter that a reviewer gave back."""
    with service.database.read() as session:
        letter = reading.own_letter(session, code, form.text("letter"))
    try:
        text, signature = _checked_text(request, letter, form)
    except Invalid as wrong:
        with service.database.read() as session:
            opened = reading.correspondence_of(session, code)
        return _status(request, code, opened, problems=wrong.problems, typed=form)
    with service.database.write() as session:
        letter = reading.own_letter(session, code, letter.id)
        following.revise(session, letter, text, signature, service.now())
        opened = reading.correspondence_of(session, code)
    _ = gettext_of(request)
    return _status(request, code, opened, Notice(_("Thank you. The new text is with us.")))


@router.post("/letter/continue")
def go_on(service: ServiceDep, code: CodeDep) -> Response:
    """Write to the same person again; the receipt code stays the same."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as session:
        correspondence_id = reading.correspondence_id_of(session, code)
        rules = pairing.Rules.of(service.settings)
        following.go_on(session, correspondence_id, token, rules, service.now())
    return RedirectResponse(f"/write/{token}", 303)


@router.post("/letter/another")
def go_on_to_another(service: ServiceDep, code: CodeDep) -> Response:
    """Write to the next person; whoever this writer was given before is left out."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as session:
        following.go_on_to_another(
            session,
            reading.correspondence_id_of(session, code),
            token,
            pairing.Rules.of(service.settings),
            now=service.now(),
            today=service.today(),
            chance=service.chance,
        )
    return RedirectResponse(f"/write/{token}", 303)


@router.post("/letter/page")
def page(request: Request, service: ServiceDep, code: CodeDep, form: FormDep) -> Response:
    """Pictures of the letter as it will be printed, and of the sheet for the answer."""
    with service.database.read() as session:
        letter_id = reading.own_letter(session, code, form.text("letter")).id
        opened = reading.correspondence_of(session, code)
    letter = next(each for each in opened.letters if each.id == letter_id)
    if letter.file_id is None:
        raise NotFound("This letter is not laid out yet.")
    pdf = service.vault.get(letter.file_id)
    pictures = [
        _inline(page_picture(pdf, page=number, width=PICTURE_WIDTH), "image/png")
        for number in range(letter.pages)
    ]
    return render(
        request,
        "following/page.html",
        code=grouped_code(code),
        opened=opened,
        letter=letter,
        pictures=pictures,
    )


@router.post("/letter/reply")
def read_reply(request: Request, service: ServiceDep, code: CodeDep, form: FormDep) -> Response:
    """The answer: what the paper looks like, what it says, and what that means."""
    with service.database.write() as session:
        reply = reading.own_reply(session, code, form.text("reply"))
        opened = reading.correspondence_of(session, code)
        following.mark_read(session, session.get_one(Reply, reply.id), service.now())
    with ThreadPoolExecutor(4) as pool:
        scans = [
            _inline(scan, "image/jpeg") for scan in pool.map(service.vault.get, reply.scan_ids)
        ]
    return render(
        request,
        "following/reply.html",
        code=grouped_code(code),
        opened=opened,
        reply=reply,
        scans=scans,
    )


@router.post("/letter/delete")
def delete(request: Request, service: ServiceDep, code: CodeDep, form: FormDep) -> Response:
    """Erase everything the code opens, for good."""
    with service.database.read() as session:
        opened = reading.correspondence_of(session, code)
    if not form.has("sure"):
        return render(request, "following/delete.html", code=grouped_code(code), opened=opened)
    forgetting.remove_kept_mail(service, opened.id)
    with service.database.write() as session:
        following.stop_letters(session, opened.id, service.now())
        files = forgetting.erase_correspondence(session, opened.id, WRITER, service.now())
    forgetting.remove_files(service, files)
    return render(request, "following/deleted.html")


def _status(
    request: Request,
    code: str,
    opened: OwnCorrespondence,
    notice: Notice | None = None,
    problems: dict[str, str] | None = None,
    typed: Form | None = None,
) -> Response:
    _ = gettext_of(request)
    name = opened.called[language_of(request)]
    return render(
        request,
        "following/letters.html",
        status=422 if problems else 200,
        code=grouped_code(code),
        opened=opened,
        stories={letter.id: story_of(letter, name, _) for letter in opened.letters},
        sides={
            letter.id: [
                *side_by_side.pairs(letter.original or "", letter.russian or ""),
                Pair(letter.signature or "", letter.russian_signature or ""),
            ]
            for letter in opened.letters
        },
        next_steps={letter.id: what_next(letter, _) for letter in opened.letters},
        notices=[notice] if notice else [],
        problems=problems or {},
        typed_letter=typed.text("letter") if typed else "",
        typed_text=typed.text("text") if typed else "",
        typed_signature=typed.text("signature") if typed else "",
        longest=writing.LONGEST_TEXT,
    )


def _wrong_code(request: Request, form: Form) -> Response:
    _ = gettext_of(request)
    problem = _(
        "This code opens nothing. Please compare it with what you saved: five groups of five."
    )
    return render(
        request,
        "following/enter.html",
        status=404,
        problems={"code": problem},
        typed=form.text("code")[:60],
    )


def _checked_text(request: Request, letter: Letter, form: Form) -> tuple[str, str]:
    draft = writing.Draft(
        form.text("text"), form.text("signature"), letter.language, letter.gender, letter.engines
    )
    tidy = writing.checked(draft, gettext_of(request))
    return tidy.text, tidy.signature


def _inline(picture: bytes, kind: str) -> str:
    """A picture inside the page: an address of its own would have to carry the code."""
    return f"data:{kind};base64,{base64.b64encode(picture).decode()}"
