"""What the last confirmation came to, told on the next page with a way back."""

from starlette.requests import Request

from app.catalogue import together
from app.locale import N_
from app.pages.catalogue import words
from app.pages.shell.access import SignedIn
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of
from app.pages.shell.typed import moment
from app.queries.confirming import confirmed_at
from app.queries.person import person_page
from app.service import Service


def just_confirmed(request: Request, service: Service, staff: SignedIn) -> list[Notice]:
    """Whom this coordinator confirmed a moment ago, what came of it, and how to take it back."""
    prisoner_id, at = confirmed_before(request).values()
    day = moment(at)
    if day is None or service.now() - day > together.UNDO_FOR:
        return []
    today, days = service.today(), service.settings.address_days
    with service.database.read() as session:
        if not confirmed_at(session, day, staff.staff_id, today, days).done:
            return []
        seen = person_page(session, prisoner_id, today, days)
    say, name = gettext_of(request), {"name": seen.prisoner.latin_name}
    text = say(N_("%(name)s is confirmed, and can be written to.")) % name
    if not seen.standing.writable:
        text = say(N_("%(name)s is confirmed as far as that goes. Against letters:")) % name
        text += f" {'; '.join(map(say, words.against(seen.standing.reasons)))}."
    kind = "done" if seen.standing.writable else "waiting"
    return [Notice(text, kind, f"/desk/catalogue/{prisoner_id}/confirm/undo", {"at": at})]


def confirmed_before(request: Request) -> dict[str, str]:
    """Who was confirmed on the screen before this one, and when, as the address tells it."""
    return {name: request.query_params.get(name, "")[:40] for name in ("confirmed", "at")}
