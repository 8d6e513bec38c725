"""The sets at hand: the same answers as counting one by one, whatever was changed in between."""

import random
from collections import Counter
from collections.abc import Iterable
from itertools import islice

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from app.database import Database
from app.finding.asking import FILTERS, Wanted
from app.finding.keeping import index_what_is_missing
from app.finding.memory import Index, index_of, read_ahead
from app.finding.phrases import meant
from app.finding.sets import Values, bits
from app.models import PersonIndex, Prisoner, Prosecution
from app.queries import finding
from app.queries.finding import MOST_OPTIONS, PAGE
from tests.crowd import make_crowd
from tests.world import NOON, hide

TODAY = NOON.date()
ASKED: tuple[dict[str, str], ...] = (
    *({}, {"sex": "she"}, {"interest": "chess"}, {"work": "nurse"}, {"region": "RU-MOW"}),
    *({"interest": "tea", "sex": "he"}, {"rating": "memorial", "work": "teacher"}),
)

CHANGES = ("hide", "show", "name", "likes", "pairs", "case", "confirm", "free")


@pytest.fixture
def crowd(database: Database) -> Database:
    make_crowd(database, 600, unconfirmed=100)
    return database


def people_of(database: Database) -> dict[int, list[tuple[str, str]]]:
    """Everybody who is shown, with the values of their facets, as the rows have them."""
    with database.read() as session:
        rows = session.exec(select(PersonIndex).where(PersonIndex.sort_name != "")).all()
    said = Counter(
        (name, *value.split("|")) for row in rows for name, value, *_ in row.facets if "|" in value
    )
    most: dict[tuple[str, str], str] = {}
    for name, english, russian in sorted(said, key=lambda pair: (-said[pair], pair)):
        most.setdefault((name, russian), english)

    def of(name: str, value: str) -> tuple[str, str]:
        return name, most.get((name, value)) or meant(name, value.partition("|")[0])

    return {row.number or 0: list({of(*facet[:2]) for facet in row.facets}) for row in rows}


def one_by_one(
    people: Iterable[list[tuple[str, str]]], wanted: dict[str, str], name: str
) -> list[tuple[str, int | None]]:
    """The options of a field as they were counted before there were sets: by looking at all."""
    others = [pair for pair in wanted.items() if pair[0] != name]
    left = [facets for facets in people if all(pair in facets for pair in others)]
    counts = Counter(value for facets in left for field, value in facets if field == name)
    chosen = wanted.get(name)
    order = sorted(counts, key=lambda value: (-counts[value] if counts[value] > 9 else 0, value))
    rest = [value for value in order if value != chosen]
    told = {value: people if people > 9 else None for value, people in counts.items()}
    first = [(chosen, told.get(chosen))] if chosen else []
    return first + [(value, told[value]) for value in islice(rest, MOST_OPTIONS.get(name))]


def test_counts_of_a_long_tail_are_those_of_counting_everybody(crowd: Database) -> None:
    people = people_of(crowd)
    assert len(people) == 600
    tags = {pair for facets in people.values() for pair in facets if pair[0] in MOST_OPTIONS}
    assert len(tags) > 400
    for wanted in ASKED:
        with crowd.read() as session:
            found = finding.find(session, Wanted(filters=wanted), TODAY, 1)
        for facet in found.facets:
            if facet.field in {"age", "soon", "letters", "year", "sentence"}:
                continue
            told = [(option.value, option.people) for option in facet.options]
            assert told == one_by_one(people.values(), wanted, facet.field), (wanted, facet.field)


def as_read_anew(database: Database) -> Index:
    """What a process that has just started has at hand."""
    other = Database(database.url)
    with other.read() as session:
        index = index_of(session)
    other.dispose()
    return index


def same(one: Index, other: Index) -> None:
    for index in (one, other):
        assert set(index.people) == set(index.names) == set(index.order)
    assert (one.everybody, one.imprisoned) == (other.everybody, other.imprisoned)
    assert (one.order, one.people) == (other.order, other.people)
    for name in one.sets.keys() | other.sets.keys():
        mine, theirs = one.values(name), other.values(name)
        assert sorted(mine) == sorted(theirs), name
        assert [mine.of(value) for value in mine] == [theirs.of(value) for value in mine]
        assert [one.called(name, value) for value in mine] == [
            other.called(name, value) for value in mine
        ]
    for said, anew in ((one.words, other.words), (one.record_words, other.record_words)):
        assert {name: words for name, words in said.items() if words} == {
            name: words for name, words in anew.items() if words
        }


def test_change_after_change_is_the_same_as_reading_everything_anew(crowd: Database) -> None:
    chance = random.Random(3)
    with crowd.read() as session:
        before = index_of(session)
    for turn in range(12):
        with crowd.write() as session:
            for person in chance.sample(session.exec(select(Prisoner)).all(), 1 + 9 * (turn % 2)):
                change = chance.choice(CHANGES)
                if change in {"hide", "show"}:
                    hide(person, hidden=change == "hide")
                elif change == "name":
                    person.surname = chance.choice(("Абаев", "Якушев", "Новиков"))
                elif change == "likes":
                    person.interests_en = chance.choice(("chess", "CHESS, bells", "", "a, b"))
                    person.interests_ru = chance.choice(("шахматы", "Шахматы, колокола", "", "а"))
                elif change == "pairs":
                    person.interests_en = f"{chance.choice(('draughts', 'chequers'))}, chess game"
                    person.interests_ru = "шашки, шахматы"
                elif change == "confirm":
                    person.published = not person.published
                elif change == "free":
                    person.status = chance.choice(("released", "in_custody", "in_transfer"))
                else:
                    case = session.exec(
                        select(Prosecution).where(Prosecution.prisoner_id == person.id)
                    ).first()
                    if case:
                        case.category = chance.choice(("Speech", "SPEECH", "Сабантуй", "sabotage"))
        with crowd.read() as session:
            now = index_of(session)
        same(now, as_read_anew(crowd))
    assert now.version > before.version
    with crowd.write() as session:
        assert index_what_is_missing(session) == 0


def test_only_those_who_changed_are_read_again(crowd: Database) -> None:
    with crowd.read() as session:
        before = index_of(session)
    with crowd.write() as session:
        one, other = session.exec(select(Prisoner).limit(2)).all()
        one.source = "told by the family"  # nobody is found or counted by this
    with crowd.read() as session:
        assert index_of(session) is before
    with crowd.write() as session:
        session.get_one(Prisoner, other.id).surname = "Ямской"
    read: list[int] = []
    with crowd.read() as session:
        after = index_of(session)
        read = [n for n in after.order if after.names[n] != before.names[n]]
        changed = session.exec(
            select(PersonIndex.number).where(PersonIndex.version > before.version)
        ).all()
    assert (len(read), list(changed)) == (1, read)


def test_what_was_read_ahead_is_not_read_again_by_the_first_question(crowd: Database) -> None:
    fresh = Database(crowd.url)
    read_ahead(fresh).join()
    asked: list[str] = []
    sa.event.listen(fresh.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with fresh.read() as session:
        assert len(index_of(session).people) == 600
    fresh.dispose()
    assert len([said for said in asked if "SELECT" in said]) == 1


def test_reading_ahead_gives_up_quietly_where_there_is_no_database() -> None:
    read_ahead(Database("sqlite:////nowhere/lifeline.db")).join()


def some(most: int) -> st.SearchStrategy[set[int]]:
    """Up to so many people with numbers near one another, so that sets overlap."""
    return st.builds(
        lambda first, number, step: set(range(first, first + number * step, step)),
        *(st.integers(1, 30), st.integers(0, most), st.integers(1, 3)),
    )


@given(
    st.dictionaries(st.text("абвг", min_size=1, max_size=3), some(25).filter(bool), min_size=4),
    some(40),
    st.integers(1, 6),
)
def test_the_first_by_number_of_people_are_the_first_of_all(
    held: dict[str, set[int]], among: set[int], limit: int
) -> None:
    values = Values().changed(set(), {value: sorted(has) for value, has in held.items()}, 400)
    counts = {value: len(has & among) for value, has in held.items() if has & among}
    assert values.counted(bits(among)) == counts
    in_order = sorted(counts, key=lambda value: (-counts[value] if counts[value] > 9 else 0, value))
    assert values.most(bits(among), limit) == [(v, counts[v]) for v in in_order][:limit]


def test_every_filter_and_page_is_still_there() -> None:
    assert {"interest", "work"} == set(MOST_OPTIONS) <= set(FILTERS)
    assert PAGE == 20
