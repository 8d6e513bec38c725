"""Two people have a form open: the second sees what the first saved before anything is lost."""

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.addressing import present_place
from app.catalogue import custody
from app.catalogue.details import Move
from app.lifecycle import Role
from app.main import assemble
from app.models import Facility, Placement, Prisoner, Prosecution
from app.service import Service
from tests.catalogue.test_every_state import OCCASION
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import NOON, UNCONFIRMED, make_case, make_facility, make_prisoner

MARK = re.compile(r'<input type="hidden" name="was" value="([^"]*)">')
_FIELD = re.compile(
    r'<input id="[^"]*" (?P<type>type="[^"]*" )?name="(?P<name>[^"]*)"(?: type="[^"]*")?'
    r' value="(?P<value>[^"]*)"(?P<rest>[^>]*)>'
    r'|<textarea[^>]* name="(?P<area>[^"]*)"[^>]*>\n(?P<text>[^<]*)</textarea>'
    r'|<select[^>]* name="(?P<select>[^"]*)".*?</select>',
    re.DOTALL,
)


def typed_in(page: str) -> dict[str, str]:
    """What a browser would send of the form on this page, unchanged."""
    sent = {}
    for found in _FIELD.finditer(page):
        name = found["name"] or found["area"] or found["select"]
        if found["select"]:
            chosen = re.search(r'<option value="([^"]*)" selected>', found[0])
            sent[name] = chosen[1] if chosen else ""
        elif found["area"]:
            sent[name] = found["text"]
        elif not found["type"] or " checked" in found["rest"]:  # boxes have their type first
            sent[name] = found["value"]
    mark = MARK.search(page)
    assert mark, "the mark of what the form was made from"
    return {name: html.unescape(text) for name, text in sent.items()} | {"was": mark[1]}


@pytest.fixture
def anna(service: Service) -> Prisoner:
    with service.database.write() as session:
        anna = make_prisoner(session)
        make_case(session, anna, category="speech")
        return anna


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(assemble(service), service, Role.COORDINATOR, Role.CATALOGUE) as client:
        yield client


def form_of(service: Service, kind: str, anna: Prisoner) -> str:
    """Where the form of a person, a case or a place is."""
    with service.database.read() as session:
        case = session.exec(select(Prosecution.id)).one()
        place = session.exec(select(Facility.id)).one()
    person = f"/desk/catalogue/{anna.id}"
    paths = {"person": f"{person}/edit", "case": f"{person}/cases/{case}"}
    return paths.get(kind, f"/desk/places/{place}/edit")


CHANGES = [
    ("person", "story_en", "She plays the cello.", "Her cat is called Murka.", "profession_en"),
    ("case", "case_name", "The reading room", "The choir", "verdict"),
    ("place", "notes", "Parcels on Mondays.", "Closed in July.", "name_en"),
]


@pytest.mark.parametrize(("kind", "field", "first", "second", "other"), CHANGES)
def test_what_somebody_saved_meanwhile_is_shown_before_it_is_overwritten(
    service: Service,
    desk: TestClient,
    anna: Prisoner,
    kind: str,
    field: str,
    first: str,
    second: str,
    other: str,
) -> None:
    path = form_of(service, kind, anna)
    mine = typed_in(desk.get(path).text)
    theirs = desk.post(path, data=mine | {field: first}, follow_redirects=False)
    assert theirs.status_code == 303
    late = desk.post(path, data=mine | {field: second, other: "something"}, follow_redirects=False)
    assert late.status_code == 409
    assert f"There is now: «{first}»" in words_on(late.text)
    assert "Somebody else changed this meanwhile" in words_on(late.text)
    assert late.text.count('class="wrong"') == 1
    again = typed_in(late.text)
    assert (again[field], again[other]) == (second, "something")
    assert typed_in(desk.get(path).text)[field] == first
    assert desk.post(path, data=again, follow_redirects=False).status_code == 303
    assert typed_in(desk.get(path).text)[field] == second


@pytest.mark.parametrize(("kind", "field", "first"), [each[:3] for each in CHANGES])
def test_the_same_typed_twice_is_no_difference(
    service: Service, desk: TestClient, anna: Prisoner, kind: str, field: str, first: str
) -> None:
    path = form_of(service, kind, anna)
    mine = typed_in(desk.get(path).text) | {field: first}
    for _ in range(2):
        assert desk.post(path, data=mine, follow_redirects=False).status_code == 303
    assert typed_in(desk.get(path).text)[field] == first


def test_what_is_chosen_is_told_in_words(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    path = form_of(service, "person", anna)
    mine = typed_in(desk.get(path).text)
    with service.database.write() as session:
        row = session.get_one(Prisoner, anna.id)
        row.bar, row.identity_hidden, row.story_en = "wanted", True, ""
    late = desk.post(path, data=mine, follow_redirects=False)
    assert late.status_code == 409
    seen = words_on(late.text)
    assert "There is now: «wanted»" in seen
    assert "There is now: «yes»" in seen
    assert "Emptied since you opened this page" in seen
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).bar == "wanted"


TODAY = {"custody_confirmed_on": "2026-11-22"}


def confirmed(**typed: str) -> dict[str, str]:
    return TODAY | {"wish_date": "2026-11-01"} | typed


@pytest.mark.trust(74)
def test_a_wish_noted_meanwhile_is_seen_before_a_confirmation_overwrites_it(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, **UNCONFIRMED)
    path = f"/desk/catalogue/{anna.id}/confirm"
    mine = typed_in(desk.get(path).text) | confirmed(wants_letters="yes", wish_source="a friend")
    no_letters = mine | confirmed(wish_source="her lawyer")
    del no_letters["wants_letters"]
    assert desk.post(path, data=no_letters, follow_redirects=False).status_code == 303
    late = desk.post(path, data=mine, follow_redirects=False)
    assert late.status_code == 409
    assert "There is now: «her lawyer»" in words_on(late.text)
    with service.database.read() as session:
        assert not session.get_one(Prisoner, anna.id).wants_letters
    again = typed_in(late.text)
    assert (again["wish_source"], again["wants_letters"]) == ("a friend", "yes")
    assert desk.post(path, data=again, follow_redirects=False).status_code == 303
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).wants_letters


def test_an_address_nobody_looked_at_is_not_made_sure_of(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, **UNCONFIRMED)
    path = f"/desk/catalogue/{anna.id}/confirm"
    mine = typed_in(desk.get(path).text) | {"wish_date": ""}
    moved_elsewhere(service, anna)
    late = desk.post(path, data=mine | {"address_today": "yes"}, follow_redirects=False)
    assert late.status_code == 409
    assert "Place and address: Changed since you opened this page" in words_on(late.text)
    assert checked_now(service, anna) is None
    again = desk.post(path, data=typed_in(late.text), follow_redirects=False)
    assert again.status_code == 303
    assert checked_now(service, anna) == date(2026, 11, 22)


def test_custody_alone_is_confirmed_wherever_they_are(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, **UNCONFIRMED | {"status": "in_custody"})
    path = f"/desk/catalogue/{anna.id}/confirm"
    mine = typed_in(desk.get(path).text)
    moved_elsewhere(service, anna)
    assert desk.post(path, data=mine, follow_redirects=False).status_code == 303
    assert checked_now(service, anna) is None


@pytest.mark.parametrize(
    ("deed", "typed"),
    [
        ("move", {"from_day": "2026-11-22", "checked_on": "2026-11-22", "source": "a friend"}),
        ("left", {"status": "released", "on": "2026-11-22"}),
    ],
)
def test_who_was_moved_meanwhile_is_not_moved_again_unseen(
    service: Service, desk: TestClient, anna: Prisoner, deed: str, typed: dict[str, str]
) -> None:
    path = f"/desk/catalogue/{anna.id}/{deed}"
    with service.database.write() as session:
        typed = typed | {"facility_id": make_facility(session, name_ru="ФКУ ИК-7").id}
    mine = typed_in(desk.get(path).text) | typed
    moved_elsewhere(service, anna)
    late = desk.post(path, data=mine)
    assert late.status_code == 409
    assert "There is now: «ФКУ ИК-9, ул. Новая, 1" in words_on(late.text)
    with service.database.read() as session:
        assert session.get_one(Prisoner, anna.id).status == "in_custody"
    asked = desk.post(path, data=typed_in(late.text) | typed)
    assert asked.status_code == 200  # it tells what it does, as ever
    shown = re.search(r'name="shown" value="([^"]*)"', asked.text)
    assert shown
    moved_elsewhere(service, anna, "ФКУ ИК-11")  # between what it does and doing it
    agreed = typed_in(late.text) | typed | {"shown": shown[1]}
    assert desk.post(path, data=agreed).status_code == 409


def test_the_days_of_a_stay_are_not_overwritten_unseen(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    with service.database.read() as session:
        stay = session.exec(select(Placement.id)).one()
    path = f"/desk/catalogue/{anna.id}/stays/{stay}"
    mine = typed_in(desk.get(path).text)
    theirs = mine | {"from_day": "2026-02-01"}
    assert desk.post(path, data=theirs, follow_redirects=False).status_code == 303
    late = desk.post(path, data=mine | {"from_day": "2026-03-01"}, follow_redirects=False)
    assert late.status_code == 409
    assert "There is now: «2026-02-01»" in words_on(late.text)
    again = typed_in(late.text)
    assert desk.post(path, data=again, follow_redirects=False).status_code == 303
    with service.database.read() as session:
        assert session.get_one(Placement, stay).from_day == date(2026, 3, 1)


def test_whom_somebody_moved_is_not_checked_at_a_place_nobody_looked_at(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        here = make_facility(session)
        moved, stayed = (make_prisoner(session, here) for _ in range(2))
    path = f"/desk/catalogue/addresses/{here.id}"
    ticks = dict(boxes_on(desk.get(path).text))
    moved_elsewhere(service, moved)
    typed = {"checked_on": "2026-11-22", "source": "family", "person": list(ticks.values())}
    done = desk.post(path, data=typed, follow_redirects=True)
    assert "1 address made sure of." in done.text
    assert "1 was left as it was" in done.text
    assert checked_now(service, moved) is None
    assert checked_now(service, stayed) == date(2026, 11, 22)


@pytest.mark.trust(74)
def test_newcomers_whom_somebody_changed_meanwhile_wait_to_be_looked_at(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        renamed, same = (make_prisoner(session, **UNCONFIRMED) for _ in range(2))
    path = "/desk/catalogue/newcomers"
    ticks = dict(boxes_on(desk.get(path).text))
    with service.database.write() as session:
        session.get_one(Prisoner, renamed.id).dative_name = "Озёровой Анне"
    typed = {"person": list(ticks.values()), "names_right": "yes"}
    wrong = desk.post(path, data=typed | {"custody_confirmed_on": ""})
    assert wrong.status_code == 422
    ticked = re.findall(r'value="([0-9a-z]*)\.\w*" checked', wrong.text)
    assert ticked == [same.id]  # whoever changed since is to be ticked anew
    done = desk.post(path, data=typed | TODAY, follow_redirects=True)
    assert "1 person confirmed." in done.text
    assert "1 person is left as before: somebody has changed them" in done.text
    with service.database.read() as session:
        assert not session.get_one(Prisoner, renamed.id).dative_confirmed
        assert session.get_one(Prisoner, same.id).dative_confirmed
    renewed = {"person": dict(boxes_on(desk.get(path).text))[renamed.id]}
    desk.post(path, data=typed | renewed | TODAY)
    with service.database.read() as session:
        assert session.get_one(Prisoner, renamed.id).dative_confirmed


def boxes_on(page: str) -> list[tuple[str, str]]:
    """Who can be ticked: id, and what the box sends."""
    return [
        (value.split(".")[0], value) for value in re.findall(r'name="person" value="([^"]*)"', page)
    ]


def moved_elsewhere(service: Service, anna: Prisoner, name: str = "ФКУ ИК-9") -> None:
    with service.database.write() as session:
        there = make_facility(session, name_ru=name, street="ул. Новая, 1")
        to = Move(facility_id=there.id, from_day=NOON.date(), source="her sister")
        custody.move(session, anna.id, to, OCCASION)


def checked_now(service: Service, anna: Prisoner) -> date | None:
    with service.database.read() as session:
        placed = present_place(session, anna.id)
        return placed[0].checked_on if placed else None
