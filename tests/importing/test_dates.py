"""Days and years of other people's lists: read in every way they are written, or told as unread."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing.gathering import dates
from app.importing.gathering.dates import Born

RUSSIAN = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа"),
    *("сентября", "октября", "ноября", "декабря"),
)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())
)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_way_it_is_written(day: date) -> None:
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 — spreadsheets have no zones
    month = RUSSIAN[day.month - 1]
    ways: list[object] = [day, moment, day.isoformat(), f"{day.isoformat()}T00:00:00.000Z"]
    ways += [f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year} г.", f"{day:%Y/%m/%d}"]
    ways += [f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d. %m. %Y}", f"{day:%Y.%m.%d}"]
    ways += [f"{day.day} {month} {day.year}", f"«{day.day}» {month.upper()} {day.year} года"]
    ways += [
        f"{day.day}\u00a0{month[:3]}.\u202f{day.year} г.",
        f"{day:%d %B %Y}",
        f"{day:%d %b %Y}",
    ]
    ways += [f"{day:%B} {day.day}, {day.year}", f"{day:%b} {day.day}th, {day.year}"]
    assert {str(way): dates.day(way) for way in ways} == {str(way): day for way in ways}
    assert all(dates.is_read(way) for way in ways)


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_two_digits_are_a_year_of_the_hundred_around_us(day: date) -> None:
    ways = [f"{day:%d.%m.%y}", f"{day:%d/%m/%y}", f"{day.day} {RUSSIAN[day.month - 1]} {day:%y} г."]
    assert {dates.day(way) for way in ways} == {day}


@pytest.mark.parametrize(
    "value", ["31.02.2020", "1985", "soon", "", None, "00.00.0000", "22-01-15"]
)
def test_what_is_no_day_is_none(value: object) -> None:
    assert dates.day(value) is None


@pytest.mark.parametrize(
    "value", ["", None, "нет данных", 2022, "2022.0", "2022 г.", "03.2022", "2022-03", "март 2022"]
)
def test_a_year_alone_is_read_whole(value: object) -> None:
    assert dates.is_read(value)


@pytest.mark.parametrize(
    "value",
    [
        "31.02.2022",
        "01/15/2022",
        "soon",
        "44576",
        "15 брюмера 2022",
        "22-01-15",
        "15.01.202",
        "весной",
    ],
)
def test_what_loses_something_is_not_read(value: object) -> None:
    assert not dates.is_read(value)


@given(ANYTHING)
def test_nothing_breaks_on_anything(value: object) -> None:
    year = dates.year(value)
    assert year is None or 1800 <= year <= 2099
    assert dates.is_read(value) or dates.day(value) is None


@pytest.mark.parametrize(
    ("birth", "birth_year", "known"),
    [
        ("1985", None, Born(None, 1985)),
        (None, "1985 г.р.", Born(None, 1985)),
        ("12.03.1985", None, Born(date(1985, 3, 12), 1985)),
        ("12.03.1985", 1985, Born(date(1985, 3, 12), 1985)),
        ("12.03.1985", 1986, Born(None, None, agree=False)),
        ("12.03.85", 1985, Born(date(1985, 3, 12), 1985)),
        ("12 марта 1985", 1985, Born(date(1985, 3, 12), 1985)),
        ("12.03.13", None, Born(date(1913, 3, 12), 1913)),
        ("12.03.12", None, Born(date(2012, 3, 12), 2012)),
        (None, None, Born(None, None)),
    ],
)
def test_birthday_and_birth_year(birth: object, birth_year: object, known: Born) -> None:
    assert dates.born(birth, birth_year, latest=2012) == known
