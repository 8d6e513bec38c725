"""Somebody who wishes to be named also while nobody can write: a page that says why not."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app import claiming
from app.catalogue import custody, editing
from app.catalogue.details import Confirmation
from app.catalogue.standing import Occasion, refresh
from app.journey import reply_alarms
from app.journey.replying import Visitor
from app.lifecycle import ReplyState, Role, State
from app.main import assemble
from app.models import Alarm, Prisoner, Reply, Reservation
from app.moving import by_staff
from app.service import Service
from tests.crawling import Links
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import NOON, make_letter, make_prisoner, make_staff

OCCASION = Occasion(by_staff("c" * 24), NOON, NOON.date(), 180, by_coordinator=True)
CONFIRMED = {
    "custody_confirmed_on": "2026-11-20",
    "address_checked_on": "2026-11-20",
    "wish_source": "her sister",
    "wish_date": "2026-10-01",
    "dative_name": "Озеровой Анне Петровне",
}
NAMED = {**CONFIRMED, "may_be_named": "yes"}
ASKS = {**NAMED, "wants_letters": "yes"}


@pytest.fixture
def anna(service: Service) -> Prisoner:
    """Who may be written to, and wishes to be named when nobody can."""
    with service.database.write() as session:
        row = make_prisoner(session, slug="anna-ozerova")
        editing.confirm(session, row.id, Confirmation.model_validate(ASKS), OCCASION)
        for _ in range(3):
            make_prisoner(session, surname="Яковлева", latin_name="Anna Yakovleva")
    return row


def leave(service: Service, row: Prisoner, status: str) -> None:
    with service.database.write() as session:
        custody.leave(session, row.id, status, date(2026, 11, 21), OCCASION)


def confirm(service: Service, row: Prisoner, **typed: str) -> None:
    with service.database.write() as session:
        editing.confirm(session, row.id, Confirmation.model_validate(typed), OCCASION)


def stored(service: Service, row: Prisoner) -> tuple[bool, bool, bool]:
    with service.database.read() as session:
        now = session.get_one(Prisoner, row.id)
        return now.published, now.named, now.eligible


@pytest.mark.parametrize(
    ("status", "in_short", "said"),
    [
        ("released", "free again", "Anna Ozerova has been free since 21 November 2026"),
        ("exchanged", "free again", "Anna Ozerova has been free since 21 November 2026"),
        ("dead", "she has died", "Anna Ozerova has died. She is remembered here."),
        ("house_arrest", "under house arrest", "is under house arrest. Letters through us are not"),
    ],
)
def test_the_page_stays_and_says_why_nobody_can_write(
    client: TestClient, service: Service, anna: Prisoner, status: str, in_short: str, said: str
) -> None:
    assert "You can write to Anna Ozerova now." in words_on(client.get("/people/anna-ozerova").text)
    leave(service, anna, status)
    assert stored(service, anna) == (False, True, False)
    page = client.get("/people/anna-ozerova").text
    assert said in words_on(page)
    assert "A school librarian who reads to children." in page
    assert "/people/anna-ozerova/write" not in page
    assert "Write to somebody else" in words_on(page)
    listed = words_on(client.get("/people").text)
    assert f"Anna Ozerova Озерова Анна Петровна {in_short} · born 1985" in listed
    assert "To some of them nobody can write at present." in listed
    refused = client.post("/people/anna-ozerova/write")
    assert refused.status_code == 409
    assert said in words_on(refused.text)
    assert "/people?letters=now" in Links(refused.text).links
    with service.database.read() as session:
        assert session.exec(select(Reservation)).all() == []


@pytest.mark.trust(74)
def test_without_the_wish_nobody_finds_them_as_soon_as_letters_end(
    client: TestClient, service: Service
) -> None:
    with service.database.write() as session:
        row = make_prisoner(session, slug="anna-ozerova")
    leave(service, row, "released")
    assert stored(service, row) == (False, False, False)
    assert client.get("/people/anna-ozerova").status_code == 404
    assert client.post("/people/anna-ozerova/write").status_code == 404
    assert "Ozerova" not in client.get("/people").text


def test_who_wants_no_letters_is_told_of_and_can_be_asked_again(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    confirm(service, anna, **NAMED)
    assert "has not asked for letters at present" in client.get("/people/anna-ozerova").text
    assert "no letters at present" in client.get("/people").text
    client.headers["accept-language"] = "ru"
    assert "сейчас" in client.get("/people/anna-ozerova").text
    confirm(service, anna, **ASKS)
    assert stored(service, anna) == (True, False, True)
    assert client.post("/people/anna-ozerova/write").status_code == 303


@pytest.mark.trust(74, 75)
def test_hiding_and_not_wanting_to_be_named_silence_the_wish(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    leave(service, anna, "released")
    with service.database.write() as session:
        editing.hide(session, anna.id, "asked by the family", OCCASION)
    assert stored(service, anna) == (False, False, False)
    assert client.get("/people/anna-ozerova").status_code == 404
    with service.database.write() as session:
        editing.show(session, anna.id, "", OCCASION)
    assert client.get("/people/anna-ozerova").status_code == 200
    with service.database.write() as session:
        session.get_one(Prisoner, anna.id).identity_hidden = True
    assert client.get("/people/anna-ozerova").status_code == 404
    assert "Ozerova" not in client.get("/people").text


def test_those_one_can_write_to_come_first_and_alone_where_asked(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    leave(service, anna, "released")
    everybody = words_on(client.get("/people").text)
    assert everybody.rindex("Anna Yakovleva") < everybody.index("Anna Ozerova")
    writable = words_on(client.get("/people?letters=now").text)
    assert ("Anna Yakovleva" in writable, "Anna Ozerova" in writable) == (True, False)
    others = words_on(client.get("/people?letters=none").text)
    assert ("Anna Yakovleva" in others, "Anna Ozerova" in others) == (False, True)
    assert "Letters: cannot be written to" in others
    best = words_on(client.get("/people?q=ozerova").text)
    assert "Anna Ozerova" in best
    for _ in range(8):
        told = client.post(
            "/somebody-like-you", data={"likes": "poetry"}, follow_redirects=True
        ).text
        assert "Yakovleva" in told


def test_a_form_that_is_open_says_why_and_keeps_what_was_typed(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    address = client.post("/people/anna-ozerova/write").headers["location"]
    leave(service, anna, "released")
    form = words_on(client.get(address).text)
    assert "Anna Ozerova has been free since 21 November 2026" in form
    assert "Press “Somebody else, please”: what you typed goes with you." in form
    typed = {"text": "Liebe Anna, bei uns schneit es.", "signature": "Greta"}
    other = client.post(f"{address}/somebody-else", data=typed).text
    assert "Liebe Anna, bei uns schneit es." in other
    assert "Yakovleva" in other


def test_no_more_letters_ends_letters_at_once_and_leaves_the_page(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, session.get_one(Prisoner, anna.id), State.POSTED)
        staff = make_staff(session, Role.SCANNER)
        reply = Reply(letter_id=letter.id, state=ReplyState.MATCHED, received_on=NOON.date())
        session.add(reply)
        session.flush()
        claiming.claim(session, reply.id, staff.id, NOON, timedelta(hours=1))
        visitor = Visitor(staff.id, frozenset({Role.SCANNER, Role.TRANSLATOR}))
        reply_alarms.no_more_letters(session, reply.id, visitor, service.now())
        assert session.exec(select(Alarm.kind)).all() == [reply_alarms.NO_MORE]
    assert stored(service, anna) == (False, True, False)
    assert "has not asked for letters at present" in client.get("/people/anna-ozerova").text
    with service.database.write() as session:
        row = session.get_one(Prisoner, anna.id)
        assert refresh(session, row, OCCASION).shown, "the rule says the same"


def test_the_desk_says_what_the_rule_says(service: Service, anna: Prisoner) -> None:
    desk = f"/desk/catalogue/{anna.id}"
    with browser_of(assemble(service), service, Role.COORDINATOR, Role.CATALOGUE) as staff:
        assert "Public, and may be picked." in words_on(staff.get(desk).text)
        typed: dict[str, Any] = {**NAMED}
        form = staff.get(f"{desk}/confirm").text
        assert 'name="may_be_named"' in form
        sourceless = staff.post(f"{desk}/confirm", data={**typed, "wish_source": ""})
        assert sourceless.status_code == 422
        assert "A wish to be named needs its source and its date." in words_on(sourceless.text)
        leave(service, anna, "released")
        told = words_on(staff.get(desk).text)
        assert "Named in public, as wished. Nobody can write; the page says why not." in told
        assert "Against letters: released" in told
        assert "named, no letters" in words_on(staff.get("/desk/catalogue?show=public").text)
        assert "May be named in public also while nobody can write: yes" in words_on(
            staff.get(f"{desk}/edit").text
        )
        with service.database.write() as session:
            session.get_one(Prisoner, anna.id).bar = "wanted"
        told = words_on(staff.get(desk).text)
        assert "Not public: nobody can write." in told
        assert "The wish to be named does not count while this holds: wanted." in told


def test_the_other_language_is_marked_as_such(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        make_prisoner(session, slug="vera", story_en="", interests_en="", profession_ru="швея")
    page = client.get("/people/vera").text
    assert '<p lang="ru">Школьный библиотекарь, читает детям.</p>' in page
    assert "Told in Russian only." in page
    words = re.sub(r"</?a\b[^>]*>", "", page)  # each leads to whoever names it too
    assert '<span lang="ru">стихи, кошки</span> (in Russian)' in words
    assert '<span lang="ru">швея</span> (in Russian)' in words
    assert '<span lang="ru">стихи, кошки</span>' in client.get("/people").text
    client.headers["accept-language"] = "ru"
    russian = client.get("/people/vera").text
    assert "Told in" not in russian
    assert "<p>Школьный библиотекарь, читает детям.</p>" in russian
