"""A letter is sent: kept once, counted once, and opened by its code."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.database import Database
from app.errors import ChangedSubmission, Invalid
from app.journey import pairing, writing
from app.journey.writing import Draft
from app.lifecycle import State
from app.models import Correspondence, Letter, Prisoner, Revision
from tests.world import NOON, make_prisoner

CHANCE = random.Random(7)
RULES = pairing.Rules(timedelta(hours=2), letters_a_day=20)
DRAFT = Draft(
    "Liebe Anna,\n\nes schneit.", "Greta", "de", "she", "outside", email="greta@example.org"
)


def said(message: str) -> str:
    return message


def reserve(session: Session, token: str = "form-1") -> pairing.Reserved:
    return pairing.reserve_next(session, token, RULES, now=NOON, today=NOON.date(), chance=CHANCE)


def test_a_sent_letter_is_kept_sealed_and_goes_to_translation(database: Database) -> None:
    with database.write() as session:
        prisoner = make_prisoner(session)
        reserve(session)
    with database.write() as session:
        sent = writing.submit(session, "form-1", DRAFT, NOON, CHANCE)
    with database.read() as session:
        letter = session.get_one(Letter, sent.letter_id)
        assert letter.state == State.TRANSLATING
        original = session.exec(select(Revision)).one()
        assert original.text == DRAFT.text
        assert b"schneit" not in (original.text_sealed or b"")
        assert session.get_one(Prisoner, prisoner.id).letter_count == 1
        assert sent.code is not None
        correspondence = session.exec(select(Correspondence)).one()
        assert correspondence.receipt_hash == writing.receipt_hash(sent.code)


def test_a_russian_letter_goes_straight_to_review_with_its_closing_sentence(
    database: Database,
) -> None:
    russian = replace(DRAFT, text="Здравствуйте, Анна!", language="ru", engines="none")
    with database.write() as session:
        make_prisoner(session)
        reserve(session)
        sent = writing.submit(session, "form-1", russian, NOON, CHANCE)
        assert session.get_one(Letter, sent.letter_id).state == State.IN_REVIEW
        text = session.exec(select(Revision).where(Revision.part == "russian")).one().text
        assert text.startswith("Здравствуйте, Анна!\n\nЕсли захотите ответить")


@pytest.mark.trust(57)
def test_ten_parallel_retries_make_one_letter_with_one_code(database: Database) -> None:
    with database.write() as session:
        prisoner = make_prisoner(session)
        reserve(session)

    def send(_: int) -> writing.Sent:
        with database.write() as session:
            return writing.submit(session, "form-1", DRAFT, NOON, CHANCE)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))
    assert len({answer.code for answer in answers}) == 1
    with database.read() as session:
        assert len(session.exec(select(Letter)).all()) == 1
        assert session.get_one(Prisoner, prisoner.id).letter_count == 1
    with database.write() as session, pytest.raises(ChangedSubmission):
        writing.submit(session, "form-1", replace(DRAFT, text="Anders"), NOON, CHANCE)


def test_sending_after_the_reservation_ran_out_counts_again_and_keeps_the_person(
    database: Database,
) -> None:
    with database.write() as session:
        prisoner = make_prisoner(session)
        make_prisoner(session)
        reserved = reserve(session)
    with database.write() as session:
        assert pairing.expire(session, NOON + timedelta(hours=3)) == 1
        assert session.get_one(Prisoner, reserved.prisoner_id).letter_count == 0
    with database.write() as session:
        sent = writing.submit(session, "form-1", DRAFT, NOON + timedelta(hours=4), CHANCE)
        assert sent.prisoner_id == reserved.prisoner_id
    with database.read() as session:
        counts = {row.id: row.letter_count for row in session.exec(select(Prisoner))}
        assert counts[reserved.prisoner_id] == 1
        assert sum(counts.values()) == 1
    assert prisoner.id in counts


@pytest.mark.trust(1)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "   \r\n "),
        ("text", "a" * 12_001),
        ("text", "nul\0"),
        ("signature", ""),
        ("signature", "two\nlines"),
        ("email", "nobody"),
        ("email", "a@b.org\r\nBcc: x@y.org"),
        ("gender", "it"),
        ("engines", "all"),
        ("language", "../de"),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_field(field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        writing.checked(Draft(**{**asdict(DRAFT), field: value}), said)
    assert list(refused.value.problems) == [field]


@pytest.mark.trust(1)
def test_a_letter_at_the_limit_is_taken_and_line_ends_count_once() -> None:
    text = "я" * 11_998 + "\r\nя"
    assert len(writing.checked(replace(DRAFT, text=text), said).text) == 12_000
