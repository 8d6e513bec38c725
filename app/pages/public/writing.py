"""The writing desk: the next recipient, the form, and the receipt code."""

import secrets
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import ChangedSubmission, Invalid
from app.journey import pairing, writing
from app.journey.writing import Draft
from app.models.correspondence import NONE
from app.pages.shell.access import ServiceDep
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import choosing
from app.sealing import grouped_code
from app.service import Service
from mailing.email import is_risky_mail_host
from translation import languages

router = APIRouter()


@dataclass(frozen=True)
class Typed:
    """The form as it was typed, for showing it again."""

    text: str = ""
    signature: str = ""
    language: str = ""
    gender: str = ""
    engines: str = ""
    closing: bool = True
    email: str = ""
    risk_accepted: bool = False
    guessed: str = ""
    """The language that the form offered by an uncertain guess."""


@router.post("/write")
def begin(service: ServiceDep) -> Response:
    """Reserve the next recipient, and go to the form."""
    return RedirectResponse(f"/write/{_reserve(service)}", 303)


@router.get("/write/{token}")
def form(request: Request, service: ServiceDep, token: str) -> Response:
    """The form for the reserved person; once the letter is sent, the way to its status."""
    return _form(request, service, token, Typed())


@router.post("/write/{token}/somebody-else")
def somebody_else(request: Request, service: ServiceDep, token: str, typed: FormDep) -> Response:
    """Another person; what was typed already goes with the writer."""
    fresh = _reserve(service, instead_of=token)
    kept = typed_letter(typed)
    if not kept.text and not kept.signature:
        return RedirectResponse(f"/write/{fresh}", 303)
    return _form(request, service, fresh, kept)


@router.post("/write/{token}")
def send(request: Request, service: ServiceDep, token: str, form: FormDep) -> Response:
    """Keep the letter, and show the receipt code: once, never in an address."""
    typed = typed_letter(form)
    say = gettext_of(request)
    try:
        draft = writing.checked(_draft(typed), say)
        _ask_about_risk(draft.email, typed, request)
    except Invalid as wrong:
        return _form(request, service, token, _with_guess(typed), wrong.problems)
    try:
        with service.database.write() as session:
            sent = writing.submit(session, token, draft, service.now(), service.chance)
    except ChangedSubmission:
        return render(request, "writing/changed.html", status=409, typed=typed)
    return render(
        request,
        "writing/sent.html",
        code=grouped_code(sent.code) if sent.code else None,
        person=sent.to,
        draft=draft,
        by_people=draft.engines == NONE or not service.settings.translators,
    )


def typed_letter(form: Form) -> Typed:
    """The fields of the writing form; everything else that was sent is ignored (row 6)."""
    return Typed(
        text=form.text("text"),
        signature=form.text("signature"),
        language=form.text("language"),
        gender=form.text("gender"),
        engines=form.text("engines"),
        closing=form.has("closing"),
        email=form.text("email"),
        risk_accepted=form.has("risk_accepted"),
        guessed=form.text("guessed"),
    )


def _reserve(service: Service, instead_of: str | None = None) -> str:
    token = secrets.token_urlsafe(24)
    with service.database.write() as session:
        pairing.reserve_next(
            session,
            token,
            pairing.Rules.of(service.settings),
            now=service.now(),
            today=service.today(),
            chance=service.chance,
            instead_of=instead_of,
        )
    return token


def _draft(typed: Typed) -> Draft:
    language = typed.language
    if typed.text.strip() and language in {"", typed.guessed}:
        guess = languages.recognise(typed.text)
        language = guess.code if guess.certain else language
    return Draft(
        text=typed.text,
        signature=typed.signature,
        language=language,
        gender=typed.gender,
        engines=typed.engines,
        closing_sentence=typed.closing,
        email=typed.email,
    )


def _with_guess(typed: Typed) -> Typed:
    """An uncertain guess of the language stands in the form, to be confirmed or changed."""
    if typed.language or not typed.text.strip():
        return typed
    guess = languages.recognise(typed.text).code
    return replace(typed, language=guess, guessed=guess)


def _ask_about_risk(email: str, typed: Typed, request: Request) -> None:
    if email and not typed.risk_accepted and is_risky_mail_host(email):
        say = gettext_of(request)
        raise Invalid(
            {
                "email": say(
                    "Mail at this provider can be read by the authorities in Russia or Belarus. "
                    "Use another address, leave it empty, or tick the box below."
                )
            }
        )


def _form(
    request: Request,
    service: Service,
    token: str,
    typed: Typed,
    problems: dict[str, str] | None = None,
) -> Response:
    with service.database.read() as session:
        reservation = pairing.reservation_of(session, token)
        person = choosing.person_on_form(session, reservation.prisoner_id)
    if reservation.used_at is not None and not problems and not typed.text:
        return render(request, "writing/used.html", person=person)
    return render(
        request,
        "writing/form.html",
        status=422 if problems else 200,
        token=token,
        person=person,
        chosen=not reservation.random,
        typed=typed,
        problems=problems or {},
        risky=bool(problems and "email" in problems and is_risky_mail_host(typed.email)),
        languages_offered=[
            (language.code, language.own) for language in languages.OFFERED.values()
        ],
        story_language=language_of(request),
        own_engine="libretranslate" in service.settings.translators,
        longest=writing.LONGEST_TEXT,
    )
