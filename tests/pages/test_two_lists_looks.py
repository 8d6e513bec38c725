"""What two lists say of one person, decided in a real Chromium: dead or not, which case it is."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from app.lifecycle import Role
from app.models import ImportRun, Prosecution
from app.service import Service
from tests.browser import OpenPage, screenshot
from tests.importing.bringing import VERA, bring_in, bring_table, decide
from tests.importing.test_cases_of_two_lists import RATED, SECOND
from tests.importing.test_said_gone import DEAD, in_transfer
from tests.pages.test_posting_and_replying_looks import assert_looks_well, signed_in
from tests.serving import Pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def looked_at(page: Page, name: str, folder: Path) -> None:
    """In both languages, on a phone and on a desk."""
    pictures = Path(os.environ.get("LOOK", folder))
    for language in ("ru", "en"):
        page.context.add_cookies(
            [{"name": "language", "value": language, "url": page.evaluate("origin")}]
        )
        page.reload()
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            screenshot(page, pictures / f"two-lists-{name}-{language}-{width}.png")
        assert_looks_well(page)


def test_who_is_said_to_be_dead_is_decided_first(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    in_transfer(service)
    bring_in(service, [VERA | {"person_id": "p2", "name_ru": "Речная Нина Львовна"}, DEAD])
    page = signed_in(open_page, service, pages, Role.COORDINATOR)
    page.goto(f"{pages.url}/desk/alarms")
    expect(page.get_by_text("A list says that somebody has died")).to_be_visible()
    looked_at(page, "alarms", tmp_path)
    page.get_by_role("link", name="Decide", exact=True).click()
    expect(page.get_by_text("first of all")).to_be_visible()
    looked_at(page, "doubtful", tmp_path)
    page.get_by_role("row", name="first of all").get_by_role("link").first.click()
    expect(page.get_by_text("2 letters under way would go to somebody")).to_be_visible()
    looked_at(page, "said-dead", tmp_path)
    page.get_by_role("button", name="Keep ours").click()
    page.goto(f"{pages.url}/desk/alarms")
    expect(page.get_by_text("A list says that somebody has died")).to_have_count(0)


def test_a_rating_is_given_to_the_case_that_is_meant(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    bring_in(service, [VERA, SECOND])
    bring_table(service, RATED)
    decide(service, "same_person", "same")
    bring_table(service, RATED)
    with service.database.read() as session:
        newest = select(ImportRun.id).where(
            ImportRun.source == "memorial", col(ImportRun.snapshot).is_not(None)
        )
        run = session.exec(newest).one()
    page = signed_in(open_page, service, pages, Role.COORDINATOR)
    page.goto(f"{pages.url}/desk/catalogue/imports/{run}")
    expect(page.get_by_text("Nobody can tell which case that is")).to_be_visible()
    looked_at(page, "which-case", tmp_path)
    page.get_by_label("It is").select_option(label="280.3 p. 1; A speech; 2024-05-06")
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_text("280.3 p. 1; A speech; 2024-05-06")).to_be_visible()
    looked_at(page, "which-case-decided", tmp_path)


def test_two_accounts_of_one_case_are_joined(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    bring_in(service, [VERA])
    with service.database.write() as session:
        [case] = session.exec(select(Prosecution)).all()
        session.add(
            Prosecution(
                prisoner_id=case.prisoner_id,
                articles=["ст. 207.3 УК РФ"],
                started_year=2022,
                sentence_months=70,
                ratings=["memorial"],
                source="memorial",
                source_id="7",
            )
        )
    page = signed_in(open_page, service, pages, Role.COORDINATOR)
    page.goto(f"{pages.url}/desk/catalogue/doubtful?kind=cases_twice")
    page.get_by_role("link", name="Полевая").click()
    expect(page.get_by_text("contradict each other")).to_be_visible()
    looked_at(page, "two-accounts", tmp_path)
    page.get_by_role("button", name="One case: the first is right").click()
    expect(page.get_by_text("The two are one case now.")).to_be_visible()
    with service.database.read() as session:
        [case] = session.exec(select(Prosecution)).all()
        assert (case.sentence_months, case.ratings) == (66, ["memorial"])
    looked_at(page, "joined", tmp_path)
