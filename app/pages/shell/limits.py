"""How large a request may be, and how slow, counted as it streams in, before it is parsed.

Rows 2 and 28; and a list that trickles must not keep the one place for lists.
"""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ListTooLarge

FORM_BYTES = 1_000_000
UPLOADS_UNDER = "/desk/"
LISTS = "/desk/catalogue/imports/new"
FIELDS_BESIDE_UPLOAD = 64 * 1024  # bytes


@dataclass(frozen=True)
class Pace:
    """How slowly a body may come, in seconds that we wait for it.

    `patience` for any, a second more for each `least` bytes that have come, `longest` at most.
    """

    patience: float = 60
    least: int = 8_000
    longest: float = 30 * 60

    def left(self, taken: int, waited: float) -> float:
        """How long the next piece may take."""
        return min(self.patience + taken / self.least, self.longest) - waited


PACE = Pace()
"""A phone in the country sends 8 kB a second; the largest list takes half an hour at 33."""


class BodyLimit:
    """Refuses a body over the limit with 413, one that is slower than `PACE` with 408.

    The limit is `FORM_BYTES`; for files on desks `upload_bytes`, for lists of people `list_bytes`.
    """

    def __init__(self, app: ASGIApp, upload_bytes: int, list_bytes: int) -> None:
        self.app = app
        self.upload_bytes, self.list_bytes = upload_bytes, list_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit(scope["path"], headers.get("content-type", ""))
        announced = headers.get("content-length", "0")
        taken, waited, more = 0, 0.0, True

        async def counted() -> Message:
            nonlocal taken, waited, more
            if announced.isdecimal() and int(announced) > limit:
                raise _too_large(scope["path"])
            if not more:  # waiting for whoever reads the answer to leave
                return await receive()
            clock = asyncio.get_running_loop().time
            since = clock()
            try:
                async with asyncio.timeout(PACE.left(taken, waited)):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            waited += clock() - since
            more = message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _too_large(scope["path"])
            return message

        await self.app(scope, counted, send)

    def _limit(self, path: str, content_type: str) -> int:
        files = content_type.lower().startswith("multipart/form-data")
        if files and path.startswith(UPLOADS_UNDER):
            most = self.list_bytes if path == LISTS else self.upload_bytes
            return most + FIELDS_BESIDE_UPLOAD
        return FORM_BYTES


def _too_large(path: str) -> Exception:
    return ListTooLarge() if path == LISTS else HTTPException(413)
