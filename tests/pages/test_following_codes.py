"""With the receipt code: what wrong codes meet, what stays in the house, what deletion takes."""

from dataclasses import replace

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app import moving
from app.journey import coordinating, notifying
from app.lifecycle import Hold, Role, State
from app.models import Alarm, Letter, Notice
from app.moving import by_staff
from app.service import Service
from tests.pages.test_following import CODE, FIELDS, follow, letter_in
from tests.world import NOON, make_staff

FORMS = ("withdraw", "revise", "continue", "page", "reply", "delete")


@pytest.mark.trust(54)
@pytest.mark.parametrize("form", FORMS)
def test_guessing_is_slowed_and_alarmed_by_whichever_form(
    client: TestClient, service: Service, form: str
) -> None:
    letter_in(service, State.READY)
    guess = {"code": "A" * 25, "letter": "0" * 24, "reply": "0" * 24}
    answers = [client.post(f"/letter/{form}", data=guess).status_code for _ in range(32)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert client.post("/letter", data=FIELDS).status_code == 200
    with service.database.read() as session:
        assert [alarm.kind for alarm in session.exec(select(Alarm))] == ["guessing"]


@pytest.mark.trust(14)
def test_a_note_of_the_house_is_not_shown_to_the_writer(
    client: TestClient, service: Service
) -> None:
    letter_id = letter_in(service, State.IN_REVIEW).id
    with service.database.write() as session:
        letter = session.get_one(Letter, letter_id)
        staff = by_staff(make_staff(session, Role.COORDINATOR).id)
        moving.move(session, letter, State.NEEDS_CHANGES, staff, NOON, note="Bitte ohne Firma.")
        house = "Perhaps a provocation; ask the lawyer."
        coordinating.hold(session, letter_id, Hold.SUSPECTED_ABUSE, house, staff, NOON)
        coordinating.release(session, letter_id, "The lawyer says it is fine.", staff, NOON)
    seen = follow(client)
    assert "Bitte ohne Firma." in seen
    assert "provocation" not in seen
    assert "lawyer" not in seen
    status = client.get("/api/v1/letters", headers={"Authorization": f"Receipt {CODE}"})
    assert status.json()["request"] == "Bitte ohne Firma."


@pytest.mark.trust(24)
def test_deleting_takes_the_address_out_of_the_outbox_too(
    client: TestClient, service: Service
) -> None:
    letter = letter_in(service, State.IN_REVIEW, email="greta@example.org")
    with service.database.write() as session:
        correspondence_id = letter.correspondence_id
        moving.owe_notice(session, correspondence_id, "posted", NOON)
        notice = session.exec(select(Notice.id)).one()
    shown = service.settings.model_copy(update={"demonstration": True})
    notifying.notify(replace(service, settings=shown), notice, "0")
    outbox = service.settings.data_dir / "outbox"
    assert [b"greta@example.org" in mail.read_bytes() for mail in outbox.iterdir()] == [True]
    assert client.post("/letter/delete", data={**FIELDS, "sure": "yes"}).status_code == 200
    assert list(outbox.iterdir()) == []
