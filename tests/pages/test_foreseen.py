"""Moving, releasing, hiding, editing: what it does stands on a page before it is done."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.catalogue.standing import refresh
from app.journey import pairing
from app.lifecycle import Hold, Role, State
from app.models import Facility, Letter, Notice, Prisoner
from app.service import Service
from tests.catalogue.test_every_state import OCCASION
from tests.journey.test_writing import RULES
from tests.pages.agreeing import BUTTON, agree
from tests.pages.test_writing import words_on
from tests.staffing import desk_of
from tests.world import make_facility, make_letter, make_prisoner, make_return_address


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with desk_of(service, Role.COORDINATOR) as browser:
        yield browser


@pytest.fixture
def anna(service: Service) -> Prisoner:
    """Somebody with letters on every part of the way, and one writer who left an e-mail."""
    with service.database.write() as session:
        make_return_address(session)
        row = make_prisoner(session)
        make_letter(session, row, State.IN_REVIEW)
        make_letter(session, row, State.READY, email="greta@example.org")
        make_letter(session, row, State.READY)
        make_letter(session, row, State.PRINTED)
        make_letter(session, row, State.POSTED)
        make_letter(session, row, State.WITHDRAWN)
        for earlier in session.exec(select(Notice)):
            session.delete(earlier)
    return row


@pytest.fixture
def elsewhere(service: Service) -> Facility:
    with service.database.write() as session:
        return make_facility(session, name_ru="ФКУ ИК-9")


def states(service: Service) -> list[tuple[str, str | None]]:
    with service.database.read() as session:
        return sorted((row.state, row.held_reason or "") for row in session.exec(select(Letter)))


def move_to(place: Facility, service: Service, **typed: str) -> dict[str, str]:
    today = service.today().isoformat()
    return {
        "facility_id": place.id,
        "from_day": today,
        "checked_on": today,
        "source": "her lawyer",
        **typed,
    }


def test_a_move_is_told_and_then_done(
    service: Service, desk: TestClient, anna: Prisoner, elsewhere: Facility
) -> None:
    path, before = f"/desk/catalogue/{anna.id}/move", states(service)
    assert "Show what this does" in desk.get(path).text
    asked = words_on(desk.post(path, data=move_to(elsewhere, service)).text)
    for words in (
        "Nothing is changed yet.",
        "ФКУ ИК-5",
        "ФКУ ИК-9",
        "her lawyer",
        "2 letters are addressed anew and laid out again.",
        "1 letter that is not approved yet goes to the new place when it is.",
        "its volunteer is told to take it out of the pile (address too old)",
        "1 letter stays exactly as it is.",
        "1 is posted and cannot be changed.",
        "1 writer is told by e-mail that there is news of this person.",
        "2 writers get no e-mail, and see it with their receipt codes.",
        "As before:",
        "Public, and may be picked.",
    ):
        assert words in asked, words
    assert states(service) == before
    done = agree(desk, path, move_to(elsewhere, service)).text
    assert "The new place is noted." in done
    assert states(service) == [
        ("approved", ""),
        ("approved", ""),
        ("in_review", ""),
        ("posted", ""),
        ("printed", Hold.STALE_ADDRESS),
        ("withdrawn", ""),
    ]
    with service.database.read() as session:
        assert len(session.exec(select(Notice)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "facts", "why", "standing"),
    [
        ({"checked_on": ""}, {}, "address too old", "nobody checked the address"),
        ({"checked_on": "2025-01-02"}, {}, "address too old", "the address is too old"),
        ({}, {"postal_code": ""}, "address not complete", "the address of the place is not"),
    ],
    ids=["not checked", "too old", "not whole"],
)
def test_an_address_that_cannot_be_printed_is_told(
    service: Service,
    desk: TestClient,
    anna: Prisoner,
    typed: dict[str, str],
    facts: dict[str, str],
    why: str,
    standing: str,
) -> None:
    with service.database.write() as session:
        place = make_facility(session, name_ru="ФКУ ИК-9", **facts)
    path = f"/desk/catalogue/{anna.id}/move"
    asked = words_on(desk.post(path, data=move_to(place, service, **typed)).text)
    assert f"2 letters that are not printed yet will wait: {why}." in asked
    assert "From now on:" in asked
    assert standing in asked


def test_what_was_not_shown_is_not_done(
    service: Service, desk: TestClient, anna: Prisoner, elsewhere: Facility
) -> None:
    path = f"/desk/catalogue/{anna.id}/move"
    typed = move_to(elsewhere, service)
    button = BUTTON.search(desk.post(path, data=typed).text)
    assert button
    with service.database.write() as session:
        make_letter(session, session.get_one(Prisoner, anna.id), State.READY)
    before = states(service)
    page = desk.post(path, data={**typed, "shown": button[1]}).text
    assert "Something has changed since you looked" in page
    assert "3 letters are addressed anew" in page
    assert states(service) == before
    other_day = desk.post(path, data={**typed, "from_day": "2026-11-01", "shown": button[1]}).text
    assert "Something has changed since you looked" in other_day
    assert states(service) == before


def test_whoever_looks_at_it_can_type_anew(
    service: Service, desk: TestClient, anna: Prisoner, elsewhere: Facility
) -> None:
    typed = move_to(elsewhere, service, source="her <b>lawyer</b>")
    page = desk.post(f"/desk/catalogue/{anna.id}/move", data={**typed, "again": "yes"}).text
    assert 'value="her &lt;b&gt;lawyer&lt;/b&gt;"' in page
    assert f'value="{elsewhere.id}" selected' in page
    typed = {"status": "dead", "on": "2026-11-03"}
    page = desk.post(f"/desk/catalogue/{anna.id}/left", data={**typed, "again": "yes"}).text
    assert re.search(r'value="dead"[^>]* checked', page)
    assert "2026-11-03" in page


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("in_transfer", "in transfer"),
        ("released", "released"),
        ("exchanged", "released"),
        ("dead", "has died"),
        ("house_arrest", "may not be written to"),
        ("unknown", "no address known"),
    ],
)
def test_a_departure_is_told_and_then_done(
    service: Service, desk: TestClient, anna: Prisoner, status: str, why: str
) -> None:
    path = f"/desk/catalogue/{anna.id}/left"
    assert "Choose what happened." in desk.post(path, data={"on": "2026-01-02"}).text
    typed = {"status": status, "on": service.today().isoformat()}
    asked = words_on(desk.post(path, data=typed).text)
    assert f"3 letters that are not printed yet will wait: {why}." in asked
    assert f"its volunteer is told to take it out of the pile ({why})" in asked
    assert "1 writer is told by e-mail" in asked
    assert "Noted. Letters wait." in agree(desk, path, typed).text
    assert [held for _, held in states(service)].count("") == 2


def test_hiding_and_showing_again(service: Service, desk: TestClient, anna: Prisoner) -> None:
    path = f"/desk/catalogue/{anna.id}"
    assert "Hide at once" in desk.get(path).text
    done = words_on(desk.post(f"{path}/hide", data={"why": "her sister phoned"}).text)
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).hidden, "one press of a button, nothing asked"
    assert "Hidden at once." in done
    assert "3 letters that are not printed yet will wait: may not be written to." in done
    assert "4 writers get no e-mail" in done
    assert "Not public: nobody can write." in done
    assert "Show again" in done
    assert "her sister phoned" in desk.get(path).text
    asked = words_on(desk.post(f"{path}/show", data={"why": "a mistake"}).text)
    assert "4 letters that waited go on." in asked
    assert "No longer hidden." in agree(desk, f"{path}/show", {"why": "a mistake"}).text
    assert {held for _, held in states(service)} == {""}


def typed_of(desk: TestClient, path: str) -> dict[str, str]:
    """What stands in the form, as a browser would send it unchanged."""
    page = desk.get(path).text
    form = page[page.index(f'action="{path}"') :]
    form = form[: form.index("</form>")]
    form = re.sub(r'<input[^>]*type="(checkbox|radio)"[^>]*>', "", form)
    typed = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', form)
    typed |= {name: text.removeprefix("\n") for name, text in areas}
    return {name: html.unescape(text) for name, text in typed.items()} | {
        "gender": "she",
        "has_patronymic": "yes",
        "bar": "",
    }


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"bar": "incommunicado"}, "3 letters that are not printed yet will wait: may not be"),
        ({"birth_year": "2010"}, "3 letters that are not printed yet will wait: may not be"),
        ({"surname": "Полевая"}, "2 letters that are not printed yet will wait: address not"),
        ({"birth_year": "1986"}, "2 letters are addressed anew and laid out again."),
    ],
    ids=["barred", "under age", "another name", "another birth year"],
)
def test_an_edit_that_touches_letters_asks_first(
    service: Service, desk: TestClient, anna: Prisoner, changed: dict[str, str], words: str
) -> None:
    path, before = f"/desk/catalogue/{anna.id}/edit", states(service)
    typed = typed_of(desk, path) | changed
    asked = words_on(desk.post(path, data=typed).text)
    assert words in asked
    assert states(service) == before
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).bar is None
    agree(desk, path, typed)
    assert states(service) != before


def test_an_edit_that_touches_no_letter_is_done_at_once(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    path, before = f"/desk/catalogue/{anna.id}/edit", states(service)
    done = desk.post(path, data=typed_of(desk, path) | {"story_en": "Plays the cello."})
    assert done.url.path == f"/desk/catalogue/{anna.id}", words_on(done.text)
    assert "Plays the cello." in done.text
    assert states(service) == before


def test_a_wish_that_is_taken_back_asks_first(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    path, before = f"/desk/catalogue/{anna.id}/confirm", states(service)
    typed = {"custody_confirmed_on": service.today().isoformat(), "wish_source": "her sister"}
    asked = words_on(desk.post(path, data=typed).text)
    assert "3 letters that are not printed yet will wait: may not be written to." in asked
    assert states(service) == before
    agree(desk, path, typed)
    assert states(service) != before


def test_what_a_corrected_address_does_to_everybody_there_is_told(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    with service.database.write() as session:
        place = session.exec(select(Facility)).one()
        boris = make_prisoner(session, place, latin_name="Boris Lugovoy")
        make_letter(session, boris, State.READY)
    typed = {
        **{name: getattr(place, name) for name in ("name_ru", "kind", "settlement", "region")},
        "postal_code": place.postal_code,
        "street": "ул. Речная, д. 3",
    }
    path, before = f"/desk/places/{place.id}/edit", states(service)
    asked = words_on(desk.post(path, data=typed).text)
    for words in (
        "Nothing is changed yet.",
        "3 letters are addressed anew and laid out again.",
        "its volunteer is told to take it out of the pile (address too old)",
        "2 people are there, and may be written to as before.",
    ):
        assert words in asked, words
    assert states(service) == before
    assert "ул. Речная, д. 3" in agree(desk, path, typed).text
    assert ("approved", "") in states(service)

    broken = words_on(desk.post(path, data={**typed, "postal_code": ""}).text)
    assert "2 people can no longer be written to." in broken
    noted = {**typed, "notes": "Asks for lined paper."}
    assert "Asks for lined paper." in desk.post(path, data=noted).text, "nothing to ask about"


def test_whoever_is_written_to_a_lot_can_be_noted_as_free(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    path = f"/desk/catalogue/{anna.id}/left"
    typed = {"status": "released", "on": service.today().isoformat()}
    button = BUTTON.search(desk.post(path, data=typed).text)
    assert button
    with service.database.write() as session:
        row = session.get_one(Prisoner, anna.id)
        pairing.reserve_chosen(session, "form", row.id, RULES, now=service.now())
        make_letter(session, row, State.IN_REVIEW, email="pavel@example.org")
        make_letter(session, row, State.POSTED)
    page = desk.post(path, data={**typed, "shown": button[1]}).text
    assert "Noted. Letters wait." in page
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).status == "released"


@pytest.mark.trust(74)
@pytest.mark.parametrize(
    ("facts", "changed"),
    [
        ({"bar": "prisoner_of_war"}, {"bar": ""}),
        ({"identity_hidden": True}, {}),  # the tick is taken away
        ({"birth_year": 2010}, {"birth_year": "1990"}),
    ],
    ids=["no longer barred", "no longer hidden by name", "of age after all"],
)
def test_whoever_keeps_the_catalogue_makes_nobody_known(
    service: Service, facts: dict[str, Any], changed: dict[str, str]
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, **facts)
        refresh(session, anna, OCCASION)
    path = f"/desk/catalogue/{anna.id}/edit"
    with desk_of(service, Role.CATALOGUE) as keeper:
        asked = words_on(keeper.post(path, data=typed_of(keeper, path) | changed).text)
        assert "Nothing is changed yet." in asked
        assert "Waits for a coordinator to confirm" in asked
        agree(keeper, path, typed_of(keeper, path) | changed)
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.is_public, row.eligible, row.custody_confirmed_on) == (False, False, None)


@pytest.mark.trust(74)
def test_a_coordinator_sees_who_becomes_known_and_agrees(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, bar="prisoner_of_war")
        refresh(session, anna, OCCASION)
    path = f"/desk/catalogue/{anna.id}/edit"
    typed = typed_of(desk, path) | {"bar": ""}
    asked = words_on(desk.post(path, data=typed).text)
    assert "Public, and may be picked." in asked
    assert "Waits for a coordinator" not in asked
    agree(desk, path, typed)
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).eligible


@pytest.mark.trust(74)
def test_whoever_was_free_is_confirmed_anew(
    service: Service, desk: TestClient, anna: Prisoner, elsewhere: Facility
) -> None:
    typed = {"status": "released", "on": service.today().isoformat()}
    agree(desk, f"/desk/catalogue/{anna.id}/left", typed)
    path = f"/desk/catalogue/{anna.id}/move"
    with desk_of(service, Role.CATALOGUE) as keeper:
        asked = words_on(keeper.post(path, data=move_to(elsewhere, service)).text)
        assert "Waits for a coordinator to confirm" in asked
        agree(keeper, path, move_to(elsewhere, service))
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.published, row.eligible, row.status) == (False, False, "in_custody")
    today = service.today().isoformat()
    confirmed = {
        "custody_confirmed_on": today,
        "address_checked_on": today,
        "wants_letters": "yes",
        "wish_source": "her sister",
        "wish_date": today,
        "dative_name": "Озёровой Анне Петровне",
    }
    agree(desk, f"/desk/catalogue/{anna.id}/confirm", confirmed)
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.published, row.eligible) == (True, True)
    assert ("in_review", "") in states(service), "what waited for her goes on"
