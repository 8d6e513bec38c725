"""The coordinator's dashboard, the list of letters, and one letter."""

import re
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from babel import Locale
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import Invalid
from app.journey import coordinating, posting
from app.lifecycle import LETTER, Hold, State, may_move
from app.locale import N_
from app.moving import by_staff
from app.pages.letters import coordinating_words as words
from app.pages.shell.access import CoordinatorDep, ServiceDep, coordinator_door
from app.pages.shell.csv_lists import Word, desk_list
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.parameters import query_text
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import alarms, dashboard, histories
from app.queries.letters import (
    ANY,
    CHUNK,
    LetterRow,
    Wanted,
    all_letters,
    find_letters,
    letter_page,
)
from app.service import Service
from mailing import letter_numbers

router = APIRouter(dependencies=[Depends(coordinator_door)])
_MONTH = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")


@router.get("/desk/overview")
def overview(request: Request, service: ServiceDep) -> Response:
    """Everything at a glance; every number leads to its list."""
    settings = service.settings
    with service.database.read() as session:
        seen = dashboard.overview(
            session, service.now(), settings.time_zone, settings.letters_target
        )
        ringing = alarms.open_alarms(session, most=5).rows
    return render(
        request,
        "coordinating/overview.html",
        seen=seen,
        alarms=ringing,
        now=service.now(),
        target=settings.letters_target,
        words=words,
        currency=currency_line,
    )


@router.get("/desk/letters")
def letters(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """Letters by state, hold, deadline, person or number."""
    wanted = _wanted(request, service)
    with service.database.read() as session:
        found = find_letters(session, wanted, service.now(), page)
    return render(
        request,
        "coordinating/letters.html",
        found=found,
        wanted=wanted,
        now=service.now(),
        words=words,
        holds=list(Hold),
        states=list(State),
        grouped=letter_numbers.grouped,
    )


@router.get("/desk/letters.csv")
def letters_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    head = (
        *(N_("number"), N_("state"), N_("since"), N_("due")),
        *(N_("held"), N_("held since"), N_("trouble"), N_("person")),
    )
    return desk_list(request, head, _exported(service, _wanted(request, service)))


@router.get("/desk/letters/{letter_id}")
def letter(
    request: Request, service: ServiceDep, letter_id: str, done: str = "", back: int = 0
) -> Response:
    """One letter: its history, and what can be decided."""
    return _letter(request, service, letter_id, {}, Form(), 200, done, back)


@router.post("/desk/letters/{letter_id}/hold")
def hold(
    request: Request, service: ServiceDep, staff: CoordinatorDep, letter_id: str, form: FormDep
) -> Response:
    """It stands still until released."""
    try:
        with service.database.write() as session:
            coordinating.hold(
                session,
                letter_id,
                form.text("reason"),
                form.text("note"),
                by_staff(staff.staff_id),
                service.now(),
            )
    except Invalid as error:
        return _letter(request, service, letter_id, error.problems, form, 422)
    return _back(letter_id, "held")


@router.post("/desk/letters/{letter_id}/release")
def release(service: ServiceDep, staff: CoordinatorDep, letter_id: str, form: FormDep) -> Response:
    """It goes on."""
    with service.database.write() as session:
        coordinating.release(
            session, letter_id, form.text("note"), by_staff(staff.staff_id), service.now()
        )
    return _back(letter_id, "released")


@router.post("/desk/letters/{letter_id}/came-back")
def came_back(
    request: Request, service: ServiceDep, staff: CoordinatorDep, letter_id: str, form: FormDep
) -> Response:
    """The envelope lies on the table again."""
    try:
        with service.database.write() as session:
            coordinating.came_back(
                session,
                letter_id,
                form.text("returned"),
                form.text("note"),
                by_staff(staff.staff_id),
                service.now(),
            )
    except Invalid as error:
        problems = {"returned": error.problems["reason"]}
        return _letter(request, service, letter_id, problems, form, 422)
    return _back(letter_id, "came_back")


@router.post("/desk/letters/{letter_id}/send-again")
def send_again(service: ServiceDep, staff: CoordinatorDep, letter_id: str) -> Response:
    """To where its recipient is now."""
    with service.database.write() as session:
        coordinating.send_again(session, letter_id, by_staff(staff.staff_id), service.now())
    return _back(letter_id, "sent_again")


@router.post("/desk/letters/{letter_id}/close")
def close(service: ServiceDep, staff: CoordinatorDep, letter_id: str, form: FormDep) -> Response:
    """Nothing more is expected."""
    with service.database.write() as session:
        coordinating.close(
            session, letter_id, form.text("note"), by_staff(staff.staff_id), service.now()
        )
    return _back(letter_id, "closed")


@router.post("/desk/letters/{letter_id}/posted")
def was_posted(
    request: Request, service: ServiceDep, staff: CoordinatorDep, letter_id: str, form: FormDep
) -> Response:
    """An unclear letter was posted, as the volunteer remembers."""
    try:
        facts = _posting_facts(form)
        with service.database.write() as session:
            posting.settle(
                session, staff.staff_id, letter_id, facts, service.today(), service.now()
            )
    except Invalid as error:
        return _letter(request, service, letter_id, error.problems, form, 422)
    return _back(letter_id, "posted")


@router.post("/desk/letters/{letter_id}/never-posted")
def never_posted(service: ServiceDep, staff: CoordinatorDep, letter_id: str) -> Response:
    """An unclear letter was not posted: somebody else prints it."""
    with service.database.write() as session:
        posting.settle(session, staff.staff_id, letter_id, None, service.today(), service.now())
    return _back(letter_id, "ready")


def _letter(
    request: Request,
    service: Service,
    letter_id: str,
    problems: dict[str, str],
    form: Form,
    status: int,
    done: str = "",
    back: int = 0,
) -> Response:
    _ = gettext_of(request)
    with service.database.read() as session:
        seen = letter_page(session, letter_id)
    state = State(seen.letter.state)
    return render(
        request,
        "coordinating/letter.html",
        status=status,
        seen=seen,
        part=histories.part_of(seen.steps, back),
        now=service.now(),
        today=service.today(),
        number=letter_numbers.grouped(seen.letter.number),
        language_name=Locale.parse(language_of(request)).languages.get(
            seen.language, seen.language
        ),
        words=words,
        holds=list(Hold),
        returns=coordinating.RETURN_REASONS,
        currencies=posting.CURRENCIES,
        country=service.settings.posted_from,
        may=lambda to: may_move(state, State(to)),
        holdable=state in coordinating.HOLDABLE,
        who=LETTER[state].who,
        problems={field: _(problem) for field, problem in problems.items()},
        form=form,
        notices=[Notice(_(DONE[done]))] if done in DONE else [],
    )


DONE = {
    "held": N_("The letter is held."),
    "released": N_("The letter goes on."),
    "came_back": N_("The return is noted, and the writer is told."),
    "sent_again": N_("The letter is laid out again for the present address."),
    "closed": N_("The letter is closed."),
    "posted": N_("The letter counts as posted."),
    "ready": N_("The letter waits to be printed again."),
}


def _back(letter_id: str, done: str) -> Response:
    return RedirectResponse(f"/desk/letters/{letter_id}?done={done}", 303)


def month_of(request: Request, name: str) -> date | None:
    """The first day of the month that the address asks for as `2026-11`; None without one."""
    asked = request.query_params.get(name, "")
    return date.fromisoformat(f"{asked}-01") if _MONTH.fullmatch(asked) else None


def _wanted(request: Request, service: Service) -> Wanted:
    query = request.query_params
    state, trouble = query.get("state", ""), query.get("trouble", "")
    return Wanted(
        state=State(state) if state in set(State) else None,
        held=query_text(query.get("held", ""), 24),
        overdue=query.get("overdue") == "1",
        trouble=trouble if trouble in words.TROUBLES else ANY if trouble else "",
        prisoner_id=query_text(query.get("person", ""), 24),
        query=query_text(query.get("q", "")),
        came=month_of(request, "came"),
        zone=ZoneInfo(service.settings.time_zone),
    )


def _exported(service: Service, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """Rows for the file, read in chunks: no snapshot stays open while somebody downloads."""
    after = ""
    while True:
        with service.database.read() as session:
            chunk = all_letters(session, wanted, service.now(), after)
        yield from map(_cells, chunk)
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].id


def _cells(row: LetterRow) -> tuple[object, ...]:
    return (
        letter_numbers.grouped(row.number),
        Word(words.STATES[State(row.state)]),
        row.since.date(),
        row.due_at.date() if row.due_at else None,
        Word(words.HOLDS[Hold(row.held_reason)]) if row.held_reason else None,
        row.held_since.date() if row.held_since else None,
        Word(words.TROUBLES.get(row.trouble, row.trouble)) if row.trouble else None,
        row.name,
    )


def _posting_facts(form: Form) -> posting.PostingFacts:
    """Raises `Invalid` for a day or cost that is none."""
    problems = {}
    try:
        on = date.fromisoformat(form.text("posted_on"))
    except ValueError:
        problems["posted_on"] = N_("Write the day as year-month-day.")
    try:
        cents = round(float(form.text("cost", "0").replace(",", ".") or 0) * 100)
    except (ValueError, OverflowError):
        problems["cost"] = N_("Write what the postage of one letter cost, up to 100.")
    if problems:
        raise Invalid(problems)
    return posting.PostingFacts(
        on, form.text("country").strip().upper(), cents, form.text("currency", "EUR")
    )


def currency_line(cents: dict[str, int]) -> list[tuple[float, str]]:
    """Amounts in the currency's own unit, with its code."""
    return [(amount / 100, currency) for currency, amount in sorted(cents.items()) if amount]
