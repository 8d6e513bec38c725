"""Uploads: typed by content, made anew without metadata, refused when hostile."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mailing.isolation import Crew, Limits
from mailing.paper import render
from mailing.scans import (
    NoDraft,
    Page,
    ScanLimits,
    TooLarge,
    Unreadable,
    UnsupportedFile,
    draft_text,
    intake,
)
from tests.mailing import hostile_files as files
from tests.mailing.samples import LETTER, folded, sheet


def opened(page: Page) -> Image.Image:
    image = Image.open(BytesIO(page.jpeg))
    assert image.format == "JPEG"
    assert image.size == (page.width, page.height)
    return image


def traces(page: Page) -> list[bytes]:
    """What of the markers is still there, and every segment that could hold more."""
    markers = (files.MARKER.encode(), b"marker", b"Exif", b"GPS", b"ICC_PROFILE", b"\xff\xfe")
    return [marker for marker in markers if marker in page.jpeg]


@pytest.mark.parametrize(
    "upload",
    [files.jpeg(), files.png(), files.saved(files.pdf())],
    ids=["JPEG", "PNG", "PDF"],
)
def test_the_three_kinds_are_taken(upload: bytes) -> None:
    (page,) = intake(upload)
    assert opened(page).convert("L").getextrema() == (255, 255)
    assert intake(BytesIO(upload)) == [page]


def test_every_page_of_a_pdf_is_a_page() -> None:
    pages = intake(render(LETTER).pdf)
    assert [(page.width, page.height) for page in pages] == [(1654, 2339)] * 2


@pytest.mark.trust(27)
@pytest.mark.parametrize(
    "upload",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + bytes(100),
        b"II*\x00" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"PK\x03\x04",
        b" %PDF-1.7",
        b"",
    ],
)
def test_anything_else_is_unsupported_whatever_it_is_called(upload: bytes) -> None:
    with pytest.raises(UnsupportedFile):
        intake(upload)


class Endless(BytesIO):
    """A stream without end that counts what was asked of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0, "an upload is never read to its end unasked"
        self.taken += size
        return bytes(size)


@pytest.mark.trust(28)
def test_no_more_than_the_cap_is_read() -> None:
    stream = Endless()
    with pytest.raises(TooLarge):
        intake(stream, ScanLimits(max_bytes=1_000))
    assert stream.taken == 1_001
    with pytest.raises(TooLarge):
        intake(files.jpeg(), ScanLimits(max_bytes=100))


@pytest.mark.trust(29)
def test_a_pixel_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = files.png_bomb()
    assert len(bomb) < 1_000_000
    begun = time.monotonic()
    with pytest.raises(Unreadable, match="too_many_pixels"):
        intake(bomb)
    assert time.monotonic() - begun < 5


@pytest.mark.trust(29)
def test_a_page_of_a_kilometre_becomes_a_picture_of_ordinary_size() -> None:
    document = files.pdf()
    document.pages[0].MediaBox = [0, 0, 2_834_645, 2_834_645]
    (page,) = intake(files.saved(document))
    assert max(page.width, page.height) <= 3508


@pytest.mark.trust(30)
def test_place_maker_and_comments_are_gone_and_the_photo_stands_upright() -> None:
    upload = files.jpeg_with_gps()
    assert files.MARKER.encode() in upload
    (page,) = intake(upload)
    assert traces(page) == []
    assert opened(page).getexif() == {}
    assert (page.width, page.height) == (400, 300)
    assert traces(intake(files.png_with_text())[0]) == []


def test_large_photos_are_made_smaller_and_transparent_ones_white() -> None:
    (page,) = intake(files.jpeg(files.picture((6_000, 4_500), "grey")))
    assert max(page.width, page.height) <= 3508
    (clear,) = intake(files.png(Image.new("RGBA", (40, 40), (0, 0, 0, 0))))
    assert opened(clear).convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_every_kind_of_pixel(mode: str) -> None:
    upload = files.jpeg if mode == "CMYK" else files.png
    (page,) = intake(upload(files.picture((30, 40)).convert(mode)))
    assert (page.width, page.height) == (30, 40)


@pytest.mark.trust(31)
def test_a_pdf_leaves_scripts_attachments_and_links_behind() -> None:
    (page,) = intake(files.pdf_with_everything())
    assert traces(page) == []
    assert opened(page).size == (1653, 2339)


@pytest.mark.trust(31)
@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (files.pdf_encrypted(), "encrypted"),
        (files.saved(files.pdf(5_000)), "too_many_pages"),
        (b"%PDF-1.7\nno more", "damaged"),
        (files.jpeg()[:200], "damaged"),
        (files.png()[:60], "damaged"),
        (b"\xff\xd8\xff" + bytes(500), "damaged"),
    ],
    ids=["encrypted", "5,000 pages", "no PDF", "half a JPEG", "half a PNG", "no JPEG"],
)
def test_what_cannot_be_opened_is_refused(upload: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        intake(upload)


@pytest.mark.trust(33)
def test_a_file_that_hangs_is_killed_at_its_deadline_while_others_are_taken() -> None:
    endless = files.pdf_endless()
    intake(files.jpeg())
    with ThreadPoolExecutor(1) as pool:
        begun = time.monotonic()
        hanging = pool.submit(intake, endless, ScanLimits(deadline_seconds=2))
        assert intake(files.jpeg())
        assert not hanging.done()
        with pytest.raises(Unreadable, match="deadline"):
            hanging.result()
    assert time.monotonic() - begun < 6
    assert intake(files.jpeg())


@pytest.mark.trust(19)
def test_nothing_of_a_scan_is_left_in_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    crew = Crew("mailing.scans.tasks", Limits(2 * 1024**3, 30, 60), processes=1)
    _, (jpeg, *_) = crew.call("intake", {"pages": 9, "pixels": 10**8}, render(LETTER).pdf)
    crew.call("draft", {"language": "rus"}, jpeg)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    crew.close()


def test_a_typed_reply_is_read_as_a_draft() -> None:
    page = intake(render(sheet(text="Спасибо за письмо. У нас выпал снег.")).pdf)[0]
    assert "Спасибо за письмо. У нас выпал снег." in folded(draft_text(page.jpeg, "ru"))


def test_no_draft_of_what_is_no_picture() -> None:
    with pytest.raises(NoDraft):
        draft_text(b"no picture")
