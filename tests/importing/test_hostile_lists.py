"""Files that claim, unfold, hang and lie: refused in words, and nothing else comes to harm."""

import io
import json
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from sqlmodel import select

from app.importing.sources import cells, reading
from app.importing.sources.troubles import CannotRead
from app.models import ImportReading
from app.service import Service

TABLE = "ФИО;Год рождения\nПолевая Вера Ильинична;1990\n"


def book(*rows: tuple[object, ...]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An XLSX file with one of its parts changed."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return kept.getvalue()


BOOK = book(("ФИО", "Год рождения"), ("Полевая Вера Ильинична", 1990))
SHEET = "xl/worksheets/sheet1.xml"


def swollen() -> bytes:
    """A hundred parts of ten megabytes, in a file of a hundredth of that."""
    kept = io.BytesIO(BOOK)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as packed:
        for number in range(100):
            packed.writestr(f"xl/media/{number}.png", b"\0" * 10_000_000)
    return kept.getvalue()


def laughing(sheet: bytes) -> bytes:
    """Entities that unfold to other entities."""
    steps = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{steps}]>'.encode()
    return head + sheet.replace(b"<sheetData>", b"<sheetData>&a8;")


def reading_files(sheet: bytes) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY key SYSTEM "file:///etc/passwd">]>' + sheet.replace(
        b"<sheetData>", b"<sheetData>&key;"
    )


def late_declaration(sheet: bytes) -> bytes:
    """The same behind more blanks than are looked at."""
    return b"<?xml version='1.0'?>" + b" " * 10_000 + reading_files(sheet)


@pytest.mark.trust(27, 28, 33)
@pytest.mark.parametrize(
    ("content", "reason", "status"),
    [
        (b"<!doctype html><table><tr><td>a</td></tr></table>", "unsupported", 415),
        (b"%PDF-1.7\n1 0 obj", "unsupported", 415),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "unsupported", 415),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel", 415),
        (b"PK\x03\x04 nothing of the kind", "broken", 422),
        (BOOK[: len(BOOK) // 2], "broken", 422),
        (b"  \n", "empty", 422),
        (b'{"data": []}', "no_table", 422),
        (with_part(BOOK, SHEET, laughing), "hostile", 422),
        (with_part(BOOK, SHEET, reading_files), "hostile", 422),
    ],
    ids=["html", "pdf", "picture", "xls", "no zip", "cut", "blank", "json", "entities", "file"],
)
def test_what_is_no_table_is_refused_by_its_content(
    service: Service, content: bytes, reason: str, status: int
) -> None:
    with pytest.raises(CannotRead) as refused:
        reading.take_in(service, [("list.csv", content)], "people", "s" * 24)
    assert (refused.value.reason, refused.value.status) == (reason, status)
    assert list(service.vault.ids()) == []


@pytest.mark.trust(28, 33)
def test_what_unfolds_to_too_much_is_refused_before(service: Service) -> None:
    content = swollen()
    assert len(content) < 15_000_000
    with pytest.raises(CannotRead) as refused:
        reading.take_in(service, [("list.xlsx", content)], "people", "s" * 24)
    assert (refused.value.reason, refused.value.status) == ("too_large", 413)


def test_a_declaration_behind_many_blanks_reads_no_file(service: Service) -> None:
    try:
        reading_id = reading.take_in(
            service,
            [("list.xlsx", with_part(BOOK, SHEET, late_declaration))],
            "people",
            "s" * 24,
        )
    except CannotRead:
        return
    with service.database.read() as session:
        assert "root:" not in (session.get_one(ImportReading, reading_id).description or "")


def test_a_sheet_that_lies_about_its_size_costs_nothing() -> None:
    def boast(sheet: bytes) -> bytes:
        return sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')

    lying = with_part(BOOK, SHEET, boast)
    assert lying != BOOK
    began = time.monotonic()
    found = [cells.plain(row) for row in cells.rows(lying)]
    assert time.monotonic() - began < 5
    assert [row[:2] for row in found][:2] == [
        ("ФИО", "Год рождения"),
        ("Полевая Вера Ильинична", 1990),
    ]
    assert all(len(row) <= cells.MOST_COLUMNS for row in found)


def test_a_row_at_the_end_of_the_world_is_too_much() -> None:
    def far(sheet: bytes) -> bytes:
        return sheet.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="A1048576"')

    with pytest.raises(CannotRead) as refused:
        list(cells.rows(with_part(BOOK, SHEET, far)))
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("text", ["[" * 200_000, '{"data":' * 100_000])
def test_json_without_a_floor_harms_a_child_alone(service: Service, text: str) -> None:
    reading_id = reading.take_in(service, [("data.json", text.encode())], "ovdinfo", "s" * 24)
    assert reading.carry(service, reading_id, "1") == "failed"
    with service.database.read() as session:
        row = session.get_one(ImportReading, reading_id)
    assert (row.trouble, row.file_id) == ("hostile", None)
    assert list(service.vault.ids()) == []


@pytest.mark.trust(33)
def test_a_child_that_hangs_is_ended_and_the_next_list_is_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LOOK_SECONDS", 0.05)
    with pytest.raises(CannotRead) as refused:
        reading.take_in(service, [("list.csv", TABLE.encode())], "people", "s" * 24)
    assert refused.value.reason == "too_much"
    monkeypatch.undo()
    assert reading.take_in(service, [("list.csv", TABLE.encode())], "people", "s" * 24)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    text = TABLE.replace(";", separator) + f'"Речной, Пётр; Львович"{separator}1985\n'
    found = list(cells.rows(text.encode(encoding)))
    assert found == [
        ("ФИО", "Год рождения"),
        ("Полевая Вера Ильинична", "1990"),
        ("Речной, Пётр; Львович", "1985"),
    ]


def test_a_field_longer_than_any_is_refused_in_words() -> None:
    with pytest.raises(CannotRead):
        list(cells.rows(b'"' + b"x" * 300_000))


@pytest.mark.trust(19)
def test_a_list_that_waits_lies_sealed(service: Service) -> None:
    reading.take_in(service, [("list.csv", TABLE.encode())], "people", "s" * 24)
    marker = "Полевая".encode()
    files = [path for path in service.settings.data_dir.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if marker in path.read_bytes()]
    with service.database.read() as session:
        row = session.exec(select(ImportReading)).one()
        assert row.file_id in set(service.vault.ids())
        assert marker not in (row.description_sealed or b"")
        assert "Полевая" in json.dumps(json.loads(row.description or ""), ensure_ascii=False)
