"""Two records or two people, a case with everything a list tells, a stay: in a real Chromium."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.models import Placement
from app.service import Service
from tests.browser import OpenPage, axe, screenshot
from tests.pages.test_catalogue_looks import signed_in
from tests.serving import Pages
from tests.world import make_case, make_facility, make_prisoner

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("language", ["en-GB", "ru"])
def test_the_pages_of_people_cases_and_stays(
    open_page: OpenPage, service: Service, pages: Pages, screen: str, language: str
) -> None:
    today = datetime.now(UTC).date()
    soon = today + timedelta(days=9)
    with service.database.write() as session:
        anna = make_prisoner(
            session, birthday=soon.replace(year=1985), profession_en="", profession_ru=""
        )
        other = make_prisoner(session, surname="Озерава", birth_year=1985, placed=False)
        case = make_case(
            session,
            anna,
            source="ovdinfo",
            source_id="c7",
            started_on=date(2023, 5, 6),
            ended_year=2025,
            sentence_months=72,
        )
        stay = Placement(
            prisoner_id=anna.id,
            facility_id=make_facility(session, name_ru="ФКУ СИЗО-3").id,
            from_day=date(2023, 5, 7),
            to_day=date(2024, 5, 7),
            source="The List",
        )
        session.add(stay)
    page = signed_in(open_page(screen=screen, language=language), service, pages)
    found: list[str] = []
    desk = f"/desk/catalogue/{anna.id}"

    def seen(name: str) -> None:
        found.extend(f"{name}: {trouble}" for trouble in axe(page))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 1:
            found.append(f"{name}: {wide} px too wide")
        if folder := os.environ.get("LOOK"):
            screenshot(page, Path(folder) / f"{name}-{screen}-{language}.png")

    for name, path in {
        "twice": "/desk/catalogue/doubtful?kind=twice",
        "two": f"{desk}/same/{other.id}",
        "desk": desk,
        "confirm": f"{desk}/confirm",
        "case": f"{desk}/cases/{case.id}",
        "stay": f"{desk}/stays/{stay.id}",
        "public": f"/people/{anna.slug}",
        "birthday": "/people?soon=birthday",
    }.items():
        page.goto(f"{pages.url}{path}")
        seen(name)
    page.goto(f"{pages.url}/desk/catalogue/new")
    for name, text in {"surname": "Озёрова", "given_name": "Анна", "birth_year": "1985"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=gender][value=she]").check()
    page.locator("main form button").last.click()
    assert page.locator("[name=not_these]").count() == 1
    seen("there")
    assert found == []
