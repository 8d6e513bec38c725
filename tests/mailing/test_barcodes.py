"""The code on the reply sheet survives a kitchen table and a telephone."""

from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageChops, ImageFilter

from mailing import barcodes, scans
from mailing.paper import render
from tests.mailing.samples import LETTER, pictures_of, sheet


@pytest.fixture(scope="module")
def reply_sheet(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    letter = render(sheet(codes_allowed=True))
    return Image.open(pictures_of(letter.pdf, tmp_path_factory.mktemp("reply"), 200)[-1]).convert(
        "L"
    )


def noise(size: tuple[int, int], strength: int) -> Image.Image:
    pixels = bytes(
        128 + value % (2 * strength) - strength for value in Random(7).randbytes(size[0] * size[1])
    )
    return Image.frombytes("L", size, pixels)


@pytest.mark.parametrize("degrees", [0, 2, -7, 33, 90, 181])
def test_turned(reply_sheet: Image.Image, degrees: float) -> None:
    turned = reply_sheet.rotate(degrees, expand=True, fillcolor=255)
    assert barcodes.read(turned) == [LETTER.number]


@pytest.mark.parametrize("strength", [20, 40])
def test_turned_blurred_and_noisy(reply_sheet: Image.Image, strength: int) -> None:
    photo = reply_sheet.rotate(11, expand=True, fillcolor=235).filter(ImageFilter.GaussianBlur(1))
    noisy = ImageChops.add(photo, noise(photo.size, strength), offset=-128)
    assert barcodes.read(noisy) == [LETTER.number]


def test_a_photo_of_the_sheet_taken_in_keeps_its_code(reply_sheet: Image.Image) -> None:
    photo = reply_sheet.rotate(5, expand=True, fillcolor=225).filter(ImageFilter.GaussianBlur(0.8))
    file = BytesIO()
    photo.save(file, "JPEG", quality=70)
    (page,) = scans.intake(file.getvalue())
    assert scans.codes(page.jpeg) == [LETTER.number]


def test_a_page_without_a_code_has_none() -> None:
    blank = BytesIO()
    Image.new("L", (800, 1_000), 255).save(blank, "JPEG")
    assert scans.codes(blank.getvalue()) == []
    assert scans.codes(b"no picture") == []


def test_a_code_too_small_to_survive_is_not_made() -> None:
    with pytest.raises(ValueError, match="18 mm"):
        barcodes.qr_svg("48291530746", millimetres=12)


def test_the_code_is_as_large_as_it_must_be(tmp_path: Path) -> None:
    letter = render(sheet(codes_allowed=True))
    picture = Image.open(pictures_of(letter.pdf, tmp_path, 254)[-1]).convert("L")  # 10 a mm
    dark = picture.crop((1_500, 0, 2_100, 450)).point(lambda value: 255 * (value < 128)).getbbox()
    assert dark is not None
    assert dark[2] - dark[0] >= barcodes.SMALLEST_MM * 10
