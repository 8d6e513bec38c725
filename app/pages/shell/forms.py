"""What was typed into a form, read within limits, before any handler sees it.

    def send(request: Request, service: ServiceDep, form: FormDep) -> Response:
        typed = LetterForm.model_validate(form.values)

Files stay in memory, never in a temporary folder where a scan would lie readable (row 19).
"""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

MAX_FIELDS = 1_000
MAX_FIELD_BYTES = 512 * 1024
MAX_FILES = 40
UTF_8 = frozenset({b"utf-8", b"utf8"})
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Upload:
    """A file as it was sent. Its name and type are claims; look at the content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """Fields in the order sent. Line ends are plain newlines."""

    items: tuple[tuple[str, str], ...] = ()
    uploads: tuple[tuple[str, Upload], ...] = field(default=(), repr=False)

    @property
    def values(self) -> dict[str, str]:
        """Field → text; of several with one name the first. For pydantic's `model_validate`."""
        return dict(reversed(self.items))

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may come several times, such as ticked boxes."""
        return [value for key, value in self.items if key == name]

    def has(self, name: str) -> bool:
        """Whether a box was ticked."""
        return any(key == name for key, _ in self.items)

    def files(self, name: str) -> list[Upload]:
        """The files chosen in one field; an empty choice is no file."""
        return [upload for key, upload in self.uploads if key == name]


class _InMemory(MultiPartParser):
    spool_max_size = 1 << 40  # bytes; the whole body has a limit of its own


async def read_form(request: Request) -> Form:
    """Parse the body. Raises `HTTPException` 413 for too many or too long fields, 400 if broken."""
    try:
        data = await _parsed(request)
    except MultiPartException as error:
        too_much = "maximum" in error.message.lower()
        raise HTTPException(413 if too_much else 400) from None
    form = await _taken(data)
    request.state.form = form
    return form


FormDep = Annotated[Form, Depends(read_form)]


async def _parsed(request: Request) -> FormData:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if options.get(b"charset", b"utf-8").lower() not in UTF_8:
        raise HTTPException(415)  # others decode to what can neither be kept nor printed
    stream = request.stream()
    if kind == b"multipart/form-data":
        return await _InMemory(
            request.headers,
            stream,
            max_files=MAX_FILES,
            max_fields=MAX_FIELDS,
            max_part_size=MAX_FIELD_BYTES,
        ).parse()
    if kind in {b"application/x-www-form-urlencoded", b""}:
        return await FormParser(
            request.headers,
            _quoted(stream),
            max_fields=MAX_FIELDS,
            max_part_size=MAX_FIELD_BYTES,
        ).parse()
    raise HTTPException(415)


async def _quoted(stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Bytes that a browser would have percent-encoded, so that they are read as the same UTF-8.

    As they are, the parser takes each byte for a Latin letter.
    """
    async for chunk in stream:
        yield (
            chunk if chunk.isascii() else _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], chunk)
        )


async def _taken(data: FormData) -> Form:
    items: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            await value.close()  # a list is large: it is in memory once
            if content or value.filename:
                uploads.append((name, Upload(value.filename or "", content)))
        else:
            items.append((name, value.replace("\r\n", "\n")))
    await data.close()
    return Form(tuple(items), tuple(uploads))
