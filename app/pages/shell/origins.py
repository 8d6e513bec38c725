"""Requests from other sites change nothing here (row 46): by headers, without tokens.

Browsers since 2023 say `Sec-Fetch-Site`. Older ones send `Origin`, but "null" on our own forms,
because we ask for no referrer; such a request passes only where no session could be misused.
"""

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OWN = frozenset({"same-origin", "none"})


class OwnOrigin:
    """Answers 403 to changing requests from elsewhere, 405 to methods nobody needs (row 50)."""

    def __init__(self, app: ASGIApp, public_url: str, cookie: str) -> None:
        self.app = app
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(public_url))
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["method"] not in HARMLESS | CHANGING:
                raise HTTPException(405)
            if scope["method"] in CHANGING and not self.is_ours(Request(scope)):
                raise HTTPException(403)
        await self.app(scope, receive, send)

    def is_ours(self, request: Request) -> bool:
        """Whether no other site's page made the browser send this."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in OWN
        origin = request.headers.get("origin")
        if origin == "null":
            return self.cookie not in request.cookies
        return origin is None or origin == self.origin
