"""The number on a letter: what a slip of the pen does to it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.letter_numbers import DIGITS, NotALetterNumber, grouped, new, parse

NUMBERS = st.integers().map(lambda seed: new(Random(seed)))


@given(NUMBERS)
def test_a_new_number_is_digits_that_check_and_starts_like_no_telephone(number: str) -> None:
    assert len(number) == DIGITS
    assert number.isdecimal()
    assert number[0] not in "078"
    assert parse(number) == number


@given(NUMBERS, st.integers(0, DIGITS - 1), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_caught(number: str, at: int, digit: str) -> None:
    wrong = number[:at] + digit + number[at + 1 :]
    if wrong == number:
        assert parse(wrong) == number
    else:
        with pytest.raises(NotALetterNumber):
            parse(wrong)


@given(NUMBERS, st.integers(0, DIGITS - 2))
def test_every_swap_of_neighbours_is_caught(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        with pytest.raises(NotALetterNumber):
            parse(swapped)


@pytest.mark.parametrize("shape", ["№ {}", "№{}", "No. {}", "Nr {}", "N{}", " {} \n", "{}."])
@pytest.mark.parametrize("separator", [" ", "", "-", "\u00a0", " – "])
def test_what_people_type_around_and_between_is_forgiven(shape: str, separator: str) -> None:
    number = new(Random(7))
    typed = shape.format(grouped(number).replace(" ", separator))
    assert parse(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "12", "4829153074O", "٤٨٢٩١٥٣٠٧٤٦", "482915307466", "привет"]
)
def test_anything_else_is_no_number(typed: str) -> None:
    with pytest.raises(NotALetterNumber):
        parse(typed)


def test_numbers_for_a_million_letters_hardly_ever_meet() -> None:
    random = Random(2026)
    numbers = {new(random) for _ in range(20_000)}
    assert len(numbers) == 20_000


def test_the_printed_form_is_in_groups() -> None:
    assert grouped("48291530746") == "482 915 307 46"
