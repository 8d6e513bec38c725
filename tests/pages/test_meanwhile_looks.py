"""Two people at one form, in a real Chromium: on a phone and at a desk."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.lifecycle import Role
from app.models import Prisoner
from app.service import Service
from tests import world
from tests.browser import OpenPage
from tests.pages.test_foreseen_looks import look
from tests.pages.test_posting_and_replying_looks import signed_in
from tests.serving import Pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_what_somebody_else_changed_stands_beside_what_was_typed(
    open_page: OpenPage, service: Service, pages: Pages, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("LOOK", tmp_path))
    with service.database.write() as session:
        anna = world.make_prisoner(session)
    page = signed_in(open_page, service, pages, Role.CATALOGUE)
    page.goto(f"{pages.url}/desk/catalogue/{anna.id}/edit")
    with service.database.write() as session:
        row = session.get_one(Prisoner, anna.id)
        row.story_en, row.languages_read = "Plays the cello.", "ru,de"
    page.get_by_label("Story, in English").fill("Draws maps.")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("There is now: «Plays the cello.»").first).to_be_visible()
    expect(page.get_by_label("Story, in English")).to_have_value("Draws maps.")
    look(page, folder, "meanwhile")
    page.get_by_label("Languages the person reads").fill("ru,de")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("Changed.", exact=True)).to_be_visible()
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.story_en, row.languages_read) == ("Draws maps.", "ru,de")
