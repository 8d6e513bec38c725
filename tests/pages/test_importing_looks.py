"""Handing a list in, in a real Chromium: phone and desktop, with scripts and without."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.importing.runs import keeping
from app.importing.sources import ovdinfo
from app.lifecycle import Role
from app.service import Service
from tests.browser import OpenPage, screenshot
from tests.pages.test_importing_lists import PEOPLE
from tests.pages.test_posting_and_replying_looks import assert_looks_well, signed_in
from tests.serving import Lifeline
from tests.standins import source

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go; LOOK=folder keeps them for looking at."""
    return Path(os.environ.get("LOOK", tmp_path))


def looked_at(page: Page, pictures: Path, name: str) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        screenshot(page, pictures / f"importing-{name}-{width}.png")
    assert_looks_well(page)


def test_a_list_is_handed_in_and_applied(
    open_page: OpenPage, service: Service, live_server: Lifeline, pictures: Path
) -> None:
    page = signed_in(open_page, service, live_server, Role.CATALOGUE)
    page.goto(f"{live_server.url}/desk/catalogue/imports")
    looked_at(page, pictures, "runs-empty")
    page.get_by_role("link", name="Bring in a list").click()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the file.")
    looked_at(page, pictures, "new-wrong")
    page.get_by_label("The file").set_input_files(
        {"name": "список.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("cp1251")}
    )
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_label("ФИО")).to_have_value("name")
    page.get_by_label("Кто такой").select_option("profession_ru")
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Write whose list it is.")
    expect(page.get_by_label("Кто такой")).to_have_value("profession_ru")
    looked_at(page, pictures, "columns")
    page.get_by_label("Whose list is it?").fill("Комитет писем")
    page.get_by_role("button", name="Make the report").click()
    page.get_by_role("link", name="See the report").click(timeout=60_000)
    expect(page.get_by_text("new people: 2")).to_be_visible()
    looked_at(page, pictures, "report")
    page.get_by_role("button", name="Apply it").click()
    # A quick worker is done before the page has come: then it says so at once.
    over = page.get_by_role("link", name="See what is left to decide")
    again = page.get_by_role("button", name="Apply what was decided since")
    expect(over.or_(again)).to_be_visible(timeout=60_000)
    if over.count():
        over.click()
    expect(again).to_be_visible()


def test_what_is_asked_about_names(
    open_page: OpenPage, service: Service, live_server: Lifeline, pictures: Path
) -> None:
    page = signed_in(open_page, service, live_server, Role.CATALOGUE)
    made = source.make(seed=7, people=60, cases=70, places=6)
    run_id, _ = keeping.dry_run(service, ovdinfo.read(made.data, made.locations, service.today()))
    page.goto(f"{live_server.url}/desk/catalogue/imports/{run_id}?topic=same_person&kind=doubtful")
    for said in (
        "The whole name and the birth year agree.",
        "Their given names are two forms of one name.",
        "Surname and given name may have changed places.",
        "The whole name agrees, and the birth years are one apart.",
        "In one of the given names there may be a typing mistake.",
    ):
        while not page.get_by_text(said).count():
            page.get_by_role("link", name="Next").click()
    looked_at(page, pictures, "names")
    for where in ("topic=name&kind=doubtful", "kind=unreadable"):
        page.goto(f"{live_server.url}/desk/catalogue/imports/{run_id}?{where}")
        looked_at(page, pictures, f"names-{where.partition('=')[2][:4]}")


def test_the_same_without_javascript(
    open_page: OpenPage, service: Service, live_server: Lifeline, pictures: Path
) -> None:
    with_scripts = signed_in(open_page, service, live_server, Role.CATALOGUE)
    page = open_page(javascript=False)
    page.context.add_cookies(with_scripts.context.cookies())  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/desk/catalogue/imports/new")
    page.get_by_label("Saved from OVD-Info").check()
    page.get_by_label("The file").set_input_files(
        {"name": "data.json", "mimeType": "application/json", "buffer": b'{"data": [{"a": 1}]}'}
    )
    page.get_by_role("button", name="Hand it in").click()
    for _ in range(60):
        if page.get_by_text("It could not be read").count():
            break
        screenshot(page, pictures / "importing-progress.png")
        page.get_by_role("link", name="Look again").click()
        page.wait_for_timeout(500)
    expect(page.get_by_text("in the shape of OVD-Info")).to_be_visible()
    screenshot(page, pictures / "importing-failed.png")
    page.get_by_role("link", name="Choose another file").click()
    expect(page.get_by_role("heading", name="Bring in a list")).to_be_visible()
