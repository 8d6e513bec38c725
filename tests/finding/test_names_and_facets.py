"""Names compared by sound, regions by any name, and the facts people are counted under."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.finding.asking import age_groups
from app.finding.facets import facets_of, term_of
from app.finding.names import LEAST, likeness, name_words
from app.finding.regions import REGIONS, code_of
from app.finding.releases import end_of_sentences
from app.models import Prisoner, Prosecution


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("kriger", "kriger"),
        ("kreger", "kriger"),
        ("krigre", "kriger"),
        ("ozerov", "ozerova"),
        ("gadjiev", "gadzhiev"),
    ],
)
def test_slips_of_the_pen_are_the_same_name(asked: str, name: str) -> None:
    assert likeness(asked, name) >= LEAST


@pytest.mark.parametrize(
    ("asked", "name"), [("ivanov", "petrov"), ("li", "lev"), ("oz", "ozerova"), ("oleg", "igor")]
)
def test_other_names_are_other_names(asked: str, name: str) -> None:
    assert likeness(asked, name) < LEAST


def test_the_same_is_more_alike_than_the_beginning_and_that_more_than_a_slip() -> None:
    same, begun, slip = (likeness("ozerov", name) for name in ("ozerov", "ozerova", "uzarof"))
    assert same > begun > slip


_LETTERS = st.text("aeiksz", max_size=3)


@given(_LETTERS, _LETTERS, st.text("aeiksz", min_size=2), st.sampled_from((0.6, 0.7, 0.8)))
def test_what_is_alike_enough_is_told_exactly_and_what_is_not_is_below(
    one: str, other: str, end: str, least: float
) -> None:
    exactly = likeness(one + end, other + end)
    told = likeness(one + end, other + end, least)
    assert told == exactly if exactly >= least else told < least


def test_double_names_are_found_as_one_and_as_two() -> None:
    words = name_words("Кара-Мурза", "Пётр", None, "Pyotr Kara-Murza")
    assert {"kara", "murza", "karamurza", "petr"} <= words


@pytest.mark.parametrize(
    ("iso", "name", "code"),
    [
        ("RU-MOW", "", "RU-MOW"),
        ("", "г. Москва", "RU-MOW"),
        ("", "Moscow oblast", "RU-MOS"),
        ("", "Республика Алтай", "RU-AL"),
        ("", "Алтайский край", "RU-ALT"),
        ("", "Ямало-Ненецкий АО", "RU-YAN"),
        ("", "Республика Северная Осетия — Алания", "RU-SE"),
        ("RU-CR", "Republic of Crimea", "UA-43"),
        ("", "Донецкая Народная Республика", "UA-14"),
        ("", "Луганская народная республика", "UA-09"),
        ("XX", "Вятская область", ""),
        ("", "", ""),
    ],
)
def test_regions_by_any_name(iso: str, name: str, code: str) -> None:
    assert code_of(iso, name) == code


def test_each_region_has_a_tile_of_its_own_and_occupied_ones_are_of_ukraine() -> None:
    assert len(REGIONS) == 89
    assert len({(region.column, region.row) for region in REGIONS.values()}) == 89
    assert {region.short_en for region in REGIONS.values() if region.occupied} == {
        *("CRI", "SEV", "DON", "LUH", "ZAP", "KHE")
    }


def test_each_tile_has_letters_of_its_own_in_either_alphabet() -> None:
    for letters in ({r.short_en for r in REGIONS.values()}, {r.short_ru for r in REGIONS.values()}):
        assert len(letters) == 89
        assert all(2 <= len(each) <= 3 for each in letters)
    assert all(re.fullmatch("[А-ЯЁ]{3}", region.short_ru) for region in REGIONS.values())


def test_facts_of_several_cases_are_each_counted_once() -> None:
    person = Prisoner(
        slug="x",
        surname="Озерова",
        given_name="Анна",
        latin_name="Anna Ozerova",
        gender="she",
        interests_en="poetry, cats",
        interests_ru="стихи, кошки",
        profession_ru="библиотекарь",
        published=True,
    )
    cases = [
        Prosecution(prisoner_id="x", articles=["ст. 207.3", "280.3"], sentence_months=30),
        Prosecution(
            prisoner_id="x",
            articles=["207.3 part 2"],
            sentence_months=100,
            started_on=date(2021, 5, 31),
        ),
    ]
    found = facets_of(person, cases, None)
    assert [facet[1] for facet in found if facet[0] == "article"] == ["207.3", "280.3"]
    assert ["interest", "poetry|стихи", ["poetry", "стихи"]] in found
    assert ["work", "библиотекарь", "библиотекарь"] in found
    assert ["sentence", "to_10"] in found
    assert ["year", "2021"] in found
    assert ["release", "2029-09-28"] in found


def test_for_life_has_no_release() -> None:
    case = Prosecution(
        prisoner_id="x", sentence_life=True, started_on=date(2020, 1, 1), sentence_months=None
    )
    assert end_of_sentences([case]) is None
    assert term_of(None, life=True) == "life"
    assert [term_of(months, life=False) for months in (None, 36, 37, 181)] == [
        *("", "to_3", "to_5", "over_15")
    ]


def test_age_groups_follow_one_another() -> None:
    groups = list(age_groups(date(2026, 11, 22)).values())
    years = [year for group in reversed(groups) for year in group]
    assert years == list(range(years[0], 2027))
