"""What is stored twice is compared every day; drift is mended and rings."""

import os
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import moving
from app.journey import reconciling
from app.journey.reconciling import Reconciled
from app.lifecycle import State
from app.models import (
    Alarm,
    Letter,
    Posting,
    Prisoner,
    Rendering,
    Reply,
    Reservation,
    Revision,
)
from app.models.columns import new_id
from app.service import Service
from tests.world import make_letter, make_prisoner


def alarms(service: Service) -> list[tuple[str, str, str]]:
    with service.database.read() as session:
        return [(row.kind, row.subject_id, row.detail) for row in session.exec(select(Alarm))]


def letters_in_every_state(session: Session, prisoner: Prisoner, file_id: str) -> None:
    for state in State:
        make_letter(session, prisoner, state, file_id=file_id)


def test_counts_that_the_door_kept_agree(service: Service) -> None:
    page = service.vault.put(b"page")
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        letters_in_every_state(session, prisoner, page)
        session.add(
            Reservation(
                token_hash=new_id(),
                prisoner_id=prisoner.id,
                sitting=new_id(),
                random=True,
                counted=True,
                expires_at=service.now(),
            )
        )
        moving.count(session, prisoner.id, 1)
    assert reconciling.reconcile(service) == Reconciled(0, 0, 0)
    assert alarms(service) == []


def test_what_a_letter_says_of_postings_and_replies_is_mended(service: Service) -> None:
    day = service.today()
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        posted, undone, answered, right = (
            make_letter(session, prisoner, State.POSTED) for _ in range(4)
        )
        for letter, on, taken_back in (
            (posted, day, None),
            (undone, day, service.now()),
            (right, day, None),
            (right, day - timedelta(days=90), None),
        ):
            session.add(
                Posting(letter_id=letter.id, posted_on=on, country="DE", undone_at=taken_back)
            )
        session.add(Reply(letter_id=answered.id, received_on=day, state="matched"))
        undone.posted_on, right.posted_on = day, day
    assert reconciling.reconcile(service).drifted == 3
    rang = [about for kind, about, _ in alarms(service) if kind == "count_drift"]
    assert rang == [prisoner.id] * 3
    with service.database.read() as session:
        rows = (session.get_one(Letter, each.id) for each in (posted, undone, answered, right))
        told = [(row.posted_on, row.replies) for row in rows]
    assert told == [(day, 0), (None, 0), (None, 1), (day, 0)]
    assert reconciling.reconcile(service).drifted == 0


@pytest.mark.trust(71)
def test_a_letter_deleted_by_hand_rings_and_the_count_is_mended(service: Service) -> None:
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        gone = make_letter(session, prisoner, State.TRANSLATING)
        make_letter(session, prisoner, State.TRANSLATING)
        session.execute(sa.delete(Revision).where(col(Revision.letter_id) == gone.id))
        session.execute(sa.delete(Letter).where(col(Letter.id) == gone.id))
    assert reconciling.reconcile(service).drifted == 1
    assert alarms(service) == [("count_drift", prisoner.id, "2 -> 1")]
    with service.database.read() as session:
        assert session.get_one(Prisoner, prisoner.id).letter_count == 1
    assert reconciling.reconcile(service).clean


def test_a_state_changed_by_hand_drifts_too(service: Service) -> None:
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        letter = make_letter(session, prisoner, State.TRANSLATING)
        session.execute(
            sa.update(Letter).where(col(Letter.id) == letter.id).values(state=State.WITHDRAWN)
        )
    assert reconciling.reconcile(service).drifted == 1
    with service.database.read() as session:
        assert session.get_one(Prisoner, prisoner.id).letter_count == 0
        assert session.get_one(Letter, letter.id).counted is False


@pytest.mark.trust(60)
def test_files_without_rows_and_rows_without_files_are_reported(service: Service) -> None:
    stray, fresh, page = (service.vault.put(word) for word in (b"stray", b"fresh", b"page"))
    yesterday = time.time() - 86_400
    for file_id in (stray, page):
        os.utime(service.vault.folder / file_id[:2] / file_id, (yesterday, yesterday))
    draft = service.vault.folder / stray[:2] / "half.part"
    draft.write_bytes(b"half")
    os.utime(draft, (yesterday, yesterday))
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        make_letter(session, prisoner, State.READY, file_id=page)
        lost = make_letter(session, prisoner, State.READY, file_id="f" * 32)
    assert reconciling.reconcile(service) == Reconciled(0, 1, 1)
    assert set(service.vault.ids()) == {fresh, page}
    assert not draft.exists()
    assert {kind for kind, _, _ in alarms(service)} == {"stray_files", "lost_file"}
    with service.database.read() as session:
        named = session.exec(select(Rendering.file_id).where(Rendering.letter_id == lost.id)).one()
    assert ("lost_file", named, "") in alarms(service)
    reconciling.reconcile(service)
    assert [kind for kind, _, _ in alarms(service)].count("lost_file") == 1
