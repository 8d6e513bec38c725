"""Who is hidden leaves no trace in what others are found by."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from app.database import Database
from app.finding.asking import Wanted
from app.finding.keeping import index_people
from app.models import Prisoner, WordTrigram
from app.queries import finding
from tests.world import NOON, hide, make_prisoner

LEAVES: dict[str, Callable[[Session, Prisoner], object]] = {
    "hidden": lambda _session, row: hide(row),
    "not to be named": lambda _session, row: setattr(row, "identity_hidden", True),
    "no longer confirmed": lambda _session, row: setattr(row, "published", False),
    "called otherwise": lambda _session, row: row.sqlmodel_update(
        {"surname": "Луговой", "latin_name": "Egor Lugovoy"}
    ),
}


def found(database: Database, query: str) -> list[str]:
    with database.read() as session:
        people = finding.find(session, Wanted(query), NOON.date(), 1).people
    return [person.slug for person in people]


def words(database: Database) -> set[tuple[str, str]]:
    with database.read() as session:
        return {(row.trigram, row.word) for row in session.exec(select(WordTrigram))}


def make(session: Session, slug: str, surname: str, given: str, latin: str) -> Prisoner:
    facts: dict[str, Any] = {"surname": surname, "given_name": given, "patronymic": "Львович"}
    return make_prisoner(session, slug=slug, latin_name=latin, **facts)


@pytest.fixture
def kuzmin(database: Database) -> Database:
    with database.write() as session:
        make(session, "kuzmin", "Кузьмин", "Олег", "Oleg Kuzmin")
        make(session, "egor", "Белов", "Егор", "Egor Belov")
    return database


@pytest.mark.trust(75)
@pytest.mark.parametrize("leave", LEAVES.values(), ids=list(LEAVES))
def test_a_name_nobody_shown_has_changes_nothing_that_is_found(
    kuzmin: Database, leave: Callable[[Session, Prisoner], object]
) -> None:
    assert found(kuzmin, "Кузьменко") == ["kuzmin"]
    before = words(kuzmin)
    with kuzmin.write() as session:
        hidden = make(session, "hidden", "Кузьменко", "Егор", "Egor Kuzmenko").id
    assert found(kuzmin, "Кузьменко") == ["hidden"]
    with kuzmin.write() as session:
        leave(session, session.get_one(Prisoner, hidden))
    assert found(kuzmin, "Кузьменко") == ["kuzmin"]
    assert "egor" in found(kuzmin, "Егор"), "a name that somebody else has stays"
    kept = {pair for pair in words(kuzmin) if not pair[1].startswith("lugov")}
    assert kept == before


@pytest.mark.trust(75)
def test_a_word_left_over_from_before_counts_as_little(kuzmin: Database) -> None:
    with kuzmin.write() as session:
        hidden = make(session, "hidden", "Кузьменко", "Егор", "Egor Kuzmenko").id
    known = words(kuzmin)
    with kuzmin.write() as session:
        hide(session.get_one(Prisoner, hidden))
    with kuzmin.write() as session:
        for trigram, word in known - words(kuzmin):
            session.add(WordTrigram(trigram=trigram, word=word))
    assert ("#kzmnk", "kuzmenko") in words(kuzmin)
    assert found(kuzmin, "Кузьменко") == ["kuzmin"]


def test_a_name_that_comes_back_is_found_again(kuzmin: Database) -> None:
    for hidden in (True, False, True, False):
        with kuzmin.write() as session:
            row = session.exec(select(Prisoner).where(Prisoner.slug == "kuzmin")).one()
            hide(row, hidden=hidden)
        assert found(kuzmin, "Kuzmenko") == ([] if hidden else ["kuzmin"])
    with kuzmin.write() as session:
        index_people(session, session.exec(select(Prisoner.id)).all())
    assert found(kuzmin, "Kuzmin") == ["kuzmin"]
