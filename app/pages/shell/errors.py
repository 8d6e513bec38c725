"""Everything that went wrong, told in one place: plain words, or problem details (RFC 9457).

What was typed is given back with the page, whatever happened. No trace is ever shown (row 50).
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, NoResultFound
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import (
    Claimed,
    Conflict,
    Forbidden,
    Held,
    Invalid,
    LifelineError,
    ListTooLarge,
    ListUnderWay,
    NotFound,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedFile,
)
from app.locale import N_
from app.models import Alarm
from app.models.columns import new_id
from app.pages.shell.access import SignInFirst
from app.pages.shell.forms import Form
from app.pages.shell.logs import note_failure
from app.pages.shell.rendering import gettext_of, render
from app.sealing import Broken
from app.service import Service

API = ("/api/", "/health/")
LONG_TEXT = 60  # signs; shorter fields are quickly typed again
BUSY_SECONDS = 10
SECRETS = frozenset({"password", "new", "secret", "code"})
"""Fields that are never shown again."""


@dataclass(frozen=True)
class Words:
    """What a page says: the title, what happened, what was kept, what to do now."""

    title: str
    happened: str
    now: str
    kept: str = ""


_NOT_FOUND = Words(
    N_("There is no such page"),
    N_("Nothing is here, or it is not for you to see."),
    N_("Check the address, or begin again from the front page."),
)
_CONFLICT = Words(
    N_("This has moved on meanwhile"),
    N_("Somebody was faster, or it is no longer where you saw it."),
    N_("Go back and look again."),
    N_("Nothing was changed."),
)
_UNAVAILABLE = Words(
    N_("Nothing could be saved just now"),
    N_("Our computer is full or busy. This is our fault, not yours."),
    N_("Wait a few minutes, then send it again."),
    N_("Nothing was saved."),
)
_TOO_LARGE = Words(
    N_("This is too large"),
    N_("What was sent is larger than we can take."),
    N_("Go back, make it shorter or choose smaller pictures, and send it again."),
    N_("Nothing was saved."),
)
_FAILURE = Words(
    N_("Something went wrong on our side"),
    N_("This is our fault, not yours."),
    N_(
        "Try again in a few minutes. If it happens again, tell whoever runs this site what you did."
    ),
    N_("Nothing was saved by this step."),
)
_OTHER = Words(
    N_("This did not work"),
    N_("The request could not be understood."),
    N_("Go back and try again."),
    N_("Nothing was saved."),
)
WORDS: dict[type[Exception] | int, Words] = {
    404: _NOT_FOUND,
    NotFound: _NOT_FOUND,
    403: Words(
        N_("This came from another site"),
        N_("Forms are taken from our own pages only."),
        N_("Open the page here, and send it from there."),
        N_("Nothing was changed."),
    ),
    Forbidden: Words(
        N_("This is not open to you"),
        N_("Your account does not reach this page."),
        N_("Ask a coordinator if you should be able to."),
    ),
    405: Words(
        N_("This address does not work that way"),
        N_("It takes something else than was sent."),
        N_("Go back and use the buttons on the page."),
    ),
    Conflict: _CONFLICT,
    Claimed: Words(
        N_("Somebody else is at work on this"),
        N_("Another volunteer holds it right now."),
        N_("Take another one, or come back in half an hour."),
        N_("Nothing was changed."),
    ),
    Held: Words(
        N_("This letter is held"),
        N_("It stands still until a coordinator releases it."),
        N_("Take another one; a coordinator sees this one."),
        N_("Nothing was changed."),
    ),
    Invalid: Words(
        N_("Please check this"),
        N_("Something that was typed cannot be taken."),
        N_("Go back, correct it, and send it again."),
        N_("Nothing was saved."),
    ),
    408: Words(
        N_("This came too slowly"),
        N_("Your connection broke off or is very slow, and we stopped waiting for the rest."),
        N_("Go back and send it again, or make it smaller first."),
        N_("Nothing was saved."),
    ),
    413: _TOO_LARGE,
    TooLarge: _TOO_LARGE,
    ListTooLarge: Words(
        N_("This list is too large"),
        N_("What was sent is larger than a list that can be handed in here."),
        N_(
            "Save it in parts and hand them in one after the other, or have whoever looks after "
            "the server bring it in with «lifeline import», which takes any size."
        ),
        N_("Nothing was saved."),
    ),
    ListUnderWay: Words(
        N_("Somebody is handing in a list just now"),
        N_("One list is taken in at a time."),
        N_("Go back and try again in a minute."),
        N_("Nothing was saved."),
    ),
    UnsupportedFile: Words(
        N_("This kind of file cannot be taken"),
        N_("Photos (JPEG, PNG) and PDF files can be read here."),
        N_("Take a photo of the page, or save it as PDF, and send that."),
        N_("Nothing was saved."),
    ),
    TooManyRequests: Words(
        N_("Too many tries"),
        N_("This was tried too often in a short time."),
        N_("Wait a while, then try again."),
        N_("Nothing was changed."),
    ),
    Unavailable: _UNAVAILABLE,
    503: _UNAVAILABLE,
    500: _FAILURE,
    StaleDataError: _CONFLICT,
}
FORESEEN: dict[type[Exception], int] = {
    RequestValidationError: 422,
    NoResultFound: 404,
    DataError: 422,
    StaleDataError: 409,
}
"""What the database cannot hold, such as NUL, was never ours; what is gone from it has moved on."""


def install(app: FastAPI) -> None:
    """Route every foreseen error of handlers to `answer`."""
    for kind in (LifelineError, HTTPException, *FORESEEN):
        app.add_exception_handler(kind, answer)


def answer(request: Request, error: Exception) -> Response:
    """The page or the problem details that tell of `error`."""
    if isinstance(error, SignInFirst) and not request.url.path.startswith(API):
        return RedirectResponse(error.path, status_code=303)
    status = status_of(error)
    if status >= 500 and not isinstance(error, Unavailable):
        note_failure(request.scope, error)
    if isinstance(error, Broken):
        _alarm(request.app.state.service, error)
    if request.url.path.startswith(API):
        response: Response = _problem(error, status)
    else:
        response = _page(request, error, status)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    elif status == 503:
        response.headers["Retry-After"] = str(BUSY_SECONDS)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def status_of(error: Exception) -> int:
    """The HTTP status of an error; 500 for what nobody foresaw."""
    if isinstance(error, LifelineError):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return FORESEEN.get(type(error), 500)


def _problem(error: Exception, status: int) -> JSONResponse:
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _detail(error, status),
    }
    if isinstance(error, Invalid):
        problem["errors"] = error.problems
    if isinstance(error, RequestValidationError):
        problem["errors"] = {_field(wrong): wrong["msg"] for wrong in error.errors()}
    return JSONResponse(
        {key: value for key, value in problem.items() if value != ""},
        status,
        media_type="application/problem+json",
    )


def _detail(error: Exception, status: int) -> str:
    if isinstance(error, HTTPException):
        return "" if error.detail == HTTPStatus(status).phrase else error.detail
    return str(error) if isinstance(error, LifelineError) and status < 500 else ""


def _field(wrong: dict[str, Any]) -> str:
    """The field's name; "body" for a body that is no JSON at all."""
    place, *names = wrong["loc"]
    inside = wrong["type"] != "json_invalid" and names
    return ".".join(map(str, names)) if inside else str(place)


def _page(request: Request, error: Exception, status: int) -> Response:
    _ = gettext_of(request)
    words = _words(error, status)
    typed = _typed(getattr(request.state, "form", None))
    return render(
        request,
        "error.html",
        status=status,
        title=_(words.title),
        happened=_said(error, _) or _(words.happened),
        kept=_(words.kept) if words.kept else "",
        now=_(words.now),
        kept_text=typed,
        back_path="/desk" if request.url.path.startswith("/desk") and status != 403 else "/",
        back_label=_("To the front page"),
    )


def _words(error: Exception, status: int) -> Words:
    for kind in type(error).__mro__:
        if kind in WORDS:
            return WORDS[kind]
    return WORDS.get(status) or (_FAILURE if status >= 500 else _OTHER)


def _said(error: Exception, _: Callable[[str], str]) -> str:
    """The error's own sentence where it was written for people."""
    if not isinstance(error, LifelineError) or error.status >= 500:
        return ""
    if isinstance(error, Invalid):
        return " ".join(_(message) for message in error.problems.values())
    return _(str(error)) if str(error) else ""


def _typed(form: Form | None) -> str:
    """The long texts of a form, so that nobody has to write them again (row 59)."""
    values = [value for name, value in form.items if name not in SECRETS] if form else []
    return "\n\n".join(value for value in values if len(value) > LONG_TEXT or "\n" in value)


def _alarm(service: Service, error: Broken) -> None:
    """A ciphertext that does not belong where it stands: a coordinator must know (row 20)."""
    with service.database.write() as session:
        session.add(
            Alarm(
                id=new_id(), kind="broken_seal", detail=str(error)[:200], created_at=service.now()
            )
        )


class Failures:
    """Catches what no handler foresaw, so that its page has every header and shows no trace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            return  # who went away while still sending is no failure, and hears no answer
        except Exception as error:  # noqa: BLE001 — the last place that can answer in plain words
            if started:
                note_failure(scope, error)
                return
            response = await run_in_threadpool(answer, Request(scope), error)
            await response(scope, receive, send)
