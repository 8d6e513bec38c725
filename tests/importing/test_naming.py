"""Names taken apart and compared, addresses taken apart, phrases understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing.gathering import addresses, names, states
from app.importing.gathering.names import Name, NoName, OnlyInitial
from app.importing.gathering.places import gather_places
from app.importing.gathering.states import State
from app.importing.records import Doubt, Gathered, PlaceRecord
from app.importing.sources import columns
from app.models.people import BARS, STATUSES
from app.models.places import KINDS
from app.sameness import naming


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Озерова Анна Петровна", Name("Озерова", "Анна", "Петровна")),
        ("Анна Петровна Озерова", Name("Озерова", "Анна", "Петровна")),
        ("ОЗЕРОВА  АННА", Name("Озерова", "Анна")),
        ("Озеров,\nПётр\u00a0Ильич", Name("Озеров", "Пётр", "Ильич")),
        ("Кара-Полевой Иван Львович", Name("Кара-Полевой", "Иван", "Львович")),
        ("Ван Дер Полевой Иван Львович", Name("Ван Дер Полевой", "Иван", "Львович")),
        ("Озерова Анна (Anna)", Name("Озерова", "Анна")),
        ("Озерова Анна Петровна.", Name("Озерова", "Анна", "Петровна")),
        # given name first: told by the words themselves
        ("Анна Иванова", Name("Иванова", "Анна")),
        ("Олег Шевчук", Name("Шевчук", "Олег")),
        ("Шевчук Олег", Name("Шевчук", "Олег")),
        ("Владимир Кригер", Name("Кригер", "Владимир")),
        ("Лев Ким", Name("Лев", "Ким", doubted="order")),  # both are given names
        ("Ким Лев", Name("Ким", "Лев", doubted="order")),
        ("Мартин Роман", Name("Мартин", "Роман", doubted="order")),
        ("Мартин Роман Ильич", Name("Мартин", "Роман", "Ильич")),
        ("Рахматулло Саидов", Name("Саидов", "Рахматулло")),
        ("Саидов Рахматулло", Name("Саидов", "Рахматулло")),
        ("Анна Ли", Name("Ли", "Анна", doubted="order")),
        ("Ли Анна", Name("Ли", "Анна")),
        ("Бондарь Сабрина", Name("Бондарь", "Сабрина", doubted="order")),
        ("Анна Озерова Петровна", Name("Озерова", "Анна", "Петровна", "order")),
        # a surname that looks like a patronymic, or a patronymic without a surname
        ("Роман Абрамович", Name("Абрамович", "Роман", doubted="father")),
        ("Иван Петрович", Name("Петрович", "Иван", doubted="father")),
        ("Анна Абрамович", Name("Абрамович", "Анна")),
        ("Абрамович Роман", Name("Абрамович", "Роман")),
        ("Абрамович Роман Аркадьевич", Name("Абрамович", "Роман", "Аркадьевич")),
        ("Роман Аркадьевич Абрамович", Name("Абрамович", "Роман", "Аркадьевич")),
        # the father's name with a word for «son» or «daughter»
        ("Полевой Рашид Мамед оглы", Name("Полевой", "Рашид", "Мамед оглы")),
        ("Гасанов Али Вагиф оглы", Name("Гасанов", "Али", "Вагиф оглы")),
        ("ГАСАНОВ АЛИ ВАГИФ ОГЛЫ", Name("Гасанов", "Али", "Вагиф оглы")),
        ("Али Вагиф оглы Гасанов", Name("Гасанов", "Али", "Вагиф оглы")),
        ("Али Вагиф-оглы Гасанов", Name("Гасанов", "Али", "Вагиф-оглы")),
        ("Гасанова Лейла Вагиф кызы", Name("Гасанова", "Лейла", "Вагиф кызы")),
        ("Ахметов Нурлан Серикулы", Name("Ахметов", "Нурлан", "Серикулы")),
        # of the patronymic an initial alone
        ("Шевчук Олег А.", Name("Шевчук", "Олег", doubted="initial")),
        ("Олег А. Шевчук", Name("Шевчук", "Олег", doubted="initial")),
        ("Ю Дмитрий Ильич", Name("Ю", "Дмитрий", "Ильич")),  # no initial
        ("Ю Дмитрий", Name("Ю", "Дмитрий")),
        # more words than anybody knows what to do with
        ("Пак Мин Су", Name("Пак", "Мин", "Су", "parts")),
        ("Исаев Магомед Ахмед", Name("Исаев", "Магомед", "Ахмед", "parts")),
        ("Магомед Ахмед Исаев", Name("Исаев", "Магомед", "Ахмед", "parts")),
        ("Анна Ван Полевая", Name("Ван Полевая", "Анна", None, "parts")),
        ("Ван Полевая Анна", Name("Ван Полевая", "Анна", None, "parts")),
    ],
)
def test_a_name_is_taken_apart(text: str, name: Name) -> None:
    assert names.parted(text) == name


@pytest.mark.parametrize(
    ("text", "first", "name"),
    [
        ("Мартин Роман", "given", Name("Роман", "Мартин")),
        ("Мартин Роман", "surname", Name("Мартин", "Роман")),
        ("Мин Пак", "given", Name("Пак", "Мин")),
        ("Сабрина Бондарь", "given", Name("Бондарь", "Сабрина")),
        # what stands in the cell is surer than the head above it
        ("Иванова Анна", "given", Name("Иванова", "Анна")),
        ("Анна Иванова", "surname", Name("Иванова", "Анна")),
        ("Анна Петровна Озерова", "surname", Name("Озерова", "Анна", "Петровна")),
    ],
)
def test_the_head_says_what_comes_first(text: str, first: names.Order, name: Name) -> None:
    assert names.parted(text, first) == name


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("Имя Фамилия", "given"),
        ("имя и фамилия", "given"),
        ("Имя, отчество, фамилия", "given"),
        ("First name, last name", "given"),
        ("First and last name", "given"),
        ("И. О. Ф.", "given"),
        ("Фамилия Имя", "surname"),
        ("Фамилия, имя, отчество", "surname"),
        ("Last name First name", "surname"),
        ("ФИО", "surname"),
        ("Ф. И. О.", "surname"),
    ],
)
def test_what_a_head_says_of_the_order(head: str, first: str) -> None:
    assert columns.first_of(head) == first
    assert columns.guessed([head], "people") == {head: "name"}


@pytest.mark.parametrize("head", ["Name", "Имя", "Фамилия", "Кто", "Имя и фамилия адвоката"])
def test_other_heads_say_nothing_of_the_order(head: str) -> None:
    assert columns.first_of(head) is None


@pytest.mark.parametrize(
    "text",
    ["", "Иван", "Анна Петровна", "Белов Ильич", "()", "Али Вагиф оглы", "Вагиф оглы Гасанов", "."],
)
def test_half_a_name_is_none(text: str) -> None:
    with pytest.raises(NoName) as raised:
        names.parted(text)
    assert raised.value.reason == ("half_a_name" if text else "no_name")


@pytest.mark.parametrize(
    "text",
    [
        *("О.А. Шевчук", "О. А. Шевчук", "О.А.Шевчук", "О А Шевчук", "О. Шевчук", "О Шевчук"),
        *(
            "Шевчук О.А.",
            "Шевчук О. А.",
            "ШЕВЧУК О.А.",
            "Шевчук О.",
            "Шевчук О А",
            "Шевчук Ол. Ан.",
        ),
        *("Шевчук О. Андреевич", "Кара-Мурза В.В.", "Ван Полевой И."),
    ],
)
def test_an_initial_is_no_given_name(text: str) -> None:
    with pytest.raises(OnlyInitial) as raised:
        names.parted(text)
    assert raised.value.reason == "initials"


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Шевчук", "Олег", "Ильич"), Name("Шевчук", "Олег", "Ильич")),
        (("Шевчук", "Олег", ""), Name("Шевчук", "Олег")),
        (("Шевчук", "Олег", "И."), Name("Шевчук", "Олег", doubted="initial")),
        (("Шевчук", "Олег И.", ""), Name("Шевчук", "Олег", doubted="initial")),
        (("Шевчук О.И.", "Олег", ""), Name("Шевчук", "Олег", doubted="initial")),
        (("Ю", "Дмитрий", ""), Name("Ю", "Дмитрий")),
    ],
)
def test_a_name_in_columns_of_its_parts(parts: tuple[str, str, str], name: Name) -> None:
    assert names.from_parts(*parts) == name


@pytest.mark.parametrize(
    "parts", [("Шевчук", "О.", ""), ("Шевчук", "О.", "Андреевич"), ("Шевчук О.А.", "", "")]
)
def test_nor_in_a_column_of_its_own(parts: tuple[str, str, str]) -> None:
    with pytest.raises(OnlyInitial):
        names.from_parts(*parts)


@given(st.text())
def test_any_text_is_a_name_or_none(text: str) -> None:
    try:
        name = names.parted(text)
    except NoName:
        return
    assert name.surname
    assert name.given
    assert names.gender(name) in {"she", "he", None}


@pytest.mark.parametrize(
    ("ours", "theirs", "close"),
    [
        ("Кригер", "Кригер", True),
        ("Кригер", "Крыгер", True),  # the same sound
        ("Королёв", "Королев", True),
        ("Полевов", "Поленов", True),  # one letter
        ("Полевов", "Плевов", True),  # one left out
        ("Полевов", "Поелвов", True),  # two changed places
        ("Полевов", "Полонин", False),
        ("Ким", "Кум", False),  # too short to guess at
    ],
)
def test_a_typing_mistake_apart(ours: str, theirs: str, close: bool) -> None:
    met = not set(naming.mistypings(ours)).isdisjoint(naming.mistypings(theirs))
    assert met is close


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "610998, Кировская область, Лесной район, пос. Озёрный,\r\nул. Заречная, д. 12",
            ("610998", "Кировская область", "Лесной район", "пос. Озёрный", "ул. Заречная, д. 12"),
        ),
        (
            "г. Москва, ул.\u00a0Светлая, 45, 127998.",
            ("127998", "г. Москва", "", "г. Москва", "ул. Светлая, д. 45"),
        ),
        (
            "Россия, 195998, Санкт-Петербург, Тихая наб., д. 7, стр. 2",
            ("195998", "Санкт-Петербург", "", "Санкт-Петербург", "Тихая наб., д. 7, стр. 2"),
        ),
        (
            "ФКУ ИК-2, 601998, Владимирская обл., Дальний р-н, г. Светлый, ул. Новая, д. 6а",
            ("601998", "Владимирская обл.", "Дальний р-н", "г. Светлый", "ул. Новая, д. 6а"),
        ),
        ("160998, Вологда, ул. Мира, 1", ("160998", "", "", "Вологда", "ул. Мира, д. 1")),
    ],
)
def test_an_address_is_taken_apart(text: str, parts: tuple[str, ...]) -> None:
    found = addresses.parse(text)
    kept = (found.postal_code, found.region, found.district, found.settlement, found.street)
    assert kept == parts
    assert found.complete


@pytest.mark.parametrize(
    "text",
    ["", "за рекой", "г. Светлый", "601998, г. Светлый", "601998, 601999, г. Светлый, ул. Мира, 1"],
)
def test_an_address_that_is_not_whole_says_so(text: str) -> None:
    assert not addresses.parse(text).complete


@pytest.mark.parametrize(
    ("where", "country"),
    [
        ("Республика Крым, с. Доброе", "UA"),
        ("Донецкая Народная Республика, г. Донецк", "UA"),
        ("ДНР, г. Макеевка", "UA"),
        ("Луганская область, г. Ровеньки", "UA"),
        ("Запорожская обл., г. Мелитополь", "UA"),
        ("г. Севастополь", "UA"),
        ("г. Симферополь", "UA"),
        ("Краснодарский край, г. Крымск", "RU"),
        ("Краснодарский край, Крымский район, с. Молдаванское", "RU"),
        ("г. Крымск", "RU"),
        ("Ростовская область, г. Донецк", "RU"),
        ("Ростовская область, х. Крым", "RU"),
        ("Калининградская область, пос. Запорожское", "RU"),
        ("г. Херсонск", "RU"),
        ("г. Донецк", ""),
        ("с. Запорожье", ""),
    ],
)
def test_what_is_in_occupied_ukraine_is_told_by_the_region(where: str, country: str) -> None:
    found = addresses.parse(f"298998, {where}, ул. Новая, 2")
    assert found.country == country
    assert found.complete is bool(country)
    assert found.fields.get("country", "") == country


def place_of(**row: str) -> tuple[PlaceRecord, list[Doubt]]:
    gathered = Gathered("memorial", "Memorial")
    gather_places([(1, {"name": "ФКУ ИК-5", "kind": "исправительная колония", **row})], gathered)
    return next(iter(gathered.places.values())), gathered.doubts


@pytest.mark.parametrize("country", ["", "RU"])
def test_a_table_with_a_column_for_the_region_is_told_apart_too(country: str) -> None:
    row = {"street": "ул. Новая, 2", "settlement": "Донецк", "country": country}
    occupied, no_doubts = place_of(region="Донецкая область", **row)
    assert (occupied.fields["country"], no_doubts) == ("UA", [])
    russian, no_doubts = place_of(region="Ростовская область", **row)
    assert (russian.fields.get("country", "RU"), no_doubts) == ("RU", [])


def test_a_town_that_may_be_in_either_country_is_asked_about() -> None:
    place, doubts = place_of(address="298998, г. Донецк, ул. Новая, 2")
    assert "country" not in place.fields
    assert [(doubt.topic, doubt.detail["remainder"]) for doubt in doubts] == [
        ("address", "г. Донецк")
    ]


@given(st.text())
def test_no_address_breaks_anything(text: str) -> None:
    found = addresses.parse(text)
    assert found.country in {"RU", "UA", ""}
    assert addresses.name_key(text) == addresses.name_key(f" {text}\r\n")


def test_one_place_under_many_names() -> None:
    names = [
        "ФКУ СИЗО-1 УФСИН России по г. Москве",
        "СИЗО № 1 УФСИН России по г. Москве",
        "ФКУ «СИЗО–1» УФСИН\u00a0России по\nг. Москве",
        'ФКУ "СИЗО 1" УФСИН России по г. Москве',
    ]
    assert len({addresses.name_key(name) for name in names}) == 1
    assert {addresses.kind("", name) for name in names} == {"remand_prison"}


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("Исправительная колония", "ФКУ ИК-5", "penal_colony"),
        ("Исправительная колония строгого режима", "Учреждение 5", "strict_colony"),
        ("", "ФКУ КП-3", "colony_settlement"),
        ("", "Брянская ВК", "juvenile"),
        ("", "ФКУ ЛИУ-77", "hospital"),
        ("", "ФКУ Тюрьма", "prison"),
        ("Pre-trial detention centre", "Нечто", "remand_prison"),
        ("?", "База", None),
        ("", "ул. Домашняя, д. 7, кв. 12", None),
    ],
)
def test_kinds_of_places(words: str, name: str, kind: str | None) -> None:
    assert addresses.kind(words, name) == kind
    assert kind is None or kind in KINDS


@pytest.mark.parametrize(
    ("phrase", "state"),
    [
        ("In the pre-trial detention centre (waiting for the transfer)", State("in_custody")),
        ("At large (served his sentence)", State("released")),
        ("Освобождён", State("released")),
        ("Released from the pre-trial detention centre", State("released")),
        ("Under house arrest", State("house_arrest", "house_arrest")),
        ("Suspended sentence", State("released")),
        ("Wanted", State("unknown", "wanted")),
        ("Left Russia", State("unknown", "abroad")),
        ("Died in prison", State("dead")),
        ("Exchanged", State("exchanged")),
        ("In transfer to a penal colony", State("in_transfer")),
        ("Prisoner of war", State("in_custody", "prisoner_of_war")),
        ("Находится в СИЗО", State("in_custody")),
        ("Под домашним арестом", State("house_arrest", "house_arrest")),
        ("Этапирован в колонию", State("in_transfer")),
        ("На этапе", State("in_transfer")),
        ("Этап", State("in_transfer")),
        ("На этапе из СИЗО в колонию", State("in_transfer")),
        ("Покинула Россию", State("unknown", "abroad")),
        ("Whereabouts are being clarified", None),
        ("Заочно арестован", None),
        ("Sentenced in absentia to imprisonment", None),
        ("Не под стражей", None),
        ("Not in custody", None),
        ("Never imprisoned", None),
        ("Not wanted", None),
        ("Ранее содержался в СИЗО", None),
        ("Имущество под арестом", None),
        ("На этапе следствия", None),
        ("На этапе суда", None),
        ("Parole denied", None),
        ("В освобождении отказано", None),
        ("В амнистии отказано", None),
        ("Покинул СИЗО", None),
        ("Умер отец", None),
        ("", None),
    ],
)
def test_states(phrase: str, state: State | None) -> None:
    assert states.understood(phrase) == state


def test_every_answer_about_a_state_is_a_state() -> None:
    for answer in (*STATUSES, *BARS):
        state = states.answered(answer)
        assert state is not None
        assert state.status in STATUSES
        assert state.bar is None or state.bar in BARS
