"""A real SMTP server that keeps what it is given, and misbehaves on demand."""

import asyncio
import email
import socket
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from types import TracebackType
from typing import Any, Literal, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Behaviour = Literal["well", "refuse for now", "refuse for good", "refuse content", "hang", "cut"]


@dataclass
class SmtpServer:
    """Listens on a free port of this machine while it is entered.

    `behaviour` may change at any time. "cut" takes a message and hangs up before saying so.
    """

    behaviour: Behaviour = "well"
    username: str = ""
    password: str = ""
    messages: list[EmailMessage] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    _arrival: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """What goes into the setting of the mail server."""
        login = f"{self.username}:{self.password}@" if self.username else ""
        return f"smtp://{login}127.0.0.1:{self._port}"

    def wait_for(self, count: int, timeout: float = 20) -> list[EmailMessage]:
        """The messages, once there are `count` of them; fails the test if they do not come."""
        with self._arrival:
            arrived = self._arrival.wait_for(lambda: len(self.messages) >= count, timeout)
            assert arrived, f"{len(self.messages)} of {count} messages came"
            return list(self.messages)

    def __enter__(self) -> Self:
        self._port = _free_port()
        self._released = asyncio.Event()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self._port,
            authenticator=self._authenticate,
            auth_require_tls=False,
        )
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        loop = self._controller.loop
        asyncio.run_coroutine_threadsafe(self._hang_up(), loop).result()
        self._controller.stop()

    async def _hang_up(self) -> None:
        self._released.set()
        others = asyncio.all_tasks() - {cast(asyncio.Task[None], asyncio.current_task())}
        if others:
            await asyncio.wait(others, timeout=2)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd looks for these names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.greetings.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.username and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 2.1.0 Sender taken"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.behaviour == "hang":
            await self._released.wait()
        if self.behaviour == "refuse for now":
            return "451 4.3.0 Try again later"
        if self.behaviour == "refuse for good":
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.behaviour == "refuse content":
            return "554 5.7.1 Not taken"
        content = cast(bytes, envelope.content)
        with self._arrival:
            self.messages.append(email.message_from_bytes(content, policy=SMTP_POLICY))
            self._arrival.notify_all()
        if self.behaviour == "cut":
            transport: Any = server.transport
            transport.abort()
        return "250 2.0.0 Message taken"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (self.username.encode(), self.password.encode())
        # `handled=False` leaves the answer, 535 or 235, to aiosmtpd.
        return AuthResult(success=(data.login, data.password) == right, handled=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
