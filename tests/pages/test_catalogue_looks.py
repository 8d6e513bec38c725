"""The catalogue's lists in a real Chromium: phone and desktop, English and Russian, no script."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.lifecycle import Role, State
from app.models import ImportLine, ImportRun, Placement, Prosecution, SourceId
from app.pages.shell.access import cookie_name
from app.service import Service
from app.staff import sessions
from tests.browser import OpenPage, axe, screenshot
from tests.crowd import make_crowd
from tests.serving import Pages
from tests.staffing import make_account
from tests.world import make_facility, make_letter, make_prisoner, place

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def crowd(service: Service) -> str:
    """Thirty people, fourteen more at one place, newcomers, a doubt; the place's id."""
    make_crowd(service.database, 30)
    today = datetime.now(UTC).date()
    with service.database.write() as session:
        here = make_facility(session, name_ru="ФКУ ИК-9", region="Кировская область")
        for number in range(14):
            row = make_prisoner(session, surname=f"Озерова-{number}", placed=False)
            checked = today - timedelta(days=20 * number) if number else None
            place(session, row, here, checked_on=checked, source="family")
        for number in range(5):
            born = None if number == 3 else 1980
            make_prisoner(
                session,
                surname=f"Новая-{number}",
                birth_year=born,
                published=False,
                eligible=False,
                wants_letters=False,
                wish_source="her own letter" if number == 4 else "",
                wish_date=None,
                custody_confirmed_on=None,
                dative_confirmed=False,
                source="A list of wishes",
            )
        soon = today - timedelta(days=300)
        session.add(Prosecution(prisoner_id=row.id, started_on=soon, sentence_months=11))
        over = make_prisoner(session, surname="Пора", custody_confirmed_on=None)
        long_ago = today - timedelta(days=800)
        session.add(Prosecution(prisoner_id=over.id, started_on=long_ago, sentence_months=24))
        lost: dict[str, Any] = {
            "source": "ovdinfo",
            "subject": "prisoner",
            "key": "p2",
            "gone_on": today,
        }
        session.add(SourceId(target_id=over.id, **lost))
        make_letter(session, over, State.IN_REVIEW)
        run = ImportRun(source="ovdinfo", label="OVD-Info")
        session.add(run)
        session.flush()
        doubt = ImportLine(run_id=run.id, position=1, kind="doubtful", topic="gender", key="p1")
        doubt.title = "Бабочкенко Саша"
        session.add(doubt)
        return here.id


def signed_in(page: Page, service: Service, server: Pages) -> Page:
    account = make_account(service, Role.COORDINATOR)
    with service.database.write() as session:
        token = sessions.begin(session, account.id, datetime.now(UTC))
    name = cookie_name(service.settings.secure_cookies)
    page.context.add_cookies([{"name": name, "value": token, "url": server.url}])
    return page


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for one."""
    if folder := os.environ.get("LOOK"):
        screenshot(page, Path(folder) / f"{name}.png")


@pytest.mark.parametrize(("screen", "language"), [("phone", "en-GB"), ("desktop", "ru")])
def test_every_list_can_be_used_by_everybody(
    open_page: OpenPage,
    service: Service,
    crowd: str,
    pages: Pages,
    screen: str,
    language: str,
) -> None:
    page = signed_in(open_page(screen=screen, language=language), service, pages)
    with service.database.read() as session:
        person = session.exec(select(Prosecution.prisoner_id)).first()
        lost = session.exec(select(SourceId.target_id)).first()
    found = []
    for name, path in {
        "people": "catalogue",
        "longest": "catalogue?letters=longest",
        "nobody": "catalogue?show=no_address",
        "person": f"catalogue/{person}",
        "birthdays": "catalogue/birthdays",
        "releases": "catalogue/releases",
        "doubtful": "catalogue/doubtful",
        "twice": "catalogue/doubtful?kind=twice",
        "missing": "catalogue/doubtful?kind=missing",
        "missing-person": f"catalogue/{lost}",
        "to-confirm": "catalogue?show=to_confirm&source=A+list+of+wishes",
        "confirm": "catalogue/next?source=A+list+of+wishes",
        "overview": "overview",
        "addresses": "catalogue/addresses",
        "place": f"catalogue/addresses/{crowd}?tick=all",
        "newcomers": "catalogue/newcomers?source=A+list+of+wishes",
    }.items():
        page.goto(f"{pages.url}/desk/{path}")
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
        found += [f"{name}: {trouble}" for trouble in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 1:
            found.append(f"{name}: {wide} px too wide")
        look(page, f"list-{name}-{screen}")
    assert found == []


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_place_is_checked_by_keyboard_without_scripts_and_undone(
    open_page: OpenPage,
    service: Service,
    crowd: str,
    pages: Pages,
    screen: str,
) -> None:
    page = signed_in(open_page(screen=screen, javascript=False), service, pages)
    page.goto(f"{pages.url}/desk/catalogue/addresses/{crowd}")
    page.get_by_role("link", name="Tick all 14 people").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(14)
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    page.get_by_label("By whom or where").fill("the prison's own service")
    page.get_by_role("button", name="The ticked people are still here").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("13 addresses made sure of.")
    look(page, f"list-checked-{screen}")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("13 checks taken back")
    with service.database.read() as session:
        days = session.exec(select(Placement.source).where(Placement.facility_id == crowd)).all()
    assert set(days) == {"family"}


def test_the_desks_are_found_in_two_rows(
    open_page: OpenPage, service: Service, crowd: str, pages: Pages
) -> None:
    page = signed_in(open_page(screen="phone", javascript=False), service, pages)
    page.goto(f"{pages.url}/desk/overview")
    desks = page.get_by_role("navigation", name="Desks")
    box = desks.bounding_box()
    assert box
    assert box["height"] < 44 * 4.5
    desks.get_by_role("link", name="People").press("Enter")
    expect(page).to_have_url(f"{pages.url}/desk/catalogue")
    desks.get_by_role("link", name="Objections").press("Enter")
    expect(desks.locator("[aria-current=page]")).to_have_text("Objections")
    expect(desks.locator("[aria-current=true]")).to_have_text("People")
