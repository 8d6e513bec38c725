"""The public search: every filter, counts that single nobody out, and an index that follows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from app.database import Database
from app.finding.asking import Wanted
from app.finding.keeping import index_what_is_missing
from app.inserting import insert
from app.models import Facility, PersonWord, Placement, Prisoner, Prosecution
from app.queries import finding
from app.queries.finding import FoundPeople
from tests.world import NOON, hide, make_facility, make_prisoner

TODAY = NOON.date()


def ask(database: Database, query: str = "", *, page: int = 1, **filters: Any) -> FoundPeople:
    with database.read() as session:
        return finding.find(session, Wanted(query, filters), TODAY, page)


def slugs(database: Database, query: str = "", **filters: Any) -> list[str]:
    return [person.slug for person in ask(database, query, **filters).people]


def counts(found: FoundPeople, field: str) -> dict[str, int | None]:
    facet = next(facet for facet in found.facets if facet.field == field)
    return {option.value: option.people for option in facet.options}


def make_vera(session: Session, **facts: Any) -> Prisoner:
    """Somebody who differs from Anna Ozerova in everything one can filter by."""
    prison = make_facility(session, kind="prison", region="Пермский край")
    person = make_prisoner(
        session,
        prison,
        **{
            "slug": "boris",
            "surname": "Полевой",
            "given_name": "Борис",
            "patronymic": "Львович",
            "latin_name": "Boris Polevoy",
            "gender": "he",
            "birth_year": 1960,
            "birthday": date(1960, 12, 3),
            "profession_en": "beekeeper",
            "profession_ru": "пчеловод",
            "interests_en": "chess, old radio sets",
            "languages_read": "ru,de",
            "interests_ru": "шахматы, старые радиоприёмники",
            "story_en": "He kept forty hives.",
            "story_ru": "У него было сорок ульев.",
            **facts,
        },
    )
    session.add(
        Prosecution(
            prisoner_id=person.id,
            articles=["ст. 207.3 ч. 2 УК РФ"],
            category="Freedom of speech",
            region="Свердловская область",
            started_on=date(2022, 2, 1),
            stage="appeal",
            sentence_months=60,
            ratings=["Memorial"],
        )
    )
    return person


@pytest.fixture
def two(database: Database) -> Database:
    """Anna and Boris."""
    with database.write() as session:
        make_prisoner(session, slug="anna")
        make_vera(session)
    return database


@pytest.mark.parametrize(
    ("today", "found"),
    [(date(2027, 2, 10), 1), (date(2027, 4, 1), 0), (date(2028, 1, 28), 0), (date(2028, 1, 29), 1)],
)
def test_who_was_born_on_a_leap_day_has_a_birthday_every_year(
    database: Database, today: date, found: int
) -> None:
    with database.write() as session:
        make_prisoner(session, birth_year=1988, birthday=date(1988, 2, 29))
    with database.read() as session:
        asked = Wanted.of("", [("soon", "birthday")])
        assert len(finding.find(session, asked, today, 1).people) == found


@pytest.mark.parametrize(
    "wanted",
    [
        {"sex": "he"},
        {"age": "65-199"},
        {"held": "RU-PER"},
        {"place": "prison"},
        {"region": "RU-SVE"},
        {"category": "freedom of speech"},
        {"category": "speech"},
        {"article": "207.3"},
        {"rating": "memorial"},
        {"interest": "old radio sets"},
        {"work": "beekeeper"},
        {"reads": "de"},
        {"soon": "birthday"},
        {"soon": "release"},
        {"year": "2022"},
        {"stage": "appeal"},
        {"sentence": "to_5"},
        {"query": "hives"},
        {"query": "улей"},
        {"query": "радиоприёмник"},
        {"query": "Polewoi"},
        {"query": "boris", "sex": "he", "rating": "memorial"},
    ],
)
def test_every_filter_finds_who_is_meant_and_nobody_else(
    two: Database, wanted: dict[str, str]
) -> None:
    assert slugs(two, **wanted) == ["boris"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"sex": "she", "rating": "memorial"},
        {"article": "280.3"},
        {"interest": "%"},
        {"soon": "yesterday"},
        {"age": "never"},
        {"query": "Mustermann"},
        {"query": "%_"},
        {"query": "🙂"},
    ],
)
def test_what_applies_to_nobody_finds_nobody(two: Database, wanted: dict[str, Any]) -> None:
    found = ask(two, **wanted)
    assert (found.people, found.total, found.pages) == ([], None, 1)


def test_nothing_asked_finds_everybody_by_name(two: Database) -> None:
    assert slugs(two) == ["anna", "boris"]


def test_a_name_is_better_than_a_word_of_a_story(two: Database) -> None:
    with two.write() as session:
        make_prisoner(session, slug="reader", story_ru="Читает Полевого.")
    assert slugs(two, "Полевой") == ["boris", "reader"]


@pytest.mark.parametrize(
    ("months", "found"), [(57, []), (58, ["boris"]), (60, ["boris"]), (61, [])]
)
def test_release_within_three_months(database: Database, months: int, found: list[str]) -> None:
    with database.write() as session:
        person = make_vera(session)
        case = session.exec(select(Prosecution).where(Prosecution.prisoner_id == person.id)).one()
        case.started_on, case.sentence_months = date(2022, 1, 25), months
    assert slugs(database, soon="release") == found


def test_many_pages(database: Database) -> None:
    with database.write() as session:
        for _ in range(45):
            make_prisoner(session)
    pages = [ask(database, page=page) for page in (1, 2, 3, 99)]
    assert [len(page.people) for page in pages] == [20, 20, 5, 5]
    assert {(page.pages, page.total) for page in pages} == {(3, 45)}
    assert len({person.id for page in pages for person in page.people}) == 45


@pytest.mark.trust(76)
def test_counts_are_of_ten_people_or_not_told(database: Database) -> None:
    with database.write() as session:
        for _ in range(10):
            make_prisoner(session)
        make_vera(session)
    found = ask(database)
    assert counts(found, "sex") == {"she": 10, "he": None}
    assert counts(found, "interest")["cats"] == 10
    assert counts(found, "interest")["chess"] is None
    assert "280.3" not in counts(found, "article")
    # A field's own filter is set aside, so that one can change it.
    assert counts(ask(database, sex="he"), "sex") == {"he": None, "she": 10}


@pytest.mark.trust(74, 75)
@pytest.mark.parametrize("facts", [{"published": False}, {"hidden": True}])
def test_who_is_not_shown_is_neither_found_nor_counted(
    database: Database, facts: dict[str, bool]
) -> None:
    with database.write() as session:
        for _ in range(10):
            make_prisoner(session)
        make_vera(session, **facts)
    found = ask(database)
    assert (found.total, counts(found, "sex")) == (10, {"she": 10})
    assert slugs(database, "Полевой") == slugs(database, "hives") == []
    with database.read() as session:
        assert "polevoi" not in session.exec(select(PersonWord.word)).all()


@pytest.mark.trust(75)
def test_hidden_is_gone_with_the_next_question_and_back_when_shown_again(two: Database) -> None:
    assert slugs(two, "Полевой") == ["boris"]
    for hidden, found in ((True, []), (False, ["boris"])):
        with two.write() as session:
            row = session.exec(select(Prisoner).where(Prisoner.slug == "boris")).one()
            hide(row, hidden=hidden)
        assert slugs(two, "Полевой") == slugs(two, sex="he") == slugs(two, article="207.3") == found


def change_name(session: Session) -> None:
    row = session.exec(select(Prisoner).where(Prisoner.slug == "boris")).one()
    row.surname, row.latin_name = "Луговой", "Boris Lugovoy"


def change_region_of_the_place(session: Session) -> None:
    place = session.exec(select(Facility).where(Facility.kind == "prison")).one()
    place.region = "Республика Коми"


def move(session: Session) -> None:
    stay = session.exec(select(Placement).join(Facility).where(Facility.kind == "prison")).one()
    stay.to_day = TODAY
    session.flush()
    colony = make_facility(session, kind="hospital")
    session.add(Placement(prisoner_id=stay.prisoner_id, facility_id=colony.id, from_day=TODAY))


def drop_the_case(session: Session) -> None:
    session.delete(session.exec(select(Prosecution)).one())


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (change_name, {"query": "Полевой"}, {"query": "Луговой"}),
        (change_region_of_the_place, {"held": "RU-PER"}, {"held": "RU-KO"}),
        (move, {"place": "prison"}, {"place": "hospital"}),
        (drop_the_case, {"article": "207.3"}, {"work": "beekeeper"}),
    ],
)
def test_the_index_follows_every_change(
    two: Database,
    change: Callable[[Session], None],
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    assert slugs(two, **before) == ["boris"]
    with two.write() as session:
        change(session)
    assert slugs(two, **before) == []
    assert slugs(two, **after) == ["boris"]


def test_what_is_undone_leaves_nothing_in_the_index(two: Database) -> None:
    with pytest.raises(RuntimeError), two.write() as session:
        change_name(session)
        session.flush()
        raise RuntimeError
    assert slugs(two, "Полевой") == ["boris"]
    assert slugs(two, "Луговой") == []


def test_rows_written_past_the_session_are_found_after_the_daily_round(two: Database) -> None:
    with two.write() as session:
        anna = session.exec(select(Prisoner).where(Prisoner.slug == "anna")).one()
        copy = anna.model_dump() | {"id": "f" * 24, "slug": "copy", "surname": "Ручьёва"}
        insert(session, Prisoner, copy)
    assert slugs(two, "Ручьева") == []
    with two.write() as session:
        assert index_what_is_missing(session) == 1
    assert slugs(two, "Ручьева") == ["copy"]
    with two.write() as session:
        assert index_what_is_missing(session) == 0


def test_an_address_is_read_within_limits() -> None:
    wanted = Wanted.of(
        "x" * 500 + "\0", [("sex", "he"), ("state", "x"), ("age", ""), ("work", "\0")]
    )
    assert wanted == Wanted("x" * 100, {"sex": "he", "work": ""})
