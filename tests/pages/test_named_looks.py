"""People nobody can write to, in a real Chromium: their pages, the search, and the desk."""

from datetime import timedelta
from typing import Any

import pytest

from app.catalogue import custody, editing
from app.catalogue.details import Confirmation
from app.catalogue.standing import Occasion
from app.models import Prosecution
from app.moving import by_staff
from app.service import Service
from tests.browser import WIDTHS, OpenPage, axe
from tests.pages.test_catalogue_looks import look, signed_in
from tests.serving import Pages
from tests.world import make_prisoner

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAMES = {
    "released": ("Берёзова", "Вера"),
    "dead": ("Вязова", "Нина"),
    "house_arrest": ("Осинская", "Ольга"),
    "transfer": ("Кленова", "Дарья"),
    "asks_none": ("Липова", "Инна"),
    "only_russian": ("Рябинина", "Зоя"),
    "now": ("Ясенева", "Лидия"),
}


@pytest.fixture
def people(service: Service) -> dict[str, str]:
    """One of each, who wishes to be named: what became of them → id."""
    today = service.today()
    occasion = Occasion(by_staff("c" * 24), service.now(), today, 180, by_coordinator=True)
    found = {}
    with service.database.write() as session:
        for what, (surname, given) in NAMES.items():
            told: dict[str, Any] = {"story_en": "", "interests_en": "", "profession_ru": "швея"}
            row = make_prisoner(
                session,
                slug=what.replace("_", "-"),
                surname=surname,
                given_name=given,
                latin_name=f"{what.title().replace('_', ' ')} Person",
                languages_read="ru,en",
                **(told if what == "only_russian" else {}),
            )
            session.add(Prosecution(prisoner_id=row.id, articles=["ст. 207.3"], started_year=2023))
            wish = Confirmation(
                custody_confirmed_on=today,
                address_checked_on=today,
                wants_letters=what != "asks_none",
                may_be_named=True,
                wish_source="her sister",
                wish_date=today - timedelta(days=30),
                dative_name=row.dative_name or "",
            )
            editing.confirm(session, row.id, wish, occasion)
            status = "in_transfer" if what == "transfer" else what
            if status in custody.DEPARTURES:
                custody.leave(session, row.id, status, today - timedelta(days=2), occasion)
            found[what] = row.id
    return found


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("language", ["en-GB", "ru"])
def test_every_page_about_them_can_be_used_by_everybody(
    open_page: OpenPage,
    service: Service,
    people: dict[str, str],
    pages: Pages,
    screen: str,
    language: str,
) -> None:
    page = signed_in(open_page(screen=screen, language=language), service, pages)
    found = []
    desks = {
        f"desk-{what}": f"/desk/catalogue/{people[what]}" for what in ("released", "asks_none")
    }
    for name, path in {
        **{what: f"/people/{what.replace('_', '-')}" for what in NAMES},
        "people": "/people",
        "people-without": "/people?letters=none",
        **desks,
        "confirm": f"/desk/catalogue/{people['only_russian']}/confirm",
        "edit": f"/desk/catalogue/{people['asks_none']}/edit",
        "doubtful": "/desk/catalogue/doubtful?kind=story",
        "desk-list": "/desk/catalogue",
    }.items():
        page.goto(pages.url + path)
        found += [f"{name}: {trouble}" for trouble in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth") - WIDTHS[screen]
        if wide > 1:
            found.append(f"{name}: {wide} px too wide")
        look(page, f"named-{name}-{language[:2]}-{screen}")
    assert found == []
