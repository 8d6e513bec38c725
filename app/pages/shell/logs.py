"""What is written down about a request: method, route template, status, duration. Nothing else.

No address, no user agent, no path with somebody's id in it, no query, no text (row 18).
"""

import sys
import time
import traceback
from pathlib import Path

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROJECT = Path(__file__).resolve().parents[3]

log = structlog.get_logger("lifeline")


class RequestLog:
    """Writes one line a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            log.info(
                "request",
                method=scope["method"] if scope["method"].isalpha() else "?",
                route=route_template(scope),
                status=status,
                milliseconds=round((time.perf_counter() - began) * 1000),
            )


def route_template(scope: Scope) -> str:
    """The route as it stands in the code, such as /desk/letters/{letter_id}; "-" for none."""
    return str(getattr(scope.get("route"), "path", "-"))


def note_failure(scope: Scope, error: BaseException) -> None:
    """Something unexpected: its kind and place in our code, without its message or any value."""
    ours = [
        f"{Path(code.co_filename).relative_to(PROJECT)}:{line} {code.co_name}"
        for code, line in (
            (frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)
        )
        if Path(code.co_filename).is_relative_to(PROJECT / "app")
    ]
    log.error("failure", route=route_template(scope), kind=type(error).__name__, at=ours)


def configure() -> None:
    """One JSON line an event on standard error, with its time."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
