"""Objections: hidden at once, alarmed, limited, decided by a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from app.catalogue import custody, editing, objecting
from app.catalogue.details import Move
from app.catalogue.objecting import Decision, ObjectionDetails
from app.catalogue.standing import Occasion
from app.database import Database
from app.errors import Conflict
from app.lifecycle import Hold, State
from app.models import Alarm, Letter, Objection, Prisoner
from app.moving import by_staff
from tests.world import NOON, make_facility, make_letter, make_prisoner

OCCASION = Occasion(by_staff("c" * 24), NOON, NOON.date(), 180, by_coordinator=True)


def object_to(session: Session, about: str, sitting: str = "one") -> None:
    details = ObjectionDetails.model_validate(
        {
            "about": about,
            "relation": "family",
            "message": "My mother asks for silence.",
            "contact": "mail@example",
        }
    )
    meant = objecting.whom(session, details)
    objecting.object_to(session, details, meant, sitting, "2026-11-22", NOON)
    session.flush()


@pytest.mark.trust(75)
@pytest.mark.parametrize(
    "about", ["{slug}", "https://letters.example/people/{slug}", "Озёрова Анна", "Anna Ozerova"]
)
def test_an_objection_hides_at_once_holds_letters_and_rings(database: Database, about: str) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        other = make_prisoner(session, surname="Полевая", search_name="полевая вера")
        letters = [make_letter(session, row, state) for state in (State.IN_REVIEW, State.READY)]
        posted = make_letter(session, row, State.POSTED)
        object_to(session, about.format(slug=row.slug))
    with database.read() as session:
        found = session.get_one(Prisoner, row.id)
        assert (found.hidden, found.published, found.eligible) == (True, False, False)
        assert session.get_one(Prisoner, other.id).published
        held = [session.get_one(Letter, letter.id).held_reason for letter in letters]
        assert held == [Hold.OBJECTED, Hold.OBJECTED]
        assert session.get_one(Letter, posted.id).held_reason is None
        alarm = session.exec(select(Alarm)).one()
        objection = session.get_one(Objection, alarm.subject_id)
        assert (alarm.kind, objection.message) == ("objection", "My mother asks for silence.")
        assert b"silence" not in (objection.message_sealed or b"")


@pytest.mark.trust(75)
def test_reversed_it_is_as_before_and_upheld_it_stays(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        letter = make_letter(session, row, State.READY)
        object_to(session, row.slug)
        objecting.decide(
            session, session.exec(select(Objection.id)).one(), Decision.REVERSED, OCCASION
        )
        assert (row.hidden, row.published, row.eligible) == (False, True, True)
        assert letter.held_reason is None
        assert session.exec(select(Alarm).where(Alarm.settled_at == None)).all() == []  # noqa: E711
        object_to(session, row.slug)
        second = session.exec(select(Objection.id).where(Objection.decision == None)).one()  # noqa: E711
        objecting.decide(session, second, Decision.UPHELD, OCCASION)
        assert (row.hidden, row.published) == (True, False)
        assert session.get_one(Letter, letter.id).held_reason == Hold.OBJECTED
        with pytest.raises(Conflict):
            objecting.decide(session, second, Decision.REVERSED, OCCASION)


def test_one_of_two_objections_reversed_does_not_show(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        object_to(session, row.slug)
        object_to(session, row.slug, "another")
        first, second = session.exec(select(Objection.id)).all()
        objecting.decide(session, first, Decision.REVERSED, OCCASION)
        assert row.hidden
        objecting.decide(session, second, Decision.REVERSED, OCCASION)
        assert not row.hidden


def test_who_was_hidden_by_a_coordinator_stays_hidden(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        editing.hide(session, row.id, "", OCCASION)
        object_to(session, row.slug)
        objecting.decide(
            session, session.exec(select(Objection.id)).one(), Decision.REVERSED, OCCASION
        )
        assert row.hidden


def test_whoever_moved_while_hidden_is_caught_up_with(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        letter = make_letter(session, row, State.READY)
        before = letter.approval_id
        object_to(session, row.slug)
        new = make_facility(session, name_ru="ФКУ ИК-9")
        to = Move(
            facility_id=new.id, from_day=date(2026, 11, 21), checked_on=NOON.date(), source="lawyer"
        )
        custody.move(session, row.id, to, OCCASION)
        assert letter.held_reason == Hold.OBJECTED
        objecting.decide(
            session, session.exec(select(Objection.id)).one(), Decision.REVERSED, OCCASION
        )
        after = session.get_one(Letter, letter.id)
        assert (after.state, after.held_reason) == (State.APPROVED, None)
        assert letter.approval_id != before


def test_a_flood_hides_no_more_but_is_kept_and_rings(database: Database) -> None:
    with database.write() as session:
        people = [make_prisoner(session) for _ in range(objecting.HIDING_IN_A_SITTING + 1)]
        for row in people:
            object_to(session, row.slug)
        assert [row.hidden for row in people] == [True] * objecting.HIDING_IN_A_SITTING + [False]
        object_to(session, people[-1].slug, "somebody else")
        assert people[-1].hidden
        kinds = session.exec(select(Alarm.kind)).all()
        assert kinds.count("objection_unhidden") == 1

    with database.write() as session:
        crowd = [make_prisoner(session) for _ in range(objecting.HIDING_IN_A_DAY)]
        for serial, row in enumerate(crowd):
            object_to(session, row.slug, f"sitting {serial}")
        hidden = sum(row.hidden for row in crowd)
        assert hidden == objecting.HIDING_IN_A_DAY - objecting.HIDING_IN_A_SITTING - 1


@pytest.mark.trust(75)
def test_many_objections_at_one_moment_hide_exactly_as_many_as_they_may(database: Database) -> None:
    crowd = objecting.HIDING_IN_A_SITTING + 5
    with database.write() as session:
        slugs = [make_prisoner(session).slug for _ in range(crowd)]
    together = Barrier(crowd)

    def one(slug: str) -> None:
        together.wait()
        with database.write() as session:
            object_to(session, slug)

    with ThreadPoolExecutor(crowd) as pool:
        list(pool.map(one, slugs))
    with database.read() as session:
        hidden = session.exec(select(Prisoner.hidden).where(Prisoner.hidden)).all()
        assert len(hidden) == objecting.HIDING_IN_A_SITTING
        assert len(session.exec(select(Objection)).all()) == crowd


KRIGER: dict[str, Any] = {
    "surname": "Кригер",
    "given_name": "Владимир",
    "patronymic": "Францевич",
    "latin_name": "Vladimir Kriger",
    "search_name": "кригер владимир францевич vladimir kriger",
    "birth_year": 1975,
}
IN_MANY_WAYS = [
    "Vladimir Krieger",
    "Кригир Владимир",
    "Володя Кригер",
    "Кригера Владимира",
    "Владимир Францевич Кригер, 1975 г.р.",
    "Кригер Владимир Францевич (1975 года рождения)",
    "Прошу скрыть страницу Кригера Владимира",
    "Вовы Кригера",
]


@pytest.fixture
def many(database: Database) -> Database:
    """Владимир Кригер among others, who are told of in words that stand in objections too."""
    told: dict[str, Any] = {
        "story_ru": "Владимир просит скрыть страницу.",
        "origin_ru": "Кригерово",
    }
    others = [("Крылов", "Владимир"), ("Кравец", "Пётр"), ("Володин", "Олег"), ("Вовк", "Инна")]
    with database.write() as session:
        make_prisoner(session, **KRIGER)
        for surname, given in others:
            make_prisoner(session, surname=surname, given_name=given, latin_name="", **told)
    return database


def hidden_in(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.exec(select(Prisoner.surname).where(Prisoner.hidden)).all())


@pytest.mark.trust(75)
@pytest.mark.parametrize("about", IN_MANY_WAYS)
def test_whoever_the_public_search_finds_for_a_name_is_hidden_by_it(
    many: Database, about: str
) -> None:
    with many.write() as session:
        object_to(session, about)
    assert hidden_in(many) == ["Кригер"]
    with many.read() as session:
        assert session.exec(select(Alarm.kind)).all() == ["objection"]


@pytest.mark.parametrize(
    "about", ["Пётр Кригер", "Кригер", "Никто Никтоев", "моего брата Владимира", "Фёдор Крючков"]
)
def test_somebody_else_of_a_like_name_hides_nobody_and_rings(many: Database, about: str) -> None:
    with many.write() as session:
        object_to(session, about)
    assert hidden_in(many) == []
    with many.read() as session:
        assert session.exec(select(Alarm.kind)).all() == ["objection_unclear"]


def test_a_birth_year_tells_people_of_one_name_apart(database: Database) -> None:
    years = range(1971, 1976)
    with database.write() as session:
        for year in years:
            make_prisoner(session, **{**KRIGER, "birth_year": year})
    with database.write() as session:
        object_to(session, "Кригера Владимира")
        object_to(session, "Кригер Владимир, 1975")
        object_to(session, "Кригера Владимира 12.03.1974 г.р.", "another")
    with database.read() as session:
        hidden = session.exec(select(Prisoner.birth_year).where(Prisoner.hidden)).all()
        assert sorted(filter(None, hidden)) == [1974, 1975]
        kinds = sorted(session.exec(select(Alarm.kind)).all())
        assert kinds == ["objection", "objection", "objection_unclear"]


def test_whoever_is_not_shown_is_known_by_the_exact_name(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session, **KRIGER, published=False, eligible=False)
        object_to(session, "Кригера Владимира")
        assert not row.hidden
        object_to(session, "Владимир Кригер, 1975 г.р.")
        assert row.hidden


def test_an_unclear_name_hides_nobody_and_is_kept(database: Database) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        for about in ("Озерова", "Somebody Unknown", "%", "anna"):
            object_to(session, about)
        assert not row.hidden
        kept = session.exec(select(Objection)).all()
        assert {objection.about for objection in kept} == {
            "Озерова",
            "Somebody Unknown",
            "%",
            "anna",
        }
        assert all(objection.prisoner_id is None for objection in kept)
