"""Files saved from OVD-Info: what they are is decided by all their rows, not by the first."""

import json
from datetime import date
from typing import Any

import pytest

from app.importing.records import Gathered
from app.importing.sources import ovdinfo
from app.importing.sources.troubles import CannotRead
from tests.importing.bringing import LOCATIONS, VERA

NAMELESS = {"case_name_en": "A post"}


def read(*contents: Any) -> Gathered:
    files = [(f"{at}.json", json.dumps(content).encode()) for at, content in enumerate(contents)]
    return ovdinfo.read_contents(files, date(2026, 11, 22))


@pytest.mark.parametrize("first", [NAMELESS, "no row", None, {}, {"name": "?", "address": "?"}])
def test_a_first_row_that_is_unlike_the_others_stops_nothing(first: Any) -> None:
    gathered = read([first, VERA], ["no row", {"id": "loc9"}, *LOCATIONS])
    assert list(gathered.people)[-1] == "p1"
    assert len(gathered.places) == len(LOCATIONS)
    assert [broken.row for broken in gathered.unreadable] == [1, 2, 1]


def test_the_same_in_a_table() -> None:
    table = "name_ru,person_id\n,\nПолевая Вера Ильинична,p1\n"
    gathered = ovdinfo.read_contents([("data.csv", table.encode())], date(2026, 11, 22))
    assert list(gathered.people) == ["p1"]
    assert [broken.reason for broken in gathered.unreadable] == ["no_name"]


@pytest.mark.parametrize("content", [[NAMELESS, "no row"], [], [None], [{"id": "1"}]])
def test_a_file_without_any_such_row_is_refused_with_its_reason(content: Any) -> None:
    with pytest.raises(CannotRead) as refusal:
        read(content)
    assert refusal.value.reason == "not_this_source"


def test_the_law_speaks_russian_where_the_source_does() -> None:
    both = VERA | {
        "case_name_ru": "Дело о посте",
        "persecution_article_and_part_ru": ["ст. 207.3 ч. 1"],
        "verdict_essence_en": "Imprisonment",
        "verdict_essence_ru": "Лишение свободы",
    }
    [english], [russian] = read([VERA]).cases.values(), read([both]).cases.values()
    assert english.fields["case_name"] == "A post"
    assert (russian.fields["case_name"], russian.fields["verdict"]) == (
        "Дело о посте",
        "Лишение свободы",
    )
    assert russian.fields["articles"] == ["ст. 207.3 ч. 1"]
    assert english.key == russian.key
