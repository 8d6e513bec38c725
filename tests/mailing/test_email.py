"""Mail: one message, one recipient, no smuggled headers, and honest failures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from mailing.email import (
    PermanentFailure,
    TemporaryFailure,
    UnsafeHeader,
    build,
    is_risky_mail_host,
    outbox,
    send,
)
from tests.standins.smtp import Behaviour, SmtpServer

SENT_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADERS = {
    "sender": "Post <post@example.org>",
    "recipient": "katrin@example.net",
    "subject": "Есть новости",
    "message_id": "<notice-17@example.org>",
}


def notice(**changes: str) -> EmailMessage:
    return build(body="Есть новости.\n", sent_at=SENT_AT, **HEADERS | changes)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def test_a_message_arrives_as_it_was_built(server: SmtpServer) -> None:
    send(notice(), server.url)
    (message,) = server.messages
    assert dict(message.items()) == {
        "From": "Post <post@example.org>",
        "To": "katrin@example.net",
        "Subject": "Есть новости",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "Message-ID": "<notice-17@example.org>",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }
    assert message.get_content() == "Есть новости.\r\n"
    assert server.recipients == ["katrin@example.net"]


def test_the_greeting_does_not_tell_the_name_of_this_machine(server: SmtpServer) -> None:
    send(notice(), server.url)
    assert server.greetings == ["example.org"]


INJECTIONS = ["\r\nBcc: all@example.net", "\nBcc: all@example.net", "\r", "\x00", "\u2028", "\x0b"]


@pytest.mark.trust(5)
@pytest.mark.parametrize("field", HEADERS)
@pytest.mark.parametrize("smuggled", INJECTIONS)
def test_line_breaks_in_any_header_are_refused(field: str, smuggled: str) -> None:
    for value in (HEADERS[field] + smuggled, smuggled + HEADERS[field]):
        with pytest.raises(UnsafeHeader):
            notice(**{field: value})


@pytest.mark.trust(5)
@pytest.mark.parametrize(
    "recipient",
    [
        "a@example.net, b@example.net",
        "a@example.net; b@example.net",
        "Alle: a@example.net, b@example.net;",
        "a b@example.net",
        "a@example.net>",
        "nobody",
        "",
        "a@",
        "@example.net",
        "иван@example.net",
    ],
)
def test_exactly_one_address_is_taken(recipient: str) -> None:
    with pytest.raises(UnsafeHeader):
        notice(recipient=recipient)


@pytest.mark.trust(5)
def test_a_name_full_of_addresses_stays_a_name(server: SmtpServer) -> None:
    send(notice(recipient='"a <evil@example.com>, b" <katrin@example.net>'), server.url)
    assert server.recipients == ["katrin@example.net"]


def test_a_host_in_other_letters_is_written_the_way_servers_know(server: SmtpServer) -> None:
    send(notice(recipient="post@пример.example"), server.url)
    assert server.recipients == ["post@xn--e1afmkfd.example"]


@pytest.mark.parametrize("message_id", ["", "17", "<17>", "<a@b> <c@d>", "<a b@c>"])
def test_a_message_id_is_one(message_id: str) -> None:
    with pytest.raises(UnsafeHeader):
        notice(message_id=message_id)


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        ("refuse for now", TemporaryFailure),
        ("refuse for good", PermanentFailure),
        ("refuse content", PermanentFailure),
        ("cut", TemporaryFailure),
        ("hang", TemporaryFailure),
    ],
)
def test_failures_say_whether_to_try_again(
    server: SmtpServer, behaviour: Behaviour, failure: type[Exception]
) -> None:
    server.behaviour = behaviour
    with pytest.raises(failure) as caught:
        send(notice(), server.url, timeout=1)
    assert "katrin" not in str(caught.value)
    server.behaviour = "well"
    send(notice(), server.url)
    assert {message["Message-ID"] for message in server.messages} == {HEADERS["message_id"]}


def test_nobody_there_is_temporary() -> None:
    with SmtpServer() as server:
        url = server.url
    with pytest.raises(TemporaryFailure):
        send(notice(), url)


def test_a_login_with_signs_in_its_password() -> None:
    with SmtpServer(username="post@example.org", password="p:ss/w@rd") as server:
        where = server.url.partition("@127")[2]
        login = f"{quote(server.username, safe='')}:{quote(server.password, safe='')}"
        send(notice(), f"smtp://{login}@127{where}")
        assert len(server.messages) == 1
        with pytest.raises(TemporaryFailure, match="Authentication"):
            send(notice(), f"smtp://post:wrong@127{where}")
        with pytest.raises(TemporaryFailure, match="SenderRefused"):
            send(notice(), f"smtp://127{where}")


def test_starttls_is_demanded_when_it_is_wanted(server: SmtpServer) -> None:
    with pytest.raises(TemporaryFailure):
        send(notice(), f"{server.url}?starttls=1")
    assert server.messages == []


def test_an_outbox_keeps_mail_in_a_folder_newest_first_and_each_notice_once(tmp_path: Path) -> None:
    folder = tmp_path / "out box"
    for number in (1, 2, 1):
        send(notice(message_id=f"<{number}@example.org>"), f"file://{quote(str(folder))}")
    kept = outbox(folder)
    assert [message["Message-ID"] for message in kept] == ["<1@example.org>", "<2@example.org>"]
    assert kept[0].get_content() == "Есть новости.\r\n"
    assert all(path.suffix == ".eml" for path in folder.iterdir())
    assert outbox(tmp_path / "none") == []


def test_an_outbox_is_ordered_by_the_dates_of_its_mail(tmp_path: Path) -> None:
    for day in (3, 1, 2):
        sent_at = datetime(2026, 11, day, tzinfo=UTC)
        facts = HEADERS | {"message_id": f"<{day}@example.org>"}
        send(build(body="Есть новости.\n", sent_at=sent_at, **facts), tmp_path.as_uri())
    assert [mail["Date"].datetime.day for mail in outbox(tmp_path)] == [3, 2, 1]


def test_an_outbox_that_cannot_be_written_is_temporary(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TemporaryFailure):
        send(notice(), f"file://{tmp_path}/file/outbox")


@pytest.mark.parametrize(
    "address",
    [
        "a@mail.ru",
        "A@YANDEX.RU",
        "a@yandex.com",
        "a@mail.yandex.kz",
        "a@ya.ru",
        "a@list.ru",
        "a@bk.ru",
        "a@inbox.ru",
        "a@rambler.ru",
        "a@tut.by",
        "a@old.su",
        "a@почта.рф",
        "a@xn--80a1acny.xn--p1ai",
        "a@пошта.бел",
        "Имя <a@internet.ru>",
    ],
)
def test_mail_hosts_in_russia_and_belarus_bring_a_warning(address: str) -> None:
    assert is_risky_mail_host(address)


@pytest.mark.parametrize(
    "address", ["a@example.org", "a@gmail.com", "a@web.de", "a@ruhr.de", "a@byron.uk", "", "a@"]
)
def test_others_do_not(address: str) -> None:
    assert not is_risky_mail_host(address)
