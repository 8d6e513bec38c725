"""Lost work is owed again, broken work is parked, deadlines are kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app import moving, work
from app.journey import sweeping
from app.lifecycle import Hold, ReplyState, Role, State
from app.models import Letter, Notice, Reply
from app.service import Service
from tests.conftest import Clock
from tests.world import make_letter, make_prisoner, make_return_address, make_staff


def queued(service: Service) -> set[str]:
    """The ids of work that is queued."""
    schema = "" if service.settings.is_sqlite else "dbos."
    with service.database.engine.connect() as connection:
        found = connection.execute(sa.text(f"select workflow_uuid from {schema}workflow_status"))
        return set(found.scalars())


def lose_everything(service: Service) -> None:
    """As if the queue's tables had been lost."""
    schema = "" if service.settings.is_sqlite else "dbos."
    with service.database.engine.begin() as connection:
        connection.execute(sa.text(f"delete from {schema}workflow_status"))


def look(service: Service, letter_id: str) -> Letter:
    with service.database.read() as session:
        return session.get_one(Letter, letter_id)


@pytest.mark.trust(62)
def test_work_is_queued_with_its_letter(service: Service) -> None:
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        new = make_letter(session, prisoner, State.TRANSLATING)
        approved = make_letter(session, prisoner, State.APPROVED)
    assert {f"translate-{new.id}-1-0", f"render-{approved.id}-3-0"} <= queued(service)


def test_lost_work_is_owed_again_and_living_work_left_alone(service: Service, clock: Clock) -> None:
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        letters = [
            make_letter(session, prisoner, State.TRANSLATING),
            make_letter(session, prisoner, State.APPROVED),
        ]
        make_letter(session, prisoner, State.TRANSLATING, engines="none")
        make_letter(session, prisoner, State.READY)
    clock.forward(hours=5)
    assert sweeping.sweep(service) == 0
    lose_everything(service)
    assert sweeping.sweep(service) == 2
    assert queued(service) == {
        f"translate-{letters[0].id}-1-1",
        f"render-{letters[1].id}-3-1",
    }
    assert sweeping.sweep(service) == 0


@pytest.mark.trust(63)
def test_a_lost_notice_is_owed_again(service: Service, clock: Clock) -> None:
    with service.database.write() as session:
        make_letter(session, make_prisoner(session), State.POSTED, email="greta@example.org")
        notice = session.exec(select(Notice)).one()
    lose_everything(service)
    clock.forward(days=1)
    assert sweeping.sweep(service) == 1
    assert queued(service) == {f"notify-{notice.id}-1"}


@pytest.mark.trust(64)
@pytest.mark.parametrize(
    ("state", "kind", "reason"),
    [
        (State.TRANSLATING, "translate", Hold.PROVIDER_POISON),
        (State.APPROVED, "render", Hold.UNRENDERABLE),
    ],
)
def test_work_that_breaks_off_again_and_again_is_parked(
    service: Service, state: State, kind: str, reason: Hold
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), state)
    said = []
    for _ in range(sweeping.STUMBLES):
        row = look(service, letter.id)
        attempt = f"{row.moves}-{row.attempts}"
        said.append(sweeping.stumbled(service, kind, letter.id, attempt))
    assert said == ["stumbled"] * (sweeping.STUMBLES - 1) + ["parked"]
    assert look(service, letter.id).held_reason == reason


@pytest.mark.parametrize(
    ("state", "days", "to"),
    [
        (State.NEEDS_CHANGES, 22, State.WITHDRAWN),
        (State.POSTED, 241, State.CLOSED),
        (State.ANSWERED, 366, State.CLOSED),
        (State.IN_REVIEW, 400, State.IN_REVIEW),
        (State.READY, 400, State.READY),
    ],
)
def test_deadlines_end_what_waits_for_writer_or_world(
    service: Service, clock: Clock, state: State, days: int, to: State
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), state)
    clock.forward(days=days)
    sweeping.keep_deadlines(service)
    assert look(service, letter.id).state == to


def test_a_reply_nobody_reads_is_closed(service: Service, clock: Clock) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.ANSWERED)
        reply = Reply(
            letter_id=letter.id,
            state=ReplyState.FORWARDED,
            received_on=service.today(),
            due_at=service.now() + timedelta(days=180),
        )
        session.add(reply)
    clock.forward(days=181)
    sweeping.keep_deadlines(service)
    with service.database.read() as session:
        assert session.get_one(Reply, reply.id).state == ReplyState.CLOSED


def test_letters_go_on_once_there_is_a_return_address(service: Service) -> None:
    with service.database.write() as session:
        staff = make_staff(session, Role.REVIEWER)
        letter = make_letter(session, make_prisoner(session), State.APPROVED, staff=staff)
        moving.hold(session, letter, Hold.NO_RETURN_ADDRESS, moving.MACHINE, service.now())
    assert sweeping.release_for_return_address(service) == 0
    with service.database.write() as session:
        make_return_address(session)
    assert sweeping.release_for_return_address(service) == 1
    row = look(service, letter.id)
    assert row.held_reason is None
    assert work.piece_id("render", letter.id, f"{row.moves}-0") in queued(service)
