"""Who is counted in the public figures: everybody in prison; who is not shown only in tens."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.database import Database
from app.finding.asking import Wanted
from app.finding.counting import count_others
from app.finding.keeping import index_what_is_missing
from app.finding.memory import Index
from app.finding.sets import bits
from app.inserting import insert
from app.models import PersonIndex, PersonWord, Prisoner, Prosecution
from app.queries import finding
from app.queries.figures_of_people import PeopleFigures, Table, figures_of_people
from app.queries.figures_sums import Sums
from tests.world import NOON, hide, make_prisoner

TODAY = NOON.date()
IMPORTED = {"published": False, "eligible": False, "wants_letters": False, "wish_date": None}


def figures(database: Database, query: str = "", **filters: str) -> PeopleFigures:
    with database.read() as session:
        return figures_of_people(session, Wanted(query, filters), TODAY)


def figures_of_tomorrow(database: Database, query: str = "", **filters: str) -> PeopleFigures:
    """After a night."""
    count_others(database)
    return figures(database, query, **filters)


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
    found = figures_of_tomorrow(database)
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
    assert figures_of_tomorrow(database).total == 12
    assert rows(figures(database).tables["category"]) == {"speech": 12}
    with database.read() as session:
        facets = session.exec(select(PersonIndex.facets)).all()
    assert "treason" not in str(facets)


Change = Callable[[Prisoner], object]
CHANGES: dict[str, Change] = {
    "hidden": hide,
    "not to be named": lambda row: setattr(row, "identity_hidden", True),
    "released": lambda row: setattr(row, "status", "released"),
    "another sex": lambda row: setattr(row, "gender", "she"),
}


@pytest.mark.trust(74, 75, 76)
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_nothing_that_becomes_of_one_who_is_not_shown_changes_a_figure_before_the_night(
    database: Database, change: Change
) -> None:
    with database.write() as session:
        make_people(session, 20, SPEECH, gender="he", **IMPORTED)
        someone = session.exec(select(Prisoner.id)).first()
    before = figures_of_tomorrow(database)
    assert before.total == 20
    with database.write() as session:
        change(session.get_one(Prisoner, someone))
    with database.write() as session:
        make_people(session, 1, SPEECH, gender="he", **IMPORTED)
        make_people(session, 1, TREASON, gender="he", **IMPORTED)
        assert index_what_is_missing(session) == 0
    assert figures(database) == before
    with database.write() as session:
        make_people(session, 28, SPEECH, gender="he", **IMPORTED)
    whole = figures_of_tomorrow(database)
    assert rows(whole.tables["sex"])["he"] == 40
    assert rows(whole.tables["category"]) == {"speech": 40}
    assert count_others(database) == 0


@pytest.mark.trust(75)
def test_who_was_shown_and_is_hidden_is_no_other_before_the_night(database: Database) -> None:
    with database.write() as session:
        make_people(session, 10, SPEECH, **IMPORTED)
        make_people(session, 10, SPEECH)
        shown = session.exec(select(Prisoner).where(Prisoner.published)).all()
    assert figures_of_tomorrow(database).total == 20
    with database.write() as session:
        for row in shown:
            session.get_one(Prisoner, row.id).published = False
    assert figures(database).total == 10
    assert figures_of_tomorrow(database).total == 20
    with database.write() as session:
        for row in shown:
            session.get_one(Prisoner, row.id).published = True
    assert (figures(database).total, figures(database).writable) == (20, 10)


@pytest.mark.trust(75, 76)
def test_days_of_those_who_are_not_shown_are_in_no_figure(database: Database) -> None:
    case = SPEECH | {"started_on": TODAY.replace(year=2024), "sentence_months": 25}
    with database.write() as session:
        make_people(session, 30, case, birthday=TODAY.replace(year=1980), **IMPORTED)
    assert figures_of_tomorrow(database).total == 30
    for soon in ("birthday", "release"):
        assert figures(database, soon=soon).total is None
    with database.write() as session:
        make_people(session, 12, case, birthday=TODAY.replace(year=1980))
    for soon in ("birthday", "release"):
        assert figures(database, soon=soon).total == 12


@pytest.mark.trust(76)
def test_fewer_than_ten_who_are_not_shown_are_in_no_line(database: Database) -> None:
    with database.write() as session:
        make_people(session, 30, SPEECH)
        make_people(session, 9, TREASON, gender="he", **IMPORTED)
    found = figures_of_tomorrow(database)
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
    assert figures_of_tomorrow(database).total == 40
    assert rows(figures(database).tables["category"]) == {"speech": 30, "treason": 10}


@pytest.mark.trust(76)
def test_filters_and_the_rest_of_a_table_tell_of_the_others_in_tens(database: Database) -> None:
    with database.write() as session:
        make_people(session, 5, SPEECH, gender="she")
        make_people(session, 44, SPEECH, gender="he", **IMPORTED)
        make_people(session, 13, SPEECH, gender="she", **IMPORTED)
        make_people(session, 3, TREASON, gender="she", **IMPORTED)
    found = figures_of_tomorrow(database)
    assert found.total == 5 + 60
    assert rows(found.tables["sex"]) == {"he": 40, "she": 5 + 10}
    assert rows(found.tables["category"]) == {"speech": 5 + 50}
    assert options(found, "sex") == {"he": 40, "she": 15}
    assert figures(database, sex="she").total == 5 + 10
    assert figures(database, category="treason").total is None
    assert figures(database, sex="he", category="treason").total is None


def test_words_find_only_who_is_shown(database: Database) -> None:
    with database.write() as session:
        make_people(session, 12, SPEECH, surname="Лесная")
        make_people(session, 20, SPEECH, surname="Лесная", **IMPORTED)
    assert figures_of_tomorrow(database).total == 32
    assert figures(database, "Лесная").total == 12
    assert figures(database, interest="poetry").total == 12


def test_of_whom_nothing_is_known_there_is_a_line(database: Database) -> None:
    with database.write() as session:
        make_people(session, 11, SPEECH | {"category": ""}, **IMPORTED)
        make_people(session, 12, SPEECH, **IMPORTED)
        make_people(session, 1, SPEECH | {"category": "Rarely"}, **IMPORTED)
        for number in range(14):
            make_people(session, 1, SPEECH | {"category": f"Rare {number}"}, **IMPORTED)
    table = figures_of_tomorrow(database).tables["category"]
    assert (rows(table), table.other, table.unknown) == ({"speech": 10}, 10, 10)


def test_people_written_past_the_session_are_counted_after_the_daily_round(
    database: Database,
) -> None:
    with database.write() as session:
        make_people(session, 9, SPEECH, **IMPORTED)
        one = session.exec(select(Prisoner)).first()
        assert one is not None
        copy = one.model_dump() | {"id": "f" * 24, "slug": "copy"}
        insert(session, Prisoner, copy)
    assert figures(database).total is None
    assert count_others(database) == 10
    assert figures(database).total == 10
    assert count_others(database) == 0


PEOPLE = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=120)


@pytest.mark.trust(76)
@given(PEOPLE)
def test_every_sum_of_those_who_are_not_shown_is_in_tens(people: list[tuple[int, bool]]) -> None:
    index = Index(everybody=bits(at for at, (_, shown) in enumerate(people) if shown))
    asked = bits(range(len(people)))
    lines = [bits(at for at, (of, _) in enumerate(people) if of == line) for line in range(4)]
    for only in (None, *range(4)):
        sums = Sums.of(index, asked, [] if only is None else [lines[only]])
        for of in range(4):
            left = [is_shown for line, is_shown in people if line == of and only in (None, of)]
            others = sums.people(lines[of]) - sum(left)
            assert others % 10 == 0
            assert 0 <= left.count(False) - others < 10
