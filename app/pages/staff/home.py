"""The first page of the desks: what waits for whoever is signed in, and the way to every desk."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.lifecycle import ReplyState, Role, State
from app.locale import N_
from app.pages.shell.access import ServiceDep, SignedIn, SignedInDep, may
from app.pages.shell.frames import Desk, DeskLink
from app.pages.shell.rendering import gettext_of, render
from app.queries import queues

router = APIRouter()
OUTBOX = "/desk/outbox"

DeskRow = tuple[str, str, tuple[Role, ...]]
"""A desk: its name, its path, and the roles that open it (none: everybody of staff)."""

GROUPS: tuple[tuple[str, tuple[DeskRow, ...]], ...] = (
    (
        N_("Today"),
        (
            (N_("Overview"), "/desk/overview", (Role.COORDINATOR,)),
            (N_("Alarms"), "/desk/alarms", (Role.COORDINATOR,)),
            (N_("Waiting"), "/desk", ()),
        ),
    ),
    (
        N_("Letters"),
        (
            (N_("Translate"), "/desk/translating", (Role.TRANSLATOR,)),
            (N_("Review"), "/desk/reviewing", (Role.REVIEWER,)),
            (N_("All letters"), "/desk/letters", (Role.COORDINATOR,)),
        ),
    ),
    (
        N_("People"),
        (
            (N_("Catalogue"), "/desk/catalogue", (Role.CATALOGUE,)),
            (N_("Places"), "/desk/places", (Role.CATALOGUE,)),
            (N_("Objections"), "/desk/objections", (Role.COORDINATOR,)),
        ),
    ),
    (
        N_("Paper"),
        (
            (N_("Print and post"), "/desk/posting", (Role.PRINTER,)),
            (N_("Return addresses"), "/desk/return-addresses", (Role.COORDINATOR,)),
        ),
    ),
    (
        N_("Replies"),
        (
            (
                N_("Replies"),
                "/desk/replying",
                (Role.SCANNER, Role.TRANSLATOR, Role.REVIEWER),
            ),
            (N_("Replies by state"), "/desk/answers", (Role.COORDINATOR,)),
        ),
    ),
    (
        N_("Team"),
        (
            (N_("Volunteers"), "/desk/people", (Role.COORDINATOR,)),
            (N_("Outbox"), OUTBOX, (Role.COORDINATOR,)),
            (N_("My account"), "/desk/account", ()),
        ),
    ),
)
"""Every desk under the heading where a coordinator looks for it."""

DESKS: tuple[DeskRow, ...] = tuple(desk for _heading, desks in GROUPS for desk in desks)

IN_ONE_ROW = 6
"""Whoever reaches no more desks than this sees them side by side, without headings."""

LETTERS: dict[State, tuple[str, str]] = {
    State.TRANSLATING: (N_("Letters to translate"), "/desk/translating"),
    State.IN_REVIEW: (N_("Letters to review"), "/desk/reviewing"),
    State.READY: (N_("Letters to print"), "/desk/posting"),
    State.BATCHED: (N_("Letters in a batch, to be printed"), "/desk/posting"),
    State.PRINTED: (N_("Printed letters to post"), "/desk/posting"),
    State.UNKNOWN: (N_("Letters nobody knows whether they were posted"), "/desk/letters"),
    State.RETURNED: (N_("Letters that came back"), "/desk/letters"),
}
"""How a queue of letters is called where it waits for somebody, and which desk works on it."""

REPLIES: dict[ReplyState, tuple[str, str]] = {
    ReplyState.SCANNED: (N_("Replies without a letter"), "/desk/replying"),
    ReplyState.MATCHED: (N_("Replies to copy out"), "/desk/replying"),
    ReplyState.TRANSLATING: (N_("Replies to translate"), "/desk/replying"),
    ReplyState.IN_REVIEW: (N_("Replies to review"), "/desk/replying"),
    ReplyState.WITHHELD: (N_("Replies that are withheld"), "/desk/replying"),
    ReplyState.UNCLAIMED: (N_("Replies nobody has claimed"), "/desk/replying"),
}
"""The same for replies."""


@router.get("/desk")
def overview(request: Request, service: ServiceDep, staff: SignedInDep) -> Response:
    """What waits for this person, with the age of the oldest."""
    now = service.now()
    acting = frozenset(Role) if may(staff, Role.COORDINATOR) else staff.roles
    with service.database.read() as session:
        letters = queues.letters_waiting(session, now, acting)
        replies = queues.replies_waiting(session, now, acting)
    rows = [
        *((*LETTERS[queue.state], queue) for queue in letters if queue.count),
        *((*REPLIES[queue.state], queue) for queue in replies if queue.count),
    ]
    return render(request, "staff/home.html", rows=rows, now=now, pseudonym=staff.pseudonym)


def desk_of(request: Request) -> Mapping[str, Any]:
    """The name `desk` for every page shown to somebody who is signed in."""
    staff: SignedIn | None = getattr(request.state, "signed_in", None)
    if staff is None:
        return {}
    _ = gettext_of(request)
    hidden = {OUTBOX} if request.app.state.service.settings.smtp_url else set()
    offered = [
        (_(heading), rows)
        for heading, desks in GROUPS
        if (rows := [row for row in desks if _is_offered(staff, row, hidden)])
    ]
    path = f"{request.url.path}/"
    every = [row for _heading, rows in offered for row in rows]
    matching = [href for _name, href, _roles in every if path.startswith(f"{href}/")]
    current = max(matching, key=len, default="")
    if len(every) <= IN_ONE_ROW:
        return {"desk": Desk(staff.pseudonym, _links(every, current, _))}
    groups = [
        (DeskLink(heading, rows[0][1], current=any(row[1] == current for row in rows)), rows)
        for heading, rows in offered
    ]
    within = next((rows for link, rows in groups if link.current and len(rows) > 1), [])
    headings = [link for link, _rows in groups]
    return {"desk": Desk(staff.pseudonym, headings, _links(within, current, _))}


def _is_offered(staff: SignedIn, row: DeskRow, hidden: set[str]) -> bool:
    _name, href, roles = row
    return href not in hidden and (not roles or may(staff, *roles))


def _links(rows: Sequence[DeskRow], current: str, say: Callable[[str], str]) -> list[DeskLink]:
    return [DeskLink(say(name), href, current=href == current) for name, href, _roles in rows]
