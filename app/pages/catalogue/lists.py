"""Lists of people for the catalogue's desk: by standing and letters, days to come, doubts."""

from collections.abc import Sequence
from typing import TypeVar

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.catalogue.doubts import Looks
from app.lifecycle import Role
from app.locale import N_
from app.pages.catalogue import importing_words, words
from app.pages.catalogue.just_confirmed import confirmed_before, just_confirmed
from app.pages.catalogue.people import walk_of
from app.pages.shell.access import CatalogueDep, ServiceDep, catalogue_door, coordinator_door, may
from app.pages.shell.csv_lists import Word, desk_list
from app.pages.shell.finding_words import place_options
from app.pages.shell.parameters import query_text
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import coming, doubtful, people, places, walking
from app.queries.asked import ASK_AGAIN_DAYS
from app.queries.coming import Days
from app.queries.people import Letters, PersonRow, Replies, Show, Wanted
from app.service import Service

router = APIRouter(prefix="/desk/catalogue", dependencies=[Depends(catalogue_door)])
ChoiceT = TypeVar("ChoiceT", Show, Letters, Replies)

LISTS = (
    (N_("People"), "/desk/catalogue"),
    (N_("Addresses by age"), "/desk/catalogue/addresses"),
    (N_("Birthdays to come"), "/desk/catalogue/birthdays"),
    (N_("Releases to come"), "/desk/catalogue/releases"),
    (N_("Doubtful records"), "/desk/catalogue/doubtful"),
    (N_("Imports"), "/desk/catalogue/imports"),
)
"""The catalogue's lists, one beside the other."""

_PERSON_HEAD = (
    *(N_("surname, name"), N_("in Latin letters"), N_("birth year"), N_("status"), N_("public")),
    *(N_("letters"), N_("place")),
)


@router.get("")
def everybody(
    request: Request, service: ServiceDep, staff: CatalogueDep, page: int = 1
) -> Response:
    """Everybody, by group, place, letters, replies and name."""
    wanted = _wanted(request, service)
    with service.database.read() as session:
        found = people.find_people(
            session, wanted, service.today(), service.settings.address_days, page
        )
        choices = places.place_choices(session)
    return render(
        request,
        "catalogue/people.html",
        found=found,
        wanted=wanted,
        places=place_options(choices, language_of(request), gettext_of(request)),
        words=words,
        lists=LISTS,
        ask_again_days=ASK_AGAIN_DAYS,
        may_confirm=may(staff, Role.COORDINATOR),
        notices=just_confirmed(request, service, staff),
    )


@router.get(".csv")
def everybody_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    with service.database.read() as session:
        rows = people.all_people(
            session, _wanted(request, service), service.today(), service.settings.address_days
        )
    more = (N_("checked"), N_("replies"), N_("last letter posted"), N_("can be written to since"))
    return desk_list(
        request,
        (*_PERSON_HEAD, *more),
        (
            (*_cells(row), row.checked_on, row.replies, row.last_letter, row.writable_since)
            for row in rows
        ),
    )


@router.get("/next", dependencies=[Depends(coordinator_door)])
def next_person(request: Request, service: ServiceDep, after: str = "", rank: str = "") -> Response:
    """To the next person of this list whose facts need a look; back to the list at its end."""
    wanted, days = _wanted(request, service), service.settings.address_days
    turn = int(rank) if rank in {"0", "1", "2", "3"} else None
    with service.database.read() as session:
        found = walking.next_to_confirm(
            session,
            wanted,
            service.today(),
            days,
            query_text(after, 24),
            turn if after else None,
        )
    if found is None:
        show = Show.TO_CONFIRM if wanted.show == Show.ALL else wanted.show
        walk = walk_of(request, show=show, rank="", **confirmed_before(request))
        return RedirectResponse(f"/desk/catalogue{walk}", 303)
    walk = walk_of(request, rank=str(found.rank), **confirmed_before(request))
    return RedirectResponse(f"/desk/catalogue/{found.person_id}/confirm{walk}", 303)


@router.get("/birthdays")
def birthdays(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """Whose birthday comes within a month, in order of the day."""
    with service.database.read() as session:
        days = coming.birthdays(session, service.today(), page)
    return _days(request, days, "birthdays")


@router.get("/birthdays.csv")
def birthdays_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    with service.database.read() as session:
        days = coming.birthdays(session, service.today(), None)
    return desk_list(
        request,
        (N_("day"), N_("age"), *_PERSON_HEAD),
        ((each.day, each.age, *_cells(each.person)) for each in days.coming),
    )


@router.get("/releases")
def releases(
    request: Request, service: ServiceDep, staff: CatalogueDep, page: int = 1, due: str = ""
) -> Response:
    """Who should be out already, and who comes out within three months, in order of the day."""
    with service.database.read() as session:
        days = coming.releases(session, service.today(), page, only_due=bool(due))
    return _days(request, days, "releases", may_confirm=may(staff, Role.COORDINATOR))


@router.get("/releases.csv")
def releases_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    with service.database.read() as session:
        days = coming.releases(session, service.today(), None)
    return desk_list(
        request,
        (N_("day"), N_("should be free"), N_("day known"), *_PERSON_HEAD),
        ((each.day, each.due, each.known, *_cells(each.person)) for each in days.coming),
    )


@router.get("/doubtful")
def doubts(
    request: Request, service: ServiceDep, staff: CatalogueDep, kind: str = "", page: int = 1
) -> Response:
    """Records that look wrong, one kind at a time."""
    with service.database.read() as session:
        found = doubtful.find_doubtful(session, kind, page)
    return render(
        request,
        "catalogue/doubtful.html",
        found=found,
        words=words,
        questions=importing_words.QUESTIONS,
        lists=LISTS,
        may_merge=found.kind == Looks.TWICE and may(staff, Role.COORDINATOR),
    )


@router.get("/doubtful.csv")
def doubts_csv(request: Request, service: ServiceDep, kind: str = "") -> Response:
    """The same list, whole."""
    with service.database.read() as session:
        found = doubtful.find_doubtful(session, kind, None)
    if found.kind == doubtful.ASKED:
        return desk_list(
            request,
            (N_("source"), N_("question"), N_("about")),
            (
                (each.label, Word(importing_words.QUESTIONS[each.topic]), each.title)
                for each in found.asked
            ),
        )
    if found.kind == Looks.MISSING:
        return desk_list(
            request,
            (N_("list"), N_("missing since"), N_("letters under way"), *_PERSON_HEAD),
            (
                (each.label, each.since, each.letters, *_cells(row))
                for row in found.people
                for each in found.missing[row.id]
            ),
        )
    return desk_list(request, _PERSON_HEAD, map(_cells, found.people))


def _days(request: Request, days: Days, kind: str, *, may_confirm: bool = False) -> Response:
    return render(
        request,
        "catalogue/days.html",
        days=days,
        kind=kind,
        words=words,
        lists=LISTS,
        may_confirm=may_confirm,
    )


def _cells(row: PersonRow) -> Sequence[object]:
    return (
        row.name,
        row.latin_name,
        row.birth_year,
        Word(words.STATUSES[row.status]),
        row.public,
        row.letters,
        row.place,
    )


def _wanted(request: Request, service: Service) -> Wanted:
    query = request.query_params
    sort, letters = query.get("sort", ""), query.get("letters", "")
    return Wanted(
        show=_chosen(Show, query.get("show", "")) or Show.ALL,
        query=query_text(query.get("q", "")),
        facility_id=query.get("place", "")[:24],
        source=query_text(query.get("source", ""), 300),
        letters=_chosen(Letters, letters) or people.span(letters),
        replies=_chosen(Replies, query.get("replies", "")),
        sort=sort if sort in people.SORTS else "",
        target=service.settings.letters_target,
        now=service.now(),
    )


def _chosen(choices: type[ChoiceT], value: str) -> ChoiceT | None:
    return choices(value) if value in set(choices) else None
