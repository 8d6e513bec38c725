"""An index that an earlier release made by other rules becomes as one made today."""

import hashlib
import json
import time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import worker
from app.database import Database
from app.finding import remaking
from app.finding.asking import Wanted
from app.finding.facets import facets_of
from app.finding.names import name_words, sort_name, trigrams
from app.finding.remaking import RULES, is_remade, remake_some
from app.finding.words import text_words
from app.inserting import insert
from app.models import (
    Facility,
    Installation,
    PersonIndex,
    PersonWord,
    Prisoner,
    Prosecution,
    WordTrigram,
)
from app.queries import finding
from app.service import Service
from tests.crowd import make_crowd
from tests.world import NOON, hide, make_prisoner

PATIENCE_SECONDS = 60

WRITTEN_BY = {3: "0ab3c0d6af5c"}
"""Number of the rules → what they write for one and the same person, as a short sum."""


@pytest.fixture
def crowd(database: Database) -> Database:
    make_crowd(database, 250, unconfirmed=20)
    return database


def held(database: Database) -> list[Any]:
    """Everything that people are found by, and counted under."""
    with database.read() as session:
        rows = session.exec(select(PersonIndex).order_by(sa.text("number"))).all()
        words = session.exec(select(PersonWord)).all()
        threes = session.exec(select(WordTrigram)).all()
    return [
        [(row.number, row.prisoner_id, row.sort_name, row.facets) for row in rows],
        {(row.field, row.word, row.number) for row in words},
        {(row.trigram, row.word) for row in threes},
    ]


def make_old(database: Database) -> None:
    """As other rules may have left it: other facets and words, and parts of names nobody has."""
    with database.write() as session:
        for row in session.exec(select(PersonIndex).where(PersonIndex.sort_name != "")):
            row.facets = [["sex", "she"], ["interest", "old|ways", ["old", "ways"]]]
            row.sort_name = row.sort_name.upper()
        session.execute(sa.delete(PersonWord).where(sa.column("field") == "like"))
        session.execute(sa.delete(WordTrigram).where(sa.column("trigram").like("#%")))
        number = session.exec(select(PersonIndex.number).where(PersonIndex.sort_name != "")).first()
        insert(session, PersonWord, {"field": "name", "word": "kuzma", "number": number})
        known = session.exec(select(WordTrigram.word)).first()
        for three, word in (("#kzm", "kuzma"), (" no", "nobody"), ("zzz", known)):
            insert(session, WordTrigram, {"trigram": three, "word": word})
        session.execute(sa.delete(Installation).where(sa.column("id") == "index rules"))


def remake(database: Database) -> int:
    """How many pieces it took."""
    for pieces in range(1, 1_000):
        with database.write() as session:
            if remake_some(session):
                return pieces
    raise AssertionError("it never ends")


def test_it_becomes_as_one_made_today(crowd: Database) -> None:
    before = held(crowd)
    make_old(crowd)
    assert held(crowd) != before
    with crowd.read() as session:
        assert not is_remade(session)
    remake(crowd)
    assert held(crowd) == before
    with crowd.read() as session:
        assert is_remade(session)
        found = finding.find(session, Wanted(filters={"interest": "chess"}), NOON.date(), 1)
    assert found.total


@pytest.mark.parametrize("rules", [RULES - 1, RULES + 1])
def test_other_rules_are_not_ours_whether_older_or_newer(
    crowd: Database, rules: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    remake(crowd)
    monkeypatch.setattr(remaking, "RULES", rules)
    with crowd.read() as session:
        assert not is_remade(session)
    assert remake(crowd) > 1


def test_it_is_done_in_pieces_and_goes_on_where_it_was(
    crowd: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(crowd)
    make_old(crowd)
    monkeypatch.setattr(remaking, "AT_ONCE", 40)

    def old() -> int:
        rows: list[Any] = held(crowd)[0]
        return sum(facets[1:] == [["interest", "old|ways", ["old", "ways"]]] for *_, facets in rows)

    for left in (210, 170):
        with crowd.write() as session:
            assert not remake_some(session)
        assert old() == left
    with pytest.raises(KeyboardInterrupt), crowd.write() as session:
        remake_some(session)
        raise KeyboardInterrupt
    assert old() == 170
    remake(crowd)
    assert held(crowd) == before


@pytest.mark.trust(75)
def test_who_is_hidden_meanwhile_stays_so_and_others_wait_for_the_night(crowd: Database) -> None:
    make_old(crowd)
    with crowd.write() as session:
        last = session.exec(select(Prisoner).where(Prisoner.published)).all()[-1]
        hide(last)
        other = session.exec(select(Prisoner).where(sa.not_(col(Prisoner.published)))).first()
        assert other
        other.status = "released"
    before = {row[1]: row for row in held(crowd)[0]}
    remake(crowd)
    after = {row[1]: row for row in held(crowd)[0]}
    assert after[last.id][2:] == ("", [])
    assert after[other.id] == before[other.id] != ("", [])


def test_a_worker_does_it_by_itself_as_it_starts(service: Service) -> None:
    with service.database.write() as session:
        make_prisoner(session)
    before = held(service.database)
    make_old(service.database)
    worker.start(service)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while held(service.database) != before:
            assert time.monotonic() < deadline, "nobody does it"
            service.stopping.wait(0.05)
    finally:
        worker.stop(drain_seconds=0)


def test_rules_that_write_something_else_have_another_number() -> None:
    """When this fails: raise `RULES`, and write the number here with what the test computed."""
    person = Prisoner(
        id="a",
        slug="a",
        surname="Кара-Мурзаёв",
        given_name="Пётр",
        patronymic="Львович",
        latin_name="Pyotr Kara-Murzayov",
        gender="he",
        birth_year=1960,
        birthday=NOON.date(),
        published=True,
        status="released",
        interests_en="chess, tea",
        interests_ru="шахматы, чай",
        languages_read="ru",
        profession_en="cook, poet",
        profession_ru="повар",
    )
    case = Prosecution(
        prisoner_id="a",
        articles=["ст. 207.3 ч. 2 УК РФ, ч. 10 ст. 280", "ст. 30 ч. 3"],
        category="Speech",
        region="Москва",
        started_on=NOON.date(),
        stage="в суде",
        sentence_months=60,
        ratings=["Memorial"],
    )
    place = Facility(
        name_ru="ИК-1",
        kind="prison",
        region="Пермский край",
    )
    names = name_words(person.surname, person.given_name, person.patronymic, person.latin_name)
    written = [
        facets_of(person, [case], place),
        sort_name(person.surname, person.given_name, person.patronymic),
        [sorted(trigrams(name)) for name in sorted(names)],
        sorted(text_words("Щёлкает орешки, reads Schiller & others; в Перми")),
    ]
    said = hashlib.sha256(json.dumps(written, ensure_ascii=False).encode()).hexdigest()[:12]
    assert WRITTEN_BY[RULES] == said
