"""Whether two cases of one person are one prosecution."""

from typing import Any

import pytest

from app.catalogue.same_cases import Alike, alike, fits, numbers, told

OURS = {
    "articles": ["207.3 p. 2 (д)", "280.3 p. 1"],
    "started_on": "2022-03-01",
    "started_year": 2022,
    "region": "Kirov Region",
    "region_iso": "RU-KIR",
}


@pytest.mark.parametrize(
    ("theirs", "how"),
    [
        (OURS, Alike.SURE),
        ({"articles": ["ст. 280.3 ч. 1, ст. 207.3 ч. 2 УК РФ"], "started_year": 2022}, Alike.SURE),
        ({"articles": ["207.3", "280.3"], "region": "Кировская область"}, Alike.SURE),
        ({"articles": ["207.3", "280.3"]}, Alike.PERHAPS),
        ({"ratings": ["memorial"]}, Alike.PERHAPS),
        ({"articles": ["207.3"], "started_year": 2022}, Alike.PERHAPS),
        (OURS | {"started_on": "2022-04-01"}, Alike.PERHAPS),
        (OURS | {"region": "Москва", "region_iso": ""}, Alike.PERHAPS),
        (OURS | {"articles": ["318"]}, Alike.PERHAPS),  # of the same day: they were changed
        ({"articles": ["318"], "started_year": 2022}, Alike.NO),
        (OURS | {"started_on": "2024-03-01", "started_year": 2024}, Alike.NO),
    ],
)
def test_articles_beginning_and_region_tell(theirs: dict[str, Any], how: Alike) -> None:
    assert alike(told(OURS), told(theirs)) is how
    assert alike(told(theirs), told(OURS)) is how


@pytest.mark.parametrize(
    ("theirs", "enough"),
    [
        ({"ratings": ["memorial"]}, True),
        ({"articles": ["280.3", "207.3"]}, True),
        ({"started_year": 2022}, True),
        ({"region": "Кировская область"}, True),
        ({"articles": ["207.3"]}, False),
        ({"started_year": 2023}, False),
        ({"region": "Москва"}, False),
    ],
)
def test_what_is_enough_where_there_is_one_case_only(theirs: dict[str, Any], enough: bool) -> None:
    assert fits(told(OURS), told(theirs)) is enough


def test_articles_where_ours_says_none_are_not_enough() -> None:
    assert not fits(told({}), told({"articles": ["207.3"]}))


def test_numbers_of_articles_in_every_wording() -> None:
    wordings = ("ст. 205.2 ч. 2 УК РФ", "205.2 p. 2", "Art. 205.2 part 2", "205.2")
    assert {numbers([wording]) for wording in wordings} == {frozenset({"205.2"})}
    assert numbers(["20.3.3 КоАП"]) == {"20.3.3"}
    assert numbers(["measures of a medical kind"]) == {"measures of a medical kind"}
