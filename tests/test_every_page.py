"""Every page of the demonstration: nothing from elsewhere, nothing changed, nobody shut out."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app.commands.serving import listen
from app.lifecycle import Role
from app.main import assemble
from app.pages.shell.access import cookie_name
from app.pages.shell.rendering import LANGUAGE_COOKIE
from app.service import Service
from app.staff import sessions
from tests.browser import WIDTHS, OpenPage, axe, screenshot
from tests.crawling import Links, kind_of, walk
from tests.demonstration import Filled, copied
from tests.serving import listening
from tests.staffing import make_account, sign_in
from tests.visiting import Visitor

NOT_CHANGES = {"staff_session", "read_record", "claim"}
"""Who looked at what, and until when it is theirs, is kept as they look."""


@pytest.fixture
def visitor(demonstration: Service) -> Iterator[TestClient]:
    own = demonstration.settings.public_url
    with Visitor(assemble(demonstration), base_url=own, headers={"Origin": own}) as client:
        yield client


def rows(service: Service) -> dict[str, list[tuple[object, ...]]]:
    with service.database.read() as session:
        return {
            name: sorted(tuple(row) for row in session.execute(sa.select(table)))
            if name not in NOT_CHANGES
            else []
            for name, table in SQLModel.metadata.tables.items()
        }


@pytest.mark.trust(26, 47)
def test_every_get_changes_nothing_and_loads_nothing_from_elsewhere(
    visitor: TestClient, demonstration: Service
) -> None:
    sign_in(visitor, demonstration, make_account(demonstration, *Role).id)
    before = {name: hash(str(found)) for name, found in rows(demonstration).items()}
    pages = dict(walk(visitor, "/")) | dict(walk(visitor, "/desk"))
    assert len(pages) > 40
    for address, page in pages.items():
        for resource in Links(page).resources:
            parts = urlsplit(resource)
            assert parts.scheme in {"", "data"}, (address, resource)
            assert not parts.netloc, (address, resource)
    assert {name: hash(str(found)) for name, found in rows(demonstration).items()} == before


@pytest.fixture(scope="module")
def each_kind(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One page of each kind that somebody with every role is led to: kind → address."""
    with (
        copied(filled, tmp_path_factory.mktemp("walked") / "demonstration") as service,
        Visitor(assemble(service), base_url=service.settings.public_url) as client,
    ):
        sign_in(client, service, make_account(service, *Role).id)
        walked = [found for start in ("/", "/desk") for found, _ in walk(client, start, each=1)]
    return {kind_of(found): found for found in walked}


@pytest.fixture
def address(demonstration: Service) -> Iterator[str]:
    """The demonstration, served to real browsers."""
    with (
        listen("127.0.0.1", 0) as listener,
        listening(assemble(demonstration), demonstration.settings, listener),
    ):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def too_wide(page: Page, screen: str) -> int:
    """By how many pixels the page is wider than the window, which a phone widens to fit it."""
    return int(page.evaluate("document.documentElement.scrollWidth")) - WIDTHS[screen]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_desk_page_is_wider_than_a_phone(
    each_kind: dict[str, str],
    demonstration: Service,
    address: str,
    open_page: OpenPage,
    language: str,
) -> None:
    account = make_account(demonstration, *Role)
    pages = [found for found in each_kind.values() if found.startswith("/desk")]
    with demonstration.database.write() as session:
        token = sessions.begin(session, account.id, demonstration.now())
    page = open_page(f"{address}/", screen="phone")
    cookies = {cookie_name(secure=False): token, LANGUAGE_COOKIE: language}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    wide = {}
    for path in pages:
        page.goto(address + path)
        wide[path] = too_wide(page, "phone")
    assert len(wide) > 30
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_on_any_page(
    each_kind: dict[str, str],
    demonstration: Service,
    filled: Filled,
    address: str,
    open_page: OpenPage,
    screen: str,
) -> None:
    account = make_account(demonstration, *Role)
    with demonstration.database.write() as session:
        token = sessions.begin(session, account.id, demonstration.now())
    page = open_page(f"{address}/", screen=screen)
    page.context.add_cookies([{"name": cookie_name(secure=False), "value": token, "url": address}])
    found: list[str] = []
    for kind, path in sorted(each_kind.items()):
        if "?" in path:
            continue
        page.goto(address + path)
        found += [f"{path}: {trouble}" for trouble in axe(page)]
        wide = too_wide(page, screen)
        if wide > 0:
            found.append(f"{path}: {wide} px too wide")
        if folder := os.environ.get("LOOK"):
            name = kind.strip("/").translate(str.maketrans("/*?=&", "_____")) or "front"
            screenshot(page, Path(folder) / f"{name}-{screen}.png")
    for _words, code in filled.accounts.receipts:
        page.goto(f"{address}/letter")
        page.fill("#code", code)
        page.get_by_role("button", name="Open", exact=True).click()
        found += [f"a writer's letter: {trouble}" for trouble in axe(page)]
    assert found == []
