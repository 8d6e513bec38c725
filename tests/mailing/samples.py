"""A letter of fictional people, and PDFs read back with poppler, which is not ours."""

import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from mailing.paper import LetterSheet

TEXT = """Здравствуйте, Иван Петрович!

Меня зовут Катрин, мне сорок два года, и я пишу Вам из Лейпцига. Мы не знакомы, но мне хочется, \
чтобы у Вас сегодня было письмо — обычное письмо из города, где третью неделю идёт дождь.

У нас на кухне стоит старый будильник, который спешит на восемь минут. Никто его не переводит: \
дети привыкли, что «по кухне» ещё рано, и всё-таки каждое утро бегут.

Обнимаю Вас и очень надеюсь, что у Вас тепло."""

LETTER = LetterSheet(
    number="48291530746",
    day=date(2026, 3, 14),
    address=(
        "Соколову Ивану Петровичу, 1984\u00a0г.\u00a0р.",
        "ФКУ ИК-6 УФСИН России по Владимирской области",
        "ул. Ленина, д. 1",
        "пос. Мелехово, Ковровский район",
        "Владимирская область, 601966",
        "RUSSISCHE FÖDERATION",
    ),
    sender_line="Katrin Weber, Postfach 1203, 04103 Leipzig, DEUTSCHLAND",
    text=TEXT,
    closing="Это письмо для меня перевели. Пишите, пожалуйста, печатными буквами и укажите номер.",
    signature="Ваша Катрин",
    return_address=("Katrin Weber", "Postfach 1203", "04103 Leipzig", "DEUTSCHLAND"),
)


def sheet(**changes: Any) -> LetterSheet:
    """The letter with some of its fields changed."""
    return replace(LETTER, **changes)


def folded(text: str) -> str:
    """Composed, with white space folded: how texts on paper are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_of(pdf: bytes, *options: str) -> str:
    """What pdftotext reads."""
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def page_of(pdf: bytes, page: int) -> str:
    """The folded text of one page, counted from 1."""
    return folded(text_of(pdf, "-f", str(page), "-l", str(page)))


def text_in(pdf: bytes, left: float, top: float, width: float, height: float, page: int = 1) -> str:
    """The folded text inside a rectangle of a page, in millimetres."""
    area = dict(zip("xyWH", (left, top, width, height), strict=True))
    options = [part for name, mm in area.items() for part in (f"-{name}", f"{mm * 72 / 25.4:.0f}")]
    return folded(text_of(pdf, "-f", str(page), "-l", str(page), *options))


def body_of(pdf: bytes, pages: int) -> str:
    """The folded text between the window and the page numbers, over all pages."""
    first = text_in(pdf, 0, 98, 210, 179.5)
    rest = (text_in(pdf, 0, 0, 210, 271.5, page) for page in range(2, pages + 1))
    return " ".join([first, *rest])


def properties_of(pdf: bytes) -> str:
    """What pdfinfo, with all metadata, and pdffonts say."""
    said = [
        subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
        for command in (["pdfinfo", "-"], ["pdfinfo", "-meta", "-"], ["pdffonts", "-"])
    ]
    return "\n".join(said)


def pictures_of(pdf: bytes, folder: Path, dpi: int) -> list[Path]:
    """Every page as a PNG, made by pdftoppm."""
    (folder / "letter.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-png", str(folder / "letter.pdf"), str(folder / "page")]
    subprocess.run(command, check=True)
    return sorted(folder.glob("page*.png"))
