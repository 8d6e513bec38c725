"""A person reads every letter: claims, corrections, approvals, questions, refusals."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.errors import Claimed, Forbidden, Invalid, WrongState
from app.journey import reviewing, translating
from app.journey.reviewing import Text
from app.lifecycle import Hold, Role, State
from app.models import Approval, Claim, Event, Letter, Note, ReadRecord, Revision, Staff
from app.service import Service
from tests.world import make_letter, make_prisoner, make_staff

HALF_AN_HOUR = timedelta(minutes=30)
BETTER = Text("Дорогая Анна,\n\nсегодня у нас выпал снег.", "Грета")


@pytest.fixture
def letter(service: Service) -> Letter:
    with service.database.write() as session:
        return make_letter(session, make_prisoner(session), State.IN_REVIEW)


def reviewer(session: Session) -> str:
    return make_staff(session, Role.REVIEWER).id


def test_an_approved_letter_keeps_machine_text_edit_and_approver(
    service: Service, letter: Letter
) -> None:
    now = service.now()
    with service.database.write() as session:
        me = reviewer(session)
        reviewing.take(session, letter.id, me, now, HALF_AN_HOUR)
        assert reviewing.approve(session, letter.id, me, BETTER, now) is None
    with service.database.read() as session:
        approved = session.get_one(Letter, letter.id)
        assert approved.state == State.APPROVED
        approval = session.get_one(Approval, approved.approval_id)
        assert approval.staff_id == me
        assert session.get_one(Revision, approval.revision_id).text == BETTER.body
        origins = session.exec(select(Revision.origin).order_by(Revision.seq)).all()  # type: ignore[arg-type]
        assert list(origins) == ["writer", "engine", "reviewer"]
        assert session.get(Claim, letter.id) is None
        assert session.exec(select(ReadRecord)).one().subject_id == letter.id


@pytest.mark.trust(17)
def test_of_a_hundred_who_claim_at_once_one_wins(service: Service, letter: Letter) -> None:
    with service.database.write() as session:
        everybody = [make_staff(session, Role.REVIEWER).id for _ in range(100)]

    def take(staff_id: str) -> bool:
        try:
            with service.database.write() as session:
                reviewing.take(session, letter.id, staff_id, service.now(), HALF_AN_HOUR)
        except Claimed:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(take, everybody)) == 1


def test_a_claim_that_ran_out_can_be_taken_and_then_ends_the_first(
    service: Service, letter: Letter
) -> None:
    later = service.now() + timedelta(hours=1)
    with service.database.write() as session:
        first, second = reviewer(session), reviewer(session)
        reviewing.take(session, letter.id, first, service.now(), HALF_AN_HOUR)
        reviewing.keep(session, letter.id, first, BETTER, later)
        reviewing.take(session, letter.id, second, later, HALF_AN_HOUR)
        with pytest.raises(Claimed):
            reviewing.approve(session, letter.id, first, BETTER, later)


def test_who_translated_by_hand_does_not_review_unless_alone(service: Service) -> None:
    now = service.now()
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.TRANSLATING)
        me = make_staff(session, Role.TRANSLATOR, Role.REVIEWER).id
        translating.take(session, letter.id, me, now, HALF_AN_HOUR)
        translating.finish(session, letter.id, me, BETTER.body, BETTER.signature, now)
        reviewer(session)
    with service.database.write() as session, pytest.raises(Forbidden):
        reviewing.take(session, letter.id, me, now, HALF_AN_HOUR)
    with service.database.write() as session:
        for row in session.exec(select(Staff).where(Staff.id != me)):
            row.disabled_at = now
    with service.database.write() as session:
        reviewing.take(session, letter.id, me, now, HALF_AN_HOUR)
        reviewing.approve(session, letter.id, me, BETTER, now)


def test_without_a_place_the_text_is_kept_and_the_letter_held(service: Service) -> None:
    now = service.now()
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session, placed=False), State.IN_REVIEW)
        me = reviewer(session)
        reviewing.take(session, letter.id, me, now, HALF_AN_HOUR)
        assert reviewing.approve(session, letter.id, me, BETTER, now) == Hold.NO_ADDRESS
    with service.database.read() as session:
        held = session.get_one(Letter, letter.id)
        assert (held.state, held.held_reason) == (State.IN_REVIEW, Hold.NO_ADDRESS)
        newest = session.exec(select(Revision).order_by(Revision.seq.desc())).first()  # type: ignore[attr-defined]
        assert newest is not None
        assert newest.text == BETTER.body


@pytest.mark.parametrize("body", ["", "  \n", "Снег ☃", "Смайлик 🙂", "نور"])
def test_what_the_paper_cannot_show_is_not_approved(
    service: Service, letter: Letter, body: str
) -> None:
    with service.database.write() as session:
        me = reviewer(session)
        reviewing.take(session, letter.id, me, service.now(), HALF_AN_HOUR)
    with service.database.write() as session, pytest.raises(Invalid):
        reviewing.approve(session, letter.id, me, Text(body, "Грета"), service.now())


def test_an_approval_can_be_undone_and_given_again_by_somebody_else(
    service: Service, letter: Letter
) -> None:
    now = service.now()
    with service.database.write() as session:
        first, second = reviewer(session), reviewer(session)
        reviewing.take(session, letter.id, first, now, HALF_AN_HOUR)
        reviewing.approve(session, letter.id, first, BETTER, now)
        reviewing.reopen(session, letter.id, first, now, HALF_AN_HOUR)
        reviewing.approve(session, letter.id, first, BETTER, now)
        reviewing.reopen(session, letter.id, second, now, HALF_AN_HOUR)
        reviewing.approve(session, letter.id, second, BETTER, now)
    with service.database.read() as session:
        approval_id = session.get_one(Letter, letter.id).approval_id
        assert session.get_one(Approval, approval_id).staff_id == second


def test_the_writer_is_asked_and_told_why_not(service: Service, letter: Letter) -> None:
    now = service.now()
    with service.database.write() as session:
        other = make_letter(session, make_prisoner(session), State.IN_REVIEW)
        me = reviewer(session)
        for each in (letter, other):
            reviewing.take(session, each.id, me, now, HALF_AN_HOUR)
        reviewing.ask_for_changes(session, letter.id, me, "Please leave out the war.", now)
        with pytest.raises(Invalid):
            reviewing.refuse(session, other.id, me, "whatever", "", now)
        reviewing.refuse(session, other.id, me, "abuse", "", now)
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.NEEDS_CHANGES
        note = session.exec(select(Note)).one()
        assert note.text == "Please leave out the war."
        assert b"war" not in (note.text_sealed or b"")
        refused = session.exec(select(Event).where(Event.to == State.REFUSED)).one()
        assert (refused.subject_id, refused.why) == (other.id, "abuse")


def test_sent_to_be_translated_by_hand_the_machine_keeps_off(
    service: Service, letter: Letter
) -> None:
    now = service.now()
    with service.database.write() as session:
        me = reviewer(session)
        reviewing.take(session, letter.id, me, now, HALF_AN_HOUR)
        reviewing.send_to_translator(session, letter.id, me, now)
        row = session.get_one(Letter, letter.id)
        attempt = f"{row.moves}-{row.attempts}"
    assert translating.translate(service, letter.id, attempt) in {"moved_on", "to_people:no_engine"}
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.TRANSLATING


@pytest.mark.trust(16)
@pytest.mark.parametrize("state", [State.TRANSLATING, State.READY, State.PRINTED, State.POSTED])
def test_only_what_is_in_review_can_be_approved(service: Service, state: State) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), state)
        me = reviewer(session)
    with service.database.write() as session, pytest.raises(WrongState):
        reviewing.take(session, letter.id, me, service.now(), HALF_AN_HOUR)
    with service.database.write() as session, pytest.raises(WrongState):
        reviewing.approve(session, letter.id, me, BETTER, service.now())
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == state
