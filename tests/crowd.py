"""A crowd of fictional people with cases and places: any size, always the same."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any

from sqlmodel import Session

from app.database import Database
from app.finding.counting import count_others
from app.finding.keeping import index_people
from app.finding.regions import REGIONS
from app.inserting import insert
from app.models import Facility, Placement, Prisoner, Prosecution
from app.models.columns import new_id
from app.models.places import KINDS
from mailing.names import transliterate
from tests import long_tail
from tests.world import NOON

CHUNK = 1_000
_FIRST = "ба бе ви во га го де до за ка ко ла ле ма ми на ни па пе ра ро са се та ти фа ха ча ша"
_SECOND = "бан вен гор дар жел лов мак нав пол рож сен тих хар чер шин ряд луг мет"
_ENDS = (("ов", "ова"), ("ин", "ина"), ("енко", "енко"), ("ский", "ская"), ("ук", "ук"))
_HE = "Антон Борис Виктор Глеб Денис Егор Захар Илья Кирилл Лев Марат Назар Олег Павел Роман"
_SHE = "Алла Белла Вера Галина Дарья Елена Жанна Зоя Инна Кира Лидия Мария Нина Ольга Раиса"
_WORDS = (
    "apple bridge candle dance evening forest garden harbour island journey kettle lantern "
    "meadow night orchard piano quiet river story thunder umbrella violin window yard"
)
_WEIGHTS = [12 if code == "RU-MOW" else 1 + at % 7 / 3 for at, code in enumerate(REGIONS)]
_PRISONER = Prisoner(slug="", surname="", given_name="", latin_name="", gender="he").model_dump()
_PLACEMENT = Placement(prisoner_id="", facility_id="", from_day=NOON.date()).model_dump()
_PROSECUTION = Prosecution(prisoner_id="").model_dump()


@dataclass
class _Rows:
    people: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    stays: list[dict[str, Any]] = field(default_factory=list)


def make_crowd(database: Database, size: int, *, unconfirmed: int = 0, seed: int = 7) -> None:
    """Put `size` people who are shown into the database, indexed.

    unconfirmed: so many more whom nobody has confirmed yet, as after an import.
    """
    chance = random.Random(seed)
    surnames = ["".join(parts) for parts in product(_FIRST.split(), _SECOND.split())]
    with database.write() as session:
        places = _places(session, chance)
    for at in range(0, size + unconfirmed, CHUNK):
        rows = _Rows()
        for number in range(at, min(at + CHUNK, size + unconfirmed)):
            _person(rows, chance, number, surnames, places)
            rows.people[-1]["published"] = rows.people[-1]["eligible"] = number < size
        with database.write() as session:
            insert(session, Prisoner, *rows.people)
            insert(session, Prosecution, *rows.cases)
            insert(session, Placement, *rows.stays)
            index_people(session, [row["id"] for row in rows.people])
    count_others(database)


def _places(session: Session, chance: random.Random) -> list[str]:
    regions = [region.ru for region in REGIONS.values() if not region.occupied]
    made = [
        Facility(
            name_ru=f"ФКУ ИК-{number}",
            kind=chance.choice(KINDS[:4]),
            street="ул. Лесная, д. 1",
            settlement="пос. Дальний",
            region=chance.choice(regions),
            postal_code="610998",
        )
        for number in range(200)
    ]
    session.add_all(made)
    session.flush()
    return [place.id for place in made]


def _person(
    rows: _Rows, chance: random.Random, number: int, surnames: list[str], places: list[str]
) -> None:
    she = chance.random() < 0.2
    surname = f"{chance.choice(surnames)}{chance.choice(_ENDS)[she]}".capitalize()
    given = chance.choice((_SHE if she else _HE).split())
    patronymic = chance.choice(_HE.split()) + ("овна" if she else "ович")
    likes, work = long_tail.likes(chance), long_tail.work(chance)
    person_id = new_id()
    birthday = date(1950, 1, 1) + timedelta(days=chance.randrange(55 * 365))
    told = " ".join([chance.choice(_WORDS.split()), *chance.choices(surnames, k=24)])
    rows.people.append(
        {
            **_PRISONER,
            "id": person_id,
            "slug": f"crowd-{number}",
            "surname": surname,
            "given_name": given,
            "patronymic": patronymic,
            "latin_name": transliterate(f"{given} {surname}"),
            "gender": "she" if she else "he",
            "birth_year": birthday.year,
            "birthday": birthday,
            "story_en": told,
            "interests_en": ", ".join(en for en, _ in likes),
            "interests_ru": ", ".join(ru for _, ru in likes if ru),
            "profession_en": work[0],
            "profession_ru": work[1],
            "status": "in_custody",
            "shuffle": chance.random(),
        }
    )
    rows.stays.append(
        {
            **_PLACEMENT,
            "id": new_id(),
            "prisoner_id": person_id,
            "facility_id": chance.choice(places),
        }
    )
    region = chance.choices(list(REGIONS.values()), _WEIGHTS)[0]
    began = NOON.date() - timedelta(days=chance.randrange(12 * 365))
    rows.cases.append(
        {
            **_PROSECUTION,
            "id": new_id(),
            "prisoner_id": person_id,
            "articles": long_tail.articles(chance),
            "category": long_tail.category(chance),
            "region": region.ru,
            "region_iso": region.code,
            "started_on": began,
            "started_year": began.year,
            "stage": long_tail.stage(chance),
            "sentence_months": chance.choice((None, 24, 36, 60, 84, 120, 180, 240)),
            "ratings": long_tail.ratings(chance),
        }
    )
