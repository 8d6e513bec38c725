"""Everything that people like, or do: whatever is too much for the filters of the search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFound
from app.locale import N_
from app.pages.public.choosing import wanted_in
from app.pages.shell.access import ServiceDep
from app.pages.shell.finding_words import FIELDS, called
from app.pages.shell.parameters import whole_number
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import finding
from app.queries.finding import Option

router = APIRouter()

TITLES = {"interest": N_("What people like"), "work": N_("What people work as")}
PAGE = 300
_LAST_PAGE = 9_999


@dataclass(frozen=True)
class Entry:
    """One of them as this reader's language calls it."""

    words: str
    letter: str
    option: Option


@router.get("/people/by/{field}")
def all_of(request: Request, service: ServiceDep, field: str) -> Response:
    """Every value of a field by the alphabet, each a link to whom it finds."""
    if field not in TITLES:
        raise NotFound("There is no such page.")
    wanted = wanted_in(request)
    with service.database.read() as session:
        options = finding.every_value(session, wanted, field, service.today())
    say, language = gettext_of(request), language_of(request)
    entries = _sorted(
        _entry(option, called(field, option.value, option.words, language, say))
        for option in options
    )
    pages = max(1, -(-len(entries) // PAGE))
    page = min(whole_number(request.query_params.get("page", ""), _LAST_PAGE) or 1, pages)
    shown = entries[(page - 1) * PAGE : page * PAGE]
    return render(
        request,
        "choosing/all_tags.html",
        field=field,
        title=say(TITLES[field]),
        wanted=wanted,
        fields=FIELDS,
        groups=[(letter, list(each)) for letter, each in groupby(shown, lambda one: one.letter)],
        letters=_letters(entries),
        page=page,
        pages=pages,
    )


def _entry(option: Option, words: str) -> Entry:
    first = _folded(words)[:1].upper()
    return Entry(words, first if first.isalpha() else "", option)


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    """By the alphabet, what begins with no letter last: the order tells nothing of people."""
    return sorted(entries, key=lambda one: (not one.letter, one.letter, _folded(one.words)))


def _folded(words: str) -> str:
    return words.strip(" «»\"'„“”").casefold().replace("ё", "е")


def _letters(entries: Sequence[Entry]) -> dict[str, int]:
    """Letter → the page on which it begins."""
    found: dict[str, int] = {}
    for at, entry in enumerate(entries):
        found.setdefault(entry.letter, at // PAGE + 1)
    return found
