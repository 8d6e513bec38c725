"""The reply desk: what waits, whose turn it is, which letter a reply answers, its pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any

from babel import Locale
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import claiming
from app.errors import Invalid, NotFound
from app.journey import reply_clues, reply_machine, reply_texts, replying
from app.journey.reply_texts import LANGUAGES
from app.journey.replying import Visitor
from app.lifecycle import ReplyState, Role
from app.locale import N_
from app.pages.shell.access import ServiceDep, SignedIn, may, require
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.headers import FILE_POLICY
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import replies, suggestions
from app.queries.suggestions import Suggestion
from app.service import Service

router = APIRouter(prefix="/desk/replying")
ReplyDep = Annotated[SignedIn, Depends(require(Role.SCANNER, Role.TRANSLATOR, Role.REVIEWER))]
ScannerDep = Annotated[SignedIn, Depends(require(Role.SCANNER))]

LONGEST_CLUE = 120
IN_LIST = 3
"""So many letters are suggested beside each reply of the list; all of them stand on its page."""
SUGGESTED = 20
"""Beside so many replies, those that wait longest: looking through the letters takes its time."""

PAGE_OF_STATE = {
    ReplyState.SCANNED: "replying/find.html",
    ReplyState.MATCHED: "replying/copy.html",
    ReplyState.TRANSLATING: "replying/translate.html",
    ReplyState.IN_REVIEW: "replying/review.html",
}
"""The page on which the next step is done; other states are only to be read."""

DONE = {
    "uploaded": N_("The pages are kept."),
    "matched": N_("The letter is found."),
    "unmatched": N_("Undone: the reply waits for its letter again."),
    "unclaimed": N_("A coordinator will look after it."),
    "kept": N_("Kept. You can go on now or later."),
    "copied": N_("Copied out. Thank you."),
    "translated": N_("Translated. A reviewer reads it next."),
    "forwarded": N_("Approved. The writer is told that there is an answer."),
    "sent_back": N_("Sent back."),
    "withheld": N_("Withheld. A coordinator decides what becomes of it."),
    "resumed": N_("It is reviewed again."),
    "closed": N_("Closed."),
    "let_go": N_("Given free for others."),
    "danger": N_("Coordinators are alarmed."),
    "danger_over": N_("The alarm is taken back."),
    "no_more": N_("No more letters are sent. A coordinator looks at it next."),
    "help": N_("Noted."),
}
TROUBLES = {
    "no_number": N_("No code was found on the pages."),
    "unknown_number": N_("The code on the pages belongs to no letter."),
    "several_numbers": N_("The pages have codes of several letters."),
    "unmatched": N_("It was matched with the wrong letter before."),
    "no_engine": N_("No engine of our own can translate it; a person must."),
    "no_answer": N_("Our own engine does not answer; it is asked again."),
    "by_hand": N_("A person translates it."),
    "sent_back": N_("The reviewer sent it back."),
    "stumbled": N_("The machine failed; a person must do it."),
}


@dataclass(frozen=True)
class Again:
    """What a page shows again after something was wrong, or was searched for."""

    form: Form = field(default_factory=Form)
    problems: dict[str, str] = field(default_factory=dict)
    status: int = 200
    suggestions: list[Suggestion] | None = None


@router.get("")
def desk(request: Request, service: ServiceDep, staff: ReplyDep) -> Response:
    """What waits at the desks of this person, the oldest first."""
    visitor = visitor_of(staff)
    sections = [
        (N_("To find the letter"), ReplyState.SCANNED),
        (N_("To copy out"), ReplyState.MATCHED),
        (N_("To translate"), ReplyState.TRANSLATING),
        (N_("To review"), ReplyState.IN_REVIEW),
        (N_("Withheld"), ReplyState.WITHHELD),
        (N_("Nobody's"), ReplyState.UNCLAIMED),
    ]
    _ = gettext_of(request)
    with service.database.read() as session:
        danger = replies.in_danger(session, service.now()) if visitor.coordinates else []
        in_all = replies.counts(session)
        lists = [
            (
                _(title),
                state,
                replies.waiting(session, [state], service.now()),
                in_all.get(state, 0),
            )
            for title, state in sections
            if state in visitor.states
        ]
        may_answer = {
            each.id: suggestions.suggested(session, each.id, each.received_on, IN_LIST)
            for _title, state, found, _total in lists
            for each in found[:SUGGESTED]
            if state == ReplyState.SCANNED
        }
    return render(
        request,
        "replying/desk.html",
        now=service.now(),
        danger=danger,
        lists=lists,
        may_answer=may_answer,
        may_upload=may(staff, Role.SCANNER),
        troubles={code: _(words) for code, words in TROUBLES.items()},
        notices=notices(request),
    )


@router.get("/{reply_id}")
def reply(request: Request, service: ServiceDep, staff: ReplyDep, reply_id: str) -> Response:
    """One reply: to whoever has taken it everything, to others how to take it."""
    return show(request, service, staff, reply_id, Again())


@router.get("/{reply_id}/pages/{page}")
def picture(service: ServiceDep, staff: ReplyDep, reply_id: str, page: int) -> Response:
    """The picture of a page, for whoever has taken the reply (rows 13, 32)."""
    visitor = visitor_of(staff)
    with service.database.read() as session:
        found = replying.at_desk(session, reply_id, visitor)
        if not replying.may_see_pages(session, found, visitor, service.now()):
            raise NotFound("There is no such page.")
        file_id = replying.scan_of(session, reply_id, page).file_id
    headers = {
        "Content-Disposition": f'attachment; filename="page-{page}.jpg"',
        "Content-Security-Policy": FILE_POLICY,
    }
    return Response(service.vault.get(file_id), media_type="image/jpeg", headers=headers)


@router.post("/{reply_id}/take")
def take(service: ServiceDep, staff: ReplyDep, reply_id: str) -> Response:
    """Begin to work on it; nobody else can meanwhile."""
    with service.database.write() as session:
        replying.take(session, reply_id, visitor_of(staff), service.now(), claim_length(service))
    return RedirectResponse(f"/desk/replying/{reply_id}", status_code=303)


@router.post("/{reply_id}/let-go")
def let_go(service: ServiceDep, staff: ReplyDep, reply_id: str) -> Response:
    with service.database.write() as session:
        replying.let_go(session, reply_id, visitor_of(staff))
    return RedirectResponse("/desk/replying?done=let_go", status_code=303)


@router.post("/{reply_id}/match")
def match(
    request: Request, service: ServiceDep, staff: ScannerDep, form: FormDep, reply_id: str
) -> Response:
    """By the number on the paper; a number of no letter is kept, to suggest letters by."""
    try:
        with service.database.write() as session:
            replying.match_number(
                session, reply_id, form.text("number"), visitor_of(staff), service.now()
            )
    except Invalid as error:
        if numbers := reply_clues.numbers_in(form.text("number")):
            _keep_read(service, staff, reply_id, numbers=numbers)
        return show(request, service, staff, reply_id, Again(form, error.problems, error.status))
    return on(reply_id, "matched")


@router.post("/{reply_id}/suggest")
def suggest(
    request: Request, service: ServiceDep, staff: ScannerDep, form: FormDep, reply_id: str
) -> Response:
    """Letters by name, town and day; searched by POST, so that no name stands in an address."""
    name, town = (form.text(field).strip()[:LONGEST_CLUE] for field in ("name", "town"))
    since = day_or_none(form.text("since"))
    _keep_read(service, staff, reply_id, name=name, town=town, since=since)
    with service.database.read() as session:
        found = suggestions.suggest_by_person(session, name, town, since)
    return show(request, service, staff, reply_id, Again(form, suggestions=found))


@router.post("/{reply_id}/match/{letter_id}")
def match_suggested(
    service: ServiceDep, staff: ScannerDep, reply_id: str, letter_id: str
) -> Response:
    with service.database.write() as session:
        replying.match_letter(session, reply_id, letter_id, visitor_of(staff), service.now())
    return on(reply_id, "matched")


@router.post("/{reply_id}/unmatch")
def unmatch(service: ServiceDep, staff: ScannerDep, reply_id: str) -> Response:
    with service.database.write() as session:
        replying.unmatch(session, reply_id, visitor_of(staff), service.now())
    return on(reply_id, "unmatched")


@router.post("/{reply_id}/unclaimed")
def unclaimed(service: ServiceDep, staff: ScannerDep, reply_id: str) -> Response:
    """No letter can be found for it."""
    with service.database.write() as session:
        replying.give_up(session, reply_id, visitor_of(staff), service.now())
    return RedirectResponse("/desk/replying?done=unclaimed", status_code=303)


@router.post("/{reply_id}/pages/{page}/turn")
def turn(
    request: Request,
    service: ServiceDep,
    staff: ReplyDep,
    form: FormDep,
    reply_id: str,
    page: int,
) -> Response:
    """Turn a picture: `quarters` is 1 (right), 2 or 3 (left)."""
    if (wrong := keep_typed(request, service, staff, form, reply_id)) is not None:
        return wrong
    quarters = form.text("quarters")
    reply_machine.turn(
        service,
        reply_id,
        page,
        int(quarters) if quarters in {"1", "2", "3"} else 1,
        visitor_of(staff),
    )
    return RedirectResponse(f"/desk/replying/{reply_id}#page-{page}", status_code=303)


@router.post("/{reply_id}/pages/{page}/withhold")
def withhold_page(
    request: Request,
    service: ServiceDep,
    staff: ReplyDep,
    form: FormDep,
    reply_id: str,
    page: int,
) -> Response:
    """The writer does not get this picture (`withheld`: yes), or gets it after all (no)."""
    if (wrong := keep_typed(request, service, staff, form, reply_id)) is not None:
        return wrong
    with service.database.write() as session:
        replying.withhold_page(
            session,
            reply_id,
            page,
            visitor_of(staff),
            service.now(),
            withheld=form.text("withheld") == "yes",
        )
    return RedirectResponse(f"/desk/replying/{reply_id}#page-{page}", status_code=303)


def show(
    request: Request, service: Service, staff: SignedIn, reply_id: str, again: Again
) -> Response:
    """The page for the reply's state, with what was typed before."""
    _ = gettext_of(request)
    visitor = visitor_of(staff)
    with service.database.read() as session:
        found = replying.at_desk(session, reply_id, visitor)
        holder = claiming.holder(session, reply_id, service.now())
        view = replies.reply_view(session, found) if holder == staff.staff_id else None
        others_approve = reply_texts.others_approve(session, found, staff.staff_id)
        unmatched = view is not None and view.letter_unknown
        suggested = (
            suggestions.suggested(session, reply_id, found.received_on) if unmatched else None
        )
    words: dict[str, Any] = {
        "reply_id": reply_id,
        "problems": {name: _(problem) for name, problem in again.problems.items()},
        "notices": notices(request),
        "troubles": {code: _(text) for code, text in TROUBLES.items()},
    }
    if view is None:
        return render(
            request,
            "replying/closed.html",
            status=again.status,
            received_on=found.received_on,
            taken=holder is not None,
            **words,
        )
    return render(
        request,
        PAGE_OF_STATE.get(view.state, "replying/read.html"),
        status=again.status,
        reply=view,
        form=again.form,
        searched=again.suggestions,
        suggested=suggested,
        languages_of_replies=language_names(request, LANGUAGES),
        language_name=_name_of(request, view.writer_language),
        coordinates=visitor.coordinates,
        others_approve=others_approve,
        **words,
    )


def keep_typed(
    request: Request, service: Service, staff: SignedIn, form: Form, reply_id: str
) -> Response | None:
    """Whatever was typed when another button was pressed is kept first.

    None when that is done; else the page that says what is wrong with it.
    """
    visitor, now = visitor_of(staff), service.now()
    translated = form.text("translation") if form.has("translation") else None
    try:
        with service.database.write() as session:
            if form.has("text"):
                language = form.text("language")
                reply_texts.keep_transcript(
                    session, reply_id, form.text("text"), language, visitor, now
                )
            elif form.has("transcript"):
                text = form.text("transcript")
                reply_texts.keep_review(
                    session, reply_id, text, translated, visitor, now, complete=False
                )
            elif translated is not None:
                reply_texts.keep_translation(session, reply_id, translated, visitor, now)
    except Invalid as error:
        return show(request, service, staff, reply_id, Again(form, error.problems, error.status))
    return None


def _keep_read(service: Service, staff: SignedIn, reply_id: str, **read: Any) -> None:
    with service.database.write() as session:
        replying.note_clues(session, reply_id, visitor_of(staff), service.now(), **read)


def visitor_of(staff: SignedIn) -> Visitor:
    return Visitor(staff.staff_id, staff.roles)


def claim_length(service: Service) -> timedelta:
    return timedelta(minutes=service.settings.claim_minutes)


def on(reply_id: str, done: str) -> Response:
    """Back to the page of this reply, which says what was done."""
    return RedirectResponse(f"/desk/replying/{reply_id}?done={done}", status_code=303)


def notices(request: Request) -> list[Notice]:
    done = DONE.get(request.query_params.get("done", ""))
    return [Notice(gettext_of(request)(done))] if done and request.method == "GET" else []


def language_names(request: Request, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, _name_of(request, code)) for code in codes]


def _name_of(request: Request, code: str | None) -> str:
    name: str = Locale.parse(language_of(request)).languages.get(code or "", code or "")
    return name


def day_or_none(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None
