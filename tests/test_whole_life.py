"""One letter's whole life, there and back, as its people live it in a real browser.

Read this to see how the service works. Greta writes in German; an engine translates (a local
server that speaks its language); Rosa reviews, Pavel prints and posts, Sina scans the answer,
Toma translates it, and Greta reads it in German.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.lifecycle import Role
from app.service import open_service
from app.settings import Settings
from mailing import letter_numbers
from tests.browser import OpenPage
from tests.serving import Lifeline, Serve
from tests.staffing import Account, make_account
from tests.standins.smtp import SmtpServer
from tests.standins.translators import GoogleStandIn
from tests.whole_life import Desk, photo_of_reply_sheet, sign_in, wait_for, words_of
from tests.world import make_facility, make_prisoner, make_return_address

GERMAN = (
    "Guten Tag!\n\nSie kennen mich nicht. Ich schreibe Ihnen aus Hamburg. Heute hat es zum ersten "
    "Mal geschneit.\n\nWelche Bücher lesen Sie gern?"
)
ANSWER = "Здравствуйте!\nСпасибо за ваше письмо.\nУ нас уже снег. Пишите ещё."
ANSWER_IN_GERMAN = (
    "Guten Tag!\nDanke für Ihren Brief.\nBei uns liegt schon Schnee. Schreiben Sie wieder."
)


@pytest.fixture
def people(settings: Settings) -> dict[str, Account]:
    """One prisoner in a place that accepts codes, and the four who carry letters."""
    service = open_service(settings)
    with service.database.write() as session:
        make_prisoner(session, make_facility(session, codes_allowed=True))
        make_return_address(session)
    staff = {
        "Rosa": make_account(service, Role.REVIEWER, name="rosa"),
        "Pavel": make_account(service, Role.PRINTER, name="pavel"),
        "Sina": make_account(service, Role.SCANNER, name="sina"),
        "Toma": make_account(service, Role.TRANSLATOR, name="toma"),
    }
    service.close()
    return staff


@pytest.mark.timeout(300)
@pytest.mark.trust(43)
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_there_and_back(
    people: dict[str, Account],
    serve: Serve,
    lifeline: Callable[..., Lifeline],
    process_settings: dict[str, str],
    open_page: OpenPage,
    tmp_path: Path,
    *,
    javascript: bool,
) -> None:
    with GoogleStandIn() as google, SmtpServer() as post:
        running = {
            "translators": f"google+{google.url}",
            "smtp_url": post.url,
            "embedded_worker": str("sqlite" in process_settings["database_url"]).lower(),
        }
        if running["embedded_worker"] == "false":
            lifeline("worker", process_settings | running).start()
        address = serve(**running).url

        writer = open_page(f"{address}/", screen="phone", javascript=javascript)
        code = greta_writes(writer)

        rosa = sign_in(open_page, address, people["Rosa"], javascript=javascript)
        rosa.go("/desk/reviewing")
        wait_for(rosa.page, lambda: rosa.page.get_by_role("button", name="Take the next letter"))
        rosa.press("Take the next letter")
        expect(rosa.page.locator("#paragraph-1")).to_have_value("Добрый день!")
        rosa.page.fill("#paragraph-1", "Добрый день, Анна Петровна!")
        rosa.page.fill("#signature", "Грета")
        rosa.press("Approve for printing")

        pavel = sign_in(open_page, address, people["Pavel"], javascript=javascript)
        pavel.go("/desk/posting")
        wait_for(pavel.page, lambda: pavel.page.get_by_role("button", name="Take letters"))
        pavel.press("Take letters")
        with pavel.page.expect_download() as download:
            pavel.press("Make and download the pages")
        pages = tmp_path / "pages.pdf"
        download.value.save_as(pages)
        number = the_pages_are_right(pages)
        pavel.page.reload()
        pavel.press("All pages are printed")
        pavel.press("All are posted, except what is ticked")
        pavel.seen("Nothing is left to do in this batch.")
        assert "Озеров" not in pavel.page.content()

        the_notices_say_nothing(post, 1)
        open_letter(writer, address, code)
        expect(writer.get_by_text("It was posted.")).to_be_visible()
        expect(writer.get_by_text("Добрый день, Анна Петровна!")).to_be_visible()
        assert letter_numbers.parse(number)

        sina = sign_in(open_page, address, people["Sina"], javascript=javascript)
        photo = photo_of_reply_sheet(pages, 3, ANSWER)
        sina_uploads(sina, photo, number)
        toma = sign_in(open_page, address, people["Toma"], javascript=javascript)
        take_the_reply(toma)
        toma.page.get_by_label("Translation", exact=True).fill(ANSWER_IN_GERMAN)
        toma.press("Send to review")
        take_the_reply(rosa)
        rosa.seen("Review the reply")
        rosa.press("Approve: the writer may read it")

        the_notices_say_nothing(post, 2)
        open_letter(writer, address, code)
        greta_reads(writer)
        assert google.everything_seen.count("Спасибо") == 0  # answers never leave the house


def sina_uploads(sina: Desk, photo: bytes, number: str) -> None:
    """The code on the sheet finds its letter; Sina copies out what is written."""
    sina.go("/desk/replying/new")
    sina.page.set_input_files(
        "#files", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    sina.press("Upload the pages")
    wait_for(sina.page, lambda: sina.page.get_by_text("Copy out the reply"))
    sina.seen(number)
    sina.page.get_by_label("What is written there").fill(ANSWER)
    sina.press("All is copied out")


def take_the_reply(desk: Desk) -> None:
    """The only reply on the desk, once it is there."""
    desk.go("/desk/replying")
    wait_for(desk.page, lambda: desk.page.locator("td a, th a").first)
    desk.page.locator("td a, th a").first.click()
    desk.press("Take")


def greta_writes(page: Page) -> str:
    """From the front page to the receipt code, which is returned."""
    page.get_by_role("button", name="Write to somebody").click()
    expect(page.get_by_role("heading", name="Write to Anna Ozerova")).to_be_visible()
    page.fill("#text", GERMAN)
    page.fill("#signature", "Greta")
    page.get_by_label("she", exact=True).check()
    page.get_by_label("A machine first, then a person checks").check()
    page.fill("#email", "greta@example.org")
    page.get_by_role("button", name="Send the letter").click()
    code = page.locator("#receipt-code").inner_text()
    assert re.fullmatch(r"([2-9A-Z]{5}-){4}[2-9A-Z]{5}", code)
    return code


def greta_reads(page: Page) -> None:
    """The answer, in German, with the paper it came on."""
    page.get_by_role("button", name="Read the answer").click()
    expect(page.get_by_text("Danke für Ihren Brief.")).to_be_visible()
    expect(page.get_by_text("Please do not publish this")).to_be_visible()
    expect(page.get_by_alt_text("Scan of the answer, page 1")).to_be_visible()


def open_letter(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/letter")
    page.fill("#code", code.lower())
    page.get_by_role("button", name="Open", exact=True).click()


def the_pages_are_right(pages: Path) -> str:
    """Cover sheet, letter, reply sheet; returns the number on the reply sheet."""
    letter = words_of(pages, first=2, last=2)
    for words in (
        "Озеровой Анне Петровне, 1985",
        "610998",
        "Добрый день, Анна Петровна!",
        "Сегодня впервые выпал снег.",
        "Какие книги вы любите читать?",
        "печатными буквами",
        "Грета",
    ):
        assert words in letter, letter
    everything = words_of(pages, first=1, last=9)
    for never in ("Lifeline", "http", "127.0.0.1", "заключ", "Greta", "example.org"):
        assert never not in everything
    number = re.search(r"\d{2,4}(?: \d{2,4})+", words_of(pages, first=3, last=3))
    assert number is not None
    return number.group()


def the_notices_say_nothing(post: SmtpServer, count: int) -> None:
    for message in post.wait_for(count):
        text = message.as_string()
        assert message["To"] == "greta@example.org"
        for never in ("Ozerova", "Озеров", "prison", "Lifeline", "Greta"):
            assert never not in text
