"""Choosing somebody: search and filters, a page about them, somebody like you, write to them."""

import secrets

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.finding.asking import FILTERS, Wanted
from app.finding.tags import asked_by
from app.journey import pairing, suggesting
from app.pages.shell.access import ServiceDep
from app.pages.shell.finding_words import FIELDS, KINDS, called, region_called, value_called
from app.pages.shell.forms import FormDep
from app.pages.shell.parameters import query_text, whole_number
from app.pages.shell.pictures import picture_answer
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import choosing, finding

router = APIRouter()

LONGEST_LIKING = 1_000
_LAST_PAGE = 9_999_999


@router.get("/people")
def people(request: Request, service: ServiceDep) -> Response:
    """Everybody who is shown, found by name, words and filters that make an address."""
    wanted = wanted_in(request)
    page = request.query_params.get("page", "")
    soon = wanted.filters.get("soon")
    number = whole_number(page, _LAST_PAGE) or 1
    with service.database.read() as session:
        found = finding.find(session, wanted, service.today(), number)
        asked = found.people if soon == "release" else []
        releases = choosing.releases(session, asked, service.today())
    in_order = {facet.field: facet for facet in found.facets}
    say, language = gettext_of(request), language_of(request)
    return render(
        request,
        "choosing/people.html",
        wanted=wanted,
        found=found,
        releases=releases,
        facets=[in_order[field] for field in FIELDS],
        fields=FIELDS,
        kinds=KINDS,
        called=lambda field, value, words: called(field, value, words, language, say),
    )


@router.get("/people/{slug}")
def person(request: Request, service: ServiceDep, slug: str) -> Response:
    """One person, as they wish to be known."""
    with service.database.read() as session:
        found = choosing.person_page(session, slug)
        releases = choosing.releases(session, [found.person], service.today())
    if found.person.slug != slug:  # the address of a second record, merged into this one
        return RedirectResponse(f"/people/{found.person.slug}", 301)
    say, language = gettext_of(request), language_of(request)
    return render(
        request,
        "choosing/person.html",
        person=found.person,
        cases=found.cases,
        release=releases.get(found.person.id),
        kinds=KINDS,
        region_called=lambda code: region_called(code, language, say),
        called=lambda field, value: value_called(field, value, language, say),
        asked_by=asked_by,
    )


@router.get("/people/{slug}/portrait")
def portrait(service: ServiceDep, slug: str) -> Response:
    """The picture of somebody who wants to be known."""
    with service.database.read() as session:
        file_id = choosing.portrait_of(session, slug)
    return picture_answer(service, file_id)


@router.post("/people/{slug}/write")
def write_to(request: Request, service: ServiceDep, slug: str) -> Response:
    """Reserve this very person, and go to the form; or say why nobody can write to them."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as session:
        chosen = choosing.person_by_slug(session, slug)
        if chosen.writable:
            pairing.reserve_chosen(
                session, token, chosen.id, pairing.Rules.of(service.settings), now=service.now()
            )
    if not chosen.writable:
        return render(request, "choosing/no_letters.html", status=409, person=chosen)
    return RedirectResponse(f"/write/{token}", 303)


@router.get("/somebody-like-you")
def like_you(request: Request) -> Response:
    """Asks what the writer likes."""
    return render(request, "choosing/like_you.html", likes="", nobody=False, problems={})


@router.post("/somebody-like-you")
def write_to_somebody_like_you(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """Reserve somebody who likes the same, and go to the form."""
    likes = query_text(form.text("likes"), LONGEST_LIKING)
    token = secrets.token_urlsafe(24)
    with service.database.read() as session:
        common = suggesting.in_common(session, likes)
    with service.database.write() as session:
        reserved = suggesting.reserve_somebody_like(
            session,
            token,
            common,
            pairing.Rules.of(service.settings),
            now=service.now(),
            today=service.today(),
            chance=service.chance,
        )
    if reserved is not None:
        return RedirectResponse(f"/write/{token}", 303)
    say = gettext_of(request)
    problems = {} if likes else {"likes": say("Write a word or two about what you like.")}
    return render(
        request,
        "choosing/like_you.html",
        status=422 if problems else 200,
        likes=likes,
        nobody=bool(likes),
        problems=problems,
    )


def wanted_in(request: Request) -> Wanted:
    """What an address asks for."""
    asked = request.query_params
    return Wanted.of(asked.get("q", ""), ((name, asked.get(name, "")) for name in FILTERS))
