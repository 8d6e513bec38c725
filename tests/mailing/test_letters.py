"""The printed letter, read back by poppler: text, window, reply sheet, and what is not on it."""

import re
import resource
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mailing import barcodes
from mailing.envelopes import WINDOWS
from mailing.isolation import Crew, Failed, Limits
from mailing.paper import (
    LetterSheet,
    RenderingFailed,
    Unprintable,
    compose,
    page_picture,
    render,
)
from mailing.paper.fonts import FOLDER
from mailing.scans import intake
from tests.mailing.samples import (
    LETTER,
    TEXT,
    body_of,
    folded,
    page_of,
    pictures_of,
    properties_of,
    sheet,
    text_in,
    text_of,
)

TEXTS = {
    "a plain letter": TEXT,
    "hyphens": "Кто-то где-то когда-нибудь по-русски из-за чёрно-белого диван-кровать " * 60,
    "dashes": "Он пришёл — и ушёл—сразу же, 1990–2000 гг., с. 5—7, и/или, «слово»—«слово». " * 60,
    "quotes": "«Он сказал: „Да“». “Yes” ‘no’ \"прямые\" 'они' об’єкт ... … !!! ?! (да) [нет] " * 40,
    "signs": "№5 № 7 100 % 20 °C §12 5×5=25 −3 ½ ₽ € 3.14 12:30 а.б.в.г д.1 слово(слово)слово "
    * 40,
    "ё and й": "Ёлка ещё всё её моё подъём Ёё ЙйЁё " * 60,
    "decomposed": "йод ёж " * 60,
    "accents": "За́мок замо́к э́то больша́я доро́га и́рис " * 80,
    "latin": "Fluffy office affluent fjord Straße Müller naïve Łódź Čapek fi fl ffi AV To " * 60,
    "neighbours": "Її ґанок, є ще об’єкт. Беларуская мова: ўсё. Қазақ: әөұқңғһі. Татар: җөүңәһ "
    * 30,
    "hard spaces": "1\u00a0000\u00a0000 рублей и\u00a0вот А.\u00a0С.\u00a0Пушкин и т.\u00a0д. "
    * 60,
    "a poem": "\n\n".join(
        "\n".join(f"Строка номер {i}, конец" for i in range(4)) for _ in range(12)
    ),
    "dialogue": "\n".join(["— Привет!", "— Здравствуй... — сказал он.", "-- Хорошо - да."] * 10),
    "markup": "{{7*7}}<script>alert(1)</script> <b>&amp;</b> </p><img src=x> ${x} {% raw %} " * 20,
    "many pages": "\n\n".join([TEXT] * 12),
}


@pytest.mark.trust(3)
@pytest.mark.trust(4)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_text_comes_back_exactly(text: str) -> None:
    letter = render(sheet(text=text, reply_sheet=False))
    expected = f"{text} {LETTER.closing} {LETTER.signature} Мой адрес: "
    assert body_of(letter.pdf, letter.pages).startswith(folded(expected))


def test_a_sheet_as_good_as_blank_has_number_and_address_alone(tmp_path: Path) -> None:
    lined = render(sheet(codes_allowed=True))
    blank = render(sheet(codes_allowed=True, lined=False))
    assert blank.pages == lined.pages
    assert page_of(blank.pdf, 2) == page_of(lined.pdf, 2)
    marks = []
    for letter in (lined, blank):
        page = Image.open(pictures_of(letter.pdf, tmp_path, 150)[1])
        marks.append(sum(page.convert("L").point(lambda tone: tone < 200).histogram()[1:]))
    assert barcodes.read(page) == []
    assert marks[1] < marks[0] / 4, "no lines, no code, small figures"


def test_everything_else_stands_where_it_belongs() -> None:
    letter = render(LETTER)
    assert letter.pages == 2
    first, reply = page_of(letter.pdf, 1), page_of(letter.pdf, 2)
    assert "14 марта 2026 г. № 482 915 307 46" in first
    assert first.endswith("Мой адрес: Katrin Weber, Postfach 1203, 04103 Leipzig, DEUTSCHLAND")
    assert reply == "№ 482 915 307 46 Katrin Weber Postfach 1203 04103 Leipzig DEUTSCHLAND"


@pytest.mark.parametrize("window", WINDOWS)
def test_the_window_shows_sender_and_address_and_nothing_else(window: str) -> None:
    letter = render(sheet(window=window))
    place = WINDOWS[window]
    shown = text_in(letter.pdf, place.left, place.top, place.width, place.height)
    assert shown == folded(" ".join([LETTER.sender_line, *LETTER.address]))
    # The sheet can slip in its envelope: what is written keeps 5 mm from the sides.
    narrow = text_in(letter.pdf, place.left + 5, place.top + 2, place.width - 8, place.height - 2)
    assert narrow == shown


def test_a_wide_address_is_set_smaller_and_one_that_cannot_fit_is_not_printed() -> None:
    wide = "Федеральное казённое учреждение «Колония № 6»"
    render(sheet(address=("Соколову Ивану Петровичу", wide)))
    with pytest.raises(RenderingFailed, match="address_too_wide"):
        render(sheet(address=(wide * 2,)))


def test_pages_are_numbered_from_the_second_and_the_reply_sheet_is_not() -> None:
    letter = render(sheet(text="\n\n".join([TEXT] * 12)))
    pages = [page_of(letter.pdf, page) for page in range(1, letter.pages + 1)]
    assert len(pages) > 3
    assert [page.rpartition(" ")[2] for page in pages[1:-1]] == [
        str(number) for number in range(2, len(pages))
    ]
    assert not pages[0].endswith(" 1")
    assert pages[-1].endswith("DEUTSCHLAND")


@pytest.mark.parametrize("allowed", [None, False])
def test_unknown_means_figures_only(allowed: bool | None, tmp_path: Path) -> None:
    letter = render(sheet(codes_allowed=allowed))
    for picture in pictures_of(letter.pdf, tmp_path, 150):
        assert barcodes.read(Image.open(picture)) == []


def test_a_code_stands_on_the_reply_sheet_alone_and_only_where_it_is_allowed(
    tmp_path: Path,
) -> None:
    letter = render(sheet(codes_allowed=True))
    first, reply = pictures_of(letter.pdf, tmp_path, 200)
    assert barcodes.read(Image.open(first)) == []
    assert barcodes.read(Image.open(reply)) == [LETTER.number]


def test_the_letter_page_has_no_picture_no_link_and_two_faces_of_one_family() -> None:
    letter = render(sheet(text="Смотрите http://example.org/a и www.example.org <a href='x'>"))
    assert b"/URI" not in letter.pdf
    assert b"/Annots" not in letter.pdf
    assert b"/Subtype /Image" not in letter.pdf
    assert set(re.findall(r"\+(\S+)", properties_of(letter.pdf))) == {"Letter", "Letter-Bold"}


@pytest.mark.trust(36)
@pytest.mark.trust(77)
def test_nothing_in_the_file_says_who_made_it_or_when() -> None:
    letter = render(LETTER)
    said = properties_of(letter.pdf)
    for word in ("Producer", "Creator", "Author", "Title", "Date", "Keywords", "<?xpacket"):
        assert word not in said
    for trace in (b"WeasyPrint", b"pydyf", b"/Info", b"CreationDate", bytes(FOLDER), b"file:"):
        assert trace not in letter.pdf
    for word in ("lifeline", "http", "www", "заключ", "осужд", "статья"):
        assert word not in text_of(letter.pdf).lower()


def test_the_same_letter_has_the_same_bytes_in_any_process() -> None:
    crew = Crew("mailing.paper.tasks", Limits(1024**3, 20, 25), processes=1)
    values = {
        name: value.isoformat() if name == "day" else value for name, value in vars(LETTER).items()
    }
    _, (other,) = crew.call("letter", values)
    crew.close()
    assert render(LETTER).pdf == render(LETTER).pdf == other


@pytest.mark.trust(34)
def test_a_letter_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("МАРКЕР")
    hostile = (
        f"<img src='file://{secret}'><link rel=attachment href='file://{secret}'>"
        f"<style>@import 'file://{secret}'; p {{ background: url(file://{secret}) }}</style>"
    )
    printed = text_of(render(sheet(text=hostile, signature=hostile)).pdf)
    assert "МАРКЕР" not in printed
    assert "img src" in printed


@pytest.mark.trust(34)
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "file:///etc/passwd", "data:text/plain,x", "font:other"]
)
def test_the_fetcher_gives_our_fonts_or_nothing(url: str) -> None:
    fetcher = compose.OnlyOurFonts()
    assert fetcher("font:regular").read()[:4] == b"\x00\x01\x00\x00"
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher(url)


@pytest.mark.trust(3)
@pytest.mark.parametrize("text", ["Привет 🙂", "שלום", "да\x00нет", "а\u200bб"])
def test_what_the_fonts_lack_is_refused_and_never_left_out(text: str) -> None:
    for field in ("text", "closing", "signature", "sender_line"):
        with pytest.raises(Unprintable):
            render(sheet(**{field: text}))


@pytest.mark.trust(35)
def test_a_letter_of_too_many_pages_is_refused_and_the_next_prints() -> None:
    with pytest.raises(RenderingFailed, match="too_many_pages"):
        render(sheet(text="а\n" * 1_500))
    assert render(LETTER).pages == 2


@pytest.mark.trust(35)
def test_a_letter_that_takes_too_long_is_stopped_and_the_next_prints() -> None:
    crew = Crew("mailing.paper.tasks", Limits(1024**3, 1, 25), processes=1)
    endless = vars(sheet(text="а-б " * 30_000)) | {"day": "2026-03-14"}
    with pytest.raises(Failed, match="died"):
        crew.call("letter", endless)
    answer, _ = crew.call("letter", vars(LETTER) | {"day": "2026-03-14"})
    assert answer["pages"] == 2
    crew.close()


@pytest.mark.parametrize(
    "text", ["ж" * 12_000, "-" * 12_000, "а" + "\u0301" * 11_999, "(" * 12_000]
)
def test_the_strangest_letters_of_full_length_print(text: str) -> None:
    assert 1 < render(sheet(text=text)).pages < 12


def processor_seconds(letters: int) -> float:
    """What a new child uses for so many letters; other work on this machine does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    crew = Crew("mailing.paper.tasks", Limits(1024**3, 20, 25), processes=1)
    for number in range(letters):
        values = vars(sheet(number=f"4829153{number:04}")) | {"day": "2026-03-14"}
        crew.call("letter", values)
    crew.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_two_processors_print_ten_letters_a_second() -> None:
    assert processor_seconds(31) - processor_seconds(1) < 30 * 2 / 10


def test_a_page_as_a_picture() -> None:
    picture = Image.open(BytesIO(page_picture(render(LETTER).pdf, width=640)))
    assert picture.format == "PNG"
    assert picture.size == (640, 906)
    assert picture.info == {}
    with pytest.raises(RenderingFailed, match="no_such_page"):
        page_picture(render(LETTER).pdf, page=7)


def test_a_scan_of_the_page_can_be_taken_in_again() -> None:
    pages = intake(render(LETTER).pdf)
    assert len(pages) == 2


def test_a_letter_without_reply_sheet_and_return_address() -> None:
    letter = render(sheet(reply_sheet=False, return_address=(), closing="", signature=""))
    assert letter.pages == 1
    assert page_of(letter.pdf, 1).endswith("что у Вас тепло.")


def test_sheets_are_plain_values() -> None:
    assert sheet() == LETTER
    assert isinstance(LETTER, LetterSheet)
