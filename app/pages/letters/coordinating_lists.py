"""More lists behind the dashboard's numbers: replies, postings, alarms, notices not sent."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.journey import coordinating
from app.lifecycle import ReplyState
from app.locale import N_
from app.moving import by_staff
from app.pages.letters import coordinating_words as words
from app.pages.letters.coordinating import currency_line, month_of
from app.pages.shell.access import CoordinatorDep, ServiceDep, coordinator_door
from app.pages.shell.csv_lists import Word, desk_list
from app.pages.shell.rendering import gettext_of, render
from app.queries import alarms, answers, postings
from app.queries.answers import Wanted
from mailing import letter_numbers

router = APIRouter(dependencies=[Depends(coordinator_door)])


@router.get("/desk/answers")
def replies(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """Replies by state, those that have been in it longest first."""
    wanted = _wanted(request)
    with service.database.read() as session:
        found = answers.find_answers(session, wanted, service.now(), page)
    return render(
        request,
        "coordinating/answers.html",
        found=found,
        wanted=wanted,
        now=service.now(),
        words=words,
        states=list(ReplyState),
        grouped=letter_numbers.grouped,
    )


@router.get("/desk/answers.csv")
def replies_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    with service.database.read() as session:
        rows = answers.all_answers(session, _wanted(request), service.now())
    return desk_list(
        request,
        (N_("came back"), N_("state"), N_("since"), N_("pages"), N_("letter"), N_("person")),
        (
            (
                row.received_on,
                Word(words.REPLY_STATES[ReplyState(row.state)]),
                row.since.date(),
                row.pages,
                letter_numbers.grouped(row.number) if row.number else None,
                row.name,
            )
            for row in rows
        ),
    )


@router.get("/desk/letters/posted")
def posted(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """What was posted in a month, and what it cost."""
    zone = ZoneInfo(service.settings.time_zone)
    first = month_of(request, "month") or service.now().astimezone(zone).date().replace(day=1)
    with service.database.read() as session:
        found = postings.posted_in(session, first, page)
    return render(
        request,
        "coordinating/posted.html",
        found=found,
        first=first,
        grouped=letter_numbers.grouped,
        currency=currency_line,
    )


@router.get("/desk/letters/posted.csv")
def posted_csv(request: Request, service: ServiceDep) -> Response:
    """The same list, whole."""
    first = month_of(request, "month") or service.today().replace(day=1)
    with service.database.read() as session:
        rows = postings.all_posted_in(session, first)
    return desk_list(
        request,
        (
            *(N_("posted on"), N_("number"), N_("person")),
            *(N_("country"), N_("postage"), N_("currency")),
        ),
        (
            (
                row.posted_on,
                letter_numbers.grouped(row.number),
                row.name,
                row.country,
                f"{row.cents / 100:.2f}",
                row.currency,
            )
            for row in rows
        ),
    )


@router.get("/desk/alarms")
def ringing(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """Every alarm that nobody saw to yet."""
    with service.database.read() as session:
        found = alarms.open_alarms(session, page)
        failed = alarms.notices_failed(session)
    return render(request, "coordinating/alarms.html", found=found, failed=failed, words=words)


@router.post("/desk/alarms/{alarm_id}/settle")
def settle(service: ServiceDep, staff: CoordinatorDep, alarm_id: str) -> Response:
    """Somebody saw to it."""
    with service.database.write() as session:
        coordinating.settle_alarm(session, alarm_id, by_staff(staff.staff_id), service.now())
    return RedirectResponse("/desk/alarms", 303)


@router.get("/desk/alarms/notices")
def notices(request: Request, service: ServiceDep, page: int = 1) -> Response:
    """Notices that did not go out: of what, since when, why. Nothing here says to whom."""
    _ = gettext_of(request)
    with service.database.read() as session:
        found = alarms.failed_notices(session, page)
    return render(
        request,
        "coordinating/notices.html",
        found=found,
        now=service.now(),
        words=words,
        why=lambda trouble: _(_why_not(trouble)),
        grouped=letter_numbers.grouped,
    )


@router.post("/desk/notices/{notice_id}/again")
def notify_again(service: ServiceDep, notice_id: str) -> Response:
    """Try a failed notice once more."""
    with service.database.write() as session:
        coordinating.notify_again(session, notice_id)
    return RedirectResponse("/desk/alarms/notices", 303)


def _why_not(trouble: str) -> str:
    """The mail server's names and codes, in plain words."""
    return words.NOT_SENT.get(trouble.partition(" ")[0], words.NOT_SENT_OTHERWISE)


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    state = query.get("state", "")
    return Wanted(
        state=ReplyState(state) if state in set(ReplyState) else None,
        overdue=query.get("overdue") == "1",
    )
