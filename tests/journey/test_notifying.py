"""Notices tell nothing, are sent once, and are never lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from app import moving
from app.journey import forgetting, notifying
from app.lifecycle import Role, State
from app.models import Alarm, Notice
from app.moving import WRITER, by_staff
from app.service import Service
from app.settings import Settings
from mailing import email
from tests.conftest import Clock
from tests.standins.smtp import SmtpServer
from tests.world import RUSSIAN_TEXT, make_letter, make_prisoner, make_staff


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, smtp: SmtpServer) -> Settings:
    return settings.model_copy(
        update={
            "smtp_url": smtp.url,
            "notice_sender": "Post <post@news.example>",
            "notice_subject": "There is news",
            "notice_url": "https://news.example/",
        }
    )


@pytest.fixture
def notice(service: Service) -> Notice:
    """A letter was posted, and its writer left an address."""
    with service.database.write() as session:
        staff = make_staff(session, Role.PRINTER)
        letter = make_letter(
            session,
            make_prisoner(session),
            State.PRINTED,
            staff=staff,
            email="greta.winter@example.org",
        )
        moving.move(session, letter, State.POSTED, by_staff(staff.id), service.now())
        return session.exec(select(Notice)).one()


def look(service: Service, notice: Notice) -> Notice:
    with service.database.read() as session:
        return session.get_one(Notice, notice.id)


def try_it(service: Service, notice: Notice) -> str:
    return notifying.notify(service, notice.id, str(look(service, notice).attempts))


@pytest.mark.trust(25)
def test_a_notice_says_that_there_is_news_and_nothing_else(
    service: Service, smtp: SmtpServer, notice: Notice
) -> None:
    assert try_it(service, notice) == "sent"
    [message] = smtp.wait_for(1)
    assert message["From"] == "Post <post@news.example>"
    assert message["To"] == "greta.winter@example.org"
    assert message["Subject"] == "There is news"
    text = message.as_string() + message.get_content()
    for forbidden in ("Озер", "Ozerov", "Анн", "Anna", "Greta", "снег", "lifeline", "Lifeline"):
        assert forbidden not in text
    assert RUSSIAN_TEXT[:10] not in text
    assert "https://news.example/" in message.get_content()
    assert look(service, notice).state == "sent"
    assert try_it(service, notice) == "moved_on"
    assert len(smtp.messages) == 1


@pytest.mark.trust(25)
def test_without_a_link_only_the_news_remains(
    service: Service, smtp: SmtpServer, notice: Notice
) -> None:
    bare = service.settings.model_copy(update={"notice_url": ""})
    assert try_it(replace(service, settings=bare), notice) == "sent"
    [message] = smtp.wait_for(1)
    assert "http" not in message.get_content()


@pytest.mark.trust(63)
def test_a_repeated_mail_is_the_same_message(
    service: Service, smtp: SmtpServer, notice: Notice, clock: Clock
) -> None:
    smtp.behaviour = "cut"
    assert try_it(service, notice) == "later"
    smtp.behaviour = "well"
    clock.forward(minutes=2)
    assert try_it(service, notice) == "sent"
    first, second = smtp.wait_for(2)
    assert first["Message-ID"] == second["Message-ID"] == f"<{notice.id}@news.example>"
    assert first.as_bytes() == second.as_bytes()


def test_a_passing_refusal_is_tried_again_with_growing_pauses_then_given_up(
    service: Service, smtp: SmtpServer, notice: Notice, clock: Clock
) -> None:
    smtp.behaviour = "refuse for now"
    pauses = []
    for _ in range(3):
        assert try_it(service, notice) == "later"
        row = look(service, notice)
        assert row.next_try_at is not None
        assert row.trouble
        assert "greta" not in row.trouble
        pauses.append((row.next_try_at - service.now()).total_seconds())
    assert pauses == [60, 120, 240]
    clock.forward(days=6)
    assert try_it(service, notice) == "failed"


@pytest.mark.parametrize("behaviour", ["refuse for good", "refuse content"])
def test_a_lasting_refusal_stays_visible(
    service: Service, smtp: SmtpServer, notice: Notice, behaviour: str
) -> None:
    smtp.behaviour = behaviour  # type: ignore[assignment]
    assert try_it(service, notice) == "failed"
    assert look(service, notice).state == "failed"


def test_what_was_erased_is_not_announced(
    service: Service, smtp: SmtpServer, notice: Notice
) -> None:
    with service.database.write() as session:
        forgetting.erase_correspondence(session, notice.correspondence_id, WRITER, service.now())
    assert look(service, notice).state == "void"
    assert try_it(service, notice) == "moved_on"
    assert smtp.messages == []


def test_the_demonstration_keeps_its_notices_in_an_outbox(
    service: Service, notice: Notice, data_dir: Path
) -> None:
    bare = service.settings.model_copy(update={"smtp_url": "", "demonstration": True})
    assert try_it(replace(service, settings=bare), notice) == "sent"
    [kept] = email.outbox(data_dir / "outbox")
    assert kept["Subject"] == "There is news"


@pytest.mark.trust(19)
def test_without_a_mail_server_notices_wait_ring_and_lie_nowhere(
    service: Service, smtp: SmtpServer, notice: Notice, data_dir: Path, clock: Clock
) -> None:
    settings = service.settings
    bare = replace(service, settings=settings.model_copy(update={"smtp_url": ""}))
    for _ in range(12):
        assert try_it(bare, notice) == "later"
        clock.forward(days=1)
    owed = look(service, notice)
    assert (owed.state, owed.trouble) == ("owed", "no_mail_server")
    assert not (data_dir / "outbox").exists()
    with service.database.read() as session:
        [alarm] = session.exec(select(Alarm)).all()
    assert (alarm.kind, alarm.settled_at) == ("no_mail_server", None)
    assert try_it(service, notice) == "sent", "as soon as there is a server"
    assert len(smtp.wait_for(1)) == 1
