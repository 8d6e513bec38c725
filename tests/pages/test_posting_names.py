"""Names are closed once a letter is posted, also when that is corrected afterwards (row 37)."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.service import Service
from mailing.letter_numbers import grouped
from tests.pages.test_posting import (
    POSTED,
    items,
    ready_letters,
    states,
    take,
    text_of,
)

AGAIN = {"reason": "The page is torn"}


def correct(printer: TestClient, batch: str, item: str) -> None:
    answer = printer.post(f"{batch}/letters/{item}/correct", data={"reason": "still in my bag"})
    assert answer.status_code == 303


@pytest.mark.trust(37)
def test_a_letter_that_was_not_posted_after_all_shows_number_and_town_alone(
    printer: TestClient,
    service: Service,
) -> None:
    letters = ready_letters(service, 1)
    batch = take(printer, 1)
    printer.post(f"{batch}/pages")
    printer.post(f"{batch}/posted", data=POSTED)
    correct(printer, batch, items(service)[0])
    page = printer.get(batch).text
    assert grouped(letters[0].number) in page
    assert "пос. Озёрный" in page
    assert "Озеров" not in page
    assert "pages-again" not in page, "no button that leads to the name"
    refused = printer.post(f"{batch}/pages-again", data=AGAIN)
    assert refused.status_code == 409
    assert "it is printed anew" in refused.text
    assert printer.post(f"{batch}/not-printed").status_code == 409, "nor a way around"
    printer.post(f"{batch}/posted", data=POSTED)
    assert states(service) == ["posted"]


@pytest.mark.trust(37)
def test_beside_a_corrected_letter_the_others_can_be_printed_again(
    printer: TestClient,
    service: Service,
    tmp_path: Path,
) -> None:
    corrected, other = ready_letters(service, 2)
    batch = take(printer, 2)
    printer.post(f"{batch}/pages")
    printer.post(f"{batch}/printed")
    printer.post(f"{batch}/posted", data={**POSTED, "except": items(service)[1]})
    correct(printer, batch, items(service)[0])
    again = text_of(printer.post(f"{batch}/pages-again", data=AGAIN).content, tmp_path)
    assert grouped(corrected.number) not in again
    assert grouped(other.number) in again
    assert printer.post(f"{batch}/not-printed").status_code == 303
    assert states(service) == ["printed", "batched"]


@pytest.mark.trust(37)
def test_a_lost_page_is_given_back_and_printed_anew(
    printer: TestClient,
    service: Service,
    tmp_path: Path,
) -> None:
    letters = ready_letters(service, 1)
    batch = take(printer, 1)
    printer.post(f"{batch}/pages")
    printer.post(f"{batch}/posted", data=POSTED)
    correct(printer, batch, items(service)[0])
    printer.post(f"{batch}/letters/{items(service)[0]}/spoiled")
    assert states(service) == ["ready"]
    anew = printer.post(f"{take(printer, 1)}/pages")
    assert grouped(letters[0].number) in text_of(anew.content, tmp_path)
