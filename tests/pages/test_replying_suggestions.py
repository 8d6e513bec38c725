"""A reply in the holding pen shows by itself which letters it may answer."""

import random
import re
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.journey import forgetting
from app.journey.reply_clues import clues_of
from app.lifecycle import Role, State
from app.models import Event, Note, Placement, Posting, Reply
from app.moving import SYSTEM
from app.service import Service
from mailing import letter_numbers
from tests import world
from tests.mailing import hostile_files as files
from tests.pages.test_replying import sign_in

CHANCE = random.Random(11)


@pytest.fixture
def desk(client: TestClient, service: Service) -> TestClient:
    sign_in(client, service, Role.SCANNER)
    return client


def posted(
    session: Session,
    day: date,
    *,
    town: str = "Озёрный",
    surname: str = "Озерова",
    state: State = State.POSTED,
    placed: bool = True,
) -> str:
    """A letter that was posted on a day, from Greta; returns its number, grouped."""
    place = world.make_facility(session, settlement=town)
    search = f"{surname.lower()} анна"
    person = world.make_prisoner(session, place, surname=surname, search_name=search)
    number = letter_numbers.new(CHANCE)
    letter = world.make_letter(session, person, state, number=number, email="greta@example.org")
    session.add(Posting(letter_id=letter.id, posted_on=day, country="DE"))
    if not placed:
        present = select(Placement).where(Placement.prisoner_id == person.id)
        session.exec(present).one().to_day = day
    return letter_numbers.grouped(number)


def upload(client: TestClient, service: Service, **typed: str) -> str:
    """A page without a code; returns the address of the reply."""
    answer = client.post(
        "/desk/replying/new",
        data={"received_on": service.today().isoformat(), **typed},
        files=[("files", ("page.jpg", files.jpeg(), "image/jpeg"))],
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def numbers_on(page: str) -> list[str]:
    return re.findall(r'class="number">([\d ]+)<', page)


def test_where_nothing_was_read_letters_posted_lately_are_shown(
    desk: TestClient, service: Service
) -> None:
    today = service.today()
    with service.database.write() as session:
        lately = posted(session, today - timedelta(days=20))
        last_month = posted(session, today - timedelta(days=30))
        posted(session, today - timedelta(days=7))  # too late for paper to go there and back
        posted(session, today - timedelta(days=400))
        posted(session, today - timedelta(days=20), state=State.ANSWERED)
        posted(session, today - timedelta(days=20), placed=False)
    path = upload(desk, service)
    page = desk.get(path).text
    assert numbers_on(page) == [lately, last_month]
    assert "Posted in the months before it came" in page
    assert "<details open" not in page
    listed = desk.get("/desk/replying").text
    assert numbers_on(listed) == [lately, last_month]
    assert "Анна" not in listed
    for shown in (page, listed):
        assert "Greta" not in shown
        assert "greta@" not in shown
    letter_id = re.findall(rf'action="{path}/match/(\w+)"', page)[1]
    assert desk.post(f"{path}/match/{letter_id}").status_code == 303
    assert last_month in desk.get(path).text


def test_what_was_read_at_the_upload_comes_first(desk: TestClient, service: Service) -> None:
    today = service.today()
    with service.database.write() as session:
        posted(session, today - timedelta(days=3))
        there = posted(session, today - timedelta(days=50), town="Вельск", surname="Соколова")
    by_town = upload(desk, service, town="вельск")
    by_name = upload(desk, service, name="Соколова")
    for path in (by_town, by_name):
        page = desk.get(path).text
        assert numbers_on(page) == [there]
        assert "By the name and the town that were read" in page
    assert numbers_on(desk.get("/desk/replying").text) == [there, there]
    nobody = upload(desk, service, town="Нигде")
    assert "Posted in the months before it came" in desk.get(nobody).text


def test_a_number_of_no_letter_stays_known(desk: TestClient, service: Service) -> None:
    with service.database.write() as session:
        posted(session, service.today() - timedelta(days=3))
        meant = posted(session, service.today() - timedelta(days=300), state=State.CLOSED)
    path = upload(desk, service)
    number = meant.replace(" ", "")
    misread = number[:-3] + str((int(number[-3]) + 1) % 10) + number[-2:]
    answer = desk.post(f"{path}/match", data={"number": misread})
    assert answer.status_code == 422
    for page in (answer.text, desk.get(path).text, desk.get("/desk/replying").text):
        assert numbers_on(page) == [meant]
        assert "Almost the number that was read" in page


def test_what_was_searched_for_is_still_there_later(desk: TestClient, service: Service) -> None:
    with service.database.write() as session:
        posted(session, service.today() - timedelta(days=3))
        there = posted(session, service.today() - timedelta(days=9), surname="Соколова")
    path = upload(desk, service)
    desk.post(f"{path}/suggest", data={"name": "Соколова"})
    page = desk.get(path).text
    assert numbers_on(page) == [there]
    assert 'value="Соколова"' in page


@pytest.mark.trust(19)
def test_what_was_read_is_kept_sealed_and_goes_with_the_reply(
    desk: TestClient, service: Service
) -> None:
    path = upload(desk, service, name="Соколова", town="Вельск")
    reply_id = path.rpartition("/")[2]
    with service.database.write() as session:
        assert clues_of(session, reply_id).name == "Соколова"
        notes = session.exec(
            select(Note)
            .join(Event, col(Event.note_id) == Note.id)
            .where(Event.subject_id == reply_id)
        ).all()
        assert len(notes) == 1
        assert "Вельск".encode() not in (notes[0].text_sealed or b"")
        forgetting.erase_reply(session, session.get_one(Reply, reply_id), SYSTEM, service.now())
    with service.database.read() as session:
        assert clues_of(session, reply_id).name == ""
        assert all(note.text_sealed is None for note in session.exec(select(Note)).all())


def test_nothing_was_posted_at_all(desk: TestClient, service: Service) -> None:
    page = desk.get(upload(desk, service)).text
    assert "No letter was posted lately" in page
