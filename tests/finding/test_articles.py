"""Articles as sources write them: told apart, with the numbers that a case is known by."""

import pytest

from app.catalogue.same_cases import numbers
from app.finding.articles import apart, numbered, numbers_of
from app.finding.facets import facets_of
from app.models import Prisoner, Prosecution


@pytest.mark.parametrize(
    ("written", "items", "known_by"),
    [
        (
            "ст. 207.3 ч. 2 УК РФ, ст. 318 ч. 1 УК РФ",
            ["ст. 207.3 ч. 2 УК РФ", "ст. 318 ч. 1 УК РФ"],
            ["207.3", "318"],
        ),
        ("207.3 part 2, 318 part 1", ["207.3 part 2", "318 part 1"], ["207.3", "318"]),
        ("207.3 ч. 2\n318\r\n280", ["207.3 ч. 2", "318", "280"], ["207.3", "318", "280"]),
        ("ст. 30 ч. 3, ст. 205 ч. 1", ["ст. 30 ч. 3", "ст. 205 ч. 1"], ["205"]),
        ("ч. 3 ст. 30 и ч. 1 ст. 205", ["ч. 3 ст. 30", "ч. 1 ст. 205"], ["205"]),
        ("ст. 33 ч. 5 - ст.205.2 ч.2", ["ст. 33 ч. 5 - ст.205.2 ч.2"], ["205.2"]),
        ("ст. 30 ч. 3", ["ст. 30 ч. 3"], ["30"]),
        ("ч. 10 ст. 280", ["ч. 10 ст. 280"], ["280"]),
        ("ч. 10, 11 ст. 280, ч.1 ст.318", ["ч. 10, 11 ст. 280", "ч.1 ст.318"], ["280", "318"]),
        ("ст. 205.2 ч. 2, п. «а»", ["ст. 205.2 ч. 2, п. «а»"], ["205.2"]),
        ("318 para 12", ["318 para 12"], ["318"]),
        ("п. 12 ч. 2 ст. 105", ["п. 12 ч. 2 ст. 105"], ["105"]),
        ("282.2 ч. 1.1, ст. 318", ["282.2 ч. 1.1", "ст. 318"], ["282.2", "318"]),
        ("20.3.3 КоАП", ["20.3.3 КоАП"], ["20.3.3"]),
        ("закон от 28.12.2012 № 272-ФЗ", ["закон от 28.12.2012 № 272-ФЗ"], []),
        ("без статьи", ["без статьи"], []),
    ],
)
def test_what_is_told_apart_and_what_it_is_known_by(
    written: str, items: list[str], known_by: list[str]
) -> None:
    assert list(apart(written)) == items
    assert numbers_of([written]) == numbers_of(items) == known_by


def test_an_attempt_is_not_what_somebody_is_found_by() -> None:
    assert numbered(["ст. 30 ч. 3", "ст. 205 ч. 1", "иное"]) == [
        ("ст. 30 ч. 3", ""),
        ("ст. 205 ч. 1", "205"),
        ("иное", ""),
    ]


def test_filter_figures_and_comparing_know_the_same_numbers() -> None:
    articles = ["ст. 30 ч. 3, ч. 10 ст. 280, 318 part 1", "ст.207.3"]
    case = Prosecution(prisoner_id="a", articles=articles)
    person = Prisoner(slug="a", surname="Полевая", given_name="Вера", latin_name="", gender="she")
    found = [value for field, value, *_ in facets_of(person, [case], None) if field == "article"]
    assert found == ["280", "318", "207.3"]
    assert numbers(articles) == set(found)
    assert [number for _, number in numbered(articles)] == ["280", "207.3"]
