"""What every answer carries, found or not, failed or not, page or file (row 48)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For scans, pictures and PDFs: whatever is in them does nothing (row 32)."""

TWO_YEARS = 2 * 365 * 24 * 3600  # seconds
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
    ),
}
_UNLESS_SET = {"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"}


class SecurityHeaders:
    """Outermost. `https`: whether browsers are told to never come back without TLS."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self.app = app
        self.always = _always(https)
        self.unless_set = _raw(_UNLESS_SET)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                # As raw pairs, put together once: this runs for every answer.
                own = dict(message["headers"])
                kept = [pair for pair in message["headers"] if pair[0] not in self.always]
                unset = [
                    (name, value) for name, value in self.unless_set.items() if name not in own
                ]
                message["headers"] = [*kept, *unset, *self.always.items()]
            await send(message)

        await self.app(scope, receive, with_headers)


def of_the_server(https: bool) -> list[tuple[bytes, bytes]]:
    """What the server's own answer carries, where no request reached the application."""
    return list((_raw(_UNLESS_SET) | _always(https)).items())


def _always(https: bool) -> dict[bytes, bytes]:
    hsts = {"Strict-Transport-Security": f"max-age={TWO_YEARS}"} if https else {}
    return _raw(_ALWAYS | hsts)


def _raw(headers: dict[str, str]) -> dict[bytes, bytes]:
    return {name.lower().encode(): value.encode() for name, value in headers.items()}
