"""Every number of the coordinator's overview is the total of the list behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app import lifecycle, moving
from app.lifecycle import Hold, ReplyState, Role, State
from app.main import assemble
from app.models import Alarm, Letter, Notice, Posting, Prisoner, Prosecution, Reply, Reservation
from app.models.columns import new_id
from app.pages.letters import coordinating_words as words
from app.pages.shell.rendering import LANGUAGE_COOKIE
from app.service import Service
from tests.staffing import browser_of, make_account, sign_in
from tests.visiting import Visitor
from tests.world import make_letter, make_prisoner
from translation.errors import Reason

A_LIST = re.compile(r"/desk/(letters|catalogue|answers|alarms)\b")
NUMBER = re.compile(r"\d[\d,]*")
VOID = {"link", "meta", "input", "img", "br", "rect", "line"}


@dataclass
class Part:
    """An element of a page."""

    tag: str
    attrs: dict[str, str]
    inside: "list[Part | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    def all(self, tag: str, kind: str = "") -> "Iterator[Part]":
        for each in self.inside:
            if isinstance(each, Part):
                if each.tag == tag and kind in each.attrs.get("class", ""):
                    yield each
                yield from each.all(tag, kind)


class Tree(HTMLParser):
    """A page as its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open = [Part("", {})]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        part = Part(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(part)
        if tag not in VOID:
            self.open.append(part)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Part(tag, {}))

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag


def numbers_of(page: str) -> tuple[list[tuple[str, str]], list[str]]:
    """(list, number or sum of money) as the page leads there; and what leads nowhere.

    A number stands in its own link, or is the first of a row with one; 0 may lead nowhere.
    """
    (main,) = Tree(page).open[0].all("main")
    led = [
        (link.attrs["href"], link.text.strip())
        for link in main.all("a")
        if A_LIST.match(link.attrs["href"]) and NUMBER.search(link.text)
    ]
    alone = []
    for row in main.all("tr"):
        links = [link for link in row.all("a") if not NUMBER.search(link.text)]
        cells = [*row.all("td", "numeric"), *row.all("span", "bar-number")]
        for at, cell in enumerate(cells):
            if not NUMBER.search(cell.text) or list(cell.all("a")):
                continue
            if links and at == 0:
                led.append((links[0].attrs["href"], cell.text))
            elif NUMBER.search(cell.text)[0] != "0":  # type: ignore[index]
                alone.append(row.text)
    return led, alone


def number(text: str) -> int:
    found = NUMBER.search(text)
    assert found, text
    return int(found[0].replace(",", ""))


def assert_every_number_is_its_list(client: TestClient) -> dict[str, int]:
    """Walk them all; returns list → number."""
    led, alone = numbers_of(client.get("/desk/overview").text)
    assert alone == []
    for href, told in led:
        answer = client.get(href)
        assert answer.status_code == 200, href
        if "€" in told:
            assert told in answer.text, href
            continue
        feet = list(Tree(answer.text).open[0].all("p", "table-foot"))
        total = number(feet[0].text) if feet else 0
        assert total == number(told), (href, told)
        assert bool(feet) != ('class="empty"' in answer.text), href
    return {href: number(told) for href, told in led if "€" not in told}


@pytest.fixture
def coordinator(service: Service) -> Iterator[TestClient]:
    with browser_of(assemble(service), service, Role.COORDINATOR) as browser:
        yield browser


def make_reply(
    session: Session, service: Service, state: ReplyState, letter: Letter | None, **facts: Any
) -> Reply:
    """A reply in this state; those whose letter is known answer `letter`."""
    pen = state in {ReplyState.SCANNED, ReplyState.UNCLAIMED}
    reply = Reply(
        state=state,
        state_since=service.now() - timedelta(days=3),
        received_on=service.today(),
        letter_id=letter.id if letter and not pen else None,
        **facts,
    )
    session.add(reply)
    session.flush()
    return reply


def some_of_everything(service: Service) -> None:
    now = service.now()
    with service.database.write() as session:
        people = [make_prisoner(session) for _ in range(6)]
        make_prisoner(session, published=False, eligible=False)
        ended: dict[str, Any] = {"started_on": date(2024, 11, 10), "sentence_months": 24}
        session.add(Prosecution(prisoner_id=people[0].id, **ended))
        letters = {state: make_letter(session, people[0], state, now=now) for state in State}
        for _ in range(23):
            make_letter(session, people[1], State.IN_REVIEW, now=now)
        for reason in (Hold.IN_TRANSFER, Hold.IN_TRANSFER, Hold.SUSPECTED_ABUSE):
            held = make_letter(session, people[2], State.IN_REVIEW, now=now)
            moving.hold(session, held, reason, moving.SYSTEM, now)
        for trouble in ("unreachable", "unreachable", "no_engine"):
            waits = make_letter(session, people[3], State.TRANSLATING, now=now)
            moving.leave_to_people(session, waits, trouble)
        make_letter(session, people[3], State.TRANSLATING, now=now - timedelta(days=45))
        for days, cents, undone in ((0, 110, None), (0, 250, None), (40, 90, None), (0, 70, now)):
            session.add(
                Posting(
                    letter_id=letters[State.POSTED].id,
                    posted_on=service.today() - timedelta(days=days),
                    country="DE",
                    cost_cents=cents,
                    undone_at=undone,
                )
            )
        for state in ReplyState:
            make_reply(session, service, state, letters[State.ANSWERED])
        make_reply(session, service, ReplyState.READ, letters[State.ANSWERED], erased_at=now)
        for someone in (people[4], people[4], people[5]):
            session.add(
                Reservation(
                    token_hash=new_id(),
                    prisoner_id=someone.id,
                    sitting="one",
                    random=True,
                    counted=True,
                    expires_at=now + timedelta(hours=1),
                )
            )
            session.get_one(Prisoner, someone.id).letter_count += 1
        for kind in ("posted", "reply"):
            session.add(
                Notice(
                    kind=kind,
                    correspondence_id=letters[State.POSTED].correspondence_id,
                    state="failed",
                )
            )
        for _ in range(60):
            session.add(Alarm(kind="guessing", created_at=now))


@pytest.mark.trust(65)
def test_every_number_is_the_total_of_its_list(service: Service, coordinator: TestClient) -> None:
    some_of_everything(service)
    told = assert_every_number_is_its_list(coordinator)
    month = service.today().isoformat()[:7]
    expected = {
        "/desk/letters": len(State) + 30,
        "/desk/letters?state=posted": 1,
        "/desk/letters?overdue=1": 1,
        "/desk/letters?state=translating&overdue=1": 1,
        "/desk/letters?held=any": 3,
        "/desk/letters?held=in_transfer": 2,
        "/desk/letters?trouble=unreachable": 2,
        "/desk/letters?trouble=no_engine": 1,
        f"/desk/letters?came={month}": len(State) + 29,
        f"/desk/letters/posted?month={month}": 2,
        "/desk/catalogue?letters=none_picked": 0,
        "/desk/catalogue/releases?due=1": 1,
        "/desk/catalogue?letters=picked": 6,
        "/desk/catalogue?letters=writing": 2,
        "/desk/catalogue?letters=3": 1,
        "/desk/catalogue?letters=11-20": 1,
        "/desk/catalogue?letters=21-": 1,
        "/desk/answers?state=scanned": 1,
        "/desk/answers?state=read": 2,
        "/desk/alarms": 60,
        "/desk/alarms/notices": 2,
    }
    assert expected == {href: told.get(href) for href in expected}
    assert {f"/desk/answers?state={state}" for state in ReplyState} <= told.keys()


def test_with_nothing_at_all_every_list_says_why(coordinator: TestClient) -> None:
    assert_every_number_is_its_list(coordinator)
    page = coordinator.get("/desk/answers").text
    assert "No reply has come yet" in page
    assert "uploaded at the reply desk" in page


def test_every_number_of_the_demonstration(demonstration: Service) -> None:
    own = demonstration.settings.public_url
    with Visitor(assemble(demonstration), base_url=own) as client:
        sign_in(client, demonstration, make_account(demonstration, Role.COORDINATOR).id)
        assert len(assert_every_number_is_its_list(client)) > 40


def test_replies_by_state_with_age_number_and_file(
    service: Service, coordinator: TestClient
) -> None:
    with service.database.write() as session:
        letter = make_letter(
            session,
            make_prisoner(session),
            State.ANSWERED,
            email="greta@example.org",
            number="48291530746",
        )
        forwarded = make_reply(session, service, ReplyState.FORWARDED, letter)
        erased = make_reply(session, service, ReplyState.CLOSED, letter, erased_at=service.now())
    page = coordinator.get("/desk/answers?state=forwarded").text
    assert "482 915 307 46" in page
    assert "3 days" in page
    assert f"/desk/replying/{forwarded.id}" in page
    assert f"/desk/letters/{letter.id}" in page
    assert "1 reply" in page
    assert "Greta" not in page
    assert "greta@" not in page
    closed = coordinator.get("/desk/answers?state=closed").text
    assert "scans and texts are erased" in closed
    assert f"/desk/replying/{erased.id}" not in closed
    nothing = coordinator.get("/desk/answers?state=withheld").text
    assert "Nothing stands in this list right now" in nothing
    link = re.search(r'href="(/desk/answers\.csv[^"]*)"', page)
    assert link
    lines = coordinator.get(link[1]).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",waits for the writer," in lines[1]
    assert "482 915 307 46" in lines[1]


def test_no_code_stands_where_words_belong(service: Service, coordinator: TestClient) -> None:
    codes = {*map(str, Reason), "no_engine", "by_hand", "asked", "stumbled", "rendering"}
    assert codes <= words.TROUBLES.keys()
    assert set(Hold) <= words.HOLDS.keys()
    assert {*lifecycle.NOTICES.values(), "reply"} <= words.NOTICES.keys()
    now = service.now()
    with service.database.write() as session:
        for code in codes:
            letter = make_letter(session, make_prisoner(session), State.TRANSLATING, now=now)
            moving.leave_to_people(session, letter, code)
    english = coordinator.get("/desk/letters?state=translating").text
    coordinator.cookies.set(LANGUAGE_COOKIE, "ru")
    russian = coordinator.get("/desk/letters?state=translating").text
    assert "The engine cannot be reached." in english
    for page in (english, russian):
        cells = Tree(page).open[0].all("span", "cell-content")
        shown = {cell.text.strip() for cell in cells}
        assert len(shown) > len(codes)
        assert not codes & shown
    assert "The engine cannot be reached." not in russian
