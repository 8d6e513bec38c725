"""The balance: each random pick has the lowest count among those eligible for this writer."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.database import Database
from app.errors import NotFound
from app.journey import pairing
from app.models import Prisoner, Reservation, Writer
from tests.world import NOON, make_facility, make_prisoner

RULES = pairing.Rules(timedelta(hours=2), letters_a_day=1000)


def next_one(session: Session, token: str, chance: random.Random, **how: str) -> Prisoner:
    reserved = pairing.reserve_next(
        session, token, RULES, now=NOON, today=NOON.date(), chance=chance, **how
    )
    session.expire_all()
    return session.get_one(Prisoner, reserved.prisoner_id)


def counts(session: Session) -> list[int]:
    return list(session.exec(select(Prisoner.letter_count).where(col(Prisoner.eligible))))


@pytest.mark.parametrize("people", [3, 30])
def test_eight_submitters_at_once_leave_a_gap_of_at_most_one(
    database: Database, people: int
) -> None:
    with database.write() as session:
        place = make_facility(session)
        for _ in range(people):
            make_prisoner(session, place)
    serial, lock = count(), threading.Lock()

    def pick(_: int) -> None:
        with lock:
            token = f"form-{next(serial)}"
        with database.write() as session:
            pairing.reserve_next(
                session, token, RULES, now=NOON, today=NOON.date(), chance=random.Random(token)
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(pick, range(200)))
    with database.read() as session:
        found = counts(session)
        assert sum(found) == 200
        assert max(found) - min(found) <= 1


def test_somebody_else_please_gives_back_and_shows_everybody_before_anybody_twice(
    database: Database,
) -> None:
    chance = random.Random(3)
    with database.write() as session:
        place = make_facility(session)
        for _ in range(4):
            make_prisoner(session, place)
        seen = [next_one(session, "0", chance).id]
        seen += [
            next_one(session, str(turn), chance, instead_of=str(turn - 1)).id
            for turn in range(1, 4)
        ]
        assert len(set(seen)) == 4
        assert next_one(session, "4", chance, instead_of="3").id in seen
        assert sum(counts(session)) == 1


def test_a_known_writer_is_not_given_the_same_person_again(database: Database) -> None:
    chance = random.Random(5)
    with database.write() as session:
        place = make_facility(session)
        for _ in range(3):
            make_prisoner(session, place)
        writer = Writer()
        session.add(writer)
        session.flush()
        given_to = {next_one(session, str(n), chance, writer_id=writer.id).id for n in range(3)}
        assert len(given_to) == 3


def test_a_newcomer_does_not_get_every_letter_of_the_day(database: Database) -> None:
    chance = random.Random(1)
    rules = pairing.Rules(timedelta(hours=2), letters_a_day=5)
    with database.write() as session:
        place = make_facility(session)
        for _ in range(3):
            make_prisoner(session, place, letter_count=50)
        newcomer = make_prisoner(session, place)
        for turn in range(8):
            pairing.reserve_next(
                session, str(turn), rules, now=NOON, today=NOON.date(), chance=chance
            )
        session.expire_all()
        assert session.get_one(Prisoner, newcomer.id).letter_count == 5
        tomorrow = NOON.date() + timedelta(days=1)
        for turn in range(8, 10):
            pairing.reserve_next(session, str(turn), rules, now=NOON, today=tomorrow, chance=chance)
        session.expire_all()
        assert session.get_one(Prisoner, newcomer.id).letter_count == 7


def test_nobody_eligible_is_said(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session, eligible=False)
        with pytest.raises(NotFound):
            pairing.reserve_next(
                session, "x", RULES, now=NOON, today=NOON.date(), chance=random.Random(1)
            )


STEPS = st.lists(
    st.sampled_from(["pick", "chosen", "instead", "give_back", "newcomer", "expire", "hide"]),
    max_size=25,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, seed=st.integers(0, 99))
def test_every_pick_is_the_lowest_and_counts_match_reservations(
    database: Database, steps: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    try:
        with database.write() as session:
            _play(session, steps, chance)
            raise _RolledBackError
    except _RolledBackError:
        pass


class _RolledBackError(Exception):
    pass


def _play(session: Session, steps: list[str], chance: random.Random) -> None:
    place = make_facility(session)
    for _ in range(3):
        make_prisoner(session, place)
    tokens: list[str] = []
    for turn, step in enumerate(steps):
        token, session_counts = f"t{turn}", counts(session)
        if step == "pick":
            before = min(session_counts, default=None)
            if before is None:
                continue
            assert next_one(session, token, chance).letter_count == before + 1
            tokens.append(token)
        elif step == "chosen":
            anybody = session.exec(select(Prisoner)).first()
            assert anybody is not None
            pairing.reserve_chosen(session, token, anybody.id, RULES, now=NOON)
            tokens.append(token)
        elif step == "instead" and tokens and session_counts:
            next_one(session, token, chance, instead_of=tokens[-1])
            tokens.append(token)
        elif step == "give_back" and tokens:
            pairing.give_back(session, tokens[chance.randrange(len(tokens))])
        elif step == "newcomer":
            make_prisoner(session, place)
        elif step == "hide" and len(session_counts) > 1:
            hidden = session.exec(select(Prisoner).where(col(Prisoner.eligible))).first()
            assert hidden is not None
            hidden.eligible = False
            session.flush()
        elif step == "expire":
            pairing.expire(session, NOON + timedelta(hours=3))
        session.expire_all()
        live = session.exec(select(Reservation.prisoner_id).where(col(Reservation.counted))).all()
        for prisoner in session.exec(select(Prisoner)):
            assert prisoner.letter_count == live.count(prisoner.id)
