"""The people of the whole-life test, each in a browser of their own, doing one thing at a time."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from playwright.sync_api import Locator, Page, expect

from mailing.paper.fonts import FOLDER as FONTS
from tests.browser import OpenPage
from tests.staffing import Account

PATIENCE = 30_000  # milliseconds


def wait_for(page: Page, found: Callable[[], Locator]) -> None:
    """Reload until the machine has done its work and the page shows it."""
    for _ in range(60):
        if found().count():
            return
        page.wait_for_load_state("networkidle")
        page.reload()
    expect(found().first).to_be_visible(timeout=PATIENCE)


@dataclass
class Desk:
    """Somebody of staff at work."""

    page: Page
    address: str

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def seen(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def sign_in(open_page: OpenPage, address: str, account: Account, *, javascript: bool) -> Desk:
    """Sign in by the form, with password and one-time code."""
    page = open_page(f"{address}/sign-in", javascript=javascript)
    page.fill("#name", account.name)
    page.fill("#password", account.password)
    page.fill("#code", account.code(datetime.now(UTC)))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return Desk(page, address)


def words_of(pdf: Path, *, first: int, last: int) -> str:
    """What pdftotext reads on some pages, white space folded."""
    read = subprocess.run(
        ["pdftotext", "-f", str(first), "-l", str(last), str(pdf), "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return " ".join(read.stdout.split())


def photo_of_reply_sheet(pdf: Path, page: int, words: str) -> bytes:
    """The reply sheet as somebody photographs it: filled in, turned, blurred, noisy (JPEG)."""
    picture = subprocess.run(
        ["pdftoppm", "-f", str(page), "-l", str(page), "-r", "200", "-png", str(pdf)],
        check=True,
        capture_output=True,
    )
    sheet = Image.open(BytesIO(picture.stdout)).convert("L")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(next(FONTS.glob("*Italic*")), 44)
    for line, text in enumerate(words.split("\n")):
        pen.text((260, 760 + 78 * line), text, fill=40, font=font)
    turned = sheet.rotate(4, expand=True, fillcolor=205, resample=Image.Resampling.BICUBIC)
    noise = np.random.default_rng(7).normal(0, 14, (turned.height, turned.width))
    noisy = np.clip(np.asarray(turned.filter(ImageFilter.GaussianBlur(0.8)), float) + noise, 0, 255)
    kept = BytesIO()
    Image.fromarray(noisy.astype("uint8")).save(kept, "JPEG", quality=80)
    return kept.getvalue()
