"""Tables with a mapping, and files saved from OVD-Info, in the shapes people have them."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from app.errors import Invalid
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo, tables
from app.models import Facility, Prisoner, Prosecution
from app.moving import SYSTEM
from app.service import Service
from tests.standins import source

TODAY = date(2026, 11, 22)
MAPPING = """
source = "memorial"
label = "Memorial, a list"
head = 2
[columns]
person = "№"
name = "ФИО"
birth = "Дата рождения"
state = "Где сейчас"
articles = "Статьи"
term = "Срок"
[fixed]
ratings = ["memorial"]
[words.state]
"за решёткой" = "in custody"
"""
HEAD = ["№", "ФИО", "Дата  рождения\u00a0", "Где сейчас", "Статьи", "Срок"]
ROWS = [
    [1, "Полевая Вера\nИльинична", datetime(1990, 5, 1), "За решёткой", "207.3; 280.3", "5 лет"],  # noqa: DTZ001
    [2, "Речной Пётр Львович", "1985", "на свободе", "318", None],
    [3, "Иван", "", "", "", ""],
]


def mapped(
    tmp_path: Path, text: str = MAPPING, concerns: tables.Concerns = "people"
) -> tables.Mapped:
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    return tables.read_mapping(path, concerns)


def as_xlsx(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["A list of ours"])
    sheet.append(HEAD)
    for row in ROWS:
        sheet.append(row)
    sheet.append([None] * 6)
    book.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def as_csv(tmp_path: Path, separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["A list of ours", *[""] * 5])
    writer.writerow([name.replace("\u00a0", " ") for name in HEAD])
    for row in ROWS:
        writer.writerow(
            [f"{cell:%d.%m.%Y}" if isinstance(cell, datetime) else cell for cell in row]
        )
    path = tmp_path / "list.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("shape", ["xlsx", "comma", "semicolon", "windows"])
def test_a_table_in_every_shape(tmp_path: Path, shape: str) -> None:
    path = {
        "xlsx": lambda: as_xlsx(tmp_path),
        "comma": lambda: as_csv(tmp_path),
        "semicolon": lambda: as_csv(tmp_path, ";"),
        "windows": lambda: as_csv(tmp_path, ";", "cp1251"),
    }[shape]()
    gathered = tables.read_table(path, mapped(tmp_path), "people", TODAY)
    vera, pyotr = gathered.people.values()
    assert (vera.key, vera.title) == ("1", "Полевая Вера Ильинична")
    assert (vera.fields["birthday"], vera.fields["gender"]) == ("1990-05-01", "she")
    assert (vera.state, pyotr.state) == ("in custody", "на свободе")
    assert pyotr.fields["birth_year"] == 1985
    [first, second] = gathered.cases.values()
    assert first.fields["articles"] == ["207.3", "280.3"]
    assert (first.fields["sentence_months"], second.fields["sentence_months"]) == (60, None)
    assert first.fields["ratings"] == ["memorial"]
    assert [(broken.row, broken.reason) for broken in gathered.unreadable] == [(5, "half_a_name")]


def test_a_rating_of_a_table_is_a_case_of_its_own(service: Service, tmp_path: Path) -> None:
    gathered = tables.read_table(as_xlsx(tmp_path), mapped(tmp_path), "people", TODAY)
    run_id, _ = keeping.dry_run(service, gathered)
    applying.apply_run(service, run_id, SYSTEM)
    with service.database.read() as session:
        cases = session.exec(select(Prosecution)).all()
        assert {tuple(case.ratings) for case in cases} == {("memorial",)}
        people = session.exec(select(Prisoner)).all()
        assert {row.source for row in people} == {"Memorial, a list"}


PLACES = """
source = "places"
label = "List of places"
[columns]
name = "Учреждение"
address = "Адрес"
"""


def test_a_table_of_places(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(
        "Учреждение,Адрес\n"
        '"ФКУ ""ИК-5""","610998, Кировская область, пос. Речной, ул. Новая, д. 1"\n'
        "ФКУ СИЗО-2,где-то\n"
    )
    gathered = tables.read_table(path, mapped(tmp_path, PLACES, "places"), "places", TODAY)
    run_id, made = keeping.dry_run(service, gathered)
    applying.apply_run(service, run_id, SYSTEM)
    assert [doubt.topic for doubt in made.doubts] == ["address"]
    with service.database.read() as session:
        whole, broken = session.exec(select(Facility).order_by(Facility.kind)).all()
        assert (whole.name_ru, whole.postal_code) == ("ФКУ «ИК-5»", "610998")
        assert (broken.kind, broken.street) == ("remand_prison", "")


def test_what_a_table_says_of_codes_and_paper(service: Service, tmp_path: Path) -> None:
    mapping = PLACES + 'codes_allowed = "QR"\npaper_style = "Бумага"\n'
    path = tmp_path / "places.csv"
    where = '"610998, Кировская область, пос. Речной, ул. Новая, д. 1"'
    path.write_text(
        "Учреждение,Адрес,QR,Бумага\n"
        f"ФКУ ИК-5,{where},Да,пустой\n"
        f"ФКУ ИК-6,{where},нет,в линейку\n"
        f"ФКУ ИК-7,{where},спросить,\n"
    )
    gathered = tables.read_table(path, mapped(tmp_path, mapping, "places"), "places", TODAY)
    assert [(broken.row, broken.reason) for broken in gathered.unreadable] == [(4, "codes")]
    run_id, _ = keeping.dry_run(service, gathered)
    applying.apply_run(service, run_id, SYSTEM)
    with service.database.read() as session:
        places = session.exec(select(Facility).order_by(Facility.name_ru)).all()
        assert [(row.codes_allowed, row.paper_style) for row in places] == [
            (True, "blank"),
            (False, "lined"),
            (None, "lined"),
        ]
    assert keeping.dry_run(service, gathered)[1].counts.get("changed.place", 0) == 0


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("source = [", "mapping.toml"),
        (MAPPING.replace("source", "sauce"), "sauce"),
        (MAPPING.replace('name = "ФИО"', 'nome = "ФИО"'), "Unknown: nome"),
        (MAPPING.replace('name = "ФИО"\n', ""), "column for the name"),
        (MAPPING.replace('"memorial"\nlabel', '"Not A Name"\nlabel'), "source"),
    ],
)
def test_a_mapping_says_what_is_wrong_in_it(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        mapped(tmp_path, text)
    assert wrong in str(caught.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    text = MAPPING.replace('"Статьи"', '"Уголовные статьи"')
    with pytest.raises(Invalid, match="Уголовные статьи"):
        tables.read_table(as_xlsx(tmp_path), mapped(tmp_path, text), "people", TODAY)


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x00\x01 no table")
    with pytest.raises(Invalid):
        tables.read_table(path, mapped(tmp_path), "people", TODAY)


def test_saved_files_say_the_same_as_the_api(tmp_path: Path) -> None:
    made = source.make(seed=5, people=60, cases=80, places=8)
    told = ovdinfo.read(made.data, made.locations, TODAY)
    rows = [row for row in made.data if isinstance(row, dict)]
    (tmp_path / "data.json").write_text(json.dumps({"total": len(made.data), "data": made.data}))
    (tmp_path / "locations.json").write_text(json.dumps(made.locations))
    names = ("locations.json", "data.json")
    from_json = ovdinfo.read_files([tmp_path / name for name in names], TODAY)
    assert (from_json.people, from_json.cases) == (told.people, told.cases)

    with (tmp_path / "data.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, sorted({name for row in rows for name in row}))
        writer.writeheader()
        writer.writerows(rows)
    from_csv = ovdinfo.read_files([tmp_path / "locations.json", tmp_path / "data.csv"], TODAY)
    assert from_csv.people.keys() == told.people.keys()
    same = ("surname", "given_name", "patronymic", "birth_year", "gender")
    for key, record in told.people.items():
        assert [from_csv.people[key].fields.get(name) for name in same] == [
            record.fields.get(name) for name in same
        ]
        assert from_csv.people[key].place == record.place


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name in ("broken.json", "other.csv", "missing.json"):
        with pytest.raises(Invalid):
            ovdinfo.read_files([tmp_path / name], TODAY)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_commas_inside_of_addresses_separate_nothing(tmp_path: Path, separator: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["Учреждение", "Адрес", "Режим"])
    for number in range(1, 8):
        address = f"61000{number}, Кировская область, пос. Речной, ул. Новая, д. {number}"
        writer.writerow([f"ФКУ ИК-{number}", address, ""])
    path = tmp_path / "places.csv"
    path.write_text(text.getvalue())
    gathered = tables.read_table(path, mapped(tmp_path, PLACES, "places"), "places", TODAY)
    assert len(gathered.places) == 7
    assert (gathered.doubts, gathered.unreadable) == ([], [])
