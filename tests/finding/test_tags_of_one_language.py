"""A thing that somebody names in one language is the thing that others name in both."""

from itertools import permutations
from typing import Any

import pytest
from sqlmodel import select

from app.database import Database
from app.finding.asking import Wanted
from app.finding.memory import index_of
from app.finding.tags import keyed, learned, value_of
from app.journey.suggesting import in_common
from app.models import Prisoner
from app.queries import finding
from app.queries.figures_of_people import figures_of_people
from app.queries.finding import FacetCounts, FoundPeople, Option
from tests.world import NOON, make_prisoner

TODAY = NOON.date()


def add(database: Database, slug: str, english: str, russian: str, **facts: Any) -> None:
    with database.write() as session:
        make_prisoner(
            session,
            slug=slug,
            **{"interests_en": english, "interests_ru": russian, "story_en": "", **facts},
        )


def change(database: Database, slug: str, **facts: Any) -> None:
    with database.write() as session:
        session.exec(select(Prisoner).where(Prisoner.slug == slug)).one().sqlmodel_update(facts)


def ask(database: Database, query: str = "", **filters: str) -> FoundPeople:
    with database.read() as session:
        return finding.find(session, Wanted(query, filters), TODAY, 1)


def slugs(found: FoundPeople) -> set[str]:
    return {person.slug for person in found.people}


def likes(facets: list[FacetCounts]) -> list[Option]:
    return next(facet.options for facet in facets if facet.field == "interest")


@pytest.fixture
def learned_from(database: Database) -> Database:
    """Somebody who says it in both languages, and somebody else in Russian only."""
    add(database, "both", "chess", "шахматы")
    add(database, "russian", "", "«Шахматы», счёты")
    return database


@pytest.mark.parametrize(
    ("english", "russian"), [("", "шахматы"), ("", "ШАХМАТЫ; тёрн"), ("a, b", "шахматы")]
)
def test_who_says_it_in_russian_only_is_found_in_english(
    database: Database, english: str, russian: str
) -> None:
    add(database, "both", '"Chess"', "Шахматы")
    add(database, "russian", english, russian)
    assert slugs(ask(database, interest="chess")) == {"both", "russian"}
    assert slugs(ask(database, "chess")) == {"both", "russian"}
    assert slugs(ask(database, interest="шахматы")) == {"both", "russian"}


def test_it_is_one_value_with_its_words_in_both_languages(learned_from: Database) -> None:
    for asked in ("chess", "шахматы", "Шахматы"):
        options = likes(ask(learned_from, interest=asked).facets)
        assert [(option.value, option.chosen) for option in options] == [
            ("chess", True),
            ("счеты", False),
        ]
        assert options[0].words == ["chess", "шахматы"]
        assert options[1].words == "счёты"


def test_a_ten_says_so_beside_the_filter_and_in_the_figures(database: Database) -> None:
    add(database, "both", "chess", "шахматы")
    for number in range(10):
        add(database, f"russian-{number}", "", "шахматы")
    [option] = likes(ask(database).facets)
    assert (option.value, option.people) == ("chess", 11)
    with database.read() as session:
        for asked in ("chess", "шахматы"):
            wanted = Wanted(filters={"interest": asked})
            figures = figures_of_people(session, wanted, TODAY)
            [option] = likes(figures.facets)
            assert (option.value, option.chosen, figures.total) == ("chess", True, 11)


def test_yo_and_ye_are_one_letter(database: Database) -> None:
    add(database, "both", "hedgehogs", "ежи")
    add(database, "russian", "", "Ёжи")
    assert slugs(ask(database, interest="hedgehogs")) == {"both", "russian"}


def test_professions_are_joined_too_and_not_with_interests(database: Database) -> None:
    add(database, "both", "", "", profession_en="cook", profession_ru="повар")
    add(database, "russian", "", "повар", profession_ru="повар")
    add(database, "likes", "", "повар")
    assert slugs(ask(database, work="cook")) == {"both", "russian"}
    assert slugs(ask(database, interest="повар")) == {"russian", "likes"}
    assert slugs(ask(database, interest="cook")) == set()


def test_what_nobody_says_in_both_stays_what_it_is(database: Database) -> None:
    add(database, "russian", "", "шахматы")
    add(database, "english", "chess", "")
    assert slugs(ask(database, interest="chess")) == {"english"}
    assert slugs(ask(database, interest="шахматы")) == {"russian"}


def test_most_people_decide_and_then_the_alphabet_and_at_once(learned_from: Database) -> None:
    add(learned_from, "other", "royal game", "шахматы")
    assert slugs(ask(learned_from, interest="chess")) == {"both", "russian"}
    add(learned_from, "third", "royal game", "шахматы")
    assert slugs(ask(learned_from, interest="chess")) == {"both"}
    assert slugs(ask(learned_from, interest="royal game")) == {"other", "third", "russian"}
    change(learned_from, "third", interests_en="draughts")
    assert slugs(ask(learned_from, interest="chess")) == {"both", "russian"}


@pytest.mark.trust(75)
@pytest.mark.parametrize(
    "hiding", [{"hidden": True}, {"identity_hidden": True}, {"published": False}]
)
def test_nothing_is_learned_from_who_is_not_shown(
    database: Database, hiding: dict[str, bool]
) -> None:
    add(database, "russian", "", "нарды")
    before = ask(database)
    add(database, "both", "backgammon", "нарды", **hiding)
    for _ in range(2):
        assert slugs(ask(database, interest="backgammon")) == set()
        assert ask(database).facets == before.facets
        change(database, "both", hidden=False, identity_hidden=False, published=True)
        assert slugs(ask(database, interest="backgammon")) == {"both", "russian"}
        change(database, "both", **hiding)


def test_somebody_like_you_says_it_in_another_language(learned_from: Database) -> None:
    add(learned_from, "english", "old chess, tea", "")
    with learned_from.read() as session:
        ids = {row.id: row.slug for row in session.exec(select(Prisoner))}
        common = in_common(session, "Chess, bread")
        assert {ids[one]: times for one, times in common.items()} == {
            "both": 1,
            "russian": 1,
            "english": 1,
        }


def test_the_order_in_which_people_came_decides_nothing(database: Database) -> None:
    said = [("b", "д"), ("a", "д"), ("", "д"), ("b", "е"), ("e", "е")]
    told = set()
    for order in permutations(said):
        people: dict[str, int] = {}
        for english, russian in order:
            for key, _ in keyed(english, russian):
                people[key] = people.get(key, 0) + 1
        meant = learned(people)
        told.add(frozenset((key, value_of(key, meant)) for key in people))
    assert told == {frozenset({("b|д", "b"), ("a|д", "a"), ("д", "a"), ("b|е", "b"), ("e|е", "e")})}


def test_a_pair_the_wrong_way_round_keeps_its_link(database: Database) -> None:
    add(database, "one", "шахматы", "chess")
    add(database, "two", "chess", "шахматы")
    for option in likes(ask(database).facets):
        assert slugs(ask(database, interest=option.value)) == (
            {"one"} if option.value == "шахматы" else {"two"}
        )
    with database.read() as session:
        assert len(index_of(session).values("interest")) == 2
