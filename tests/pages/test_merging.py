"""Merging two records at the catalogue's desk, as a browser without scripts meets it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.journey import pairing
from app.lifecycle import Hold, Role, State
from app.models import Letter, Prisoner
from app.service import Service
from tests.journey.test_writing import RULES
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import make_facility, make_letter, make_prisoner, make_return_address, place

BUTTON = re.compile(r'name="shown" value="([^"]*)"')


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


@pytest.fixture
def two(service: Service) -> tuple[Prisoner, Prisoner]:
    """A person, and a second record of her with another place, another story and letters."""
    with service.database.write() as session:
        make_return_address(session)
        kept = make_prisoner(session, slug="anna-ozerova")
        other = make_prisoner(
            session,
            placed=False,
            slug="anna-ozerova-2",
            latin_name="Anna Ozyorova",
            story_en="Plays the cello.",
            provenance={"story_en": "ovdinfo"},
        )
        prison = make_facility(session, name_ru="ФКУ ИК-9")
        place(session, other, prison, checked_on=None)
        for state in (State.IN_REVIEW, State.READY, State.PRINTED, State.POSTED):
            make_letter(session, other, state)
    return kept, other


def same(kept: Prisoner, other: Prisoner) -> str:
    return f"/desk/catalogue/{kept.id}/same/{other.id}"


def test_from_the_persons_page_to_one_record(
    service: Service, desk: TestClient, client: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    with service.database.read() as session:
        readied = session.exec(select(Letter).where(Letter.state == State.READY)).one()
        printed = session.exec(select(Letter).where(Letter.state == State.PRINTED)).one()
    page = desk.get(f"/desk/catalogue/{kept.id}").text
    assert f'href="/desk/catalogue/{kept.id}/same"' in page
    page = desk.get(f"/desk/catalogue/{kept.id}/same").text
    assert same(kept, other) in page
    assert same(kept, other) in desk.get(f"/desk/catalogue/{kept.id}/same?q=Озёрова").text
    assert "Nobody else is called so" in desk.get(f"/desk/catalogue/{kept.id}/same?q=Polevaya").text

    page = desk.get(same(kept, other)).text
    assert "Plays the cello." in page
    assert "What merging does" not in page, "to look at them does nothing, for a moment either"
    assert BUTTON.search(page) is None
    page = desk.post(same(kept, other)).text
    assert "Nothing is merged yet." not in page
    for words in (
        "4 letters of the record that goes belong to the kept record",
        "1 letter is addressed anew and laid out again",
        "1 letter that is not approved yet goes to the new place when it is.",
        "1 is on paper already: its volunteer is told to take it out of the pile",
        "1 is posted and cannot be changed.",
        "2 writers get no e-mail, and see it with their receipt codes.",
        "Public, and may be picked.",
        "This cannot be undone.",
        "Plays the cello.",
        "ФКУ ИК-9",
    ):
        assert words in page
    shown = BUTTON.search(page)
    assert shown
    page = desk.post(same(kept, other), data={"shown": shown[1]}).text
    assert "Merged. Everything of the other record is here now." in page
    assert "story_en: Plays the cello." in page or "story in English: Plays the cello." in page
    with service.database.read() as session:
        assert [row.id for row in session.exec(select(Prisoner))] == [kept.id]
        assert session.get_one(Letter, readied.id).state == State.APPROVED
        assert session.get_one(Letter, printed.id).held_reason == Hold.STALE_ADDRESS

    assert desk.get(f"/desk/catalogue/{other.id}").url.path == f"/desk/catalogue/{kept.id}"
    old = client.get("/people/anna-ozerova-2")
    assert (old.status_code, old.headers["location"]) == (301, "/people/anna-ozerova")
    assert client.get("/api/v1/prisoners/anna-ozerova-2").json()["slug"] == "anna-ozerova"
    assert desk.post(f"/desk/catalogue/{kept.id}/hide", data={"why": "asked"}).is_success
    for address in ("/people/anna-ozerova-2", "/api/v1/prisoners/anna-ozerova-2"):
        hidden, nobody = client.get(address), client.get(address.replace("anna", "nina"))
        assert hidden.status_code == 404
        assert hidden.text.replace("anna", "nina") == nobody.text


def test_nothing_is_merged_that_was_not_foreseen(
    service: Service, desk: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    page = desk.post(same(kept, other)).text
    shown = BUTTON.search(page)
    assert shown
    chosen = {"whereabouts": "other", "story_en": "other"}
    page = desk.post(same(kept, other), data={"shown": shown[1], **chosen}).text
    assert "Nothing is merged yet." in page
    assert "nobody checked the address" in page
    assert "3 letters that are not printed yet will wait" not in page
    assert "2 letters that are not printed yet will wait: may not be written to." in page
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 2
    shown = BUTTON.search(page)
    assert shown
    desk.post(same(kept, other), data={"shown": shown[1], **chosen})
    with service.database.read() as session:
        row = session.exec(select(Prisoner)).one()
        assert (row.story_en, row.latin_name) == ("Plays the cello.", "Anna Ozerova")
        assert not row.published


def test_letters_that_moved_on_meanwhile_are_shown_before(
    service: Service, desk: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    shown = BUTTON.search(desk.post(same(kept, other)).text)
    assert shown
    with service.database.write() as session:
        make_letter(session, session.get_one(Prisoner, other.id), State.READY)
    page = desk.post(same(kept, other), data={"shown": shown[1]}).text
    assert "Nothing is merged yet." in page
    assert "2 letters are addressed anew and laid out again" in page


def test_the_erased_portrait_leaves_the_vault(
    service: Service, desk: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    with service.database.write() as session:
        files = [service.vault.put(Path(__file__).read_bytes()) for _ in two]
        for person, file_id in zip(two, files, strict=True):
            session.get_one(Prisoner, person.id).portrait_file_id = file_id
    page = desk.post(same(kept, other)).text
    assert "the other portrait is erased" in page
    shown = BUTTON.search(page)
    assert shown
    desk.post(same(kept, other), data={"shown": shown[1]})
    assert [service.vault.has(file_id) for file_id in files] == [True, False]


@pytest.mark.trust(12)
def test_only_a_coordinator_merges(service: Service, two: tuple[Prisoner, Prisoner]) -> None:
    kept, other = two
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as keeper:
        assert "/same" not in keeper.get(f"/desk/catalogue/{kept.id}").text
        assert keeper.get(f"/desk/catalogue/{kept.id}/same").status_code == 403
        assert keeper.get(same(kept, other)).status_code == 403
        assert keeper.post(same(kept, other), data={"shown": ""}).status_code == 403
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 2


def test_one_record_is_not_two(desk: TestClient, two: tuple[Prisoner, Prisoner]) -> None:
    kept, other = two
    itself = desk.get(same(kept, kept))
    assert itself.status_code == 422
    assert "This is the very same record." in itself.text
    assert desk.get(f"/desk/catalogue/{kept.id}/same/{'0' * 24}").status_code == 404
    shown = BUTTON.search(desk.post(same(kept, other)).text)
    assert shown
    desk.post(same(kept, other), data={"shown": shown[1]})
    again = desk.post(same(kept, other), data={"shown": shown[1]})
    assert again.status_code == 409
    assert "These records were merged already." in again.text


def test_a_value_that_somebody_changed_meanwhile_is_shown_before(
    service: Service, desk: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    chosen = {"story_en": "other"}
    shown = BUTTON.search(desk.post(same(kept, other), data=chosen).text)
    assert shown
    with service.database.write() as session:
        session.get_one(Prisoner, other.id).story_en = "Saw what the guards did."
    page = desk.post(same(kept, other), data={"shown": shown[1], **chosen}).text
    assert "Nothing is merged yet." in page
    assert "Saw what the guards did." in page
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == 2


def test_forms_and_new_letters_do_not_stand_in_the_way(
    service: Service, desk: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    shown = BUTTON.search(desk.post(same(kept, other)).text)
    assert shown
    with service.database.write() as session:
        pairing.reserve_chosen(session, "form", kept.id, RULES, now=service.now())
        make_letter(session, session.get_one(Prisoner, other.id), State.IN_REVIEW)
    desk.post(same(kept, other), data={"shown": shown[1]})
    with service.database.read() as session:
        assert [row.id for row in session.exec(select(Prisoner))] == [kept.id]


def test_who_is_public_is_told_as_people_find_them(
    service: Service, desk: TestClient, two: tuple[Prisoner, Prisoner]
) -> None:
    kept, other = two
    with service.database.write() as session:
        session.get_one(Prisoner, kept.id).identity_hidden = True
    row = words_on(desk.get(same(kept, other)).text).partition("Seen by writers")[2]
    assert [word for word in row.split()[:12] if word in ("yes", "no")] == ["no", "yes"]
