"""Uploads of scanned or photographed replies, made harmless before anybody looks at them.

`intake` turns a file into plain pictures, `codes` finds letter numbers on them, `draft_text`
proposes the text of a typed reply. All three work in child processes that can be killed.
"""

from mailing.scans.intake import codes, draft_text, intake
from mailing.scans.pages import (
    NoDraft,
    Page,
    ScanLimits,
    TooLarge,
    Unreadable,
    UnsupportedFile,
    UploadRefused,
)

__all__ = [
    "NoDraft",
    "Page",
    "ScanLimits",
    "TooLarge",
    "Unreadable",
    "UnsupportedFile",
    "UploadRefused",
    "codes",
    "draft_text",
    "intake",
]
