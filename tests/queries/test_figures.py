"""Public figures: sums of at least ten people, tables that single nobody out."""

import pytest

from app.database import Database
from app.finding.asking import Wanted
from app.lifecycle import ReplyState, State
from app.models import Prosecution, Reply
from app.queries.figures import KEPT_FOR, LetterSums, letter_sums
from app.queries.figures_of_people import PeopleFigures, figures_of_people
from tests.world import NOON, make_letter, make_prisoner

NOTHING = LetterSums(None, None, None, None)


def figures(database: Database, **filters: str) -> PeopleFigures:
    with database.read() as session:
        return figures_of_people(session, Wanted(filters=filters), NOON.date())


def rows(found: PeopleFigures, table: str) -> dict[str, int | None]:
    return {row.value: row.people for row in found.tables[table].rows}


@pytest.fixture
def forty(database: Database) -> Database:
    """Thirty women and twelve men with cases of two kinds and years."""
    with database.write() as session:
        for number in range(42):
            she = number < 30
            person = make_prisoner(session, gender="she" if she else "he")
            session.add(
                Prosecution(
                    prisoner_id=person.id,
                    articles=["280.3", "207.3"] if she else ["207.3"],
                    category="Freedom of speech",
                    region="Москва" if number % 2 else "Севастополь",
                    started_year=2022 if number < 25 else 2024,
                    stage="appeal" if number else "investigation",
                    sentence_months=40,
                )
            )
    return database


def test_people_by_everything(forty: Database) -> None:
    found = figures(forty)
    assert found.total == 42
    assert rows(found, "sex") == {"she": 30, "he": 12}
    assert rows(found, "article") == {"207.3": 42, "280.3": 30}
    assert rows(found, "year") == {"2022": 25, "2023": None, "2024": 17}
    assert rows(found, "sentence") == {"to_5": 42}
    regions = rows(found, "region")
    assert (len(regions), regions["RU-MOW"], regions["UA-40"]) == (89, 21, 21)
    assert regions["RU-SPE"] is None


@pytest.mark.trust(76)
def test_one_person_alone_in_a_line_is_not_counted(forty: Database) -> None:
    assert rows(figures(forty), "stage") == {"appeal": 41, "investigation": None}


def test_every_filter_of_the_search_narrows_the_figures(forty: Database) -> None:
    found = figures(forty, sex="he")
    assert (found.total, rows(found, "article")) == (12, {"207.3": 12})
    assert rows(figures(forty, article="280.3"), "sex") == {"she": 30}


@pytest.mark.trust(76)
def test_of_fewer_than_ten_people_there_are_no_tables(forty: Database) -> None:
    found = figures(forty, stage="investigation")
    assert (found.total, found.tables) == (None, {})


@pytest.mark.trust(76)
def test_letters_in_sums_over_ten_people_or_none(database: Database) -> None:
    with database.write() as session:
        for _ in range(9):
            make_letter(session, make_prisoner(session), State.POSTED)
        make_prisoner(session)
    with database.read() as session:
        assert letter_sums(session, 1, NOON) == LetterSums(None, None, None, 0.9)
    with database.write() as session:
        last = make_prisoner(session)
        for _ in range(13):
            letter = make_letter(session, last, State.POSTED)
        make_letter(session, last, State.REFUSED)
        reply = Reply(letter_id=letter.id, state=ReplyState.MATCHED, received_on=NOON.date())
        session.add(reply)
    with database.read() as session:
        # What was counted is not counted again at once.
        assert letter_sums(session, 1, NOON).written is None
        sums = letter_sums(session, 1, NOON + KEPT_FOR)
    assert sums == LetterSums(written=20, answered=None, people_reached=10, at_target=0.9)


def test_an_empty_house_has_no_figures(database: Database) -> None:
    with database.read() as session:
        assert letter_sums(session, 5, NOON) == NOTHING
    assert figures(database).total is None
