"""Names stay at home, and come back to where they belong."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.errors import PlaceholderLost
from translation.placeholders import hide

pytestmark = pytest.mark.trust(39)

PRISONER = "Анна Сергеевна Иванова"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Liebe Anna Ivanova,", PRISONER),
        ("Liebe Frau Iwanowa, liebe Anna Sergejewna,", PRISONER),
        ("LIEBE ANNA, liebe anna,", PRISONER),
        ("Annas Brief", PRISONER),
        ("Передайте Ивановой", PRISONER),
        ("с Анной Ивановой", PRISONER),
        ("Вітаю Анну Іванову", "Анна Іванова"),
        ("Вітаю Анну Іванову", PRISONER),
        ("Lieber Pawel, Pavel, Павла", "Павел"),
        ("Cher Alexeï", "Alexeï"),
        ("Je pense à Chichkine", "Шишкин"),
        ("Dear Shchukin", "Щукин"),
        ("Dear Pyotr and Petr", "Пётр"),
        ("亲爱的安娜，你好", "安娜"),
        ("ძვირფასო ანას", "ანა"),
        ("לאנה היקרה", "אנה"),
        ("Dein Bartholomäus", "Bartholomäus"),
        ("deine lena", "lena"),
        ("Yours, J. R. Ó Briain", "Ó Briain"),
    ],
)
def test_names_are_found_as_letters_write_them(text: str, name: str) -> None:
    hidden = hide(text, [name])
    for word in (
        "Anna", "anna", "ANNA", "vanov", "Iwanow", "Sergej", "Анн", "Иванов", "Іванов", "Pawel",
        "Pavel", "Павл", "Alexe", "Chichkin", "Shchukin", "Pyotr", "Petr", "安娜", "ანა", "אנה",
        "Barthol", "lena", "Briain",
    ):  # fmt: skip
        assert word not in hidden.text
    assert hidden.restore(hidden.text) == text


@pytest.mark.parametrize(
    "secret",
    [
        "lena.schmidt@example.org",
        "+49 30 123 45 67",
        "030/1234567",
        "8 (912) 345-67-89",
        "https://example.org/lena",
        "www.example.org",
        "t.me/lena_s",
        "@lena_schmidt",
        "Hauptstraße 5",
        "Lange Str. 12a",
        "Birkenweg 7",
        "221b Baker Street",
        "12, rue de Rivoli",
        "via Roma 3",
        "ul. Długa 5/7",
        "ул. Ленина, д. 5",
        "вул. Хрещатик, 22",
        "10115",
        "00-238",
        "NW1 6XE",
        "1012 AB",
        "614058",
    ],
)
def test_ways_to_find_somebody_are_hidden(secret: str) -> None:
    text = f"Schreib mir: {secret}, ja?"
    hidden = hide(text)
    assert hidden.text == "Schreib mir: ⟦1⟧, ja?"
    assert hidden.restore(hidden.text) == text


def test_the_rest_of_the_letter_stays_as_it_is() -> None:
    text = "Am Sonntag um 11 Uhr haben wir mit 3 Freunden Apfelkuchen gebacken. Er ging weg."
    assert hide(text, [PRISONER, "Deine Lena Schmidt aus Berlin"]).text == text


def test_a_full_name_is_one_placeholder() -> None:
    assert hide("Ich bin Lena Schmidt.", ["Lena Schmidt"]).text == "Ich bin ⟦1⟧."


def test_an_engine_may_change_the_order() -> None:
    hidden = hide("Lena an Anna", ["Lena", "Anna"])
    assert hidden.restore("Для ⟦2⟧ от ⟦1⟧") == "Для Anna от Lena"


@pytest.mark.parametrize("answer", ["Для [2] от [ 1 ]", "Для ⟦ 2 ⟧ от 【1】", "Для [[2]] от ⟦1 ⟧"])
def test_what_engines_do_to_brackets_is_undone(answer: str) -> None:
    assert hide("Lena an Anna", ["Lena", "Anna"]).restore(answer) == "Для Anna от Lena"


@pytest.mark.parametrize(
    "answer", ["Для от ⟦1⟧", "Для ⟦1⟧ от ⟦1⟧ и ⟦2⟧", "Для ⟦3⟧ от ⟦1⟧", "Для ⟦2 от ⟦1⟧", "", "⟦⟧"]
)
def test_a_lost_or_doubled_placeholder_is_noticed(answer: str) -> None:
    with pytest.raises(PlaceholderLost):
        hide("Lena an Anna", ["Lena", "Anna"]).restore(answer)


def test_what_looks_like_a_placeholder_in_a_letter_is_kept() -> None:
    text = "Siehe [1] und ⟦2⟧ und ⟦ von Anna"
    hidden = hide(text, ["Anna"])
    assert hidden.restore(hidden.text) == text
    assert len(hidden.values) == 4


@given(
    st.text(alphabet=st.sampled_from("aA bЯ1⟦⟧[]【】 @.+-5安"), max_size=60),
    st.lists(st.text(alphabet="AaЯ安 b", max_size=6), max_size=3),
)
def test_hiding_and_restoring_changes_no_text(text: str, names: list[str]) -> None:
    hidden = hide(text, names)
    assert hidden.restore(hidden.text) == text


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_name_between_any_words_is_hidden(before: str, after: str) -> None:
    hidden = hide(f"{before} Wolkenstein {after}", ["Lena Wolkenstein"])
    assert "wolkenstein" not in hidden.text.lower()


@pytest.mark.parametrize(
    "nasty", ["A-", "A ", "a.b-", "1 ", "rue de ", "12 rue ", "5 Abc ", "ul. a b ", "@", "+ (", "⟦"]
)
def test_no_text_takes_long(nasty: str) -> None:
    started = time.process_time()
    hide((nasty * 12_000)[:12_000], [PRISONER])
    assert time.process_time() - started < 2
