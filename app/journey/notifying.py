"""Notices by e-mail: they say that there is news, and nothing else (rows 25, 63).

One row each. The Message-ID is made from the row's id, so that a repeat after a crash is known
to mail servers as the same message.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

from sqlmodel import Session, col, select

from app import work
from app.models import Alarm, Correspondence, Notice
from app.service import Service
from app.settings import Settings
from mailing import email

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
GIVE_UP = timedelta(days=5)
"""Mail servers themselves give up after about so long (RFC 5321, 4.5.4.1)."""

NO_SERVER = "no_mail_server"
"""Why notices wait, and the alarm about it."""

_NEWS = "There is news for you.\nДля вас есть новости.\n"
_LINK = "\n{url}\n\nPlease have your code ready.\nВам понадобится ваш код.\n"


@dataclass(frozen=True)
class _Mail:
    recipient: str
    created_at: datetime


def notify(service: Service, notice_id: str, attempt: str) -> str:
    """Send one notice that is owed; returns a code for the record of work.

    A passing failure is tried again with growing pauses, a lasting one stays visible as failed.
    What was erased meanwhile is not sent. Where no mail server is set it stays owed: an alarm
    rings, and nothing is written to disk but in the demonstration.
    """
    with service.database.read() as session:
        notice = _owed(session, notice_id, attempt)
        if notice is None:
            return "moved_on"
        mail = _mail(session, notice)
    if mail is None:
        return _settle(service, notice_id, attempt, "void")
    address = mail_address(service.settings)
    if address is None:
        return _not_now(service, notice_id, attempt, NO_SERVER)
    trouble = None
    try:
        email.send(_message(service.settings, notice_id, mail), address)
    except email.TemporaryFailure as failure:
        return _not_now(service, notice_id, attempt, str(failure)[:40])
    except email.PermanentFailure as failure:
        trouble = str(failure)[:40]
    except email.UnsafeHeader:
        trouble = "unsafe_header"
    return _settle(service, notice_id, attempt, "failed" if trouble else "sent", trouble)


def mail_address(settings: Settings) -> str | None:
    """Where mail is handed over: the SMTP server, or the outbox folder of the demonstration.

    None: no server is set, and addresses must not lie readable in a folder.
    """
    if settings.keeps_outbox:
        return (settings.data_dir / "outbox").as_uri()
    return settings.smtp_url or None


def body(settings: Settings) -> str:
    """What every notice says, in two languages."""
    link = _LINK.format(url=settings.notice_url) if settings.notice_url else ""
    return _NEWS + link


def _message(settings: Settings, notice_id: str, mail: _Mail) -> EmailMessage:
    domain = parseaddr(settings.notice_sender)[1].rpartition("@")[2]
    return email.build(
        settings.notice_sender,
        mail.recipient,
        settings.notice_subject,
        body(settings),
        f"<{notice_id}@{domain}>",
        mail.created_at,
    )


def _owed(session: Session, notice_id: str, attempt: str) -> Notice | None:
    notice = session.get(Notice, notice_id)
    if notice is None or notice.state != "owed" or attempt != str(notice.attempts):
        return None
    return notice


def _mail(session: Session, notice: Notice) -> _Mail | None:
    correspondence = session.get_one(Correspondence, notice.correspondence_id)
    recipient = correspondence.email
    if recipient is None or correspondence.erased_at is not None:
        return None
    return _Mail(recipient, notice.created_at)


def _settle(
    service: Service, notice_id: str, attempt: str, state: str, trouble: str | None = None
) -> str:
    with service.database.write() as session:
        notice = _owed(session, notice_id, attempt)
        if notice is None:
            return "moved_on"
        notice.state, notice.trouble, notice.next_try_at = state, trouble, None
        notice.sent_at = service.now() if state == "sent" else None
    return state


def _not_now(service: Service, notice_id: str, attempt: str, trouble: str) -> str:
    now = service.now()
    with service.database.write() as session:
        notice = _owed(session, notice_id, attempt)
        if notice is None:
            return "moved_on"
        notice.trouble = trouble
        if trouble == NO_SERVER:
            _ring(session, now)
        elif now - notice.created_at > GIVE_UP:
            notice.state, notice.next_try_at = "failed", None
            return "failed"
        pause = min(FIRST_PAUSE * 2 ** min(notice.attempts, 10), LONGEST_PAUSE)
        notice.attempts += 1
        notice.next_try_at = now + pause
        work.owe(session, "notify", notice_id, str(notice.attempts), pause)
    return "later"


def _ring(session: Session, now: datetime) -> None:
    """Tell the coordinators that no mail can go out; once, until somebody settles it."""
    rings = select(Alarm.id).where(Alarm.kind == NO_SERVER, col(Alarm.settled_at).is_(None))
    if session.exec(rings).first() is None:
        session.add(Alarm(kind=NO_SERVER, created_at=now))
