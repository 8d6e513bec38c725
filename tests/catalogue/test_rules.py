"""Who may be written to, as a pure rule."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from app.ages import may_be_under_age
from app.catalogue.rules import NoLetters, PlacementFacts, Why, eligibility, why_no_letters

TODAY = date(2026, 11, 22)


@dataclass
class Facts:
    """A person with everything confirmed."""

    status: str = "in_custody"
    bar: str | None = None
    hidden: bool = False
    wants_letters: bool = True
    may_be_named: bool = False
    identity_hidden: bool = False
    wish_source: str = "a friend"
    wish_date: date | None = date(2026, 5, 1)
    custody_confirmed_on: date | None = date(2026, 11, 1)
    birth_year: int | None = 1985
    birthday: date | None = None
    surname: str = "Озерова"
    given_name: str = "Анна"
    patronymic: str | None = "Петровна"
    has_patronymic: bool = True
    dative_name: str | None = "Озеровой Анне Петровне"
    dative_confirmed: bool = True


PLACED = PlacementFacts(checked_on=date(2026, 11, 1), complete=True)


def standing_of(
    facts: Facts, placed: PlacementFacts | None = PLACED
) -> tuple[bool, bool, set[Why]]:
    standing = eligibility(facts, placed, TODAY, 180)
    assert standing.shown == standing.writable, "without a wish of its own"
    return standing.writable, standing.picked, set(standing.reasons)


def test_somebody_confirmed_is_shown_and_picked() -> None:
    assert standing_of(Facts()) == (True, True, set())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hidden": True}, Why.HIDDEN),
        ({"bar": "prisoner_of_war"}, Why.PRISONER_OF_WAR),
        ({"bar": "incommunicado"}, Why.INCOMMUNICADO),
        ({"bar": "abroad"}, Why.ABROAD),
        ({"bar": "wanted"}, Why.WANTED),
        ({"bar": "under_18"}, Why.UNDER_18),
        ({"bar": "house_arrest"}, Why.HOUSE_ARREST),
        ({"status": "house_arrest"}, Why.HOUSE_ARREST),
        ({"status": "released"}, Why.RELEASED),
        ({"status": "exchanged"}, Why.EXCHANGED),
        ({"status": "dead"}, Why.DEAD),
        ({"status": "unknown"}, Why.UNKNOWN_STATUS),
        ({"wants_letters": False}, Why.NO_WISH),
        ({"wish_source": " "}, Why.NO_WISH_SOURCE),
        ({"wish_date": None}, Why.NO_WISH_DATE),
        ({"custody_confirmed_on": None}, Why.CUSTODY_UNCONFIRMED),
        ({"birth_year": None}, Why.NO_BIRTH_YEAR),
        ({"birth_year": 2009}, Why.UNDER_18),
        ({"patronymic": None}, Why.NO_PATRONYMIC),
        ({"dative_confirmed": False}, Why.DATIVE_UNCONFIRMED),
        ({"surname": "Крuгер"}, Why.LATIN_LETTERS),
        ({"given_name": "Anna"}, Why.LATIN_LETTERS),
        ({"patronymic": "Петровнa"}, Why.LATIN_LETTERS),
        ({"dative_name": "Озеровой Aнне Петровне"}, Why.LATIN_LETTERS),
    ],
)
def test_one_reason_is_enough_for_silence(changes: dict[str, object], why: Why) -> None:
    assert standing_of(replace(Facts(), **changes)) == (False, False, {why})  # type: ignore[arg-type]


def test_without_a_checked_complete_address_nobody_is_shown() -> None:
    assert standing_of(Facts(), None) == (False, False, {Why.NO_PLACE})
    assert standing_of(Facts(), PlacementFacts(None, True))[2] == {Why.ADDRESS_UNCHECKED}
    assert standing_of(Facts(), PlacementFacts(TODAY, False))[2] == {Why.ADDRESS_INCOMPLETE}


def test_in_transfer_or_with_an_old_address_one_may_be_chosen_but_is_not_picked() -> None:
    assert standing_of(Facts(status="in_transfer"), None) == (True, False, {Why.IN_TRANSFER})
    old = PlacementFacts(TODAY - timedelta(days=181), True)
    assert standing_of(Facts(), old) == (True, False, {Why.ADDRESS_STALE})
    assert standing_of(Facts(), PlacementFacts(TODAY - timedelta(days=180), True))[1]


NAMED = Facts(may_be_named=True)


@pytest.mark.parametrize(
    ("changes", "placed", "told"),
    [
        ({"wants_letters": False}, PLACED, NoLetters.NOT_WANTED),
        ({"status": "released"}, None, NoLetters.FREE),
        ({"status": "exchanged"}, None, NoLetters.FREE),
        ({"status": "dead"}, None, NoLetters.DEAD),
        ({"status": "dead", "wants_letters": False}, None, NoLetters.DEAD),
        ({"status": "house_arrest"}, None, NoLetters.HOUSE_ARREST),
        ({"bar": "house_arrest"}, PLACED, NoLetters.HOUSE_ARREST),
        ({}, None, NoLetters.NO_ADDRESS),
        ({}, PlacementFacts(None, True), NoLetters.NO_ADDRESS),
        ({}, PlacementFacts(TODAY, False), NoLetters.NO_ADDRESS),
        ({"dative_confirmed": False}, PLACED, NoLetters.NOT_READY),
        ({"patronymic": None}, PLACED, NoLetters.NOT_READY),
    ],
)
def test_who_wishes_it_is_named_also_while_nobody_can_write(
    changes: dict[str, object], placed: PlacementFacts | None, told: NoLetters
) -> None:
    facts = replace(NAMED, **changes)  # type: ignore[arg-type]
    standing = eligibility(facts, placed, TODAY, 180)
    assert (standing.shown, standing.writable, standing.picked) == (True, False, False)
    assert why_no_letters(facts, placed) == told
    silent = eligibility(replace(facts, may_be_named=False), placed, TODAY, 180)
    assert not silent.shown, "nobody is named without the wish"
    unnamed = eligibility(replace(facts, identity_hidden=True), placed, TODAY, 180)
    assert not unnamed.shown, "nor who does not want to be"


@pytest.mark.trust(74, 75)
@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": True},
        {"bar": "under_18"},
        {"bar": "prisoner_of_war"},
        {"bar": "incommunicado"},
        {"bar": "abroad"},
        {"bar": "wanted"},
        {"status": "unknown"},
        {"birth_year": 2009},
        {"birth_year": None},
        {"wish_source": " "},
        {"wish_date": None},
        {"custody_confirmed_on": None},
    ],
)
@pytest.mark.parametrize("more", [{}, {"status": "released"}, {"wants_letters": False}])
def test_whom_a_name_could_hurt_is_not_named_whatever_they_wish(
    changes: dict[str, object], more: dict[str, object]
) -> None:
    facts = replace(NAMED, **{**more, **changes})  # type: ignore[arg-type]
    standing = eligibility(facts, PLACED, TODAY, 180)
    assert (standing.shown, standing.writable, standing.picked) == (False, False, False)
    assert standing.silences


def test_who_can_be_written_to_is_shown_with_or_without_that_wish() -> None:
    for facts in (Facts(), NAMED):
        standing = eligibility(facts, PLACED, TODAY, 180)
        assert (standing.shown, standing.writable, standing.picked) == (True, True, True)
    unnamed = eligibility(Facts(identity_hidden=True), PLACED, TODAY, 180)
    assert (unnamed.shown, unnamed.writable, unnamed.picked) == (False, True, True)


def test_age_is_counted_by_the_birthday_and_by_the_year_alone_with_care() -> None:
    assert may_be_under_age(2008, date(2008, 11, 23), TODAY)
    assert not may_be_under_age(2008, date(2008, 11, 22), TODAY)
    assert may_be_under_age(2008, None, TODAY)
    assert not may_be_under_age(2007, None, TODAY)
