"""Whoever types a name as they heard it finds the person among the first three."""

import pytest

from app.database import Database
from app.finding.asking import Wanted
from app.queries import finding
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
