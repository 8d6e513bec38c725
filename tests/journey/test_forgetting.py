"""What is settled is forgotten in time, and at once when the writer asks; physically."""

import os
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app import moving
from app.journey import forgetting, reconciling
from app.lifecycle import ReplyState, Role, State
from app.models import (
    Batch,
    BatchItem,
    Correspondence,
    Event,
    Letter,
    Note,
    Notice,
    Posting,
    Rendering,
    Reply,
    ReplyText,
    Revision,
    Scan,
    Writer,
)
from app.models.columns import new_id
from app.moving import WRITER
from app.service import Service
from tests.conftest import Clock
from tests.databases import PostgreSQL
from tests.world import make_letter, make_prisoner, make_staff


def settled(service: Service, state: State = State.CLOSED) -> Letter:
    """A letter at the end of its life with everything that one can leave behind."""
    page = service.vault.put(b"the rendered page")
    with service.database.write() as session:
        staff = make_staff(session, Role.REVIEWER)
        letter = make_letter(
            session,
            make_prisoner(session),
            state,
            staff=staff,
            email="greta@example.org",
            file_id=page,
            now=service.now(),
        )
        session.exec(select(Writer)).one().identity_hash = "1" * 64
        moving.record(
            session, "letter", letter.id, WRITER, service.now(), origin=None, to="x", note="a note"
        )
        posting = Posting(id=new_id(), letter_id=letter.id, posted_on=service.today(), country="DE")
        posting.tracking = "RD025500807SE"
        session.add(posting)
        letter.posted_on = posting.posted_on
        return letter


def with_reply(service: Service, letter: Letter, state: ReplyState) -> Reply:
    picture = service.vault.put(b"the scan")
    with service.database.write() as session:
        reply = Reply(
            letter_id=letter.id,
            state=state,
            state_since=service.now(),
            received_on=service.today(),
        )
        session.add(reply)
        session.get_one(Letter, letter.id).replies += 1
        session.flush()
        session.add(Scan(reply_id=reply.id, page=1, file_id=picture, width=1, height=1))
        text = ReplyText(id=new_id(), reply_id=reply.id, seq=1, part="transcript", language="ru")
        text.text = "Спасибо"
        session.add(text)
        return reply


def contents(session: Session) -> list[bytes]:
    """Every sealed text that is left of letters, replies, notes, writers and postings."""
    columns = (
        Revision.text_sealed,
        Revision.signature_sealed,
        Note.text_sealed,
        ReplyText.text_sealed,
        Correspondence.email_sealed,
        Posting.tracking_sealed,
    )
    return [value for column in columns for value in session.exec(select(column)) if value]


@pytest.mark.trust(23)
def test_at_the_end_of_the_retention_everything_with_content_is_gone(
    service: Service, clock: Clock, request: pytest.FixtureRequest
) -> None:
    letter = settled(service)
    with_reply(service, letter, ReplyState.READ)
    with service.database.read() as session:
        ciphertexts = contents(session)
    assert len(ciphertexts) == 8
    before = on_disk(service, request)
    assert all(box in before for box in ciphertexts), "or else the search proves nothing"
    clock.forward(days=service.settings.retention_days - 1)
    assert forgetting.forget(service) == forgetting.Forgotten(0, 0)
    clock.forward(days=2)
    assert forgetting.forget(service) == forgetting.Forgotten(1, 1)
    with service.database.read() as session:
        assert contents(session) == []
        assert session.exec(select(Writer)).one().identity_hash is None
        kept = session.get_one(Letter, letter.id)
        assert kept.erased_at is not None
        assert kept.number == letter.number
        assert session.exec(select(Event).where(Event.to == "posted")).one().subject_id == letter.id
    assert list(service.vault.ids()) == []
    assert reconciling.reconcile(service).clean
    after = on_disk(service, request)
    assert not [box for box in ciphertexts if box in after]


def on_disk(service: Service, request: pytest.FixtureRequest) -> bytes:
    """Every file of the database as it lies on the disk."""
    if service.settings.is_sqlite:
        path = Path(service.settings.database_url.removeprefix("sqlite:///"))
        return b"\n".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    server: PostgreSQL = request.getfixturevalue("postgresql")
    server.run("CHECKPOINT")
    with service.database.read() as session:
        ours = "select oid from pg_database where datname = current_database()"
        oid = session.execute(sa.text(ours)).scalar_one()
    base = server.folder / "data" / "base" / str(oid)
    return b"\n".join(file.read_bytes() for file in base.iterdir())


@pytest.mark.parametrize("state", [State.POSTED, State.ANSWERED, State.RETURNED, State.READY])
def test_what_is_not_settled_is_kept_however_old(
    service: Service, clock: Clock, state: State
) -> None:
    settled(service, state)
    clock.forward(days=4000)
    assert forgetting.forget(service).letters == 0


def test_a_late_reply_keeps_the_address_for_its_notice(service: Service, clock: Clock) -> None:
    letter = settled(service)
    clock.forward(days=service.settings.retention_days + 1)
    reply = with_reply(service, letter, ReplyState.MATCHED)
    forgetting.forget(service)
    with service.database.read() as session:
        assert session.exec(select(Correspondence)).one().email == "greta@example.org"
        assert session.get_one(Reply, reply.id).erased_at is None


@pytest.mark.trust(24)
def test_the_writer_erases_everything_and_a_tombstone_stays(service: Service) -> None:
    letter = settled(service, State.POSTED)
    with_reply(service, letter, ReplyState.READ)
    pages = service.vault.put(b"the batch")
    with service.database.write() as session:
        staff = make_staff(session, Role.PRINTER)
        batch = Batch(staff_id=staff.id, country="DE", file_id=pages, sha256="0" * 64)
        session.add(batch)
        session.flush()
        session.add(
            BatchItem(
                batch_id=batch.id,
                position=1,
                letter_id=letter.id,
                rendering_id=session.exec(select(Rendering.id)).one(),
            )
        )
    with service.database.write() as session:
        files = forgetting.erase_correspondence(
            session, letter.correspondence_id, WRITER, service.now()
        )
    forgetting.remove_files(service, files)
    assert list(service.vault.ids()) == []
    with service.database.read() as session:
        assert contents(session) == []
        assert session.get_one(Letter, letter.id).state == State.POSTED
        assert {row.state for row in session.exec(select(Notice))} <= {"void", "sent"}


@pytest.mark.trust(60)
def test_files_a_crash_left_after_erasing_are_removed_by_reconciling(
    service: Service, clock: Clock
) -> None:
    letter = settled(service)
    with service.database.write() as session:
        forgetting.erase_correspondence(session, letter.correspondence_id, WRITER, service.now())
    [left] = service.vault.ids()
    age_file(service, left)
    assert reconciling.reconcile(service).stray_files == 1
    assert list(service.vault.ids()) == []


def age_file(service: Service, file_id: str) -> None:
    """As if the file had been written yesterday."""
    path = service.vault.folder / file_id[:2] / file_id
    yesterday = time.time() - 86_400
    os.utime(path, (yesterday, yesterday))
