"""Who is counted in the public figures: everybody in prison, found or not, in tens at least."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.database import Database
from app.finding.asking import Wanted
from app.finding.keeping import index_what_is_missing
from app.finding.sets import LEAST_PEOPLE, bits
from app.inserting import insert
from app.models import PersonIndex, PersonWord, Prisoner, Prosecution
from app.queries import finding
from app.queries.figures_of_people import PeopleFigures, Table, figures_of_people
from app.queries.figures_sums import Sums
from tests.world import NOON, make_prisoner

TODAY = NOON.date()
IMPORTED = {"published": False, "eligible": False, "wants_letters": False, "wish_date": None}


def figures(database: Database, query: str = "", **filters: str) -> PeopleFigures:
    with database.read() as session:
        return figures_of_people(session, Wanted(query, filters), TODAY)


def rows(table: Table) -> dict[str, int | None]:
    return {row.value: row.people for row in table.rows}


def options(found: PeopleFigures, field: str) -> dict[str, int | None]:
    facet = next(facet for facet in found.facets if facet.field == field)
    return {option.value: option.people for option in facet.options}


def make_people(session: Session, number: int, case: dict[str, Any], **facts: Any) -> None:
    for _ in range(number):
        person = make_prisoner(session, **facts)
        session.add(Prosecution(prisoner_id=person.id, **case))


SPEECH = {"category": "Speech", "articles": ["207.3"], "region": "Москва", "started_year": 2022}
TREASON = {"category": "Treason", "articles": ["275"], "region": "Край Света", "started_year": 1999}


@pytest.mark.trust(74, 76)
def test_imported_people_are_counted_and_cannot_be_found(database: Database) -> None:
    with database.write() as session:
        make_people(session, 12, SPEECH)
        make_people(session, 20, TREASON, gender="he", profession_en="diver", **IMPORTED)
    found = figures(database)
    assert (found.total, found.writable) == (32, 12)
    assert rows(found.tables["category"]) == {"treason": 20, "speech": 12}
    assert rows(found.tables["sex"]) == {"he": 20, "she": 12}
    assert [row.words for row in found.tables["category"].rows] == ["Treason", "Speech"]
    assert rows(found.tables["year"])["1999"] == 20
    assert rows(found.tables["year"])["2010"] is None
    assert len(found.tables["year"].rows) == 24
    assert found.tables["region"].other == 20
    assert figures(database, category="treason").total == 20
    assert options(found, "category") == {"treason": 20, "speech": 12}
    assert options(found, "letters") == {"none": 20, "now": 12}
    with database.read() as session:
        asked = finding.find(session, Wanted(), TODAY, 1)
        nobody = finding.find(session, Wanted(filters={"category": "treason"}), TODAY, 1)
        words = session.exec(select(PersonWord.word)).all()
    assert asked.total == 12
    assert {o.value for facet in asked.facets for o in facet.options} & {"treason", "he"} == set()
    category = next(facet for facet in nobody.facets if facet.field == "category")
    assert (nobody.people, nobody.total, category.chosen and category.chosen.words) == (
        *([], None),
        "treason",
    )
    assert "diver" not in words


@pytest.mark.trust(74, 75, 76)
@pytest.mark.parametrize(
    "facts",
    [
        IMPORTED | {"hidden": True},
        {"hidden": True},
        {"identity_hidden": True},
        IMPORTED | {"status": "released"},
        IMPORTED | {"status": "dead"},
        IMPORTED | {"status": "exchanged"},
        IMPORTED | {"status": "unknown"},
        IMPORTED | {"status": "house_arrest"},
        IMPORTED | {"bar": "abroad"},
    ],
)
def test_who_objected_or_is_not_in_prison_is_not_counted(
    database: Database, facts: dict[str, Any]
) -> None:
    with database.write() as session:
        make_people(session, 12, SPEECH)
        make_people(session, 20, TREASON, **facts)
    assert figures(database).total == 12
    assert rows(figures(database).tables["category"]) == {"speech": 12}
    with database.read() as session:
        facets = session.exec(select(PersonIndex.facets)).all()
    assert "treason" not in str(facets)


@pytest.mark.trust(75)
def test_an_objection_is_out_of_the_figures_at_once_and_comes_back(database: Database) -> None:
    with database.write() as session:
        make_people(session, 11, SPEECH, **IMPORTED)
        someone = session.exec(select(Prisoner.id)).first()
    assert figures(database).total == 11
    for hidden, total in ((True, 10), (False, 11)):
        with database.write() as session:
            session.get_one(Prisoner, someone).hidden = hidden
        assert figures(database).total == total


@pytest.mark.trust(76)
def test_fewer_than_ten_who_are_not_shown_are_in_no_line(database: Database) -> None:
    with database.write() as session:
        make_people(session, 30, SPEECH)
        make_people(session, 9, TREASON, gender="he", **IMPORTED)
    found = figures(database)
    assert found.total == 30
    assert rows(found.tables["category"]) == {"speech": 30}
    assert rows(found.tables["sex"]) == {"she": 30}
    assert set(rows(found.tables["year"])) == {"2022"}
    assert (found.tables["category"].other, found.tables["region"].other) == (None, None)
    hidden = figures(database, category="treason")
    assert (hidden.total, hidden.tables) == (None, {})
    assert options(hidden, "sex") == options(hidden, "year") == {}
    assert options(hidden, "category") == {"treason": None, "speech": 30}
    with database.write() as session:
        make_people(session, 1, TREASON, gender="he", **IMPORTED)
    assert figures(database).total == 40
    assert rows(figures(database).tables["category"]) == {"speech": 30, "treason": 10}


@pytest.mark.trust(76)
def test_the_rest_and_a_filter_give_away_nobody_who_is_not_shown(database: Database) -> None:
    with database.write() as session:
        make_people(session, 5, SPEECH, gender="she")
        make_people(session, 40, SPEECH, gender="he", **IMPORTED)
        make_people(session, 3, SPEECH, gender="she", **IMPORTED)
    found = figures(database)
    assert found.total == 48
    # 40 men of 48 people, of whom five women are shown: the other three would be told.
    assert rows(found.tables["sex"]) == {"he": None, "she": None}
    assert options(found, "sex") == {}
    assert figures(database, sex="he").total is None


def test_words_find_only_who_is_shown(database: Database) -> None:
    with database.write() as session:
        make_people(session, 12, SPEECH, surname="Лесная")
        make_people(session, 20, SPEECH, surname="Лесная", **IMPORTED)
    assert figures(database).total == 32
    assert figures(database, "Лесная").total == 12
    assert figures(database, interest="poetry").total == 12


def test_of_whom_nothing_is_known_there_is_a_line(database: Database) -> None:
    with database.write() as session:
        make_people(session, 11, SPEECH | {"category": ""}, **IMPORTED)
        make_people(session, 12, SPEECH, **IMPORTED)
        make_people(session, 1, SPEECH | {"category": "Rarely"}, **IMPORTED)
        for number in range(14):
            make_people(session, 1, SPEECH | {"category": f"Rare {number}"}, **IMPORTED)
    table = figures(database).tables["category"]
    assert (rows(table), table.other, table.unknown) == ({"speech": 12}, 15, 11)


def test_people_written_past_the_session_are_counted_after_the_daily_round(
    database: Database,
) -> None:
    with database.write() as session:
        make_people(session, 10, SPEECH, **IMPORTED)
        one = session.exec(select(Prisoner)).first()
        assert one is not None
        copy = one.model_dump() | {"id": "f" * 24, "slug": "copy"}
        insert(session, Prisoner, copy)
    assert figures(database).total == 10
    with database.write() as session:
        assert index_what_is_missing(session) == 1
    assert figures(database).total == 11
    with database.write() as session:
        assert index_what_is_missing(session) == 0


@pytest.mark.trust(76)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
)
def test_no_table_tells_of_fewer_than_ten_who_are_not_shown(
    shown: list[int], others: list[int]
) -> None:
    size = max(len(shown), len(others))
    counts = [
        (dict(enumerate(shown)).get(at, 0), dict(enumerate(others)).get(at, 0))
        for at in range(size)
    ]
    lines, everybody, number = [], 0, 0
    for ours, theirs in counts:
        lines.append(bits(range(number, number + ours + theirs)))
        everybody |= bits(range(number, number + ours))
        number += ours + theirs
    sums = Sums(everybody, bits(range(number)) & ~everybody, [])
    cells = sums.cells(lines)
    told = [
        cell.told - ours if cell.told is not None else None
        for cell, (ours, _) in zip(cells, counts, strict=True)
    ]
    # Whoever takes away those whom everybody can read learns of none, or of ten and more.
    assert all(people in (None, 0) or people >= LEAST_PEOPLE for people in told)
    altogether = (sums.total() or 0) - sum(ours for ours, _ in counts)
    if altogether > 0 and None not in told:
        rest = altogether - sum(people or 0 for people in told)
        assert rest == 0 or rest >= LEAST_PEOPLE
