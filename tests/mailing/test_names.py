"""Names for the envelope, for readers abroad, and out of dirty lists."""

import pytest

from mailing.names import CannotDecline, GenderName, dative, tidy, transliterate


@pytest.mark.parametrize(
    ("surname", "given", "patronymic", "gender", "expected"),
    [
        ("Иванов", "Иван", "Иванович", "male", "Иванову Ивану Ивановичу"),
        ("Ткачёва", "Любовь", "Ильинична", "female", "Ткачёвой Любови Ильиничне"),
        ("Шевчук", "Пётр", "Лукич", "male", "Шевчуку Петру Лукичу"),
        ("Шевчук", "Мария", "Лукинична", "female", "Шевчук Марии Лукиничне"),
        ("Черных", "Лев", "Павлович", "male", "Черных Льву Павловичу"),
        ("Салтыков-Щедрин", "Илья", "", "male", "Салтыкову-Щедрину Илье"),
        ("Кара-Мурза", "Никита", "Львович", "male", "Кара-Мурзе Никите Львовичу"),
        ("Заяц", "Олег", "Игоревич", "male", "Зайцу Олегу Игоревичу"),
        ("Заяц", "Анна", "Игоревна", "female", "Заяц Анне Игоревне"),
        ("Петренко", "Анна-Мария", "Юрьевна", "female", "Петренко Анне-Марии Юрьевне"),
        ("Мамедов", "Рашид", "Али оглы", "male", "Мамедову Рашиду Али оглы"),
        ("ГОРИНОВ", "АЛЕКСЕЙ", "", "male", "Горинову Алексею"),
        (" Ивaнов ", "Ив\u00adан", "", "male", "Иванову Ивану"),
    ],
)
def test_the_dative_of_a_name(
    surname: str, given: str, patronymic: str, gender: GenderName, expected: str
) -> None:
    assert dative(surname, given, patronymic, gender) == expected


@pytest.mark.parametrize("name", ["Smith", "Ivanов1", "李"])
def test_a_name_in_other_letters_is_left_to_a_person(name: str) -> None:
    with pytest.raises(CannotDecline):
        dative(name, "Иван", "", "male")


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  Иванов\r\n Иван\u00a0", "Иванов Иван"),
        ('ФКУ "ИК-6"', "ФКУ «ИК-6»"),
        ("“Матросская тишина”", "«Матросская тишина»"),
        ("СИЗО „Лефортово“", "СИЗО «Лефортово»"),
        ("Poccия", "Россия"),
        ("Apceньев", "Арсеньев"),
        ("Фёдор", "Фёдор"),
        ("Fёdor", "Fёdor"),
        ("Scott", "Scott"),
        ("\ufeffПетров\u200b", "Петров"),
    ],
)
def test_dirt_of_other_lists_is_cleaned(dirty: str, clean: str) -> None:
    assert tidy(dirty) == clean
    assert tidy(clean) == clean


def test_a_name_for_readers_abroad() -> None:
    assert transliterate("Ефремов Юрий Алексеевич") == "Yefremov Yury Alekseevich"
