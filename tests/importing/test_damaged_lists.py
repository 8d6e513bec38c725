"""Lists with a byte, a quotation mark or a cell too much: their rows are told, all others read."""

import csv
import io
import json
from datetime import date

import openpyxl
import pytest
from sqlmodel import select

from app.errors import Invalid
from app.importing.records import Gathered
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo, tables
from app.importing.sources.troubles import CannotRead
from app.models import Prisoner
from app.moving import SYSTEM
from app.service import Service
from tests.importing.bringing import VERA, bring_in

TODAY = date(2026, 11, 22)
MAPPED = tables.Mapped(
    source="memorial",
    label="A list",
    columns={"name": "ФИО", "birth_year": "Год", "state": "Где", "articles": "Статьи"},
)
HEAD = "ФИО,Год,Где,Статьи\n"
VERA_ROW = "Полевая Вера Ильинична,1990,в СИЗО,280\n"
PYOTR_ROW = "Речной Пётр Львович,1985,в СИЗО,318\n"
OLEG_ROW = "Зимин Олег Ильич,1981,в СИЗО,275\n"


def read(content: bytes | str) -> Gathered:
    written = content.encode() if isinstance(content, str) else content
    return tables.read_content(written, "list.csv", MAPPED, "people", TODAY)


def names(gathered: Gathered) -> list[str]:
    return [record.fields["surname"] for record in gathered.people.values()]


def unreadable(gathered: Gathered) -> list[tuple[int, str, str]]:
    return [(broken.row, broken.reason, broken.words) for broken in gathered.unreadable]


def as_json(*rows: dict[str, object]) -> bytes:
    return json.dumps({"data": rows}, ensure_ascii=False).encode()


PYOTR = VERA | {"person_id": "p2", "name_ru": "Речной Пётр Львович", "gender_en": "male"}


def test_one_byte_of_dirt_in_json_stops_one_row() -> None:
    good = as_json(VERA, PYOTR)
    bad = good.replace("Полевая".encode(), "Полев".encode() + b"\xff" + "ая".encode())
    clean, dirty = (ovdinfo.read_contents([("d.json", each)], TODAY) for each in (good, bad))
    assert dirty.people == {"p2": clean.people["p2"]}
    assert unreadable(dirty) == [(1, "letters", "Полев\ufffdая Вера Ильинична")]


def test_whose_row_came_damaged_is_not_gone_nor_are_their_cases(service: Service) -> None:
    bring_in(service, [VERA, PYOTR])
    bad = as_json(VERA, PYOTR).replace("Полевая".encode(), b"\xff")
    _, made = keeping.dry_run(service, ovdinfo.read_contents([("d.json", bad)], TODAY))
    assert [step.kind for step in made.steps] == []


@pytest.mark.parametrize("column", ["story_en", "story_ru"])
def test_a_damaged_story_is_left_out_and_asked_about(column: str) -> None:
    gathered = ovdinfo.read([{**VERA, column: "Before\ufffdafter."}], [], TODAY)
    assert column not in gathered.people["p1"].fields
    asked = [(doubt.topic, doubt.detail) for doubt in gathered.doubts]
    assert ("unread", {"field": column, "said": "Before\ufffdafter."}) in asked


@pytest.mark.parametrize("named", [{"ru": "Полевая Вера"}, "{'ru': 'Полевая Вера'}"])
def test_a_mapping_is_no_text(named: object) -> None:
    gathered = ovdinfo.read([{**VERA, "name_ru": named}, PYOTR], [], TODAY)
    assert [(broken.row, broken.reason) for broken in gathered.unreadable] == [(1, "no_text")]
    assert names(gathered) == ["Речной"]


def test_a_number_longer_than_any_is_asked_about() -> None:
    written = as_json(VERA).replace(b"1990", b"9" * 5_000)
    gathered = ovdinfo.read_contents([("d.json", written)], TODAY)
    assert "birth_year" not in {k for k, v in gathered.people["p1"].fields.items() if v}
    assert [doubt.detail["field"] for doubt in gathered.doubts if doubt.topic == "unread"] == [
        "birth_year"
    ]


def test_one_byte_of_dirt_in_a_table_stops_one_row() -> None:
    text = (HEAD + VERA_ROW + PYOTR_ROW).encode()
    gathered = read(text.replace("Речной".encode(), b"\xff" + "Речной".encode()))
    assert names(gathered) == ["Полевая"]
    assert unreadable(gathered) == [(3, "letters", "\ufffdРечной Пётр Львович")]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "mac_cyrillic", "utf-32"])
@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_russian_letters_are_known_in_every_encoding(encoding: str, case: type[str]) -> None:
    text = HEAD + case(VERA_ROW + PYOTR_ROW + OLEG_ROW)
    assert names(read(text.encode(encoding))) == ["Полевая", "Речной", "Зимин"]


def test_letters_that_are_not_russian_are_told_as_such() -> None:
    with pytest.raises(CannotRead) as refused:
        read("Имя,Łódź,wieża,źdźbło\n".encode("cp1250", "replace"))
    assert refused.value.reason == "letters"


def test_an_unclosed_quotation_mark_swallows_nobody() -> None:
    broken = VERA_ROW.replace("280", '"дело ""А')
    quoted = OLEG_ROW.replace("в СИЗО", '"в СИЗО"')
    gathered = read(HEAD + broken + PYOTR_ROW + quoted)
    assert names(gathered) == ["Речной", "Зимин"]
    assert unreadable(gathered) == [(2, "quotes", "Полевая Вера Ильинична")]


def test_two_stray_marks_do_not_make_one_row_of_several() -> None:
    first, second = VERA_ROW.replace(",280", ',"280'), PYOTR_ROW.replace("318", '318"')
    gathered = read(HEAD + first + second + OLEG_ROW)
    assert names(gathered) == ["Речной", "Зимин"]
    assert unreadable(gathered) == [(2, "quotes", "Полевая Вера Ильинична")]


def test_lines_of_a_broken_row_are_nobody() -> None:
    broken = VERA_ROW.replace("280", '"280, вместе с')
    gathered = read(HEAD + broken + "Ивановым Иваном\n" + PYOTR_ROW)
    assert names(gathered) == ["Речной"]
    assert [row for row, reason, _ in unreadable(gathered) if reason == "quotes"] == [2, 3]


def test_paragraphs_inside_of_a_cell_are_one_row() -> None:
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(["ФИО", "Год", "Где", "Статьи"])
    writer.writerow(["Полевая Вера\nИльинична", "1990", "под стражей, с мая, тут,\nв СИЗО", "280"])
    gathered = read(kept.getvalue() + PYOTR_ROW)
    assert (names(gathered), gathered.unreadable) == (["Полевая", "Речной"], [])


def test_a_row_with_a_cell_too_much_is_not_taken_shifted() -> None:
    gathered = read(HEAD + VERA_ROW.replace("280", "280, 318") + PYOTR_ROW)
    assert names(gathered) == ["Речной"]
    assert unreadable(gathered) == [(2, "shifted", "Полевая Вера Ильинична")]
    assert read(HEAD + VERA_ROW.replace("280", "280,")).unreadable == []


def test_a_saved_table_of_the_source_is_not_taken_shifted_either() -> None:
    text = "person_id,name_ru,birth_year\np1,Полевая Вера Ильинична,1990\np2,Речной, Пётр,1985\n"
    gathered = ovdinfo.read_contents([("data.csv", text.encode())], TODAY)
    assert names(gathered) == ["Полевая"]
    assert unreadable(gathered) == [(2, "shifted", "Речной")]


@pytest.mark.parametrize(
    "damage",
    [
        (",280", ',"280'),
        (",280", ",280,318"),
        ("Вера", "\ufffd"),
    ],
)
def test_nobody_is_gone_from_a_list_that_came_damaged(
    service: Service, damage: tuple[str, str]
) -> None:
    whole = HEAD + VERA_ROW + PYOTR_ROW
    run_id, _ = keeping.dry_run(service, read(whole + OLEG_ROW))
    applying.apply_run(service, run_id, SYSTEM)
    assert (
        keeping.dry_run(service, read(whole.replace(*damage)))[1].counts.get("gone.person", 0) == 0
    )
    assert keeping.dry_run(service, read(whole))[1].counts["gone.person"] == 1
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 3


def test_a_head_that_came_damaged_is_told() -> None:
    with pytest.raises(Invalid):
        read('ФИО,"Год,Где,Статьи\n' + VERA_ROW)


def test_a_row_without_id_and_year_that_comes_twice_is_asked_about() -> None:
    nobody = VERA_ROW.replace("1990", "")
    gathered = read(HEAD + nobody + nobody.replace("280", "318") + PYOTR_ROW + PYOTR_ROW)
    assert len(gathered.people) == 2
    [asked] = [doubt for doubt in gathered.doubts if doubt.topic == "one_name"]
    assert (asked.title, asked.detail) == ("Полевая Вера Ильинична", {"rows": [2, 3]})
    again = read(HEAD + nobody + nobody)
    assert not [doubt for doubt in again.doubts if doubt.topic == "one_name"]


@pytest.mark.parametrize("said", [12, 12.0, "12", "12.0", "12.00"])
def test_a_whole_number_is_one_id_however_it_was_saved(said: object) -> None:
    rows = [{**VERA, "person_id": said, "persecution_id": said}]
    gathered = ovdinfo.read(rows, [], TODAY)
    assert (list(gathered.people), list(gathered.cases)) == (["12"], ["12"])


@pytest.mark.parametrize("named", ["Krieger Ivan", "Крuгер Иван Ильич", "Полевая Věra Ильинична"])
def test_latin_letters_in_a_name_are_asked_about(named: str) -> None:
    gathered = ovdinfo.read([{**VERA, "name_ru": named}], [], TODAY)
    [asked] = [doubt for doubt in gathered.doubts if doubt.topic == "name"]
    assert asked.detail["latin"] is True
    clean = ovdinfo.read([{**VERA, "name_ru": "Пoлевaя Вера Ильинична"}], [], TODAY)
    assert clean.doubts == []


def sheet(*rows: tuple[object, ...], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["ФИО", "Год", "Где", "Статьи"])
    for row in rows:
        page.append(list(row))
    if merged:
        page.merge_cells(merged)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_formula_without_a_value_is_asked_about() -> None:
    row = "Полевая Вера Ильинична", "=1980+10", "в СИЗО", "280"
    gathered = read(sheet(row))
    [asked] = [doubt for doubt in gathered.doubts if doubt.topic == "unread"]
    assert asked.detail == {"field": "birth_year", "said": "=1980+10"}
    assert names(gathered) == ["Полевая"]
    nameless = read(sheet(row, ('="Речной"&" Пётр"', 1985, "в СИЗО", "318")))
    assert [(broken.row, broken.reason) for broken in nameless.unreadable] == [(3, "formula")]


def test_a_merged_cell_goes_on_downwards_and_a_merged_head_does_not() -> None:
    rows = [
        ("Полевая Вера Ильинична", 1990, "в СИЗО", "280"),
        (None, 1990, "в СИЗО", "318"),
        ("Речной Пётр Львович", 1985, "в СИЗО", "275"),
        (None, None, None, None),
    ]
    gathered = read(sheet(*rows, merged="A2:A3"))
    assert [case.fields["articles"] for case in gathered.cases.values()] == [
        *(["280"], ["318"], ["275"])
    ]
    assert (names(gathered), gathered.unreadable) == (["Полевая", "Речной"], [])
    below = read(sheet(*rows[2:], (None, 1980, "дома", None), merged="A2:A3"))
    assert [(broken.row, broken.reason) for broken in below.unreadable] == [(4, "no_name")]
    headed = read(sheet((None, None, "где", "ст."), rows[0], merged="A1:A2"))
    assert [(broken.row, broken.reason) for broken in headed.unreadable] == [(2, "no_name")]
