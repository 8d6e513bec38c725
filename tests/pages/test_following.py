"""With the receipt code: the timeline, taking back, changing, going on, reading, deleting."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app import moving
from app.journey import pairing
from app.journey.writing import receipt_hash
from app.lifecycle import Hold, ReplyState, Role, State
from app.models import Alarm, Approval, Letter, Prisoner, Reply, ReplyText, Revision, Writer
from app.moving import by_staff
from app.service import Service
from mailing.paper import batch_pdf
from tests.pages.test_posting import page_of
from tests.pages.test_writing import LETTER, words_on
from tests.world import NOON, make_letter, make_prisoner, make_staff

CODE = "23456ABCDE789FGHJK2345678"
FIELDS = {"code": CODE}


def letter_in(service: Service, state: State, **facts: Any) -> Letter:
    with service.database.write() as session:
        person = make_prisoner(session)
        return make_letter(session, person, state, receipt_hash=receipt_hash(CODE), **facts)


def follow(client: TestClient) -> str:
    answer = client.post("/letter", data=FIELDS)
    assert answer.status_code == 200
    return words_on(answer.text)


@pytest.mark.parametrize("state", list(State))
def test_the_timeline_tells_every_state_in_a_sentence(
    client: TestClient, service: Service, state: State
) -> None:
    letter_in(service, state)
    seen = follow(client)
    assert "Your letter arrived here." in seen
    assert state.value not in seen.split() or state.value in {
        "printed",
        "ready",
        "posted",
        "closed",
    }


def test_what_is_said_about_the_translation_is_true(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.TRANSLATING)
    by_hand, later = "a volunteer translates it by hand", "We keep trying"
    assert not [words for words in (by_hand, later) if words in follow(client)]
    with service.database.write() as session:
        row = session.get_one(Letter, letter.id)
        moving.try_again_later(session, row, "no_answer", timedelta(minutes=5), NOON)
    assert later in follow(client)
    with service.database.write() as session:
        moving.leave_to_people(session, session.get_one(Letter, letter.id), "no_engine")
    seen = follow(client)
    assert by_hand in seen
    assert later not in seen, "nobody tries again"


def test_what_only_people_may_read_waits_for_a_volunteer(
    client: TestClient, service: Service
) -> None:
    letter_in(service, State.TRANSLATING, engines="none")
    assert "a volunteer translates it by hand" in follow(client)


@pytest.mark.parametrize("reason", list(Hold))
def test_a_held_letter_says_why(client: TestClient, service: Service, reason: Hold) -> None:
    letter = letter_in(service, State.IN_REVIEW)
    with service.database.write() as session:
        moving.hold(session, session.get_one(Letter, letter.id), reason, moving.SYSTEM, NOON)
    seen = follow(client)
    assert "{name}" not in seen
    assert reason.value not in seen


def test_the_russian_is_shown_from_the_approval_on(client: TestClient, service: Service) -> None:
    letter_in(service, State.IN_REVIEW)
    assert "выпал снег" not in follow(client)


def test_original_and_russian_stand_side_by_side(client: TestClient, service: Service) -> None:
    letter_in(service, State.POSTED)
    seen = follow(client)
    assert "выпал снег" in seen
    assert "hat es heute geschneit" in seen
    assert "Take the letter back" not in seen


def test_a_letter_is_taken_back(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.READY)
    answer = client.post("/letter/withdraw", data={**FIELDS, "letter": letter.id})
    assert "It will not be sent." in words_on(answer.text)
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.WITHDRAWN
        assert session.get_one(Prisoner, letter.prisoner_id).letter_count == 0
    assert client.post("/letter/withdraw", data={**FIELDS, "letter": letter.id}).status_code == 409


def test_a_printed_letter_is_asked_back_without_a_promise(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.PRINTED)
    assert "it may be too late" in follow(client)
    answer = client.post("/letter/withdraw", data={**FIELDS, "letter": letter.id})
    assert "The volunteer is told to take it out of the pile." in words_on(answer.text)
    with service.database.read() as session:
        found = session.get_one(Letter, letter.id)
        assert (found.state, found.take_out) == (State.PRINTED, True)


@pytest.mark.trust(24)
def test_deleting_everything_asks_printed_letters_back(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.PRINTED)
    client.post("/letter/delete", data={**FIELDS, "sure": "yes"})
    with service.database.read() as session:
        found = session.get_one(Letter, letter.id)
        assert found.take_out
        assert found.erased_at is not None


def test_the_signature_stands_beside_its_own_translation(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.POSTED)
    with service.database.write() as session:
        approval = session.get_one(Approval, letter.approval_id)
        russian = session.get_one(Revision, approval.revision_id)
        russian.text = f"{russian.text}\n\nЭто письмо для меня перевели."
        session.add(russian)
    seen = follow(client)
    assert "Это письмо для меня перевели." in seen
    assert "Greta Грета" in seen


def test_russian_pages_call_people_by_their_russian_names(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.IN_REVIEW)
    with service.database.read() as session:
        person = session.get_one(Prisoner, letter.prisoner_id)
    seen = words_on(client.post("/letter", data=FIELDS, headers={"accept-language": "ru"}).text)
    assert f"{person.given_name} {person.surname}" in seen
    assert person.latin_name not in seen


def test_a_refused_letter_says_why(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.IN_REVIEW)
    with service.database.write() as session:
        reviewer = by_staff(make_staff(session, Role.REVIEWER).id)
        row = session.get_one(Letter, letter.id)
        moving.move(session, row, State.REFUSED, reviewer, NOON, why="hurts")
    assert "it could hurt the person it is for." in follow(client)


def test_a_letter_is_changed_when_a_reviewer_asks(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.IN_REVIEW)
    with service.database.write() as session:
        moving.move(
            session,
            session.get_one(Letter, letter.id),
            State.NEEDS_CHANGES,
            by_staff(make_staff(session, Role.REVIEWER).id),
            NOON,
            note="Bitte ohne den Namen der Firma.",
        )
    assert "Bitte ohne den Namen der Firma." in follow(client)
    typed = {**FIELDS, "letter": letter.id, "text": "", "signature": "Greta"}
    wrong = client.post("/letter/revise", data=typed)
    assert wrong.status_code == 422
    assert "Your letter is still empty." in words_on(wrong.text)
    right = client.post("/letter/revise", data={**typed, "text": "Liebe Anna, ein neuer Text."})
    assert right.status_code == 200
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.TRANSLATING
        originals = session.exec(
            select(Revision).where(Revision.part == "original").order_by(col(Revision.seq))
        ).all()
        assert [row.text for row in originals][-1] == "Liebe Anna, ein neuer Text."
        assert len(originals) == 2
    assert "You changed it." in follow(client)


def test_a_correspondence_goes_on_under_the_same_code(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.POSTED)
    form = client.post("/letter/continue", data=FIELDS)
    assert form.status_code == 303
    data = {"text": "Noch ein Brief", "signature": "Greta", "language": "de", "gender": "she"}
    sent = client.post(form.headers["location"], data={**data, "engines": "none"})
    assert "Your receipt code stays the same" in words_on(sent.text)
    seen = follow(client)
    assert seen.count("Letter of") == 2
    with service.database.read() as session:
        assert session.get_one(Prisoner, letter.prisoner_id).letter_count == 2


def test_somebody_else_is_nobody_whom_the_writer_was_given_before(
    client: TestClient, service: Service
) -> None:
    letter_in(service, State.POSTED)
    with service.database.write() as session:
        others = {
            make_prisoner(session, given_name=name, latin_name=f"{name} Ozerova").id
            for name in ("Vera", "Zoya")
        }
    opened = follow(client)
    assert "Write to somebody else" in opened
    first = client.post("/letter/another", data=FIELDS).headers["location"]
    address = client.post(f"{first}/somebody-else").headers["location"]
    assert {_recipient(service, each) for each in (first, address)} == others
    assert client.post(f"{address}/somebody-else").status_code == 404, "nobody is left"
    sent = client.post(address, data=LETTER)
    assert sent.status_code == 200
    with service.database.read() as session:
        assert len(session.exec(select(Writer.id)).all()) == 1
    assert client.post("/letter/another", data={"code": "2" * 25}).status_code == 404


def _recipient(service: Service, address: str) -> str:
    token = address.rpartition("/")[2]
    with service.database.read() as session:
        return pairing.reservation_of(session, token).prisoner_id


def forwarded_reply(service: Service, letter: Letter) -> Reply:
    with service.database.write() as session:
        staff = by_staff(make_staff(session, Role.SCANNER).id)
        reply = Reply(received_on=date(2026, 11, 20))
        session.add(reply)
        session.flush()
        moving.move_reply(session, reply, ReplyState.MATCHED, staff, NOON, letter_id=letter.id)
        for seq, (part, language, text) in enumerate(
            [("transcript", "ru", "Здравствуйте!"), ("translation", "de", "Guten Tag!")]
        ):
            row = ReplyText(reply_id=reply.id, seq=seq, part=part, language=language)
            row.text = text
            session.add(row)
        for state in (ReplyState.TRANSCRIBED, ReplyState.IN_REVIEW, ReplyState.FORWARDED):
            moving.move_reply(session, reply, state, staff, NOON)
        return reply


def test_every_page_that_is_printed_is_shown(client: TestClient, service: Service) -> None:
    pages = [page_of("10000000001"), page_of("10000000002")]
    letter = letter_in(service, State.READY, file_id=service.vault.put(batch_pdf(None, pages)))
    shown = client.post("/letter/page", data={**FIELDS, "letter": letter.id})
    assert shown.text.count('src="data:image/png') == 2


def test_the_answer_is_read_once_it_is_forwarded(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.POSTED)
    reply = forwarded_reply(service, letter)
    assert "There is an answer." in follow(client)
    page = client.post("/letter/reply", data={**FIELDS, "reply": reply.id})
    seen = words_on(page.text)
    assert "Guten Tag!" in seen
    assert "Здравствуйте!" in seen
    assert "Please do not publish this" in seen
    with service.database.read() as session:
        assert session.get_one(Reply, reply.id).state == ReplyState.READ
    again = client.post("/letter/reply", data={**FIELDS, "reply": reply.id})
    assert again.status_code == 200


@pytest.mark.trust(13)
def test_nobody_elses_letter_or_answer_opens(client: TestClient, service: Service) -> None:
    letter_in(service, State.READY)
    with service.database.write() as session:
        other = make_letter(session, make_prisoner(session), State.POSTED)
    reply = forwarded_reply(service, other)
    for path, fields in {
        "/letter/withdraw": {"letter": other.id},
        "/letter/page": {"letter": other.id},
        "/letter/revise": {"letter": other.id, "text": "x", "signature": "y"},
        "/letter/reply": {"reply": reply.id},
    }.items():
        assert client.post(path, data={**FIELDS, **fields}).status_code == 404


@pytest.mark.trust(24)
def test_everything_is_deleted_after_being_asked_once_more(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.READY, email="greta@example.org")
    asked = client.post("/letter/delete", data=FIELDS)
    assert "This cannot be undone." in words_on(asked.text)
    done = client.post("/letter/delete", data={**FIELDS, "sure": "yes"})
    assert "Everything is deleted" in words_on(done.text)
    assert client.post("/letter", data=FIELDS).status_code == 404
    with service.database.read() as session:
        found = session.get_one(Letter, letter.id)
        assert found.state == State.WITHDRAWN
        assert found.erased_at is not None
        assert all(row.text_sealed is None for row in session.exec(select(Revision)))


@pytest.mark.trust(54)
def test_guessing_codes_is_slowed_and_alarmed_and_right_codes_open(
    client: TestClient, service: Service
) -> None:
    letter_in(service, State.READY)
    answers = [client.post("/letter", data={"code": "A" * 25}).status_code for _ in range(33)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert client.post("/letter", data=FIELDS).status_code == 200
    with service.database.read() as session:
        assert [alarm.kind for alarm in session.exec(select(Alarm))] == ["guessing"]


@pytest.mark.trust(49)
def test_opening_addresses_twice_spends_nothing(client: TestClient, service: Service) -> None:
    letter_in(service, State.READY)
    for _ in range(2):
        assert client.get("/letter").status_code == 200
    assert client.post("/letter", data=FIELDS).status_code == 200
