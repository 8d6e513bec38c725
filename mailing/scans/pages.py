"""What comes out of an upload, how much may go in, and why it may be refused.

UploadRefused
├── UnsupportedFile    neither JPEG, PNG nor PDF, whatever its name says
├── TooLarge           more bytes than allowed
└── Unreadable         damaged, encrypted, too many pages or pixels, or it took too long
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page as a JPEG of our own making, without metadata; its size in pixels."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class ScanLimits:
    """What one upload may be. `pixels` are those of one page, decoded."""

    max_bytes: int = 25 * 1024 * 1024
    pages: int = 20
    pixels: int = 80_000_000
    deadline_seconds: float = 30


class UploadRefused(Exception):
    """The upload is not taken; `reason` is a word for the caller to explain."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnsupportedFile(UploadRefused):
    """Not a JPEG, PNG or PDF by its content."""


class TooLarge(UploadRefused):
    """More bytes than `ScanLimits.max_bytes`."""


class Unreadable(UploadRefused):
    """`reason`: damaged, encrypted, too_many_pages, too_many_pixels, deadline, died or busy."""


class NoDraft(Exception):
    """No text could be read by machine: a person transcribes it."""
