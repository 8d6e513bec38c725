"""The face of the product: every part, in a real browser, under the strictest policy."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.pages.shell.rendering import Site
from tests.browser import OpenPage, axe, screenshot
from tests.pages.pattern import application, served

TOP = Path(__file__).parents[2]
STYLE = (TOP / "app" / "static" / "lifeline.css").read_text()
PAGES = ["/pattern", "/wrong", "/desk", "/failure"]
SMALLEST_TARGET = 44  # CSS pixels


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served(application(Site(demonstration=True))) as address:
        yield address


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go; LOOK=folder keeps them for looking at."""
    return Path(os.environ.get("LOOK", tmp_path))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("path", PAGES)
def test_every_part_is_accessible_and_fits(
    site: str,
    open_page: OpenPage,
    pictures: Path,
    path: str,
    screen: str,
    dark: bool,
    direction: str,
) -> None:
    page = open_page(site + path, screen=screen, dark=dark)
    page.evaluate("direction => document.documentElement.dir = direction", direction)
    scheme = "dark" if dark else "light"
    screenshot(page, pictures / f"{path[1:]}-{screen}-{scheme}-{direction}.png")
    assert axe(page) == []
    assert _sideways(page) == 0


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_off_at_320_pixels_and_targets_stay_large(
    site: str, open_page: OpenPage, path: str
) -> None:
    """1280 pixels at 400 %, or 640 at 200 %."""
    page = open_page(site + path)
    page.set_viewport_size({"width": 320, "height": 640})
    assert _sideways(page) == 0
    for target in page.locator("button:visible, .button:visible, select:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST_TARGET, target.inner_text()


@pytest.mark.trust(26)
def test_no_address_leads_elsewhere(site: str, open_page: OpenPage) -> None:
    asked: list[str] = []
    page = open_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "/pattern")
    page.goto(site + "/desk")
    assert [address for address in asked if not address.startswith(site)] == []
    for sheet in (TOP / "app" / "static").rglob("*.css"):
        addresses = re.findall(r"""url\(\s*["']?([^"')]+)""", sheet.read_text())
        assert all((sheet.parent / address).is_file() for address in addresses), sheet


@pytest.mark.trust(4)
def test_typed_markup_is_shown_not_obeyed(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/pattern")
    expect(page.get_by_label("Somebody's try")).to_have_text("{{7*7}}<script>alert(1)</script>")


def test_the_first_thing_after_a_mistake_is_what_to_mend(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/wrong")
    expect(page).to_have_title(re.compile("^Please check: "))
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Write at least a few words").click()
    area = page.get_by_role("textbox", name="Your letter")
    expect(area).to_be_focused()
    expect(area).to_have_accessible_description(re.compile("Error: Write at least a few words"))
    expect(page.get_by_label("E-mail for news")).to_have_value("anna@")


def test_the_writer_is_told_how_much_room_is_left(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/pattern")
    page.get_by_role("textbox", name="Your letter").fill("Привет 🙂")
    expect(page.get_by_text("Characters left: 11,992")).to_be_visible()
    page.get_by_role("textbox", name="Your letter").fill("я" * 12_003)
    expect(page.get_by_text("Too long by: 3")).to_be_visible()


def _kept(page: Page) -> list[str]:
    kept: list[str] = page.evaluate(
        "() => [...Object.values(localStorage), ...Object.values(sessionStorage)]"
    )
    return kept


def test_a_draft_is_kept_only_on_request_and_erased_on_sending(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(site + "/pattern")
    page.get_by_role("textbox", name="Your letter").fill("Lieber Iwan")
    assert _kept(page) == []
    page.get_by_label("Keep a draft in this browser").check()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("textbox", name="Your letter")).to_have_value("Lieber Iwan")
    page.get_by_role("button", name="Send the letter").click()
    expect(page).to_have_url(site + "/sent")
    assert _kept(page) == []


def test_a_draft_is_kept_on_when_the_form_comes_back(site: str, open_page: OpenPage) -> None:
    """Nothing stays behind without the tick that says so, and unticking it erases everything."""
    page = open_page(site + "/pattern")
    form = page.content()
    page.get_by_role("textbox", name="Your letter").fill("Lieber Iwan")
    asked = page.get_by_label("Keep a draft in this browser")
    asked.check()
    page.route("**/sent", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.get_by_role("button", name="Send the letter").click()
    expect(page).to_have_url(site + "/sent")
    expect(asked).to_be_checked()
    expect(page.get_by_role("textbox", name="Your letter")).to_have_value("Lieber Iwan")
    page.get_by_role("textbox", name="Your letter").fill("Lieber Iwan, es schneit")
    assert "es schneit" in "".join(_kept(page))
    asked.uncheck()
    assert _kept(page) == []


def test_leave_quickly_empties_the_page_and_forgets_the_draft(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(site + "/pattern")
    page.get_by_role("textbox", name="Your letter").fill("Lieber Iwan")
    page.get_by_label("Keep a draft in this browser").check()
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("**/leave")
    expect(page.locator("body")).to_have_text("")
    assert _kept(page) == []
    page.go_back()
    assert "/pattern" not in page.url


def test_leave_quickly_works_without_javascript(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/pattern", javascript=False)
    page.get_by_role("link", name="Leave quickly").click()
    expect(page).to_have_title("New tab")


def test_the_receipt_code_can_be_copied_and_saved(
    site: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(site + "/pattern")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "K7QM-3XWP-9DFA-ZT4H-2RVB-6NCE"
    with page.expect_download() as text:
        page.get_by_role("button", name="Save as text").click()
    assert text.value.suggested_filename == "note.txt"
    saved = text.value.path().read_text()
    assert saved == copied + "\nKeep this code. It cannot be shown again.\n"
    with page.expect_download() as picture:
        page.get_by_role("button", name="Save as picture").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_undone_is_said_and_asked(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/pattern")
    expect(page.get_by_text("Your letter and the reply are erased.")).to_be_visible()
    page.get_by_role("button", name="Delete everything").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    assert axe(page) == []
    dialog.get_by_role("button", name="Go back").click()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(site + "/pattern")
    page.get_by_role("button", name="Delete everything").click()
    dialog.get_by_role("button", name="Delete everything").click()
    expect(page).to_have_url(site + "/deleted")


def test_long_work_shows_its_progress_by_itself(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/pattern")
    expect(page.get_by_text("1 of 4")).to_be_visible()
    expect(page.get_by_text("4 of 4")).to_be_visible(timeout=10_000)


def test_a_desk_works_by_keyboard(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="12 345 671")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="12 345 670")).to_be_focused()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys on this page")
    expect(keys).to_contain_text("Ask for changes")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_label("Translation of paragraph 1").press("a")
    expect(page).to_have_url(site + "/desk")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page).to_have_url(site + "/desk/approved")


def test_single_keys_can_be_switched_off(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/desk")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys work").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("g")
    page.keyboard.press("j")
    expect(page).to_have_url(site + "/desk")
    expect(page.get_by_role("link", name="12 345 670")).not_to_be_focused()


def test_the_whole_row_of_a_table_is_its_link(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/desk")
    # Forced, because what lies over the cell is the link itself.
    page.get_by_role("cell", name="3 days").click(force=True)
    expect(page).to_have_url(site + "/desk/letters/12345671")


def test_everything_is_there_without_javascript(site: str, open_page: OpenPage) -> None:
    page = open_page(site + "/pattern", javascript=False)
    expect(page.get_by_label("Keep a draft in this browser")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy the code")).to_be_hidden()
    page.get_by_role("textbox", name="Your letter").fill("Lieber Iwan")
    page.get_by_role("button", name="Send the letter").click()
    expect(page).to_have_url(site + "/sent")


def _colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light + (dark if scheme == "dark" else ""))
    return dict(found)


def _contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (
            share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4
            for share in shares
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_are_read_with_triple_a_contrast_and_the_rest_with_double(scheme: str) -> None:
    colours = _colours(scheme)
    for ground in ("paper", "tint", "desk"):
        assert _contrast(colours["ink"], colours[ground]) >= 12
        for text in ("soft", "accent", "waiting", "trouble", "done"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert _contrast(colours["edge"], colours["paper"]) >= 3
    assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert _contrast(colours["on-accent"], colours["accent-deep"]) >= 4.5


def _sideways(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return max(wider, 0)
