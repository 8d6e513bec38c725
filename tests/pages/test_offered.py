"""No page offers its reader a link or a button that is shut to them: the demonstration, every role.

`test_shell_roles` knocks at doors; here somebody walks through the house, and presses everything.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import col

from app.lifecycle import Role
from app.main import assemble
from app.models import Batch, Letter, Prisoner, Reply, Staff
from app.service import Service
from tests.crawling import Links, kind_of
from tests.staffing import browser_of, make_account, sign_in

MANY: dict[str, tuple[Role, Any]] = {
    "/desk/catalogue/": (Role.CATALOGUE, Prisoner),
    "/desk/letters/": (Role.COORDINATOR, Letter),
    "/desk/posting/": (Role.PRINTER, Batch),
    "/desk/replying/": (Role.SCANNER, Reply),
    "/desk/people/": (Role.COORDINATOR, Staff),
}
"""Pages that differ from one to the next by what has befallen whom they are about. All of them are
walked by whoever reaches no more than these."""

EACH = 3
"""So many pages, forms and links of one kind; of those who reach everything one is enough."""
LEAVES = "/desk/log-out"
ABOUT_STAFF = "/desk/people/"


class Forms(HTMLParser):
    """Every form of a page that changes something: where to, and what each button sends along."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self._action: str | None = None
        self._hidden: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = said["action"] if said.get("method") == "post" else None
            self._hidden = []
        if self._action is None:
            return
        named = [(said["name"], said.get("value", ""))] if said.get("name") else []
        if tag == "input" and said.get("type") == "hidden":
            self._hidden += named
        if tag == "button" and said.get("type", "submit") == "submit":
            action = said.get("formaction", self._action)
            self.forms.append((action, (*self._hidden, *named)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._action = None


def pages(
    client: TestClient, service: Service, role: Role, each: int, shut: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """(address, page) of everything that is led to from the desks, and of whoever differs.

    Links that are shut go to `shut`, as (where it stands, where it leads).
    """
    waiting, seen, stands = ["/desk"], dict[str, int](), dict[str, str]()
    for start, (opens_to, table) in MANY.items():
        if role == opens_to or table is Staff:
            with service.database.read() as session:
                ids = session.execute(sa.select(col(table.id)).limit(120)).scalars().all()
            waiting += [f"{start}{id_}" for id_ in ids]
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow_redirects=True)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        if answer.status_code == 200:
            yield address, answer.text
        elif address in stands:
            assert answer.status_code in {403, 404, 409}, address
            if answer.status_code == 403:
                shut.append((stands[address], address))
            continue
        for link in Links(answer.text).links:
            path = urlsplit(urljoin(str(answer.url), link))
            own = path.path + (f"?{path.query}" if path.query else "")
            kind = kind_of(own)
            if path.path.startswith("/desk") and own not in known and seen.get(kind, 0) < each:
                known.add(own)
                stands[own] = address
                seen[kind] = seen.get(kind, 0) + 1
                waiting.append(own)


@pytest.mark.trust(12)
@pytest.mark.parametrize("role", Role)
def test_nobody_is_offered_what_is_shut_to_them(demonstration: Service, role: Role) -> None:
    each = 1 if role in {Role.COORDINATOR, Role.ADMIN} else EACH
    pressed, shut = dict[str, int](), list[tuple[str, str]]()
    account = make_account(demonstration, role)
    with browser_of(assemble(demonstration), demonstration) as client:
        sign_in(client, demonstration, account.id)
        walked = list(pages(client, demonstration, role, each, shut))
        found = {
            (urljoin(address, action), sent): address
            for address, page in walked
            for action, sent in Forms(page).forms
            # Whoever takes their own account away is let in nowhere afterwards.
            if not action.startswith((LEAVES, f"{ABOUT_STAFF}{account.id}"))
        }
        for (action, sent), address in sorted(
            found.items(), key=lambda item: item[0][0].startswith(ABOUT_STAFF)
        ):
            kind = f"{kind_of(address)} {kind_of(action)} {[name for name, _ in sent]}"
            pressed[kind] = pressed.get(kind, 0) + 1
            # What may be done to an account depends on whose it is.
            if pressed[kind] <= each or action.startswith(ABOUT_STAFF):
                answer = client.post(action, data=dict(sent))
                assert answer.status_code < 500, (address, action)
                assert not answer.headers.get("location", "").startswith("/sign-in")
                if answer.status_code == 403:
                    shut.append((address, action))
    assert shut == []
    assert len(pressed) >= 3
