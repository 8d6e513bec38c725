"""Where somebody was: since when a list knows it, corrected, taken away when it was never so."""

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.lifecycle import Role, State
from app.models import ImportRun, Placement, Prisoner
from app.service import Service
from tests.pages.test_writing import words_on
from tests.staffing import desk_of
from tests.world import NOON, make_facility, make_letter, make_prisoner


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with desk_of(service, Role.CATALOGUE) as browser:
        yield browser


@pytest.fixture
def anna(service: Service) -> Prisoner:
    with service.database.write() as session:
        return make_prisoner(session)


def _present(person: Prisoner) -> SelectOfScalar[Placement]:
    return select(Placement).where(
        Placement.prisoner_id == person.id, col(Placement.to_day).is_(None)
    )


FIRST, LAST = date(2024, 3, 1), date(2024, 9, 2)


@pytest.fixture
def past(service: Service, anna: Prisoner) -> Placement:
    with service.database.write() as session:
        row = Placement(
            prisoner_id=anna.id,
            facility_id=make_facility(session, name_ru="ФКУ СИЗО-3").id,
            source="a letter",
            from_day=FIRST,
            to_day=LAST,
        )
        session.add(row)
    return row


def test_a_past_stay_is_corrected_and_the_history_says_so(
    service: Service, desk: TestClient, anna: Prisoner, past: Placement
) -> None:
    page = f"/desk/catalogue/{anna.id}"
    path = f"{page}/stays/{past.id}"
    assert f'href="{path}"' in desk.get(page).text
    form = desk.get(path).text
    assert 'value="2024-03-01"' in form
    assert 'value="2024-09-02"' in form
    typed = {"from_day": "2024-02-03", "to_day": "2024-09-04", "source": "her sister"}
    seen = words_on(desk.post(path, data=typed).text)
    assert "The stay is corrected." in seen
    assert "3 Feb 2024 to 4 Sept 2024" in seen
    assert "there since: 1 Mar 2024 → 3 Feb 2024" in seen
    with service.database.read() as session:
        kept = session.get_one(Placement, past.id)
    assert (kept.from_day, kept.to_day) == (date(2024, 2, 3), date(2024, 9, 4))
    assert kept.source == "her sister"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to_day": "2024-02-01"}, "This is before the first day there."),
        ({"to_day": ""}, "Please fill this in."),
        ({"to_day": "2040-01-01"}, "This day has not come yet."),
    ],
)
def test_days_that_cannot_be(
    service: Service,
    desk: TestClient,
    anna: Prisoner,
    past: Placement,
    changed: dict[str, str],
    said: str,
) -> None:
    typed = {"from_day": "2024-03-01", "to_day": "2024-09-02"} | changed
    answer = desk.post(f"/desk/catalogue/{anna.id}/stays/{past.id}", data=typed)
    assert answer.status_code == 422
    assert said in words_on(answer.text)
    with service.database.read() as session:
        assert session.get_one(Placement, past.id).to_day == LAST


def test_a_stay_that_never_was_is_taken_away(
    service: Service, desk: TestClient, anna: Prisoner, past: Placement
) -> None:
    path = f"/desk/catalogue/{anna.id}/stays/{past.id}"
    assert f'action="{path}/remove"' in desk.get(path).text
    seen = words_on(desk.post(f"{path}/remove").text)
    assert "The stay is taken away." in seen
    assert "place: ФКУ СИЗО-3" in seen
    assert desk.get(path).status_code == 404


def test_the_present_stay_and_one_that_letters_went_to_stay(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    with service.database.write() as session:
        make_letter(session, session.get_one(Prisoner, anna.id), State.POSTED)
        present = session.exec(_present(anna)).one()
    path = f"/desk/catalogue/{anna.id}/stays/{present.id}"
    assert f"{path}/remove" not in desk.get(path).text
    assert desk.post(f"{path}/remove").status_code == 409
    with service.database.write() as session:
        session.get_one(Placement, present.id).to_day = NOON.date()
    assert "Letters were addressed to this place" in words_on(desk.get(path).text)
    assert desk.post(f"{path}/remove").status_code == 409


def test_somebody_elses_stay_is_none(
    service: Service, desk: TestClient, anna: Prisoner, past: Placement
) -> None:
    with service.database.write() as session:
        other = make_prisoner(session)
    assert desk.get(f"/desk/catalogue/{other.id}/stays/{past.id}").status_code == 404
    assert desk.post(f"/desk/catalogue/{other.id}/stays/{past.id}/remove").status_code == 404


def test_the_day_of_an_import_is_told_as_such(
    service: Service, desk: TestClient, anna: Prisoner
) -> None:
    with service.database.write() as session:
        session.add(ImportRun(source="list", label="The List", state="applied", applied_at=NOON))
        present = session.exec(_present(anna)).one()
        present.source, present.from_day = "The List", NOON.date()
        path = f"/desk/catalogue/{anna.id}/stays/{present.id}"
    page = f"/desk/catalogue/{anna.id}"
    assert "known since 22 Nov 2026" in words_on(desk.get(page).text)
    desk.post(path, data={"from_day": "2025-03-01", "source": "The List"})
    seen = words_on(desk.get(page).text)
    assert "since 1 Mar 2025" in seen
    assert "known since 1 Mar 2025" not in seen
