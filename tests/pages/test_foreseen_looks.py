"""What a change does, in a real Chromium: on a phone and at a desk, in both languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.lifecycle import Role, State
from app.models import Prisoner
from app.service import Service
from tests import world
from tests.browser import OpenPage, screenshot
from tests.pages.test_posting_and_replying_looks import assert_looks_well, signed_in
from tests.serving import Pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ELSEWHERE = "e" * 24


def look(page: Page, folder: Path, name: str) -> None:
    for screen, width in (("desktop", 1280), ("phone", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, folder / f"{name}-{screen}.png")
    assert_looks_well(page)


def anna_with_letters(service: Service) -> Prisoner:
    with service.database.write() as session:
        world.make_return_address(session)
        anna = world.make_prisoner(session)
        world.make_facility(session, id=ELSEWHERE, name_ru="ФКУ ИК-9", region="Пермский край")
        states = [State.IN_REVIEW, State.READY, State.READY, State.PRINTED, State.POSTED]
        for state in states:
            world.make_letter(session, anna, state, email="greta@example.org")
    return anna


def test_a_move_is_told_and_done_with_scripts(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("LOOK", tmp_path))
    anna = anna_with_letters(service)
    page = signed_in(open_page, service, pages, Role.COORDINATOR)
    page.goto(f"{pages.url}/desk/catalogue/{anna.id}")
    look(page, folder, "person")
    page.get_by_role("link", name="Moved to another place").click()
    look(page, folder, "move")
    page.get_by_label("Place").select_option(ELSEWHERE)
    page.get_by_label("By whom or where").fill("her lawyer")
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    expect(page.get_by_text("2 letters are addressed anew and laid out again.")).to_be_visible()
    look(page, folder, "foreseen-move")
    page.get_by_role("button", name="Change what is typed").click()
    expect(page.get_by_label("By whom or where")).to_have_value("her lawyer")
    page.get_by_role("button", name="Show what this does").click()
    page.get_by_role("button", name="Note the new place").click()
    expect(page.get_by_text("The new place is noted.")).to_be_visible()
    page.get_by_label("Why").fill("her sister phoned")
    page.get_by_role("button", name="Hide at once").click()
    expect(page.get_by_text("Hidden at once.")).to_be_visible()
    look(page, folder, "hidden")


def test_the_same_in_russian(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("LOOK", tmp_path))
    anna = anna_with_letters(service)
    page = signed_in(open_page, service, pages, Role.COORDINATOR)
    page.context.add_cookies([{"name": "language", "value": "ru", "url": pages.url}])
    page.goto(f"{pages.url}/desk/catalogue/{anna.id}/left")
    page.locator("[value=released]").check()
    page.locator("main form button").click()
    expect(page.get_by_text("Пока ничего не изменено.")).to_be_visible()
    expect(page.get_by_text("3 ещё не напечатанных письма будут ждать")).to_be_visible()
    look(page, folder, "foreseen-left-ru")
    page.locator("button[name=shown]").click()
    look(page, folder, "person-ru")
    page.goto(f"{pages.url}/desk/catalogue/{anna.id}/move")
    look(page, folder, "move-ru")
