"""The door for uploads. Nothing here looks into a file: that is done by children."""

from functools import cache
from typing import BinaryIO

from mailing.isolation import Crew, Failed, Limits, Refused
from mailing.scans.pages import (
    NoDraft,
    Page,
    ScanLimits,
    TooLarge,
    Unreadable,
    UnsupportedFile,
)

_LIMITS = Limits(memory_bytes=3 * 1024**3 // 2, cpu_seconds=30, deadline_seconds=30, tasks=50)
_TESSERACT_LANGUAGES = {"ru": "rus", "uk": "ukr", "be": "rus"}


def intake(upload: bytes | BinaryIO, limits: ScanLimits | None = None) -> list[Page]:
    """The pages of an uploaded JPEG, PNG or PDF, each encoded anew at up to 300 dpi of A4.

    The content decides what the file is. EXIF orientation is applied; metadata, attachments,
    scripts and links stay behind. Raises `UploadRefused`: `UnsupportedFile`, `TooLarge` (no more
    than the limit is read of a stream) or `Unreadable`.
    """
    limits = limits or ScanLimits()
    content = upload if isinstance(upload, bytes) else upload.read(limits.max_bytes + 1)
    if len(content) > limits.max_bytes:
        raise TooLarge("too_large")
    question = {"pages": limits.pages, "pixels": limits.pixels}
    try:
        answer, jpegs = crew().call(
            "intake", question, content, deadline_seconds=limits.deadline_seconds
        )
    except Refused as refusal:
        kind = UnsupportedFile if refusal.reason == "unsupported" else Unreadable
        raise kind(refusal.reason) from None
    except Failed as failure:
        raise Unreadable(failure.reason) from None
    sizes = answer["sizes"]
    return [Page(jpeg, *size) for jpeg, size in zip(jpegs, sizes, strict=True)]


def codes(jpeg: bytes) -> list[str]:
    """The texts of the QR codes on a page, each once; [] if there is none or it cannot be read."""
    try:
        answer, _ = crew().call("codes", {}, jpeg)
    except (Refused, Failed):
        return []
    return [str(text) for text in answer["codes"]]


def draft_text(jpeg: bytes, language: str = "ru") -> str:
    """What a machine reads on a page of a typed reply: a draft for a person, seconds a page.

    `language` is "ru", "uk" or "be"; handwriting comes out as nonsense. Raises `NoDraft`.
    """
    question = {"language": _TESSERACT_LANGUAGES.get(language, "rus")}
    try:
        answer, _ = crew().call("draft", question, jpeg)
    except (Refused, Failed) as error:
        raise NoDraft(error.reason) from None
    return str(answer["text"])


@cache
def crew() -> Crew:
    """The children of this process; started when first needed."""
    return Crew("mailing.scans.tasks", _LIMITS)
