"""Fictional people and places in the numbers of a real source: who they are, before any dirt.

No two surnames are one typing mistake apart (their last consonant is a checksum over the letters
before it), so that whoever looks like somebody else was made to.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

CONSONANTS, VOWELS = "бвгдзклмнпрст", "аоуи"
ENDINGS = (("ов", "ова"), ("ин", "ина"), ("енко", "енко"), ("ук", "ук"))
HE = ["Иван", "Пётр", "Фёдор", "Артём", "Семён", "Никита", "Глеб", "Марат", "Борис", "Захар"]
SHE = ["Анна", "Алёна", "Вера", "Дарья", "Зоя", "Ксения", "Мария", "Нина", "Ольга", "Полина"]
COMMON = [("Иванов", "Иванова"), ("Петров", "Петрова"), ("Кузнецов", "Кузнецова")]
COMMON += [("Смирнов", "Смирнова"), ("Васильев", "Васильева"), ("Семёнов", "Семёнова")]
COMMON += [("Фёдоров", "Фёдорова"), ("Лебедев", "Лебедева"), ("Тимофеев", "Тимофеева")]
OLDER = range(1920, 1950)
"""Years in which only people of common names are born, so that nobody else looks like them."""
FATHERS = ["Андреев", "Борисов", "Викторов", "Геннадьев", "Денисов", "Егоров", "Игорев", "Львов"]
REGIONS = [
    ("Kirov Oblast", "Кировская область", "RU-KIR"),
    ("Perm Krai", "Пермский край", "RU-PER"),
    ("Omsk Oblast", "Омская область", "RU-OMS"),
    ("Tver Oblast", "Тверская область", "RU-TVE"),
    ("Republic of Karelia", "Республика Карелия", "RU-KR"),
    ("Vladimir Oblast", "Владимирская область", "RU-VLA"),
    ("Crimea", "Республика Крым", "UA-43"),
]
CATEGORIES = ["Freedom of speech", "Freedom of assembly", "Freedom of conscience", "Other"]
GROUPS = ["Anti-war case", "Religious case", "Case about a post", "Street protest case"]
ARTICLES = ["207.3 p. 1", "280.3 p. 1", "282.2 p. 2", "205.2 p. 2", "318 p. 1", "275", "354.1 p. 4"]
TRADES = ["teacher", "nurse", "engineer", "student", "baker", "librarian", "driver"]
FIRST_NAMES_OF_TOWNS = ["Озёрный", "Заречный", "Лесной", "Полевой", "Светлый", "Дальний", "Речной"]


@dataclass
class Place:
    """A place of detention."""

    id: str
    name: str
    address: str
    kind: str


@dataclass
class Case:
    """A prosecution."""

    started: date
    group: str
    category: str
    articles: list[str]
    region: tuple[str, str, str]
    trade: str
    verdict: str
    months: int | None
    verdict_on: date | None


@dataclass
class Person:
    """Somebody who does not exist."""

    id: str
    she: bool
    surname: str
    given: str
    patronymic: str | None
    born: int
    state: str
    place: Place | None
    story: str
    cases: list[Case] = field(default_factory=list)

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)


def surnames() -> Iterator[tuple[str, str]]:
    """His and her form, thousands of them, in a fixed order that looks like none."""
    consonants, vowels = range(len(CONSONANTS)), range(len(VOWELS))
    roots = list(itertools.product(consonants, vowels, consonants, vowels))
    random.Random(7).shuffle(roots)
    for his, hers in ENDINGS:
        for root in roots:
            a, b, c, d = root
            stem = CONSONANTS[a] + VOWELS[b] + CONSONANTS[c] + VOWELS[d]
            stem = (stem + CONSONANTS[sum(root) % len(CONSONANTS)]).capitalize()
            yield stem + his, stem + hers


def make_places(chance: random.Random, number: int) -> list[Place]:
    """Remand prisons, colonies, settlements, hospitals, in real regions under invented numbers."""
    places = []
    for at in range(number):
        region = REGIONS[at % len(REGIONS)][1]
        of_region = region.replace("Республика ", "Республике ").replace("ская", "ской")
        of_region = of_region.replace("область", "области").replace("ский край", "скому краю")
        short, kind = chance.choice(
            [("СИЗО", "СИЗО"), ("ИК", "Исправительная колония"), ("КП", "Колония-поселение")]
        )
        town = chance.choice(FIRST_NAMES_OF_TOWNS)
        name = f"ФКУ {short}-{at + 1} УФСИН России по {of_region}"
        code = 600_000 + at * 7
        street = f"ул. Заводская, д. {chance.randint(1, 90)}"
        places.append(Place(f"loc{at:04}", name, f"{code}, {region}, пос. {town}, {street}", kind))
    return places


def make_people(
    chance: random.Random, people: int, cases: int, places: list[Place]
) -> list[Person]:
    """So many people with so many cases between them; most are in custody."""
    names = surnames()
    made = [_person(chance, at, next(names), places) for at in range(people)]
    several = chance.sample(range(people), min(people, cases - people))
    for at in itertools.islice(itertools.cycle(several or [0]), cases - people):
        made[at].cases.append(_case(chance, made[at]))
    return made


def make_namesakes(chance: random.Random, number: int, places: list[Place]) -> list[Person]:
    """People of common surnames and given names, many of the same name, none of the same year;
    whose years are one apart have other fathers."""
    names = [(surname, given, True) for surname in COMMON for given in SHE]
    names += [(surname, given, False) for surname in COMMON for given in HE]
    combined = list(itertools.product(names, OLDER))
    made = []
    for at, ((surname, given, she), born) in enumerate(chance.sample(combined, number)):
        person = _person(chance, at, surname, places)
        father = FATHERS[born % len(FATHERS)] + ("на" if she else "ич")
        person.id, person.she, person.given, person.patronymic = f"nam{at:06}", she, given, father
        person.surname, person.born = surname[she], born
        made.append(person)
    return made


def _person(
    chance: random.Random, at: int, surname: tuple[str, str], places: list[Place]
) -> Person:
    she = chance.random() < 0.3
    father = chance.choice(FATHERS)
    state = chance.choices(
        ["In custody", "Serving a sentence (in a penal colony)", "At large (served the sentence)",
         "Under house arrest", "Wanted", "In transfer"],
        [50, 25, 15, 4, 4, 2],
    )[0]  # fmt: skip
    held = state in {"In custody", "Serving a sentence (in a penal colony)"}
    person = Person(
        f"rec{at:06}",
        she,
        surname[she],
        chance.choice(SHE if she else HE),
        father + ("на" if she else "ич"),
        chance.randint(1950, 2003),
        state,
        chance.choice(places) if held else None,
        f"Fictional person number {at}. " + "Reads, writes letters and waits for spring. " * 6,
    )
    person.cases.append(_case(chance, person))
    return person


def _case(chance: random.Random, person: Person) -> Case:
    serial = len(person.cases)
    started = date(2013 + serial, 1, 10) + timedelta(days=chance.randint(0, 300))
    sentenced = chance.random() < 0.6
    months = chance.randint(6, 240) if sentenced else None
    return Case(
        started,
        chance.choice(GROUPS),
        chance.choice(CATEGORIES),
        chance.sample(ARTICLES, chance.randint(1, 2)),
        chance.choice(REGIONS),
        chance.choice(TRADES),
        "Imprisonment" if sentenced else "",
        months,
        started + timedelta(days=400) if sentenced else None,
    )
