"""Every kind of dirt there is in real lists is in the generated source, and is cleaned."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.importing.gathering.addresses import name_key
from app.importing.records import CaseRecord
from app.importing.sources import ovdinfo
from tests.standins import dirt as dirty_ways
from tests.standins import source
from tests.standins.fictional import Case, Person

SOURCE = source.make(seed=3, people=300, cases=390, places=12)
GATHERED = ovdinfo.read(SOURCE.data, SOURCE.locations, date(2026, 11, 22))
CLEAN = {person.id: person for person in SOURCE.clean}
ROWS = [row for row in SOURCE.data if isinstance(row, dict) and row.get("person_id") in CLEAN]
PLACES = ("penal_facility_ru", "detention_center_ru", "imprisonment_location_ru")
BEGAN, TERM = "persecution_started", "verdict_imprisonment_term"
ARTICLES = "persecution_article_and_part_en"
Row = dict[str, Any]


def name(row: Row) -> str:
    return str(row["name_ru"])


def place(row: Row) -> str:
    """The place as it is written, out of a list or a list written as a string."""
    written = next((row[key] for key in PLACES if key in row), "")
    return written[0] if isinstance(written, list) else str(written)


def looks_like_a_list(text: Any) -> bool:
    return isinstance(text, str) and text[:1] == "["


def lacks_yo(row: Row) -> bool:
    return "ё" in CLEAN[row["person_id"]].name.lower() and "ё" not in name(row).lower()


DIRT: dict[str, Callable[[Row], bool]] = {
    "straight quotes": lambda row: '"' in place(row) and not looks_like_a_list(place(row)),
    "curly quotes": lambda row: bool(re.search("[“”„]", place(row))),
    "angle quotes": lambda row: "«" in place(row),
    "non-breaking spaces in a name": lambda row: "\u00a0" in name(row),
    "non-breaking spaces in a place": lambda row: "\u00a0" in place(row),
    "line breaks in a name": lambda row: "\n" in name(row),
    "line breaks in a place": lambda row: "\n" in place(row),
    "line breaks in a story": lambda row: "\r\n" in row["story_en"],
    "lists as JSON": lambda row: looks_like_a_list(row[ARTICLES]) and '"' in row[ARTICLES],
    "lists as Python writes them": lambda row: (
        looks_like_a_list(row[ARTICLES]) and "'" in row[ARTICLES]
    ),
    "lists with commas": lambda row: isinstance(row[ARTICLES], str) and ", 2" in row[ARTICLES],
    "lists with line breaks": lambda row: "\n" in row[ARTICLES],
    "lists in a database's manner": lambda row: str(row[ARTICLES])[:1] == "{",
    "lists as one line": lambda row: isinstance(row[ARTICLES], str) and ";" in row[ARTICLES],
    "a line as a list": lambda row: isinstance(row["persecution_region_en"], list),
    "a name of a case as a list": lambda row: isinstance(row["case_name_en"], list),
    "a missing patronymic": lambda row: len(name(row).split()) == 2,
    "a name without its ё": lacks_yo,
    "a name with its ё": lambda row: "ё" in name(row),
    "Latin letters in a name": lambda row: bool(re.search("[A-Za-z]", name(row))),
    "capitals": lambda row: name(row).isupper(),
    "soft hyphens": lambda row: "\u00ad" in name(row),
    "two spaces": lambda row: "  " in name(row),
    "numbers as text": lambda row: isinstance(row["birth_year"], str),
    "numbers with a point": lambda row: isinstance(row["birth_year"], float),
    "nothing, in words": lambda row: row[TERM] == "NaN",
    "days with a time": lambda row: "T00" in row[BEGAN],
    "days with points": lambda row: bool(re.fullmatch(r"\d\d\.\d\d\.\d{4}", row[BEGAN])),
    "years of two digits": lambda row: bool(re.fullmatch(r"\d\d\.\d\d\.\d\d", row[BEGAN])),
    "days with strokes": lambda row: "/" in row[BEGAN],
    "days with dashes": lambda row: bool(re.fullmatch(r"\d\d-\d\d-\d{4}", row[BEGAN])),
    "months with their names": lambda row: bool(re.search("[а-я]{3,} ", row[BEGAN])),
    "months cut short": lambda row: bool(re.search(r"[а-я]{3}\.", row[BEGAN])),
    "line breaks in a day": lambda row: "\n" in row[BEGAN],
    "a day of the verdict in Russian": lambda row: bool(
        re.search("[а-я]", row["first_verdict_date"] or "")
    ),
    "terms in months and words": lambda row: "mon" in str(row[TERM]) or "мес." in str(row[TERM]),
    "terms in years and months": lambda row: "лет" in str(row[TERM]),
    "a term as a list": lambda row: isinstance(row[TERM], list),
    "a row that came twice": lambda row: ROWS.count(row) > 1,
}


@pytest.mark.parametrize("dirt", DIRT)
def test_it_is_there_and_is_cleaned(dirt: str) -> None:
    dirty = [row for row in ROWS if DIRT[dirt](row)]
    assert len(dirty) >= 3
    for row in dirty:
        person = CLEAN[row["person_id"]]
        _is_clean(person, row)


def _is_clean(person: Person, row: Row) -> None:
    record = GATHERED.people[person.id]
    assert without_yo(record.title) == without_yo(person.name)
    assert record.fields["birth_year"] == person.born
    assert record.fields["story_en"] == f"{person.story.strip()}\n\nFictional."
    if person.place is not None:
        assert record.place == name_key(person.place.name)
        assert not re.search('[\u00a0\n"“”„]', record.place_named)
    cases = [case for case in GATHERED.cases.values() if case.person == person.id]
    assert len(cases) == len(person.cases)
    told = next(case for case in person.cases if row[BEGAN] in dirty_ways.days(case.started))
    case = next(each for each in cases if each.fields["started_on"] == told.started.isoformat())
    _is_the_case(case, told)


def _is_the_case(case: CaseRecord, told: Case) -> None:
    assert case.fields["articles"] == told.articles
    assert case.fields["region"] == told.region[0]
    assert case.fields["case_name"] == f"The «{told.group}» of {told.started.year}"
    assert case.fields["sentence_months"] == told.months
    verdict_on = told.verdict_on.isoformat() if told.verdict_on else None
    assert case.fields["first_verdict_on"] == verdict_on


def without_yo(text: str) -> str:
    return text.lower().replace("ё", "е")


def test_one_person_with_and_without_yo_is_no_doubt_and_keeps_it() -> None:
    several = [person for person in SOURCE.clean if len(person.cases) > 1]
    mixed = []
    for person in several:
        spelled = {name(row).lower().count("ё") for row in ROWS if row["person_id"] == person.id}
        if len(spelled) > 1:
            mixed.append(person)
    assert mixed
    asked = {doubt.about for doubt in GATHERED.doubts if doubt.topic == "two_spellings"}
    for person in mixed:
        assert person.id not in asked
        assert "ё" in GATHERED.people[person.id].title.lower()


def test_addresses_are_clean_of_odd_spaces() -> None:
    assert any("\u00a0" in each["attributes"]["address"] for each in SOURCE.locations)
    for record in GATHERED.places.values():
        assert not re.search("[\u00a0\n]", " ".join(map(str, record.fields.values())))


def test_ten_thousand_months_are_asked_about_in_every_spelling() -> None:
    written = [row[TERM] for row in SOURCE.data if isinstance(row, dict) and TERM in row]
    assert set(dirty_ways.TEN_THOUSAND) <= {each for each in written if isinstance(each, str)}
    asked = [doubt.detail["months"] for doubt in GATHERED.doubts if doubt.topic == "term"]
    assert asked.count(10_000) == 1 + len(dirty_ways.TEN_THOUSAND)


def test_what_cannot_be_read_is_asked_about() -> None:
    asked = [doubt.detail["said"] for doubt in GATHERED.doubts if doubt.topic == "unread"]
    assert sorted(asked) == sorted(source.UNREAD.values())


@pytest.mark.parametrize("at", range(len(dirty_ways.ODDLY_PUT)))
def test_names_put_oddly_are_taken_apart(at: int) -> None:
    _, parts, asked = dirty_ways.ODDLY_PUT[at]
    fields = GATHERED.people[f"odd{at}"].fields
    assert (fields["surname"], fields["given_name"], fields["patronymic"]) == parts
    about = [doubt.about for doubt in GATHERED.doubts if doubt.topic == "name"]
    assert about.count(f"odd{at}") == asked


def test_an_initial_is_nobodys_given_name() -> None:
    told = {broken.words for broken in GATHERED.unreadable if broken.reason == "initials"}
    assert told == set(dirty_ways.INITIALS)
    assert not told & GATHERED.people.keys()
    assert told <= set(GATHERED.seen_people), "whoever has an id is there, and not gone"
