"""The reply desk's texts: copying out, translating, reviewing; and the steps that cannot wait."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import Invalid
from app.journey import reply_alarms, reply_machine, reply_texts
from app.lifecycle import ReplyState, Role
from app.pages.letters.replying import Again, ReplyDep, ScannerDep, keep_typed, on, show, visitor_of
from app.pages.shell.access import CoordinatorDep, ServiceDep, SignedIn, require
from app.pages.shell.forms import Form, FormDep
from app.service import Service

router = APIRouter(prefix="/desk/replying")
TranslatorDep = Annotated[SignedIn, Depends(require(Role.TRANSLATOR))]
ReviewerDep = Annotated[SignedIn, Depends(require(Role.REVIEWER))]


@router.post("/{reply_id}/transcript")
def transcript(
    request: Request, service: ServiceDep, staff: ScannerDep, form: FormDep, reply_id: str
) -> Response:
    """Keep what is copied out (`do`: keep), finish it, or have a machine draft it first."""
    text, language, visitor = form.text("text"), form.text("language"), visitor_of(staff)
    try:
        if form.text("do") == "draft":
            reply_machine.draft(service, reply_id, language, visitor)
            return on(reply_id, "kept")
        done = "copied" if form.text("do") == "finish" else "kept"
        act = reply_texts.finish_transcript if done == "copied" else reply_texts.keep_transcript
        with service.database.write() as session:
            act(session, reply_id, text, language, visitor, service.now())
    except Invalid as error:
        return show(request, service, staff, reply_id, Again(form, error.problems, error.status))
    return on(reply_id, done) if done == "kept" else _to_desk(done)


@router.post("/{reply_id}/translation")
def translation(
    request: Request, service: ServiceDep, staff: TranslatorDep, form: FormDep, reply_id: str
) -> Response:
    """Keep a translation by hand, or finish it."""
    done = "translated" if form.text("do") == "finish" else "kept"
    act = reply_texts.finish_translation if done == "translated" else reply_texts.keep_translation
    try:
        with service.database.write() as session:
            act(session, reply_id, form.text("translation"), visitor_of(staff), service.now())
    except Invalid as error:
        return show(request, service, staff, reply_id, Again(form, error.problems, error.status))
    return on(reply_id, done) if done == "kept" else _to_desk(done)


@router.post("/{reply_id}/review")
def review(
    request: Request, service: ServiceDep, staff: ReviewerDep, form: FormDep, reply_id: str
) -> Response:
    """Keep corrections, approve, send back, or withhold; corrections are kept in any case."""
    try:
        done = _reviewed(service, staff, form, reply_id)
    except Invalid as error:
        return show(request, service, staff, reply_id, Again(form, error.problems, error.status))
    return on(reply_id, done) if done == "kept" else _to_desk(done)


@router.post("/{reply_id}/resume")
def resume(service: ServiceDep, staff: CoordinatorDep, reply_id: str) -> Response:
    """A withheld reply is reviewed again."""
    with service.database.write() as session:
        reply_texts.resume(session, reply_id, visitor_of(staff), service.now())
    return _to_desk("resumed")


@router.post("/{reply_id}/close")
def close(service: ServiceDep, staff: CoordinatorDep, reply_id: str) -> Response:
    """A withheld or unclaimed reply is settled for good."""
    with service.database.write() as session:
        reply_texts.close(session, reply_id, visitor_of(staff), service.now())
    return _to_desk("closed")


@router.post("/{reply_id}/danger")
def danger(
    request: Request, service: ServiceDep, staff: ReplyDep, form: FormDep, reply_id: str
) -> Response:
    """It speaks of danger to life (`over`: yes takes that back); the alarm comes first."""
    over = form.text("over") == "yes"
    act = reply_alarms.danger_is_over if over else reply_alarms.danger
    with service.database.write() as session:
        act(session, reply_id, visitor_of(staff), service.now())
    wrong = keep_typed(request, service, staff, form, reply_id)
    return wrong or on(reply_id, "danger_over" if over else "danger")


@router.post("/{reply_id}/no-more-letters")
def no_more_letters(
    request: Request, service: ServiceDep, staff: ReplyDep, form: FormDep, reply_id: str
) -> Response:
    """The person wants no more letters: acts at once."""
    with service.database.write() as session:
        reply_alarms.no_more_letters(session, reply_id, visitor_of(staff), service.now())
    wrong = keep_typed(request, service, staff, form, reply_id)
    return wrong or on(reply_id, "no_more")


@router.post("/{reply_id}/asks-for-help")
def asks_for_help(
    request: Request, service: ServiceDep, staff: ReplyDep, form: FormDep, reply_id: str
) -> Response:
    """Mark (`asks`: yes) or unmark that it asks for help."""
    asks = form.text("asks") == "yes"
    with service.database.write() as session:
        reply_alarms.asks_for_help(session, reply_id, visitor_of(staff), service.now(), asks=asks)
    wrong = keep_typed(request, service, staff, form, reply_id)
    return wrong or on(reply_id, "help")


def _reviewed(service: Service, staff: SignedIn, form: Form, reply_id: str) -> str:
    do, visitor, now = form.text("do"), visitor_of(staff), service.now()
    text = form.text("transcript")
    translated = form.text("translation") if form.has("translation") else None
    with service.database.write() as session:
        if do == "approve":
            safe = form.has("pictures")
            reply_texts.forward(
                session, reply_id, text, translated, visitor, now, pictures_are_safe=safe
            )
            return "forwarded"
        if do in {"translate", "copy"}:
            to = ReplyState.TRANSLATING if do == "translate" else ReplyState.MATCHED
            reply_texts.send_back(session, reply_id, to, visitor, now)
            return "sent_back"
        if do == "withhold":
            reply_texts.withhold(session, reply_id, form.text("reason"), visitor, now)
            return "withheld"
        reply_texts.keep_review(session, reply_id, text, translated, visitor, now)
        return "kept"


def _to_desk(done: str) -> Response:
    return RedirectResponse(f"/desk/replying?done={done}", status_code=303)
