"""Prison terms of other people's lists: in months, or for life, or told as unread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing.gathering import terms
from app.importing.gathering.terms import Term


@pytest.mark.parametrize(
    ("value", "verdict", "term"),
    [
        (66, "", Term(66)),
        ("66.0", "", Term(66)),
        (66.0, "", Term(66)),
        (["66"], "", Term(66)),
        ("5 лет 6 месяцев", "", Term(66)),
        ("5 л. 6 м.", "", Term(66)),
        ("5 лет 6 месяцев и штраф 500 000 рублей", "", Term(66)),
        ("5,5 лет", "", Term(66)),
        ("6,5 месяцев", "", Term(6)),
        ("1 year", "", Term(12)),
        ("пожизненно", "", Term(life=True)),
        (12_345, "Life imprisonment", Term(life=True)),
        ("12\u202f345", "Life imprisonment", Term(life=True)),
        (12_345, "Imprisonment", Term(stated=12_345)),
        (10_000, "", Term(stated=10_000)),
        (700, "Life imprisonment", Term(stated=700)),
        (-3, "", Term(stated=-3)),
        (0, "", Term()),
        ("", "", Term()),
        (float("nan"), "", Term()),
        ("не назначено", "", Term()),
        ("Штраф", "", Term()),
    ],
)
def test_terms(value: object, verdict: str, term: Term) -> None:
    assert terms.term(value, verdict) == term


@pytest.mark.parametrize(
    "value",
    [
        *("10,000", "10 000", "10\u00a0000", "10\u202f000", "10.000", "10'000"),
        *("10 000 months", "10,000 месяцев"),
    ],
)
def test_ten_thousand_months_are_never_ten(value: str) -> None:
    assert terms.term(value) == Term(stated=10_000)


@pytest.mark.parametrize(
    "value",
    ["ten", "шесть", "10 дней", "150 часов", "5–7", "от 5-7 лет", "1e+22", "9" * 40, "66 / 72"],
)
def test_what_is_no_term_says_so(value: str) -> None:
    assert terms.term(value) == Term(unread=value)


@given(st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.lists(st.text())))
def test_nothing_breaks_on_anything(value: object) -> None:
    months = terms.term(value).months
    assert months is None or 0 < months <= terms.LONGEST_TERM
