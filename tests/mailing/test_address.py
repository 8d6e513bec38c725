"""The address block: order, six lines, the country as the posting country writes it, problems."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.address import (
    MOST_LINES,
    PostalAddress,
    Problem,
    Recipient,
    ReturnAddress,
    lines,
    problems,
)

TODAY = date(2026, 11, 22)
HALF_A_YEAR = timedelta(days=180)
ADDRESS = PostalAddress(
    place="ФКУ ИК-6 УФСИН России по Владимирской области",
    street="ул. Ленина, д. 1",
    settlement="пос. Мелехово",
    district="Ковровский район",
    region="Владимирская область",
    postal_code="601966",
    checked_on=date(2026, 10, 1),
)
SOKOLOV = Recipient(
    surname="Соколов",
    given="Иван",
    patronymic="Петрович",
    dative_name="Соколову Ивану Петровичу",
    birth_year=1984,
    address=ADDRESS,
)


def at(**changes: object) -> Recipient:
    return replace(SOKOLOV, address=replace(ADDRESS, **changes))  # type: ignore[arg-type]


def test_posted_in_russia() -> None:
    assert lines(SOKOLOV, "RU") == (
        "Соколову Ивану Петровичу, 1984\u00a0г.\u00a0р.",
        "ФКУ ИК-6 УФСИН России по Владимирской области",
        "ул. Ленина, д. 1",
        "пос. Мелехово, Ковровский район",
        "Владимирская область",
        "601966",
    )


def test_posted_abroad_the_country_is_last_and_still_six_lines() -> None:
    assert lines(SOKOLOV, "DE")[-2:] == ("Владимирская область, 601966", "RUSSISCHE FÖDERATION")
    assert len(lines(SOKOLOV, "DE")) == MOST_LINES


@pytest.mark.parametrize(
    ("country", "line"),
    [
        ("DE", "RUSSISCHE FÖDERATION"),
        ("FR", "RUSSIE"),
        ("GB", "RUSSIA"),
        ("PL", "ROSJA"),
        ("GE", "RUSSIA"),
    ],
)
def test_the_country_as_the_country_of_posting_writes_it(country: str, line: str) -> None:
    assert lines(SOKOLOV, country)[-1] == line


def test_the_country_line_belongs_to_the_facility() -> None:
    assert lines(at(country_line="UKRAINE"), "DE")[-1] == "UKRAINE"
    assert "UKRAINE" not in lines(at(country_line="UKRAINE"), "RU")


def test_a_city_that_is_its_own_region_stands_there_once_and_long_places_are_folded() -> None:
    moscow = at(
        place="ФКУ СИЗО-2 УФСИН России по г. Москве «Бутырка»",
        settlement="Москва",
        district="",
        region="Москва",
        postal_code="127055",
    )
    assert lines(moscow, "RU") == (
        "Соколову Ивану Петровичу, 1984\u00a0г.\u00a0р.",
        "ФКУ СИЗО-2 УФСИН России",
        "по г. Москве «Бутырка»",
        "ул. Ленина, д. 1",
        "Москва",
        "127055",
    )


def test_a_long_name_from_abroad_finds_room() -> None:
    long = replace(SOKOLOV, dative_name="Рождественскому Александру Александровичу")
    assert lines(long, "DE") == (
        "Рождественскому Александру",
        "Александровичу, 1984\u00a0г.\u00a0р.",
        "ФКУ ИК-6 УФСИН России по Владимирской области",
        "ул. Ленина, д. 1, пос. Мелехово",
        "Ковровский район, Владимирская область, 601966",
        "RUSSISCHE FÖDERATION",
    )
    assert problems(long, "DE", TODAY, HALF_A_YEAR) == []


WORDS = st.lists(st.sampled_from(["посёлок", "Ленина", "д.", "12", "область"]), max_size=6)
PARTS = WORDS.map(" ".join)


@given(PARTS, PARTS, PARTS, PARTS, PARTS, st.sampled_from(["RU", "DE", "US"]))
def test_never_more_than_six_lines_none_empty_and_nothing_lost(
    place: str, street: str, settlement: str, district: str, region: str, country: str
) -> None:
    recipient = at(
        place=place, street=street, settlement=settlement, district=district, region=region
    )
    block = lines(recipient, country)
    assert len(block) <= MOST_LINES
    assert all(line.strip() for line in block)
    printed = " ".join(block)
    for part in (place, street, settlement, district, region, "601966"):
        assert part in printed


def test_a_full_address_has_no_problem() -> None:
    assert problems(SOKOLOV, "DE", TODAY, HALF_A_YEAR) == []


@pytest.mark.parametrize(
    ("recipient", "problem"),
    [
        (replace(SOKOLOV, given=""), Problem.NO_NAME),
        (replace(SOKOLOV, patronymic=""), Problem.NO_PATRONYMIC),
        (replace(SOKOLOV, dative_name=""), Problem.NO_DATIVE),
        (replace(SOKOLOV, birth_year=None), Problem.NO_BIRTH_YEAR),
        (at(place=""), Problem.NO_PLACE),
        (at(street=""), Problem.NO_STREET),
        (at(settlement=""), Problem.NO_SETTLEMENT),
        (at(postal_code=""), Problem.NO_POSTAL_CODE),
        (at(postal_code="60196"), Problem.WRONG_POSTAL_CODE),
        (at(postal_code="6019б6"), Problem.WRONG_POSTAL_CODE),
        (at(checked_on=None), Problem.UNCHECKED_ADDRESS),
        (at(checked_on=TODAY - timedelta(days=181)), Problem.STALE_ADDRESS),
        (
            at(place="Федеральное казённое учреждение исполнения наказаний «Колония № 6» " * 3),
            "address_too_long",
        ),
    ],
)
def test_a_letter_is_held_for(recipient: Recipient, problem: str) -> None:
    assert problems(recipient, "DE", TODAY, HALF_A_YEAR) == [problem]


def test_who_has_no_patronymic_is_not_held_for_it() -> None:
    foreigner = replace(SOKOLOV, patronymic="", has_patronymic=False)
    assert problems(foreigner, "DE", TODAY, HALF_A_YEAR) == []


def test_an_address_checked_exactly_that_long_ago_still_holds() -> None:
    assert problems(at(checked_on=TODAY - HALF_A_YEAR), "DE", TODAY, HALF_A_YEAR) == []


def test_the_return_address_in_one_line() -> None:
    address = ReturnAddress(("Katrin Weber", "Postfach 1203", "", "04103 Leipzig"))
    assert address.sender_line == "Katrin Weber, Postfach 1203, 04103 Leipzig"
