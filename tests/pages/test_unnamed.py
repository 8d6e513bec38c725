"""Somebody who wants letters and not to be named: picked by chance, known by first name alone."""

from datetime import date

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.lifecycle import State
from app.models import Letter, Prisoner
from app.service import Service
from app.staff import partners
from tests.pages.test_following import CODE, FIELDS, follow, letter_in
from tests.pages.test_writing import begin, code_on, words_on
from tests.world import make_prisoner

SAID_NOWHERE = ("Маркерова", "Markerova", "marker-person", "MARKER-STORY", "Marker Town", "1 Dec")
LETTER = {
    "text": "Liebe Irina, bei uns schneit es, und die Katze sitzt am Fenster.",
    "signature": "Greta",
    "language": "de",
    "gender": "she",
    "engines": "none",
}


@pytest.fixture
def unnamed(service: Service) -> Prisoner:
    with service.database.write() as session:
        return make_prisoner(
            session,
            slug="marker-person",
            given_name="Ирина",
            surname="Маркерова",
            latin_name="Irina Markerova",
            birthday=date(1985, 12, 1),
            origin_en="Marker Town",
            story_en="MARKER-STORY",
            interests_en="old radio sets",
            languages_read="ru,de",
            identity_hidden=True,
        )


def nothing_is_told(page: str) -> None:
    assert [word for word in SAID_NOWHERE if word in page] == []


@pytest.mark.trust(74)
def test_a_writer_is_told_the_first_name_and_what_to_write_about(
    client: TestClient, unnamed: Prisoner
) -> None:
    address = begin(client)
    form = client.get(address).text
    nothing_is_told(form)
    seen = words_on(form)
    assert "Write to Irina" in seen
    assert "does not want to be named in public" in seen
    assert "old radio sets" in seen
    assert "Russian, German" in seen
    sent = client.post(address, data=LETTER)
    nothing_is_told(sent.text)
    opened = client.post("/letter", data={"code": code_on(sent.text)})
    nothing_is_told(opened.text)
    assert "Your letter to Irina" in words_on(opened.text)


@pytest.mark.trust(74)
def test_the_printed_page_with_the_address_is_not_shown(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.READY)
    assert "See the printed page" in follow(client)
    with service.database.write() as session:
        session.get_one(Prisoner, letter.prisoner_id).identity_hidden = True
    assert "See the printed page" not in follow(client)
    assert client.post("/letter/page", data=FIELDS | {"letter": letter.id}).status_code == 404


@pytest.mark.trust(74)
def test_partners_are_told_no_more(
    client: TestClient,
    service: Service,
    unnamed: Prisoner,
) -> None:
    with service.database.write() as session:
        token = partners.add(session, "Letters from Ghent", service.now())
    letter = {key: LETTER[key] for key in ("text", "signature", "gender")}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "1"}
    taken = client.post("/api/v1/letters", json=letter, headers=headers).json()
    assert taken["prisoner"] == {"slug": unnamed.id, "name": "Ирина"}
    receipt = {"Authorization": f"Receipt {taken['receipt']}"}
    nothing_is_told(client.get("/api/v1/letters", headers=receipt).text)
    for name in (unnamed.id, "marker-person"):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": name}
        chosen = client.post("/api/v1/letters", json=letter | {"prisoner": name}, headers=headers)
        assert chosen.status_code in {404, 422}
        assert client.get(f"/api/v1/prisoners/{name}").status_code == 404
        assert client.post(f"/people/{name}/write").status_code == 404
    with service.database.read() as session:
        assert (
            session.exec(select(Letter.id).where(col(Letter.held_reason).is_not(None))).all() == []
        )


def test_a_correspondence_goes_on(client: TestClient, service: Service) -> None:
    letter = letter_in(service, State.POSTED)
    with service.database.write() as session:
        session.get_one(Prisoner, letter.prisoner_id).identity_hidden = True
    again = client.post("/letter/continue", data={"code": CODE}, follow_redirects=True)
    assert "Write to Anna" in words_on(again.text)
    assert "Озерова" not in again.text
