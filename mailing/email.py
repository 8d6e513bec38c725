"""Notices by e-mail: built so that they carry nothing unasked, sent by SMTP or into a folder."""

import asyncio
import contextlib
import email
import hashlib
import re
from collections.abc import Coroutine
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import aiosmtplib

_MESSAGE_ID = re.compile(r"<[\w.+-]+@[\w.-]+>", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")

# Providers that must hand mail to the authorities of Russia or Belarus, under whatever ending.
_RISKY_ENDINGS = frozenset(
    ("ru", "su", "by", "рф", "бел", "рус", "дети", "москва", "moscow", "tatar")
)
_RISKY_NAMES = frozenset(("yandex", "rambler", "mailru"))
_RISKY_HOSTS = frozenset(("vk.com", "ya.com", "mail.ua", "lenta.com", "narod.com"))


class UnsafeHeader(ValueError):
    """What cannot be a header: it is no single address, or could smuggle in another header."""


class TemporaryFailure(Exception):
    """Not sent, or nobody knows: try again later with the same Message-ID."""


class PermanentFailure(Exception):
    """This message will never be taken: the recipient, or the message, was refused for good."""


def build(
    sender: str, recipient: str, subject: str, body: str, message_id: str, sent_at: datetime
) -> EmailMessage:
    """A plain-text message. `sender` may be "Name <address>"; `message_id` is "<id@domain>".

    The same notice must always be given the same `message_id`, so that a repeated one is known
    as such. Raises `UnsafeHeader` for line breaks, control characters, or anything that is not
    exactly one address.
    """
    for value in (sender, recipient, subject, message_id):
        if _UNSAFE.search(value):
            raise UnsafeHeader("A header has one line")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise UnsafeHeader("Not a Message-ID")
    message = EmailMessage(policy=SMTP)
    message["From"] = _one_address(sender)
    message["To"] = _one_address(recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = message_id
    message.set_content(body, cte="quoted-printable")
    return message


def send(message: EmailMessage, smtp_url: str, timeout: float = 30) -> None:
    """Hand a message to the server at `smtp_url`, within `timeout` seconds all in all.

    `smtp://user:password@host:port?starttls=1`, `smtps://…`, or `file:///folder` for an outbox.
    Raises `TemporaryFailure` or `PermanentFailure`. Blocks: not for an event loop.
    """
    target = urlsplit(smtp_url)
    if target.scheme == "file":
        _keep(message, Path(unquote(target.path)))
        return
    _speak(_deliver(message, target), timeout)


def try_server(smtp_url: str, domain: str, timeout: float = 10) -> None:
    """Greet the server at `smtp_url` as `domain` and log in, but send nothing.

    Raises `TemporaryFailure` or `PermanentFailure`. Blocks.
    """
    _speak(_greet(urlsplit(smtp_url), domain), timeout)


def _speak(conversation: Coroutine[None, None, None], timeout: float) -> None:
    try:
        asyncio.run(asyncio.wait_for(conversation, timeout))
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        # Names and codes only: what a server says may repeat the address.
        reason = " ".join((type(error).__name__, *map(str, _refusals(error))))
        forever = any(500 <= code < 600 for code in _refusals(error))
        raise (PermanentFailure if forever else TemporaryFailure)(reason) from None


def outbox(folder: Path) -> list[EmailMessage]:
    """The messages that `send` kept in a folder, by their dates, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    kept = [email.message_from_bytes(file.read_bytes(), policy=SMTP) for file in files]
    # Of those with the same date, what was written last comes first.
    return sorted(kept, key=lambda message: message["Date"].datetime)[::-1]


def remove_kept(folder: Path, recipient: str) -> None:
    """Remove the messages to this address that `send` kept in a folder."""
    with contextlib.suppress(UnsafeHeader):
        address = _one_address(recipient).addr_spec
        for file in folder.glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=SMTP)
            if [to.addr_spec for to in message["To"].addresses] == [address]:
                file.unlink(missing_ok=True)


def is_risky_mail_host(address: str) -> bool:
    """Whether an address lies with a mail provider of Russia or Belarus: warn before using it."""
    host = address.rpartition("@")[2].strip().rstrip(".>").lower()
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode("idna")
    labels = host.split(".")
    return (
        labels[-1] in _RISKY_ENDINGS or host in _RISKY_HOSTS or not _RISKY_NAMES.isdisjoint(labels)
    )


def _one_address(value: str) -> Address:
    found = getaddresses([value])
    try:
        if len(found) != 1 or "@" not in found[0][1]:
            raise UnsafeHeader("Not exactly one address")
        name, (local, _, domain) = found[0][0], found[0][1].rpartition("@")
        return Address(name, addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (MessageError, UnicodeError, ValueError, IndexError) as error:
        raise UnsafeHeader("Not exactly one address") from error


async def _deliver(message: EmailMessage, target: SplitResult) -> None:
    sender, recipient = (message[name].addresses[0] for name in ("From", "To"))
    server = _server(target, sender.domain)
    try:
        await server.connect()
        await server.send_message(
            message, sender=sender.addr_spec, recipients=[recipient.addr_spec]
        )
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):  # it has the message
            await server.quit()
    finally:
        server.close()


async def _greet(target: SplitResult, domain: str) -> None:
    server = _server(target, domain)
    try:
        await server.connect()
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):  # it took us
            await server.quit()
    finally:
        server.close()


def _server(target: SplitResult, domain: str) -> aiosmtplib.SMTP:
    wanted = parse_qs(target.query).get("starttls", [""])[0]
    return aiosmtplib.SMTP(
        hostname=target.hostname,
        port=target.port,
        username=unquote(target.username) if target.username else None,
        password=unquote(target.password) if target.password else None,
        local_hostname=domain,  # a greeting by its own name would tell where we run
        use_tls=target.scheme == "smtps",
        start_tls={"1": True, "0": False}.get(wanted),
        timeout=None,
    )


def _refusals(error: Exception) -> list[int]:
    """The codes with which recipient or content were refused.

    A refused login or sender is our own setting gone wrong, so those only wait for repair.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return [refused.code for refused in error.recipients]
    return [error.code] if isinstance(error, aiosmtplib.SMTPDataError) else []


def _keep(message: EmailMessage, folder: Path) -> None:
    """Write the message whole or not at all; a repeated one takes the place of the first."""
    name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
    part = folder / f"{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(message.as_bytes())
        part.replace(folder / f"{name}.eml")
    except OSError as error:
        raise TemporaryFailure(type(error).__name__) from None
