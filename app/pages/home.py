"""The first page of the desks: what waits for whoever is signed in, and the way to every desk."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.lifecycle import ReplyState, Role, State
from app.locale import N_
from app.pages.access import ServiceDep, SignedIn, SignedInDep, may
from app.pages.frames import Desk, DeskLink
from app.pages.rendering import gettext_of, render
from app.queries import queues

router = APIRouter()
OUTBOX = "/desk/outbox"

DESKS: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    (N_("Waiting"), "/desk", ()),
    (N_("Translate"), "/desk/translating", (Role.TRANSLATOR,)),
    (N_("Review"), "/desk/reviewing", (Role.REVIEWER,)),
    (N_("Print and post"), "/desk/posting", (Role.PRINTER,)),
    (N_("Replies"), "/desk/replying", (Role.SCANNER, Role.TRANSLATOR, Role.REVIEWER)),
    (N_("People"), "/desk/catalogue", (Role.CATALOGUE,)),
    (N_("Places"), "/desk/places", (Role.CATALOGUE,)),
    (N_("Overview"), "/desk/overview", (Role.COORDINATOR,)),
    (N_("Letters"), "/desk/letters", (Role.COORDINATOR,)),
    (N_("Alarms"), "/desk/alarms", (Role.COORDINATOR,)),
    (N_("Objections"), "/desk/objections", (Role.COORDINATOR,)),
    (N_("Return addresses"), "/desk/return-addresses", (Role.COORDINATOR,)),
    (N_("Outbox"), OUTBOX, (Role.COORDINATOR,)),
    (N_("Volunteers"), "/desk/people", (Role.COORDINATOR,)),
    (N_("My account"), "/desk/account", ()),
)
"""Every desk: its name, its path, and the roles that open it (none: everybody of staff)."""

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
    offered = [(name, href) for name, href, roles in DESKS if not roles or may(staff, *roles)]
    if request.app.state.service.settings.smtp_url:
        offered = [(name, href) for name, href in offered if href != OUTBOX]
    path = f"{request.url.path}/"
    matching = [href for _name, href in offered if path.startswith(f"{href}/")]
    current = max(matching, key=len, default="")
    links = [DeskLink(_(name), href, current=href == current) for name, href in offered]
    return {"desk": Desk(staff.pseudonym, links)}
