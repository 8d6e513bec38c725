"""A source of fictional people in the shape of OVD-Info's data, with all the dirt seen there.

`make(seed, people, cases, places)` gives rows and places together with what an import must find in
them; `changed` gives a later state of the same source, and exactly what has become different.
"""

import copy
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.standins import dirt, fictional
from tests.standins.fictional import Case, Person, Place

Row = dict[str, Any]
STRANGE_STATE = "Whereabouts are being clarified"
HOME = "Кировская область, г. Омутнинск, ул. Домашняя, д. 7, кв. 12"
UNREAD = {
    "persecution_started": "31.02.2022",
    "first_verdict_date": "in spring",
    "verdict_imprisonment_term": "шесть",
    "birth_year": "young",
}
"""What stands in some rows where a day, a term or a year should, and nobody can read."""


@dataclass
class Source:
    """data and locations as the API has them; expected: counts of a first import."""

    people: list[Person]
    places: list[Place]
    data: list[Any]
    locations: list[Row]
    expected: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    clean: list[Person] = field(default_factory=list)


def make(seed: int, people: int, cases: int, places: int, namesakes: int = 0) -> Source:
    """So many people, cases and places that can be entered, and on top of them what cannot.

    namesakes: so many more people of common names, every tenth of whom may be another one of them.
    """
    chance = random.Random(seed)
    where = fictional.make_places(chance, places)
    who = fictional.make_people(chance, people, cases, where)
    made = Source(who, where, [], [])
    made.expected = Counter({"new.person": people, "new.case": cases, "new.place": places})
    _doubtful_places(made)
    odd = chance.sample([person for person in who if len(person.cases) == 1], 40)
    made.clean = [person for person in who if person not in odd]
    for person in who:
        made.data += rows_of(chance, person)
    _oddities(chance, made, odd)
    _add_spellings(chance, made)
    _add_odd_names(made)
    _add_namesakes(chance, made, namesakes)
    chance.shuffle(made.data)
    made.locations = [_location(chance, place) for place in where] + made.locations
    made.expected["doubtful"] = made.doubts.total()
    return made


def rows_of(chance: random.Random, person: Person) -> list[Row]:
    """One row a case. Sometimes one comes twice, and sometimes the patronymic is missing."""
    rows = []
    if chance.random() < 0.08:
        person.patronymic = None
    for case in person.cases:
        rows.append(_row(chance, person, case))
        if chance.random() < 0.01:
            rows.append(copy.deepcopy(rows[-1]))
    return rows


def _row(chance: random.Random, person: Person, case: Case) -> Row:
    row: Row = {
        "person_id": person.id,
        "name_ru": dirt.name(chance, person.name),
        "name_en": f"Person {person.id}",
        "gender_en": "female" if person.she else "male",
        "birth_year": dirt.number(chance, person.born),
        "citizenship": "Russia",
        "case_name_en": dirt.as_text(chance, f"The «{case.group}» of {case.started.year}"),
        "case_group_en": case.group,
        "persecution_subject_en": case.category,
        "persecution_article_and_part_en": dirt.articles(chance, case.articles),
        "persecution_region_en": dirt.as_text(chance, case.region[0]),
        "persecution_region_iso": case.region[2],
        "persecution_city_en": dirt.as_list(chance, ["Town"]),
        "persecution_started": dirt.day(chance, case.started),
        "persecution_started_year": dirt.number(chance, case.started.year),
        "persecution_imprisoned": person.place is not None,
        "persecution_person_state_en": dirt.as_text(chance, person.state),
        "persecution_case_person_state_en": "Sentenced" if case.months else "Under investigation",
        "persecution_occupation_en": case.trade,
        "persecution_health_issues": "not to be read",
        "verdict_essence_en": case.verdict,
        "verdict_imprisonment_term": dirt.term(chance, case.months),
        "first_verdict_date": dirt.day(chance, case.verdict_on),
        "story_en": f"{person.story}\r\n\r\nFictional.",
    }
    if person.place:
        named = dirt.place(chance, person.place.name)
        key = chance.choice(
            ["penal_facility_ru", "detention_center_ru", "imprisonment_location_ru"]
        )
        row[key] = named if key.startswith("imprisonment") else dirt.as_list(chance, [named])
    if "house" in person.state:
        row["restraint_measure_location_ru"] = HOME
    return row


def _oddities(chance: random.Random, made: Source, odd: list[Person]) -> None:
    """Everything that nobody but a person can decide, so many of each."""
    of = iter(odd)
    rows = {person.id: _own_rows(made, person) for person in odd}
    for _ in range(6):  # the same person under a second id
        self_again = replace(next(of), id=f"twin{len(made.data)}")
        self_again.cases = self_again.cases[:1]
        made.data += [_row(chance, self_again, self_again.cases[0])]
        made.doubts["same_person"] += 1
    for _ in range(4):  # and spelled otherwise
        person = next(of)
        other = replace(person, id=f"kin{len(made.data)}", surname="Ф" + person.surname[1:])
        made.data += [_row(chance, other, person.cases[0])]
        made.doubts["same_person"] += 1
    for _ in range(4):  # one id, two names
        person = next(of)
        other = replace(person, given="Жанна" if person.she else "Жорж")
        made.data += [{**_row(chance, other, person.cases[0]), "persecution_started": "2030-01-01"}]
        made.doubts["two_spellings"] += 1
        made.expected["new.case"] += 1
    for months in (10_000, 12_000, 700, *dirt.TEN_THOUSAND):
        for row in rows[next(of).id]:
            row["verdict_imprisonment_term"], row["verdict_essence_en"] = months, "Imprisonment"
        made.doubts["term"] += 1
    for column, said in UNREAD.items():
        for row in rows[next(of).id]:
            row[column] = said
        made.doubts["unread"] += 1
    for row in rows[next(of).id]:  # a life sentence that says so is no doubt
        row["verdict_imprisonment_term"], row["verdict_essence_en"] = 10_000, "Life imprisonment"
    for _ in range(2):
        for row in rows[next(of).id]:
            row["persecution_person_state_en"] = STRANGE_STATE
    made.doubts["state"] += 1
    for row in rows[next(of).id]:
        row["birth_year"] = "2091"
    made.doubts["birth"] += 1
    _oddities_of_place(rows, next(of), next(of), made)
    nobody = {"person_id": "nobody1", "name_ru": "Бабочкенко Саша"}  # she or he?
    made.data += [nobody]
    made.doubts["gender"] += 1
    _oddities_of_names(rows, of, made)
    broken = [
        *("a row that is none", {"person_id": "x1"}, {"person_id": "x2", "name_ru": "Иван"}),
        {"person_id": "x3", "name_ru": {"ru": "Белов Иван"}},
        {"person_id": "x4", "name_ru": "Бел\ufffdв Иван Ильич"},
        {"person_id": "x5", "name_ru": "Белов Иван", "persecution_region_ru": "\ufffd"},
    ]
    made.data += broken
    made.expected["unreadable"] = len(broken)


def _oddities_of_names(rows: dict[str, list[Row]], of: Iterator[Person], made: Source) -> None:
    """Latin letters in what should be Russian, and two rows of which only the name says whose."""
    for named in ("Whitfield John", "Жgутиков Иван Ильич"):
        for row in rows[next(of).id]:
            row["name_ru"] = named
        made.doubts["name"] += 1
    one = {"name_ru": "Безгодов Пров Ильич", "gender_en": "male"}  # or two?
    made.data += [{**one, "case_name_en": "A"}, {**one, "case_name_en": "B"}]
    made.expected += Counter({"new.person": 1, "new.case": 2})
    made.doubts["one_name"] += 1


def _add_spellings(chance: random.Random, made: Source) -> None:
    """One person as two papers spell the name, which is asked; and two who are alike by chance."""
    pairs = [*dirt.ONE_PERSON, *dirt.TWO_PEOPLE]
    for at, pair in enumerate(pairs):
        for which, (surname, given, patronymic, born) in enumerate(pair):
            (person,) = fictional.make_people(chance, 1, 1, made.places)
            person.id, person.surname, person.given = f"pair{at}-{which}", surname, given
            person.patronymic, person.born = patronymic, born
            person.she = patronymic.endswith("на")
            made.data.append(_row(chance, person, person.cases[0]))
    entered = len(pairs) + len(dirt.TWO_PEOPLE)
    made.doubts["same_person"] += len(dirt.ONE_PERSON)
    made.expected += Counter({"new.person": entered, "new.case": entered})


def _add_odd_names(made: Source) -> None:
    """Names that are put oddly; and initials alone, which cannot be read."""
    for at, (written, (_, given, _), asked) in enumerate(dirt.ODDLY_PUT):
        she = "female" if given in fictional.SHE else "male"
        about = {"person_id": f"odd{at}", "name_ru": written, "gender_en": she, "birth_year": 1985}
        made.data.append(about | {"case_name_en": "A"})
        made.doubts["name"] += asked
    made.data += [{"person_id": name, "name_ru": name} for name in dirt.INITIALS]
    entered = len(dirt.ODDLY_PUT)
    made.expected += Counter({"new.person": entered, "new.case": entered})
    made.expected["unreadable"] += len(dirt.INITIALS)


def _add_namesakes(chance: random.Random, made: Source, number: int) -> None:
    """People of common names: of another year each, except those who may be entered already."""
    people = fictional.make_namesakes(chance, number, made.places)
    for at, person in enumerate(people):
        made.data += rows_of(chance, person)
        if at % 10 == 0:
            double = replace(person, id=f"same{at:06}", cases=[replace(person.cases[0])])
            made.data += rows_of(chance, double)
            made.doubts["same_person"] += 1
    made.expected["new.person"] += number
    made.expected["new.case"] += number


def _oddities_of_place(
    rows: dict[str, list[Row]], first: Person, second: Person, made: Source
) -> None:
    for person, named in ((first, "СИЗО-999 УФСИН России по Луне"), (second, HOME)):
        for row in rows[person.id]:
            for key in ("penal_facility_ru", "detention_center_ru"):
                row.pop(key, None)
            row["imprisonment_location_ru"] = named
            row["persecution_person_state_en"] = "In custody"
        made.doubts["place"] += 1


def _doubtful_places(made: Source) -> None:
    """Two addresses that do not parse, and something that is no known kind of place."""
    for place in made.places[:2]:
        place.address = "где-то за рекой"
        made.doubts["address"] += 1
    address = "601999, Тверская область, г. Речной, ул. Мира, 1"
    attributes = {"name": "База", "address": address, "type": "?"}
    made.locations.append({"id": "locX", "type": "locations", "attributes": attributes})
    made.doubts["kind"] += 1


def _own_rows(made: Source, person: Person) -> list[Row]:
    return [row for row in made.data if row["person_id"] == person.id]


def _location(chance: random.Random, place: Place) -> Row:
    return {
        "id": place.id,
        "type": "locations",
        "attributes": {
            "name": dirt.place(chance, place.name),
            "address": place.address.replace(", ", ",\u00a0" if chance.random() < 0.3 else ", "),
            "type": place.kind,
        },
        "references": {
            "imprisonment": {"total": 0, "ids": []},
            "restraint": {"total": 0, "ids": []},
        },
    }


def changed(source: Source, seed: int = 1) -> tuple[Source, Counter[str]]:
    """The same source some weeks later, and the steps that an import of it must plan."""
    chance = random.Random(seed)
    later = copy.deepcopy(source)
    steps: Counter[str] = Counter()
    number = max(2, len(source.people) // 200)
    held = iter([person for person in later.clean if person.place])
    free = iter([person for person in later.clean if not person.place])
    rows = _by_person(later)
    for person in itertools.islice(held, number):
        _move(later, person, rows[person.id])
        steps["changed.person"] += 1
    for person in itertools.islice(held, number):
        for row in rows[person.id]:
            row["persecution_person_state_en"] = "At large (served the sentence)"
            row["persecution_imprisoned"] = False
        steps["changed.person"] += 1
    for person in itertools.islice(held, number):
        for row in rows[person.id]:
            row["story_en"] = "Another fictional story."
        steps["changed.person"] += 1
    for person in itertools.islice(held, number):
        _sentence(rows[person.id])
        steps["changed.case"] += 1
    gone = list(itertools.islice(free, number))
    later.data = [row for row in later.data if _id(row) not in {person.id for person in gone}]
    steps["gone.person"] += number
    steps["gone.case"] += sum(len(person.cases) for person in gone)
    for person in itertools.islice(free, number):
        again = copy.deepcopy(rows[person.id][0])
        again["persecution_started"], again["persecution_started_year"] = "2026-02-03", 2026
        later.data.append(again)
        steps["new.case"] += 1
    for at, person in enumerate(fictional.make_people(chance, number, number, later.places)):
        person.id, person.surname = f"new{at}", f"Щ{person.surname.lower()}"
        later.data += rows_of(chance, person)
        steps["new.person"] += 1
        steps["new.case"] += len(person.cases)
    _change_places(later, steps)
    chance.shuffle(later.data)
    return later, steps


def _move(later: Source, person: Person, rows: list[Row]) -> None:
    elsewhere = next(place for place in later.places if place != person.place)
    for row in rows:
        for key in ("penal_facility_ru", "detention_center_ru", "imprisonment_location_ru"):
            if key in row:
                row[key] = [elsewhere.name]


def _sentence(rows: list[Row]) -> None:
    """Another sentence in the first case, in each copy of its row."""
    started = rows[0]["persecution_started"]
    for row in rows:
        if row["persecution_started"] == started:
            row["verdict_essence_en"], row["verdict_imprisonment_term"] = "Imprisonment", 333


def _change_places(later: Source, steps: Counter[str]) -> None:
    about = later.locations[5]["attributes"]
    about["address"] = about["address"].replace("Заводская", "Новая")
    steps["changed.place"] += 1
    address = later.places[-1].address
    attributes = {"name": "ФКУ ЛИУ-77", "address": address, "type": ""}
    later.locations.append({"id": "new", "type": "locations", "attributes": attributes})
    steps["new.place"] += 1


def _by_person(source: Source) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in source.data:
        rows.setdefault(_id(row), []).append(row)
    return rows


def _id(row: Any) -> str:
    return str(row.get("person_id", "")) if isinstance(row, dict) else ""
