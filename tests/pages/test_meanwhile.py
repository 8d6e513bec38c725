"""Two people have a form open: the second sees what the first saved before anything is lost."""

import html
import re
from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.main import assemble
from app.models import Facility, Prisoner, Prosecution
from app.service import Service
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import make_case, make_prisoner

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
