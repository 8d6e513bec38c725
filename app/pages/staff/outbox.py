"""Mail that goes nowhere because no server is set: in the demonstration it can be looked at.

Elsewhere it is not written at all, and the page says how many notices wait.
"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFound
from app.pages.shell.access import CoordinatorDep, ServiceDep
from app.pages.shell.rendering import render
from app.queries.alarms import notices_owed
from mailing import email

router = APIRouter()
NEWEST = 100


@dataclass(frozen=True)
class Mail:
    """One message as it would have gone out."""

    sender: str
    recipient: str
    subject: str
    sent_at: datetime
    body: str


@router.get("/desk/outbox")
def outbox(request: Request, service: ServiceDep, _staff: CoordinatorDep) -> Response:
    """The newest messages, or how many wait. Raises `NotFound` where a mail server is set."""
    if service.settings.smtp_url:
        raise NotFound
    if not service.settings.keeps_outbox:
        with service.database.read() as session:
            waiting = notices_owed(session)
        return render(request, "staff/outbox.html", mails=[], waiting=waiting)
    mails = [
        Mail(
            str(message["From"]),
            str(message["To"]),
            str(message["Subject"]),
            message["Date"].datetime,
            message.get_content(),
        )
        for message in email.outbox(service.settings.data_dir / "outbox")[:NEWEST]
    ]
    return render(request, "staff/outbox.html", mails=mails, waiting=None)
