"""The desks of post and replies in a real Chromium: phone and desktop, readable by everybody."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from app.lifecycle import Role, State
from app.models import Placement
from app.pages.shell.access import cookie_name
from app.service import Service
from app.staff import sessions
from tests import world
from tests.browser import OpenPage, axe
from tests.pages.test_posting import ready_letters
from tests.pages.test_replying import NUMBER, reply_sheet
from tests.serving import Lifeline, Pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def signed_in(
    open_page: OpenPage, service: Service, server: Pages | Lifeline, *roles: Role
) -> Page:
    """A browser in which somebody with these roles is signed in."""
    with service.database.write() as session:
        staff = world.make_staff(session, *roles)
        token = sessions.begin(session, staff.id, datetime.now(UTC))
    page = open_page()
    page.context.add_cookies([{"name": cookie_name(False), "value": token, "url": server.url}])
    return page


def assert_looks_well(page: Page) -> None:
    """Nothing for axe to find, and nothing to scroll sideways on a phone."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_from_taking_to_posting(open_page: OpenPage, service: Service, pages: Pages) -> None:
    ready_letters(service, 3)
    with service.database.write() as session:  # the server goes by the real calendar
        session.execute(sa.update(Placement).values(checked_on=datetime.now(UTC).date()))
    page = signed_in(open_page, service, pages, Role.PRINTER)
    page.goto(f"{pages.url}/desk/posting")
    assert_looks_well(page)
    page.get_by_role("button", name="Take letters").click()
    assert_looks_well(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make and download the pages").click()
    assert download.value.suggested_filename.startswith("pages-")
    page.get_by_role("link", name="I have the pages: go on").click()
    page.get_by_role("button", name="All pages are printed").click()
    page.get_by_text("Not all of them?").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Postage of one letter").fill("1.10")
    assert_looks_well(page)
    page.get_by_role("button", name="All are posted, except what is ticked").click()
    expect(page.get_by_text("Marked as posted")).to_be_visible()
    assert_looks_well(page)


def test_a_reply_is_uploaded_and_a_passage_held_back(
    open_page: OpenPage, service: Service, pages: Pages
) -> None:
    with service.database.write() as session:
        world.make_letter(session, world.make_prisoner(session), State.POSTED, number=NUMBER)
    page = signed_in(open_page, service, pages, Role.SCANNER, Role.TRANSLATOR)
    page.goto(f"{pages.url}/desk/replying/new")
    assert_looks_well(page)
    photo = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": reply_sheet(NUMBER)}
    page.get_by_label("Photos or PDF files").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload the pages").click()
    picture = page.get_by_role("img", name="Page 1 as it came back")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
    text = page.get_by_label("What is written there")
    text.fill("Спасибо. Сосед болен. Пишите.")
    text.evaluate("area => area.setSelectionRange(9, 21)")
    page.get_by_role("button", name="Hold back what is selected").click()
    expect(text).to_have_value("Спасибо. ⟦Сосед болен.⟧ Пишите.")
    page.get_by_role("button", name="Turn right").click()
    expect(text).to_have_value("Спасибо. ⟦Сосед болен.⟧ Пишите.")
    assert_looks_well(page)
    page.get_by_role("button", name="All is copied out").click()
    expect(page.get_by_text("Copied out. Thank you.")).to_be_visible()
    assert_looks_well(page)
