"""Finished letters merged into the one PDF that a volunteer prints."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf


def merged(parts: Sequence[bytes]) -> bytes:
    """All pages in order, as one PDF: the same bytes for the same parts, without metadata.

    Asks printers for one side of the sheet: the next letter must not be on this one's back.
    """
    batch = pikepdf.new()
    for part in parts:
        with pikepdf.open(BytesIO(part)) as letter:
            batch.pages.extend(letter.pages)
    batch.Root.ViewerPreferences = pikepdf.Dictionary(Duplex=pikepdf.Name.Simplex)
    if "/Info" in batch.trailer:
        del batch.trailer["/Info"]
    out = BytesIO()
    batch.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
