"""Search, people and figures in a real Chromium: phone and desktop, light and dark, no script."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.database import Database
from app.service import Service
from tests.browser import OpenPage, axe, screenshot
from tests.crowd import make_crowd
from tests.serving import Pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGES = (
    *("/people", "/people?sex=she&interest=chess", "/people/crowd-1", "/somebody-like-you"),
    *("/people/by/interest", "/people/by/work?sex=she"),
)


@pytest.fixture
def crowd(service: Service) -> Database:
    make_crowd(service.database, 300)
    return service.database


@pytest.mark.parametrize(("screen", "dark"), [("phone", False), ("desktop", True)])
def test_every_page_of_the_search_can_be_used_by_everybody(
    open_page: OpenPage,
    crowd: Database,
    pages: Pages,
    tmp_path: Path,
    screen: str,
    dark: bool,
) -> None:
    page = open_page(screen=screen, dark=dark)
    for address in (*PAGES, "/figures", "/figures?sex=he"):
        page.goto(pages.url + address)
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        screenshot(page, tmp_path / f"{address.strip('/').replace('/', '-')}.png")


def test_finding_somebody_without_javascript(
    open_page: OpenPage, crowd: Database, pages: Pages
) -> None:
    page = open_page(f"{pages.url}/people", javascript=False)
    page.get_by_text("Narrow it down").click()
    page.get_by_text("Likes", exact=True).click()
    page.get_by_role("link", name="chess").click()
    expect(page.get_by_role("status")).to_contain_text("people")
    page.get_by_text("Narrow it down").click()
    page.get_by_text("She or he", exact=True).click()
    page.get_by_role("link", name="women").click()
    page.get_by_role("link", name="Take away: Likes: chess").click()
    assert page.url.endswith("/people?sex=she")
    page.get_by_role("main").locator(".people a").first.click()
    page.get_by_role("button", name="Write to").click()
    expect(page.get_by_role("button", name="Send the letter")).to_be_visible()


def test_the_map_can_be_read_without_colour(
    open_page: OpenPage, crowd: Database, pages: Pages
) -> None:
    page = open_page(f"{pages.url}/figures")
    chart = page.get_by_role("img", name="By the region of the case")
    on_the_map = chart.locator("g", has_text="MOW").locator(".map-number").text_content()
    page.get_by_text("The numbers as a table").last.click()
    moscow = page.get_by_role("row", name="Moscow MOW")
    expect(moscow.get_by_role("cell").last).to_have_text(on_the_map or "")
    hatched = chart.locator("g", has=page.locator('rect[fill^="url("]'))
    assert hatched.count() == 6
    for title in hatched.locator("title").all_text_contents():
        assert "(Ukraine, occupied by Russia)" in title
    expect(
        page.get_by_role("rowheader", name="Crimea (Ukraine, occupied by Russia)")
    ).to_be_visible()


def test_the_map_is_lettered_in_the_readers_alphabet(
    open_page: OpenPage, crowd: Database, pages: Pages
) -> None:
    page = open_page(f"{pages.url}/figures", language="ru")
    letters = page.locator("figure.map .map-code").all_text_contents()
    assert len(letters) == 89
    assert {"МСК", "СПБ", "КРЫ", "ДОН"} <= set(letters)
    assert not [word for word in letters if word.isascii()]
