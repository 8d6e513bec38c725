"""Whoever types a name as they heard it finds the person among the first three."""

from collections.abc import Iterator

import iuliia
import pytest

from app import migrations, sealing
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


def add_them(database: Database) -> Database:
    """Those who are looked for, put among the crowd."""
    with database.write() as session:
        for surname, given, patronymic, latin in PEOPLE:
            make_prisoner(
                session,
                surname=surname,
                given_name=given,
                patronymic=patronymic or None,
                latin_name=latin,
            )
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


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A crowd as large as the catalogue will be, made once."""
    folder = tmp_path_factory.mktemp("crowd")
    sealing.write_keyring(folder / "data.key", sealing.new_keyring())
    sealing.use(sealing.read_keyring(folder / "data.key"))
    url = f"sqlite:///{folder}/lifeline.db"
    migrations.upgrade(url)
    database = Database(url)
    make_crowd(database, 10_000)
    yield add_them(database)
    database.dispose()


def spelled() -> Iterator[tuple[str, str]]:
    """Name and what is typed: as people write it in their languages."""
    for name, spellings in SPELLINGS.items():
        yield from ((name, spelling) for spelling in spellings)


def mistyped() -> Iterator[tuple[str, str]]:
    """Name and what is typed: sixty people, each with three kinds of mistakes."""
    mistakes = (swapped, left_out, doubled, as_heard)
    for at, name in enumerate(SURNAMES):
        yield name, mistakes[at % 4](name)
        yield name, WAYS[at % 6].translate(name)
        yield name, left_out(iuliia.WIKIPEDIA.translate(name)).lower()


def missed(database: Database, asked: Iterator[tuple[str, str]]) -> list[tuple[str, str, object]]:
    """Who is not among the first three, what was typed, and who is."""
    found: list[tuple[str, str, object]] = []
    with database.read() as session:
        for name, typed in asked:
            page = finding.find(session, Wanted(typed), NOON.date(), 1, fields=())
            first = [person.name.split()[0] for person in page.people[:3]]
            if name not in first:
                found.append((name, typed, first))
    return found


def test_there_are_sixty_of_each() -> None:
    assert len(set(SURNAMES)) == 60
    assert len(set(spelled())) >= 60
    assert len(list(mistyped())) == 180


def test_sixty_spellings_find_the_person_among_the_first_three(ten_thousand: Database) -> None:
    assert missed(ten_thousand, spelled()) == []


def test_each_of_sixty_people_is_found_however_the_name_is_mistyped(ten_thousand: Database) -> None:
    assert missed(ten_thousand, mistyped()) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_they_are_found_on_postgresql_too(database: Database) -> None:
    make_crowd(database, 1_000)
    add_them(database)
    assert missed(database, spelled()) == []
    assert missed(database, mistyped()) == []
