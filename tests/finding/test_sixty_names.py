"""Whoever types a name as they heard it finds the person among the first three."""

import iuliia
import pytest

from app.database import Database
from app.finding.asking import Wanted
from app.queries import finding
from mailing.names import transliterate
from tests.crowd import make_crowd
from tests.world import NOON, make_prisoner

PEOPLE = [
    ("Кригер", "Владимир", "Францевич", "Vladimir Kriger"),
    ("Щёголева", "Вера", "Ильинична", "Vera Shchyogoleva"),
    ("Ефремов", "Юрий", "Ильич", "Yury Yefremov"),
    ("Чернышова", "Ксения", "Львовна", "Ksenia Chernyshova"),
    ("Ширяев-Южный", "Артём", "Игоревич", "Artyom Shiryaev-Yuzhny"),
    ("Жуковская", "Наталья", "Андреевна", "Natalya Zhukovskaya"),
    ("Хабибуллин", "Рустам", "Маратович", "Rustam Khabibullin"),
    ("Цветкова", "Анастасия", "Юрьевна", "Anastasia Tsvetkova"),
    ("Алёхин", "Фёдор", "Семёнович", "Fyodor Alyokhin"),
    ("Мухаметшина", "Гузель", "Рафаиловна", "Guzel Mukhametshina"),
    ("Вайсберг", "Михаил", "Яковлевич", "Mikhail Vaisberg"),
    ("Гаджиев", "Магомед", "Омарович", "Magomed Gadzhiev"),
    ("Пискунова", "Юлия", "Сергеевна", "Yulia Piskunova"),
    ("Бойко", "Сергій", "", "Serhii Boiko"),
    ("Подъячев", "Евгений", "Олегович", "Yevgeny Podyachev"),
]
SPELLINGS = {
    "Кригер": ["Kriger", "Krieger", "Krüger", "Кригир", "Vladimir Krieger", "Wladimir Kriger"],
    "Щёголева": ["Щеголева", "Schegoleva", "Shchegoleva", "Schtschegolewa", "Щегалева"],
    "Ефремов": ["Efremov", "Jefremow", "Yefremof", "Ефрэмов", "Efremow Juri"],
    "Чернышова": ["Tchernychova", "Chernishova", "Чернишова", "Чернышёва"],
    "Ширяев-Южный": ["Shiryaev", "Schirjajew", "Ширяев", "Ширяевюжный", "Artem Shiriaev"],
    "Жуковская": ["Zhukovskaya", "Joukovskaïa", "Schukowskaja", "Жуковскоя"],
    "Хабибуллин": ["Habibullin", "Khabibulin", "Chabibullin", "Хабибулин"],
    "Цветкова": ["Tsvetkova", "Zwetkowa", "Cvetkova", "Цвиткова", "Tsetkova"],
    "Алёхин": ["Alekhin", "Alehin", "Aljochin", "Алехин", "Аляхин"],
    "Мухаметшина": ["Muhametshina", "Mukhametchina", "Мухамедшина"],
    "Вайсберг": ["Weisberg", "Vaysberg", "Weissberg", "Вайзберг"],
    "Гаджиев": ["Gadzhiyev", "Gadjiev", "Hadzhiev", "Гаджыев"],
    "Пискунова": ["Piskunowa", "Piskounova", "Пискунва", "Yuliya Piskunova"],
    "Бойко": ["Boyko", "Boiko", "Boyko Sergii", "Бойка"],
    "Подъячев": ["Podyachev", "Podiachev", "Podjatschew", "Подьячев", "Падъячев"],
}


@pytest.fixture
def crowded(database: Database) -> Database:
    make_crowd(database, 1_000)
    with database.write() as session:
        for surname, given, patronymic, latin in PEOPLE:
            make_prisoner(
                session,
                surname=surname,
                given_name=given,
                patronymic=patronymic or None,
                latin_name=latin,
            )
    return database


def test_sixty_spellings_find_the_person_among_the_first_three(crowded: Database) -> None:
    asked = [(name, spelling) for name, spellings in SPELLINGS.items() for spelling in spellings]
    assert len(asked) >= 60
    missed = []
    with crowded.read() as session:
        for name, spelling in asked:
            found = finding.find(session, Wanted(spelling), NOON.date(), 1, fields=())
            first = [person.name.split()[0] for person in found.people[:3]]
            if name not in first:
                missed.append((spelling, first))
    assert missed == []


SURNAMES = """
    Абрамкин Барсуков Вахрушева Герасимчук Дементьев Емельянова Жигулин Завьялова Ильинский
    Калашникова Лазаренко Мартынюк Непомнящая Овчинников Парфёнова Рассказов Селиванова Тимошенко
    Ульянкин Фирсова Харитонов Цыбульская Чекмарёв Шереметьева Щербаков Эйхман Юрченко Якушева
    Агафонов Белозёрова Волчков Горбунова Дружинин Ермолаева Журавлёв Звягинцева Исаков Кудряшова
    Логвиненко Мещерякова Нефёдов Орловская Пантелеев Рукавишникова Сухоруков Толмачёва Устинов
    Филимонова Хлебников Цаплина Чудинов Шаповалова Щукин Эрастова Юдинцев Яблонская Бородулин
    Викулова Глушаков Добрынина
""".split()  # noqa: SIM905 — sixty quoted names would fill the page


def swapped(name: str) -> str:
    """Two letters in each other's place, as fast fingers do it."""
    return name[:3] + name[4] + name[3] + name[5:]


def left_out(name: str) -> str:
    return name[:4] + name[5:]


def doubled(name: str) -> str:
    return name[:3] + name[2] + name[3:]


def as_heard(name: str) -> str:
    """The first unstressed vowel that is often mistaken."""
    for heard, meant in (("а", "о"), ("о", "а"), ("и", "е"), ("е", "и"), ("я", "е")):
        if meant in name[1:]:
            return name[0] + name[1:].replace(meant, heard, 1)
    return name


WAYS = (
    iuliia.WIKIPEDIA,
    iuliia.BGN_PCGN,
    iuliia.ICAO_DOC_9303,
    iuliia.MVD_310_FR,
    iuliia.SCIENTIFIC,
    iuliia.TELEGRAM,
)


@pytest.fixture
def sixty(database: Database) -> Database:
    make_crowd(database, 1_000)
    with database.write() as session:
        for surname in SURNAMES:
            she = surname.endswith(("а", "я"))
            make_prisoner(
                session,
                surname=surname,
                given_name="Марина" if she else "Михаил",
                patronymic=None,
                latin_name=f"{'Marina' if she else 'Mikhail'} {transliterate(surname)}",
            )
    return database


def test_each_of_sixty_people_is_found_however_the_name_is_mistyped(sixty: Database) -> None:
    assert len(set(SURNAMES)) == 60
    mistakes = (swapped, left_out, doubled, as_heard)
    asked = []
    for at, name in enumerate(SURNAMES):
        asked.append((name, mistakes[at % 4](name)))
        asked.append((name, WAYS[at % 6].translate(name)))
        asked.append((name, left_out(iuliia.WIKIPEDIA.translate(name)).lower()))
    missed = []
    with sixty.read() as session:
        for name, spelling in asked:
            found = finding.find(session, Wanted(spelling), NOON.date(), 1, fields=())
            first = [person.name.split()[0] for person in found.people[:3]]
            if name not in first:
                missed.append((name, spelling, first))
    assert missed == []
