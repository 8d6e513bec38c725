"""A real Chromium, at phone and desktop width, with JavaScript and without."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text()
WIDTHS = {"phone": 390, "desktop": 1280}
HEIGHTS = {"phone": 844, "desktop": 900}
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # No page of ours needs the world; a page that asks for it must fail here.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the machine's own, else the one that playwright installed.

    One a file, not one a session: its event loop would stand in the way of other files' loops.
    """
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS + as_root
        )
        yield browser
        browser.close()


class OpenPage(Protocol):
    """`open_page("/write", screen="phone", javascript=False, language="ru")`: an own visitor."""

    def __call__(
        self,
        address: str = "about:blank",
        *,
        screen: str = "desktop",
        javascript: bool = True,
        language: str = "en-GB",
        dark: bool = False,
    ) -> Page: ...


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages, each in a browser profile of its own.

    The test fails at its end when a script of a page failed or was refused by its own policy.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def open_page(
        address: str = "about:blank",
        *,
        screen: str = "desktop",
        javascript: bool = True,
        language: str = "en-GB",
        dark: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": WIDTHS[screen], "height": HEIGHTS[screen]},
            is_mobile=screen == "phone",
            has_touch=screen == "phone",
            java_script_enabled=javascript,
            locale=language,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: _note_refusal(message.text, trouble))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def _note_refusal(text: str, trouble: list[str]) -> None:
    if "Content Security Policy" in text:
        trouble.append(text)


def axe(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: one line a place, empty when all is well.

    It looks at everything, but gathers only what is wrong: the rest is long.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']} — {' '.join(node['target'])}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def screenshot(page: Page, path: Path) -> None:
    """The whole page as a picture, to be looked at; taken when LOOK names a folder to keep it."""
    if "LOOK" not in os.environ:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
