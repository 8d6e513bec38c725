"""Two records side by side in a real Chromium: on a phone and at a desk, with scripts."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.lifecycle import Role, State
from app.service import Service
from tests import world
from tests.browser import OpenPage, screenshot
from tests.pages.test_posting_and_replying_looks import assert_looks_well, signed_in
from tests.serving import Pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_two_records_are_compared_and_merged(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("LOOK", tmp_path))
    today = datetime.now(UTC).date()
    with service.database.write() as session:
        world.make_return_address(session)
        kept = world.make_prisoner(session, placed=False)
        world.place(session, kept, world.make_facility(session), checked_on=today)
        other = world.make_prisoner(
            session,
            placed=False,
            surname="Озёрова",
            latin_name="Anna Ozyorova",
            birth_year=None,
            story_en="Plays the cello, and teaches children to.\n\nWas arrested at a concert.",
            provenance={"story_en": "ovdinfo", "surname": "ovdinfo"},
        )
        prison = world.make_facility(session, name_ru="ФКУ СИЗО-1 УФСИН России")
        world.place(session, other, prison, checked_on=today - timedelta(days=90))
        for state in (State.IN_REVIEW, State.READY, State.PRINTED, State.POSTED):
            world.make_letter(session, other, state)
    page = signed_in(open_page, service, pages, Role.COORDINATOR)
    page.goto(f"{pages.url}/desk/catalogue/{kept.id}")
    page.get_by_role("link", name="Same person as …").click()
    for name, width in (("desktop", 1280), ("phone", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, folder / f"merging-find-{name}.png")
    assert_looks_well(page)
    page.get_by_role("link", name="Озёрова").click()
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_text("1 letter is addressed anew and laid out again")).to_be_visible()
    for name, width in (("desktop", 1280), ("phone", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, folder / f"merging-compare-{name}.png")
    assert_looks_well(page)
    page.get_by_label("Plays the cello").check()
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_label("Plays the cello")).to_be_checked()
    page.get_by_label("ФКУ СИЗО-1").check()
    page.get_by_role("button", name="One person: merge the records").click()
    page.get_by_role("dialog").get_by_role("button", name="One person").click()
    expect(page.get_by_text("Nothing is merged yet.")).to_be_visible()
    assert_looks_well(page)
    page.get_by_role("button", name="One person: merge the records").click()
    page.get_by_role("dialog").get_by_role("button", name="One person").click()
    expect(page.get_by_text("Merged. Everything of the other record is here now.")).to_be_visible()
    expect(page.get_by_text("Plays the cello, and teaches").first).to_be_visible()
    assert_looks_well(page)
    screenshot(page, folder / "merging-done.png")
