"""How large a request may be, counted as it streams in, before it is parsed (rows 2 and 28)."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ListTooLarge

FORM_BYTES = 1_000_000
UPLOADS_UNDER = "/desk/"
LISTS = "/desk/catalogue/imports/new"
FIELDS_BESIDE_UPLOAD = 64 * 1024  # bytes


class BodyLimit:
    """Refuses a body over the limit with 413.

    `FORM_BYTES`; for files on desks `upload_bytes`, for lists of people `list_bytes`.
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
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            if announced.isdecimal() and int(announced) > limit:
                raise _too_large(scope["path"])
            message = await receive()
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
