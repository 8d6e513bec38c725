"""What the translators' and the reviewers' desk have in common: one letter, its text, its words."""

import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.cyrillic import in_cyrillic
from app.errors import Claimed
from app.lifecycle import State
from app.locale import N_
from app.pages.letters.desk_words import (
    ENGINES,
    GENDERS,
    ORIGINS,
    PEOPLE_ONLY,
    RECIPIENT_GENDERS,
    TROUBLES,
    language_names,
)
from app.pages.shell import side_by_side
from app.pages.shell.forms import Form
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, render
from app.queries import desk_letters
from app.queries.desk_letters import Filter, Opened
from app.service import Service
from app.wording import closing_sentence

ID = re.compile(r"[0-9a-f]{24}")


def _wanted_of(request: Request) -> tuple[Filter, int]:
    """The filter and the page number of an address."""
    query = request.query_params
    page = query.get("page", "1")
    return (
        Filter(query.get("language", "")[:8], "trouble" in query, "mine" in query),
        int(page) if page.isdecimal() and len(page) < 6 else 1,
    )


def queue_page(
    request: Request,
    service: Service,
    staff_id: str,
    state: State,
    template: str,
    notices: list[Notice],
) -> Response:
    """The letters that wait in `state`, oldest first, as the address filters them."""
    wanted, page = _wanted_of(request)
    with service.database.read() as session:
        found = desk_letters.queue(session, state, staff_id, wanted, service.now(), page)
    return render(
        request,
        template,
        found=found,
        wanted=wanted,
        page=page,
        now=service.now(),
        notices=notices,
        **words(request),
    )


def words(request: Request) -> dict[str, Any]:
    """What the templates of both desks say about a letter."""
    return {
        "language_names": language_names(request),
        "troubles": TROUBLES,
        "people_only": PEOPLE_ONLY,
        "genders": GENDERS,
        "recipient_genders": RECIPIENT_GENDERS,
        "engines": ENGINES,
        "origins": ORIGINS,
    }


def letter_named(request: Request, name: str) -> str:
    """The letter's id in the query, else "": it goes into the address of an undo button."""
    named = request.query_params.get(name, "")
    return named if ID.fullmatch(named) else ""


def length_of(service: Service) -> timedelta:
    """How long a desk keeps a letter for one person."""
    return timedelta(minutes=service.settings.claim_minutes)


def text_of(opened: Opened, form: Form) -> str:
    """The Russian text as typed. Raises `Claimed` for whoever does not hold the letter."""
    if opened.texts is None:
        raise Claimed(N_("Take this first: somebody else is at work on it, or your time ran out."))
    return side_by_side.joined(opened.texts.original, side_by_side.typed(form.values))


def see_other(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


def sheet(
    request: Request, opened: Opened, form: Form | None, problems: dict[str, str]
) -> dict[str, Any]:
    """The names of a letter's page: its paragraphs as kept, or as just typed with what is wrong."""
    _ = gettext_of(request)
    pairs: list[side_by_side.Pair] = []
    signature = ""
    if opened.texts is not None:
        russian = text_of(opened, form) if form else opened.texts.russian or _blank(opened)
        pairs = side_by_side.pairs(opened.texts.original, russian)
        proposed = opened.texts.signature or in_cyrillic(opened.texts.original_signature)
        signature = form.text("signature") if form else proposed
        for number, pair in enumerate(pairs, 1):
            pair.error = problems.get(f"{side_by_side.FIELD}{number}", "")
        side_by_side.checked(pairs, _)
    kept = "kept" in request.query_params
    return {
        "letter": opened,
        "pairs": pairs,
        "signature": signature,
        "form": form or Form(),
        "problems": problems,
        "notices": [Notice(_("Kept. You can go on later."))] if kept else [],
        **words(request),
    }


def _blank(opened: Opened) -> str:
    """Empty lines beside the original, and the closing sentence unless the writer dropped it."""
    if opened.texts is None or not opened.closing_sentence:
        return ""
    lines = "\n" * (opened.texts.original.count("\n") + 2)
    return lines + closing_sentence(translated=True)
