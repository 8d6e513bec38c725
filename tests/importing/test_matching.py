"""Who may be one person under two spellings, and who is two people of like names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sameness import given_names
from app.sameness.matching import Namesakes, Somebody, Why, is_somebody_else, why
from app.spelling import folded

Person = tuple[str, str, str | None, int | None]
ALEXANDER: Person = ("Шевчук", "Александр", "Ильич", 1980)
NATALIA: Person = ("Шевчук", "Наталья", "Ильинична", 1980)


def somebody(person: Person, ref: str = "one") -> Somebody:
    return Somebody(ref, *person)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (ALEXANDER, ("Шевчук", "Александр", "Ильич", 1980), Why.NAME),
        (ALEXANDER, ("Шевчюк", "Александр", None, None), Why.NAME),
        (ALEXANDER, ("Shevchuk", "Aleksandr", None, None), Why.NAME),
        # a slip in the given name, where everything else is known and agrees
        (ALEXANDER, ("Шевчук", "Алексндр", "Ильич", 1980), Why.GIVEN),
        (ALEXANDER, ("Шевчук", "Алексадр", None, 1980), Why.GIVEN),
        (ALEXANDER, ("Шевчук", "Алексндр", "Ильич", None), None),
        (ALEXANDER, ("Шевчук", "Алексндр", "Ильич", 1981), None),
        (ALEXANDER, ("Шевчук", "Алексндр", "Львович", 1980), None),
        (ALEXANDER, ("Шевчун", "Алексндр", "Ильич", 1980), None),
        # two given names are no slip
        (ALEXANDER, ("Шевчук", "Александра", None, 1980), None),
        (("Шевчук", "Мария", None, 1980), ("Шевчук", "Марина", None, 1980), None),
        (("Шевчук", "Анна", None, 1980), ("Шевчук", "Яна", None, 1980), None),
        (("Шевчук", "Алёна", None, 1980), ("Шевчук", "Елена", None, 1980), None),
        (("Шевчук", "Лев", None, 1980), ("Шевчук", "Лел", None, 1980), None),
        # forms of one name
        (NATALIA, ("Шевчук", "Наталия", None, 1980), Why.FORM),
        (NATALIA, ("Шевчук", "Наталія", None, None), Why.FORM),
        (NATALIA, ("Shevchuk", "Nataliia", None, 1980), Why.FORM),
        (NATALIA, ("Шевчук", "Наталия", None, 1981), None),
        (("Жук", "Даниил", None, 1999), ("Жук", "Данила", "Львович", 1999), Why.FORM),
        (("Жук", "Сергий", None, 1999), ("Жук", "Сергей", "Львович", 1999), Why.FORM),
        (("Жук", "Софья", None, 1999), ("Жук", "София", "Львовна", 1999), Why.FORM),
        # surname and given name have changed places
        (ALEXANDER, ("Александр", "Шевчук", None, None), Why.SWAPPED),
        (NATALIA, ("Наталия", "Шевчук", "Ильинична", 1980), Why.SWAPPED),
        (ALEXANDER, ("Александр", "Шевчук", "Ильич", 1981), None),
        (ALEXANDER, ("Александр", "Шевченко", None, 1980), None),
        # a year between them, where the whole name is known
        (ALEXANDER, ("Шевчук", "Александр", "Ильич", 1979), Why.YEAR),
        (ALEXANDER, ("Шевчук", "Александр", "Ильич", 1982), None),
        (ALEXANDER, ("Шевчук", "Александр", None, 1981), None),
        (ALEXANDER, ("Шевчюн", "Александр", "Ильич", 1981), None),
    ],
)
def test_who_may_be_one(first: Person, second: Person, reason: Why | None) -> None:
    one, other = somebody(first), somebody(second, "other")
    assert why(one, other) == why(other, one) == reason
    for added, asked in ((one, other), (other, one)):
        namesakes = Namesakes()
        namesakes.add(added)
        assert namesakes.like(asked) == ([added] if reason else [])


WORDS = st.sampled_from(
    "Шевчук Шевчюк Shevchuk Жук Иван Іван Ivan Наталья Наталия Natalia Александр Алексндр".split()  # noqa: SIM905
)
PEOPLE = st.tuples(
    WORDS, WORDS, st.sampled_from([None, "Ильич"]), st.sampled_from([None, 1979, 1980, 1981])
)


@given(PEOPLE, PEOPLE)
def test_whoever_may_be_one_is_found(first: Person, second: Person) -> None:
    one, other = somebody(first), somebody(second, "other")
    namesakes = Namesakes()
    namesakes.add(one)
    assert bool(namesakes.like(other)) == bool(why(one, other))


def test_the_likeliest_is_named_first() -> None:
    namesakes = Namesakes()
    spellings: list[Person] = [
        ("Шевчук", "Алексндр", "Ильич", 1980),
        ("Шевчук", "Александр", "Ильич", 1981),
        ("Александр", "Шевчук", "Ильич", 1980),
        ("Шевчук", "Олександр", "Ильич", 1980),
        ("Шевчук", "Александр", "Ильич", 1980),
    ]
    for at, spelling in enumerate(spellings):
        namesakes.add(somebody(spelling, f"p{at}"))
    found = namesakes.like(somebody(ALEXANDER))
    assert [each.ref for each in found] == ["p4", "p3", "p2", "p1", "p0"]


@pytest.mark.parametrize(
    ("theirs", "another"),
    [
        (("Шевчук", "Наталия", "Ильинична", 1985), False),
        (("Наталья", "Шевчук", None, None), False),
        (("Бондарь", "Ольга", None, None), True),
        (("Шевчук", "Ольга", "Ильинична", 1985), True),
    ],
)
def test_an_id_is_still_of_whom_it_was(theirs: Person, another: bool) -> None:
    assert is_somebody_else(somebody(NATALIA), somebody(theirs)) is another


def test_no_form_belongs_to_two_names() -> None:
    names = given_names.ALL.split()
    forms = [form for name in names for form in name.split("=")]
    assert len(set(forms)) == len(forms)
    assert not re.search("[A-Za-z]", given_names.ALL)
    mains: dict[str, set[str]] = {}
    for name in names:
        for form in name.split("="):
            mains.setdefault(folded(form), set()).add(folded(name.partition("=")[0]))
    assert {sound for sound, main in mains.items() if len(main) > 1} == set()
