"""The reply desk in a browser without scripts: upload, find, copy out, translate, review."""

import random
import re
from datetime import date

import pytest
from httpx2 import Response
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.lifecycle import Hold, ReplyState, Role, State
from app.models import Alarm, Correspondence, Event, Letter, Prisoner, Reply, ReplyText
from app.queries.following import own_reply
from app.sealing import keyring
from app.service import Service
from mailing import letter_numbers, paper
from mailing.paper import LetterSheet
from tests import staffing, world
from tests.mailing import hostile_files as files

CODE = "23456ABCDE789FGHJK2345678"
NUMBER = letter_numbers.new(random.Random(7))
TEXT = "Здравствуйте, Грета!\n\nСпасибо за письмо. ⟦Мой сосед Пётр болен.⟧ Пишите ещё."
GERMAN = "Guten Tag, Greta!\n\nDanke für den Brief. ⟦Mein Nachbar Pjotr ist krank.⟧ Bis bald."


@pytest.fixture
def letter(service: Service) -> Letter:
    """A posted letter of somebody who writes German."""
    with service.database.write() as session:
        return world.make_letter(
            session,
            world.make_prisoner(session),
            State.POSTED,
            number=NUMBER,
            staff=world.make_staff(session),  # the team has one reviewer: whoever is at the desk
            receipt_hash=keyring().hashed("receipt", CODE),
            email="greta@example.org",
        )


@pytest.fixture
def desk(client: TestClient, service: Service) -> TestClient:
    """The client, signed in as somebody who scans, translates and reviews."""
    sign_in(client, service, Role.SCANNER, Role.TRANSLATOR, Role.REVIEWER)
    return client


def sign_in(client: TestClient, service: Service, *roles: Role) -> str:
    with service.database.write() as session:
        staff = world.make_staff(session, *roles)
    staffing.sign_in(client, service, staff.id)
    return staff.id


def reply_sheet(number: str) -> bytes:
    """A photo of the reply sheet of a letter, with its code (PNG)."""
    sheet = LetterSheet(
        number=letter_numbers.grouped(number),
        day=date(2026, 11, 20),
        address=("Озеровой Анне Петровне, 1985 г. р.", "ФКУ ИК-5", "610998"),
        sender_line="M. Winter, Postfach 12 34 56, 10999 Berlin",
        text=world.RUSSIAN_TEXT,
        closing="",
        signature="Грета",
        return_address=("M. Winter", "Postfach 12 34 56", "10999 Berlin", "Deutschland"),
        codes_allowed=True,
    )
    letter = paper.render(sheet)
    return paper.page_picture(letter.pdf, letter.pages - 1, width=1654)


def upload(client: TestClient, *uploads: tuple[str, bytes], day: str = "2026-11-22") -> Response:
    fields = [("files", (name, content, "image/jpeg")) for name, content in uploads]
    return client.post("/desk/replying/new", data={"received_on": day}, files=fields)


def uploaded(client: TestClient, *uploads: tuple[str, bytes]) -> str:
    """Upload; returns the address of the reply."""
    answer = upload(client, *(uploads or (("page.jpg", files.jpeg()),)))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def matched(client: TestClient) -> str:
    """A reply that waits to be copied out."""
    path = uploaded(client)
    assert client.post(f"{path}/match", data={"number": NUMBER}).status_code == 303
    return path


def in_review(client: TestClient) -> str:
    """A reply that was copied out and translated by hand, taken by this reviewer."""
    path = matched(client)
    client.post(f"{path}/transcript", data={"text": TEXT, "language": "ru", "do": "finish"})
    client.post(f"{path}/take")
    client.post(f"{path}/translation", data={"translation": GERMAN, "do": "finish"})
    client.post(f"{path}/take")
    return path


def reply_at(service: Service, path: str) -> Reply:
    with service.database.read() as session:
        return session.get_one(Reply, path.rpartition("/")[2])


def state_of(service: Service, letter: Letter) -> str:
    with service.database.read() as session:
        return session.get_one(Letter, letter.id).state


def test_from_the_photo_to_the_writer(desk: TestClient, service: Service, letter: Letter) -> None:
    path = uploaded(desk, ("IMG_1.png", reply_sheet(NUMBER)), ("IMG_2.jpg", files.jpeg()))
    assert state_of(service, letter) == State.ANSWERED, "the code finds the letter by itself"
    page = desk.get(path).text
    assert "Copy out the reply" in page
    assert letter_numbers.grouped(NUMBER) in page
    assert "Greta" not in page, "who copies out does not see who wrote"

    desk.post(f"{path}/transcript", data={"text": TEXT[:20], "language": "ru", "do": "keep"})
    assert TEXT[:20] in desk.get(path).text
    done = desk.post(f"{path}/transcript", data={"text": TEXT, "language": "ru", "do": "finish"})
    assert done.headers["location"] == "/desk/replying?done=copied"
    assert reply_at(service, path).state == ReplyState.TRANSLATING

    desk.post(f"{path}/take")
    assert "Translate the reply into German" in desk.get(path).text
    desk.post(f"{path}/translation", data={"translation": GERMAN, "do": "finish"})
    desk.post(f"{path}/take")
    both = {"transcript": TEXT, "translation": GERMAN}
    refused = desk.post(f"{path}/review", data=both | {"do": "approve"})
    assert refused.status_code == 422, "a passage is held back, but its page is shown"
    desk.post(f"{path}/pages/2/withhold", data={"withheld": "yes"})
    done = desk.post(f"{path}/review", data=both | {"do": "approve"})
    assert done.headers["location"] == "/desk/replying?done=forwarded"

    reply = reply_at(service, path)
    assert reply.state == ReplyState.FORWARDED
    with service.database.read() as session:
        read = own_reply(session, CODE, reply.id)
        assert read.transcript == TEXT.replace("⟦Мой сосед Пётр болен.⟧", "[…]")
        assert read.translation == GERMAN.replace("⟦Mein Nachbar Pjotr ist krank.⟧", "[…]")
        assert len(read.scan_ids) == 1, "the page that was held back is not shown"


@pytest.mark.trust(13)
@pytest.mark.trust(17)
def test_only_who_took_it_sees_it(desk: TestClient, service: Service, letter: Letter) -> None:
    path = matched(desk)
    desk.post(f"{path}/transcript", data={"text": TEXT, "language": "ru", "do": "keep"})
    sign_in(desk, service, Role.SCANNER)
    page = desk.get(path).text
    assert "Somebody else is at work on it" in page
    assert "Спасибо" not in page
    assert desk.get(f"{path}/pages/1").status_code == 404
    assert desk.post(f"{path}/take").status_code == 409
    kept = desk.post(f"{path}/transcript", data={"text": "x", "language": "ru", "do": "keep"})
    assert kept.status_code == 409
    sign_in(desk, service, Role.TRANSLATOR)
    assert desk.get(path).status_code == 404, "it does not wait for a translator"
    assert desk.post(f"{path}/take").status_code == 404


@pytest.mark.trust(12)
def test_roles_see_their_own_step_only(desk: TestClient, service: Service) -> None:
    path = uploaded(desk)
    sign_in(desk, service, Role.PRINTER)
    for address in ("/desk/replying", "/desk/replying/new", path, f"{path}/pages/1"):
        assert desk.get(address).status_code == 403
    sign_in(desk, service, Role.REVIEWER)
    assert desk.get("/desk/replying").status_code == 200
    assert "Upload a reply" not in desk.get("/desk/replying").text
    assert desk.get("/desk/replying/new").status_code == 403
    assert desk.post(f"{path}/match", data={"number": NUMBER}).status_code == 403
    assert desk.post(f"{path}/resume").status_code == 403


@pytest.mark.trust(47)
def test_looking_changes_nothing(desk: TestClient, service: Service, letter: Letter) -> None:
    path = in_review(desk)
    before = events(service)
    steps = ("", "/pages/1", "/take", "/match", "/review", "/danger", "/no-more-letters")
    for step in steps:
        desk.get(f"{path}{step}")
    assert events(service) == before


def events(service: Service) -> int:
    with service.database.read() as session:
        return len(session.exec(select(Event.id)).all())


def test_a_misread_number_shows_letters_with_almost_this_number(
    desk: TestClient, service: Service, letter: Letter
) -> None:
    path = uploaded(desk)
    assert "Which letter does this answer?" in desk.get(path).text
    swapped = NUMBER[:3] + NUMBER[4] + NUMBER[3] + NUMBER[5:]
    wrong = NUMBER[:-3] + str((int(NUMBER[-3]) + 1) % 10) + NUMBER[-2:]
    for typed in (swapped, wrong):
        answer = desk.post(f"{path}/match", data={"number": typed})
        assert answer.status_code == 422
        assert letter_numbers.grouped(NUMBER) in answer.text
        assert f'value="{typed}"' in answer.text
    short = desk.post(f"{path}/match", data={"number": "12 34"})
    assert "This is not a letter number" in short.text
    desk.post(f"{path}/match/{letter.id}")
    assert state_of(service, letter) == State.ANSWERED


def test_without_a_number_the_name_the_town_and_the_day_suggest_letters(
    desk: TestClient, letter: Letter
) -> None:
    path = uploaded(desk)
    for typed in ({"name": "озерова"}, {"name": "Ozerova", "town": "озёрный"}):
        answer = desk.post(f"{path}/suggest", data=typed)
        assert letter_numbers.grouped(NUMBER) in answer.text, typed
        assert "Greta" not in answer.text
    nobody = desk.post(f"{path}/suggest", data={"name": "Сидоров"})
    assert "No such letter was posted" in nobody.text


def test_a_wrong_match_is_undone(desk: TestClient, service: Service, letter: Letter) -> None:
    path = matched(desk)
    assert state_of(service, letter) == State.ANSWERED
    desk.post(f"{path}/unmatch")
    assert state_of(service, letter) == State.POSTED
    reply = reply_at(service, path)
    assert (reply.state, reply.letter_id) == (ReplyState.SCANNED, None)
    assert "wrong letter before" in desk.get(path).text
    desk.post(f"{path}/match", data={"number": NUMBER})
    assert state_of(service, letter) == State.ANSWERED


def test_marks_that_do_not_match_are_refused_and_the_text_is_still_there(
    desk: TestClient, letter: Letter
) -> None:
    path = matched(desk)
    text = "Начало ⟦без конца"
    answer = desk.post(f"{path}/transcript", data={"text": text, "language": "ru", "do": "finish"})
    assert answer.status_code == 422
    assert text in answer.text
    assert "Every ⟦ (or [[) needs its ⟧" in answer.text


def test_nothing_is_copied_out_before_the_letter_is_found(desk: TestClient) -> None:
    path = uploaded(desk)
    answer = desk.post(f"{path}/transcript", data={"text": "да", "language": "ru", "do": "finish"})
    assert answer.status_code == 409


def test_whoever_writes_russian_needs_no_translation(desk: TestClient, service: Service) -> None:
    with service.database.write() as session:
        person = world.make_prisoner(session)
        nobody = world.make_staff(session)
        world.make_letter(session, person, State.POSTED, number=NUMBER, language="ru", staff=nobody)
    path = matched(desk)
    desk.post(f"{path}/transcript", data={"text": "Спасибо!", "language": "ru", "do": "finish"})
    assert reply_at(service, path).state == ReplyState.IN_REVIEW
    desk.post(f"{path}/take")
    assert 'name="translation"' not in desk.get(path).text
    desk.post(f"{path}/review", data={"transcript": "Спасибо!", "do": "approve"})
    assert reply_at(service, path).state == ReplyState.FORWARDED


def test_a_passage_held_back_in_one_text_only_is_not_forwarded(
    desk: TestClient, service: Service, letter: Letter
) -> None:
    path = in_review(desk)
    open_text = GERMAN.replace("⟦", "").replace("⟧", "")
    typed = {"transcript": TEXT, "translation": open_text, "do": "approve", "pictures": "yes"}
    answer = desk.post(f"{path}/review", data=typed)
    assert answer.status_code == 422
    assert "held back in one of the texts" in answer.text
    second = typed | {"transcript": f"{TEXT} ⟦Ещё имя⟧", "translation": f"{GERMAN} Noch ein Name"}
    assert desk.post(f"{path}/review", data=second).status_code == 422, "two and one"
    assert reply_at(service, path).state == ReplyState.IN_REVIEW
    done = desk.post(f"{path}/review", data=typed | {"translation": GERMAN})
    assert done.status_code == 303, "the reviewer says that no picture shows it"


def test_who_typed_or_translated_a_reply_is_told_that_somebody_else_approves_it(
    desk: TestClient, service: Service, letter: Letter
) -> None:
    path = in_review(desk)
    assert 'value="approve"' in desk.get(path).text, "nobody else reviews here"
    with service.database.write() as session:
        world.make_staff(session, Role.REVIEWER)
    page = desk.get(path).text
    assert "somebody else approves it" in page
    assert 'value="approve"' not in page
    typed = {"transcript": TEXT, "translation": GERMAN, "pictures": "yes"}
    assert desk.post(f"{path}/review", data=typed | {"do": "approve"}).status_code == 403
    assert reply_at(service, path).state == ReplyState.IN_REVIEW
    assert desk.post(f"{path}/review", data=typed | {"do": "keep"}).status_code == 303
    desk.post(f"{path}/let-go")
    sign_in(desk, service, Role.REVIEWER)
    desk.post(f"{path}/take")
    done = desk.post(f"{path}/review", data=typed | {"do": "approve"})
    assert done.headers["location"] == "/desk/replying?done=forwarded"


@pytest.mark.parametrize(("do", "state"), [("translate", "translating"), ("copy", "matched")])
def test_a_reviewer_sends_it_back(
    desk: TestClient, service: Service, letter: Letter, do: str, state: str
) -> None:
    path = in_review(desk)
    desk.post(f"{path}/review", data={"do": do})
    assert reply_at(service, path).state == state


def test_a_withheld_reply_waits_for_a_coordinator(
    desk: TestClient, service: Service, letter: Letter
) -> None:
    path = in_review(desk)
    assert desk.post(f"{path}/review", data={"do": "withhold"}).status_code == 422
    desk.post(f"{path}/review", data={"do": "withhold", "reason": "It threatens a cell mate"})
    assert reply_at(service, path).state == ReplyState.WITHHELD
    assert desk.get(path).status_code == 404
    sign_in(desk, service, Role.COORDINATOR)
    desk.post(f"{path}/take")
    assert "It threatens a cell mate" in desk.get(path).text
    desk.post(f"{path}/resume")
    assert reply_at(service, path).state == ReplyState.IN_REVIEW


def test_danger_to_life_reaches_a_coordinator_at_once(desk: TestClient, service: Service) -> None:
    path = uploaded(desk)
    desk.post(f"{path}/danger")
    with service.database.read() as session:
        alarm = session.exec(select(Alarm)).one()
    assert (alarm.kind, alarm.subject_id) == ("danger", path.rpartition("/")[2])
    assert alarm.created_at == service.now()
    sign_in(desk, service, Role.COORDINATOR)
    assert "Danger to life" in desk.get("/desk/replying").text
    desk.post(f"{path}/danger", data={"over": "yes"})
    assert reply_at(service, path).danger_since is None


def test_no_more_letters_stops_everything_at_once(
    desk: TestClient, service: Service, letter: Letter
) -> None:
    with service.database.write() as session:
        prisoner = session.get_one(Prisoner, letter.prisoner_id)
        waiting = world.make_letter(session, prisoner, State.READY)
    path = matched(desk)
    desk.post(f"{path}/no-more-letters")
    with service.database.read() as session:
        prisoner = session.get_one(Prisoner, letter.prisoner_id)
        assert (prisoner.wants_letters, prisoner.eligible, prisoner.published) == (False,) * 3
        assert session.get_one(Correspondence, letter.correspondence_id).stopped_at is not None
        assert session.get_one(Letter, waiting.id).held_reason == Hold.NOT_WRITABLE
        alarms = session.exec(select(Alarm.kind, Alarm.subject_id)).all()
    assert alarms == [("no_more_letters", prisoner.id)]
    assert "this correspondence is stopped" in desk.get(path).text


def test_a_request_for_help_is_noted(desk: TestClient, service: Service) -> None:
    path = uploaded(desk)
    desk.post(f"{path}/asks-for-help", data={"asks": "yes"})
    assert reply_at(service, path).asks_for_help
    assert "asks for help" in desk.get("/desk/replying").text
    desk.post(f"{path}/asks-for-help", data={"asks": "no"})
    assert not reply_at(service, path).asks_for_help


def test_every_version_of_a_text_stays(desk: TestClient, service: Service, letter: Letter) -> None:
    path = in_review(desk)
    corrected = TEXT.replace("Спасибо", "Большое спасибо")
    desk.post(f"{path}/review", data={"transcript": corrected, "translation": GERMAN, "do": "keep"})
    with service.database.read() as session:
        versions = session.exec(select(ReplyText).order_by(col(ReplyText.seq))).all()
    assert [row.text for row in versions] == [TEXT, GERMAN, corrected]
    assert re.search(r"Большое спасибо", desk.get(path).text)


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("pages/1/turn", {"quarters": "1"}),
        ("pages/1/withhold", {"withheld": "yes"}),
        ("asks-for-help", {"asks": "yes"}),
        ("danger", {}),
    ],
)
def test_other_buttons_keep_what_is_typed(
    desk: TestClient, service: Service, letter: Letter, step: str, fields: dict[str, str]
) -> None:
    path = matched(desk)
    typed = {"text": "Первая строка", "language": "ru"}
    assert desk.post(f"{path}/{step}", data=typed | fields).status_code == 303
    assert "Первая строка" in desk.get(path).text
    wrong = desk.post(f"{path}/{step}", data=typed | {"text": "⟦"} | fields)
    assert wrong.status_code == 422
