"""The one PDF of a batch: order, bytes, speed, and a cover sheet that incriminates nobody."""

import resource
import time
from io import BytesIO

import pikepdf
import pytest

from mailing.paper import CoverLine, CoverSheet, RenderingFailed, batch_pdf, cover_pages, render
from tests.mailing.samples import LETTER, page_of, properties_of, sheet, text_of

NUMBERS = ["48291530746", "25801743247", "16102749053"]
COVER = CoverSheet(
    title="22 November",
    number_heading="Number",
    town_heading="Town",
    lines=tuple(CoverLine(number, "Мелехово") for number in NUMBERS),
    needs=(("envelopes", 3), ("stamps", 6)),
)


def test_the_cover_comes_first_and_the_letters_in_their_order() -> None:
    letters = [render(sheet(number=number)).pdf for number in NUMBERS]
    batch = batch_pdf(COVER, letters)
    assert page_of(batch, 1) == (
        "22 November 3 envelopes 6 stamps Number Town"
        " 482 915 307 46 Мелехово 258 017 432 47 Мелехово 161 027 490 53 Мелехово"
    )
    assert [page_of(batch, page)[:5] for page in (3, 5, 7)] == ["№ 482", "№ 258", "№ 161"]


def test_without_a_cover_there_are_only_letters() -> None:
    batch = batch_pdf(None, [render(LETTER).pdf])
    assert text_of(batch) == text_of(render(LETTER).pdf)


def test_a_long_cover_sums_up_by_town_on_one_page() -> None:
    towns = ["Киров", "Мелехово", "Йошкар-Ола"]
    lines = tuple(CoverLine("48291530746", towns[index % 3]) for index in range(1_000))
    cover = CoverSheet("22 November", "Number", "Town", lines, (("envelopes", 1_000),))
    batch = batch_pdf(cover, [])
    assert page_of(batch, 1) == ("22 November 1000 envelopes Йошкар-Ола 333 Киров 334 Мелехово 333")
    assert "Pages:           1\n" in properties_of(batch)


@pytest.mark.parametrize(
    ("letters", "towns"), [(1, 1), (37, 1), (38, 1), (40, 40), (41, 38), (50, 39), (90, 82)]
)
def test_the_sheets_of_a_cover_are_known_before_it_is_made(letters: int, towns: int) -> None:
    lines = tuple(CoverLine("48291530746", f"Киров-{index % towns}") for index in range(letters))
    cover = CoverSheet("22 November 2026", "Number", "Town", lines, (("envelopes", letters),))
    told = cover_pages([line.town for line in lines])
    assert f"Pages:           {told}\n" in properties_of(batch_pdf(cover, []))


def test_the_same_batch_has_the_same_bytes() -> None:
    letters = [render(LETTER).pdf] * 3
    assert batch_pdf(COVER, letters) == batch_pdf(COVER, letters)


@pytest.mark.trust(36)
@pytest.mark.trust(77)
def test_batch_and_cover_say_nothing_of_people_service_or_maker() -> None:
    batch = batch_pdf(COVER, [render(LETTER).pdf])
    said = properties_of(batch)
    for word in ("Producer", "Creator", "Author", "Title", "Date", "<?xpacket"):
        assert word not in said
    for trace in (b"/Info", b"WeasyPrint", b"pikepdf", b"qpdf", b"CreationDate", b"/URI"):
        assert trace not in batch
    for word in ("lifeline", "http", "заключ", "осужд", "статья", "prisoner"):
        assert word not in text_of(batch).lower()
    for word in ("Соколов", "Иван", "1984"):
        assert word not in page_of(batch, 1)


def test_printers_are_asked_for_one_side_so_that_no_letter_is_on_anothers_back() -> None:
    with pikepdf.open(BytesIO(batch_pdf(COVER, [render(LETTER).pdf]))) as batch:
        assert batch.Root.ViewerPreferences.Duplex == "/Simplex"


@pytest.mark.timeout(120)
def test_a_thousand_letters_merge_in_seconds_and_in_little_memory() -> None:
    letters = [render(sheet(number=f"4829153{number:04}")).pdf for number in range(20)] * 50
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    batch = batch_pdf(COVER, letters)
    assert time.monotonic() - begun < 20
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 150, "megabytes: the parts and the whole, nothing between"
    assert "Pages:           2001\n" in properties_of(batch)


def test_a_damaged_letter_fails_its_batch_and_the_next_works() -> None:
    with pytest.raises(RenderingFailed):
        batch_pdf(COVER, [b"%PDF-1.7 no more"])
    assert batch_pdf(None, [render(LETTER).pdf])
