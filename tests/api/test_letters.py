"""Partners hand letters in; whoever has the receipt code sees what became of them."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select
from starlette.testclient import TestClient

from app import guessing, moving
from app.journey.accepting import receipt_hash
from app.lifecycle import Hold, ReplyState, State
from app.models import (
    Alarm,
    Correspondence,
    Letter,
    Limit,
    Prisoner,
    Reply,
    ReplyText,
    Reservation,
    Revision,
    Writer,
)
from app.sealing import typed_code
from app.service import Service
from app.staff import partners
from tests.api.conftest import LETTER, HandIn
from tests.world import NOON, make_letter, make_prisoner

PROBLEM = "application/problem+json"
CODE = "23456ABCDE789FGHJK2345678"


def look(client: TestClient, code: str) -> Any:
    return client.get("/api/v1/letters", headers={"Authorization": f"Receipt {code}"})


def test_a_letter_is_taken_and_its_receipt_opens_it(
    client: TestClient, hand_in: HandIn, prisoner: Prisoner
) -> None:
    answer = hand_in()
    assert answer.status_code == 201
    taken = answer.json()
    assert taken["prisoner"] == {"slug": prisoner.slug, "name": "Озерова Анна Петровна"}
    assert taken["state"] == "translating"
    seen = look(client, taken["receipt"]).json()
    assert seen["state"] == "translating"
    assert [(event["from"], event["to"]) for event in seen["events"]] == [
        (None, "received"),
        ("received", "translating"),
    ]
    assert seen["original"] == {
        "language": "de",
        "text": LETTER["text"],
        "signature": LETTER["signature"],
    }
    assert seen["prisoner"] == taken["prisoner"]
    assert seen["russian"] is None
    assert seen["may_withdraw"]


def test_only_people_and_our_own_engine_read_it_unless_the_writer_agreed(
    service: Service, hand_in: HandIn, prisoner: Prisoner
) -> None:
    assert hand_in().status_code == 201
    assert hand_in(outside_translation=True).status_code == 201
    with service.database.read() as session:
        assert sorted(session.exec(select(Letter.engines))) == ["outside", "own"]


def test_the_next_letter_goes_to_whoever_has_fewest(service: Service, hand_in: HandIn) -> None:
    with service.database.write() as session:
        people = {make_prisoner(session).slug for _ in range(3)}
    given = [hand_in().json()["prisoner"]["slug"] for _ in range(6)]
    assert set(given[:3]) == set(given[3:]) == people


def test_a_chosen_person_gets_it_and_it_counts(service: Service, hand_in: HandIn) -> None:
    with service.database.write() as session:
        chosen = make_prisoner(session, letter_count=7)
        make_prisoner(session)
    assert hand_in(prisoner=chosen.slug).json()["prisoner"]["slug"] == chosen.slug
    with service.database.read() as session:
        assert session.get_one(Prisoner, chosen.id).letter_count == 8
        assert session.exec(select(Letter.random)).one() is False


def test_a_known_writer_is_not_given_the_same_person_twice(
    service: Service, hand_in: HandIn
) -> None:
    with service.database.write() as session:
        few = make_prisoner(session)
        many = make_prisoner(session, letter_count=5)
    given = [hand_in(writer_reference="4711").json()["prisoner"]["slug"] for _ in range(2)]
    assert given == [few.slug, many.slug]
    assert hand_in(writer_reference="4711").status_code == 404
    with service.database.read() as session:
        assert len(session.exec(select(Writer)).all()) == 1


def test_a_letter_in_russian_goes_straight_to_review(hand_in: HandIn, prisoner: Prisoner) -> None:
    text = "Здравствуйте, Анна! У нас сегодня выпал первый снег, и дети лепят снеговика."
    assert hand_in(text=text).json()["state"] == "in_review"


@pytest.mark.trust(57)
def test_ten_parallel_repeats_make_one_letter_and_one_count(
    service: Service, hand_in: HandIn
) -> None:
    with service.database.write() as session:
        for _ in range(12):
            make_prisoner(session)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: hand_in("retry-1", email="greta@example.org"), range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    with service.database.read() as session:
        assert len(session.exec(select(Letter)).all()) == 1
        assert len(session.exec(select(Correspondence)).all()) == 1
        assert session.exec(select(Reservation)).all() == []
        assert session.exec(select(sa.func.sum(Prisoner.letter_count))).one() == 1


@pytest.mark.trust(57)
@pytest.mark.parametrize(
    "change",
    [
        {"text": "Liebe Anna, heute regnet es bei uns, und alle sind zu Hause geblieben."},
        {"prisoner": "anna"},
        {"outside_translation": True},
        {"writer_reference": "somebody else"},
    ],
)
def test_the_same_key_with_another_body_changes_nothing(
    service: Service, hand_in: HandIn, prisoner: Prisoner, change: dict[str, Any]
) -> None:
    first = hand_in("key-1")
    refused = hand_in("key-1", **change)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == PROBLEM
    assert hand_in("key-1").json() == first.json()
    with service.database.read() as session:
        assert session.get_one(Prisoner, prisoner.id).letter_count == 1


def test_the_key_of_one_partner_is_not_that_of_another(
    client: TestClient, service: Service, hand_in: HandIn, prisoner: Prisoner
) -> None:
    with service.database.write() as session:
        other = partners.add(session, "Letters from Porto", NOON)
    mine = hand_in("key-1").json()
    headers = {"Authorization": f"Bearer {other}", "Idempotency-Key": "key-1"}
    theirs = client.post("/api/v1/letters", json=LETTER, headers=headers).json()
    assert theirs["receipt"] != mine["receipt"]


@pytest.mark.trust(61)
def test_fifty_writers_at_once_are_all_taken(service: Service, hand_in: HandIn) -> None:
    with service.database.write() as session:
        for _ in range(20):
            make_prisoner(session)

    def write(number: int) -> int:
        # Five of them are one writer, who sends ten letters at the same moment.
        return hand_in(writer_reference=f"writer-{min(number, 40)}").status_code

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(write, range(50))) == {201}
    with service.database.read() as session:
        counts = session.exec(select(Prisoner.letter_count)).all()
        assert sum(counts) == len(session.exec(select(Letter)).all()) == 50


@pytest.mark.trust(1)
def test_a_letter_at_the_limit_is_taken_and_one_over_is_not(
    hand_in: HandIn, prisoner: Prisoner
) -> None:
    assert hand_in(text="я" * 11_999 + "\r\n", language="uk").status_code == 201
    refused = hand_in(text="я" * 12_001, language="uk")
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["text"]


@pytest.mark.trust(3)
def test_every_sign_comes_back_as_it_was_sent(
    client: TestClient, hand_in: HandIn, prisoner: Prisoner
) -> None:
    text = "Дорогая Анна 🌨️ שלום, e\u0301té\n\tи\u00a0«ё»"
    taken = hand_in(text=text, signature='Ґ\'ю "Ö" 🙂', language="uk").json()
    original = look(client, taken["receipt"]).json()["original"]
    assert (original["text"], original["signature"]) == (text, 'Ґ\'ю "Ö" 🙂')


@pytest.mark.trust(3, 5, 6)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "nul\0"),
        ("text", "\ud800 alone"),
        ("text", 7),
        ("text", None),
        ("signature", "two\nlines"),
        ("signature", "x" * 81),
        ("email", "a@example.org\r\nBcc: b@example.org"),
        ("email", "a@mail.ru"),
        ("gender", "it"),
        ("language", "xx"),
        ("prisoner", "../etc"),
        ("prisoner", "nobody"),
        ("outside_translation", "yes"),
        ("state", "approved"),
        ("held_reason", "dead"),
        ("partner_id", "1"),
    ],
)
def test_what_cannot_be_taken_is_named(
    service: Service, client: TestClient, token: str, prisoner: Prisoner, field: str, value: Any
) -> None:
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": "key-1",
        "Content-Type": "application/json",
    }
    body = {"language": "de", **LETTER, field: value}
    if value is None:
        del body[field]
    refused = client.post("/api/v1/letters", content=json.dumps(body), headers=headers)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == PROBLEM
    assert list(refused.json()["errors"]) == [field]
    with service.database.read() as session:
        assert session.exec(select(Letter)).all() == []
        assert session.get_one(Prisoner, prisoner.id).letter_count == 0


def test_an_uncertain_language_is_asked_for(hand_in: HandIn, prisoner: Prisoner) -> None:
    refused = hand_in(text="Hallo")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["language"])
    assert hand_in(text="Hallo", language="de").status_code == 201


@pytest.mark.trust(2)
@pytest.mark.parametrize("body", ["{" + '"a":1,' * 5000 + '"b":2}', '{"text":"' + "x" * 2_000_000])
def test_floods_are_refused(client: TestClient, token: str, body: str) -> None:
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": "key-1",
        "Content-Type": "application/json",
    }
    refused = client.post("/api/v1/letters", content=body, headers=headers)
    assert refused.status_code in {413, 422}
    assert refused.headers["content-type"] == PROBLEM
    assert len(refused.content) < 500_000


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic YTpi", "Bearer"])
def test_nobody_is_heard_without_a_token(client: TestClient, header: str | None) -> None:
    headers = {"Idempotency-Key": "key-1"} | ({"Authorization": header} if header else {})
    refused = client.post("/api/v1/letters", json=LETTER, headers=headers)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == PROBLEM


def test_a_disabled_partner_is_refused_at_once(
    service: Service, hand_in: HandIn, prisoner: Prisoner
) -> None:
    assert hand_in().status_code == 201
    with service.database.write() as session:
        partners.disable(session, "Letters from Ghent", service.now())
    assert hand_in().status_code == 401


def test_nobody_to_write_to_is_said(hand_in: HandIn) -> None:
    assert hand_in().status_code == 404
    assert hand_in().json()["detail"]


@pytest.mark.trust(13)
def test_a_code_opens_its_own_correspondence_alone(
    client: TestClient, hand_in: HandIn, prisoner: Prisoner
) -> None:
    mine, theirs = hand_in().json(), hand_in(signature="Bob").json()
    assert look(client, mine["receipt"]).json()["original"]["signature"] == "Greta"
    assert look(client, theirs["receipt"]).json()["earlier"] == []
    assert look(client, mine["receipt"][:-1] + "2").status_code == 401


@pytest.mark.parametrize("header", [None, "Receipt", "Receipt ABC", "Bearer x"])
def test_without_a_code_nothing_is_opened(client: TestClient, header: str | None) -> None:
    refused = client.get("/api/v1/letters", headers={"Authorization": header} if header else {})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Receipt")


def test_the_status_tells_of_holds_requests_and_the_approved_russian(
    client: TestClient, service: Service
) -> None:
    with service.database.write() as session:
        letter = make_letter(
            session, make_prisoner(session), State.READY, receipt_hash=receipt_hash(CODE)
        )
        moving.hold(session, letter, Hold.IN_TRANSFER, moving.SYSTEM, NOON)
    seen = look(client, CODE).json()
    assert (seen["state"], seen["held"]) == ("ready", "in_transfer")
    assert seen["events"][-1]["to"] == "held"
    assert seen["events"][-1]["reason"] == "in_transfer"
    assert seen["russian"]["text"].startswith("Дорогая Анна")


def test_a_forwarded_reply_is_read_with_its_warning_and_without_what_is_held_back(
    client: TestClient, service: Service
) -> None:
    with service.database.write() as session:
        letter = make_letter(
            session, make_prisoner(session), State.ANSWERED, receipt_hash=receipt_hash(CODE)
        )
        reply = Reply(
            letter_id=letter.id,
            state=ReplyState.FORWARDED,
            received_on=NOON.date(),
            created_at=NOON,
        )
        session.add(reply)
        session.flush()
        for seq, part in enumerate(("transcript", "translation")):
            row = ReplyText(reply_id=reply.id, seq=seq, part=part, language="ru")
            row.text = "Спасибо за письмо. ⟦Пётр⟧ тоже рад."
            session.add(row)
    [reply_seen] = look(client, CODE).json()["replies"]
    assert reply_seen["transcript"].startswith("Спасибо за письмо.")
    assert "Пётр" not in str(reply_seen)
    assert "for you alone" in reply_seen["warning"]
    with service.database.read() as session:
        assert session.exec(select(Reply.state)).one() == ReplyState.FORWARDED


@pytest.mark.trust(20)
def test_swapped_ciphertexts_are_an_alarm_and_never_a_text(
    client: TestClient, service: Service, hand_in: HandIn, prisoner: Prisoner
) -> None:
    receipts = [hand_in(text=text, language="de").json()["receipt"] for text in ("Eins.", "Zwei.")]
    with service.database.write() as session:
        one, two = session.exec(select(Revision)).all()
        one.text_sealed, two.text_sealed = two.text_sealed, one.text_sealed
    for receipt in receipts:
        answer = look(client, receipt)
        assert answer.status_code == 500
        assert answer.headers["content-type"] == PROBLEM
        assert "Eins" not in answer.text
        assert "Zwei" not in answer.text
    with service.database.read() as session:
        assert set(session.exec(select(Alarm.kind))) == {"broken_seal"}


@pytest.mark.trust(54)
def test_guessing_codes_is_slowed_and_alarmed_once_and_right_codes_still_work(
    client: TestClient, service: Service, hand_in: HandIn, prisoner: Prisoner
) -> None:
    receipt = hand_in().json()["receipt"]
    with ThreadPoolExecutor(8) as pool:
        tries = list(pool.map(lambda _: look(client, CODE), range(guessing.WRONG_CODES)))
    assert {answer.status_code for answer in tries} == {401}
    slowed = [look(client, CODE) for _ in range(3)]
    assert {answer.status_code for answer in slowed} == {429}
    assert 0 < int(slowed[0].headers["retry-after"]) <= guessing.WINDOW.total_seconds()
    assert look(client, receipt).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Alarm.kind)).all() == ["guessing"]
        assert "testclient" not in str(session.exec(select(Limit.bucket)).all())
    service.clock.forward(minutes=11)  # type: ignore[attr-defined]
    assert look(client, CODE).status_code == 401


@pytest.mark.trust(48)
@pytest.mark.parametrize("path", ["/api/v1/letters", "/api/v1/nowhere", "/api/v1/prisoners"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_the_receipt_is_kept_as_a_keyed_hash_alone(
    service: Service, hand_in: HandIn, prisoner: Prisoner
) -> None:
    code = typed_code(hand_in().json()["receipt"])
    with service.database.read() as session:
        kept = session.exec(select(Correspondence)).one()
        assert kept.receipt_hash == receipt_hash(code)
        assert code not in str(kept)
