"""The one PDF of a batch: made once, at the first download, and never changed.

Opening, merging and sealing take their time, so they happen outside any write transaction; a
short one then keeps the result, if the batch is still what was merged.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from app import claiming, moving
from app.database import Database
from app.errors import Conflict, Invalid, NotFound, Unavailable
from app.journey.posting_batches import Volunteer, corrected, own_batch
from app.locale import N_
from app.models import Batch, BatchItem, Facility, Letter, Placement, Rendering
from app.models.correspondence import Approval
from app.vault import Vault
from mailing.letter_numbers import grouped
from mailing.paper import CoverLine, CoverSheet, RenderingFailed, batch_pdf, cover_pages

_TRIES = 3


@dataclass(frozen=True)
class CoverWords:
    """What stands on a cover sheet, in the volunteer's language; it must not tell what this is."""

    title: str
    number: str
    town: str
    envelopes: str
    stamps: str
    sheets: str


@dataclass(frozen=True)
class _Page:
    item_id: str
    number: str
    town: str
    file_id: str
    sha256: str
    pages: int


@dataclass(frozen=True)
class _Order:
    """What a batch holds at one moment."""

    cover: bool
    file_id: str | None
    pages: tuple[_Page, ...]


def make(
    database: Database,
    vault: Vault,
    volunteer: Volunteer,
    batch_id: str,
    words: CoverWords,
    now: datetime,
) -> bytes:
    """The first download. Raises `Conflict` if there was one before, `NotFound`, `Unavailable`."""
    for _ in range(_TRIES):
        with database.read() as session:
            order = _order(session, volunteer, batch_id)
        if order.file_id is not None:
            raise Conflict(N_("The pages were downloaded before. Say why you need them again."))
        pdf = _merged(vault, order, words)
        file_id = vault.put(pdf)
        try:
            with database.write() as session:
                kept = _keep(session, volunteer, batch_id, order, file_id, _sha256(pdf), now)
        except BaseException:
            vault.remove(file_id)
            raise
        if kept:
            return pdf
        vault.remove(file_id)
    raise Unavailable("The batch changes too quickly; try again.")


def again(
    database: Database,
    vault: Vault,
    volunteer: Volunteer,
    batch_id: str,
    reason: str,
    now: datetime,
) -> bytes:
    """The same bytes once more, for a reason that is kept (row 37).

    Once letters have left the pile, only the pages of the others: nobody needs those names any
    more. That goes for what was marked as posted by mistake too: it is on paper, its number and
    town are enough to post it, and a lost page is given back and printed anew. Raises `Invalid`
    without a reason, `Conflict` before the first download and when no page is left to show,
    `NotFound`.
    """
    if not reason.strip():
        raise Invalid({"reason": N_("Write why the pages are needed again.")})
    with database.write() as session:
        batch = own_batch(session, batch_id, volunteer)
        if batch.file_id is None:
            raise Conflict(N_("The pages were not made yet."))
        if batch.finished_at is not None:
            raise Conflict(N_("This batch is finished; its pages are closed."))
        moving.record(
            session,
            "batch",
            batch.id,
            volunteer.actor,
            now,
            origin="downloaded",
            to="downloaded_again",
            note=reason.strip()[:500],
        )
        claiming.record_read(session, volunteer.staff_id, batch.id, "pages", now)
        file_id, sha256 = batch.file_id, batch.sha256
        once_posted = corrected(session, batch)
        left = None
        if once_posted or _anything_left(session, batch):
            left = replace(_order(session, volunteer, batch_id, once_posted), cover=False)
            if not left.pages:
                raise Conflict(
                    N_(
                        "These letters were marked as posted, so their pages are closed. If a "
                        "page is lost, choose “Spoiled, or given back”: it is printed anew."
                    )
                )
    if left is not None:
        return _merged(vault, left, None)
    pdf = vault.get(file_id)
    if _sha256(pdf) != sha256:
        raise Unavailable("The pages are damaged.")
    return pdf


def _anything_left(session: Session, batch: Batch) -> bool:
    """Whether a letter that is in the PDF of the batch is not in its pile any more."""
    found = session.exec(
        select(BatchItem.id).where(
            BatchItem.batch_id == batch.id, col(BatchItem.left_at) >= batch.downloaded_at
        )
    ).first()
    return found is not None


def _order(
    session: Session,
    volunteer: Volunteer,
    batch_id: str,
    but: Collection[str] = (),
) -> _Order:
    """What is in the batch and may be printed, without the letters `but`."""
    batch = session.get(Batch, batch_id)
    if batch is None or batch.staff_id != volunteer.staff_id:
        raise NotFound("There is no such batch.")
    rows = session.exec(
        select(BatchItem.id, Letter.number, Facility.settlement, Rendering)
        .join(Letter, col(Letter.id) == BatchItem.letter_id)
        .join(Rendering, col(Rendering.id) == BatchItem.rendering_id)
        .join(Approval, col(Approval.id) == Rendering.approval_id)
        .join(Placement, col(Placement.id) == Approval.placement_id)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(
            BatchItem.batch_id == batch_id,
            col(BatchItem.left_at).is_(None),
            col(Letter.held_reason).is_(None),
            col(Letter.take_out).is_(False),
            col(Letter.id).not_in(but),
        )
        .order_by(col(BatchItem.position))
    ).all()
    return _Order(
        batch.cover,
        batch.file_id,
        tuple(
            _Page(item_id, grouped(number), town, page.file_id, page.sha256, page.pages)
            for item_id, number, town, page in rows
        ),
    )


def _merged(vault: Vault, order: _Order, words: CoverWords | None) -> bytes:
    if not order.pages:
        raise Conflict(N_("Nothing is left in this batch."))
    letters = [vault.get(page.file_id) for page in order.pages]
    cover = None
    if order.cover and words is not None:
        count = len(letters)
        own = cover_pages([page.town for page in order.pages])
        sheets = own + sum(page.pages for page in order.pages)
        cover = CoverSheet(
            title=words.title,
            number_heading=words.number,
            town_heading=words.town,
            lines=tuple(CoverLine(page.number, page.town) for page in order.pages),
            needs=(
                (words.envelopes, count),
                (words.stamps, count),
                (words.sheets, sheets),
            ),
        )
    try:
        return batch_pdf(cover, letters)
    except RenderingFailed as failure:
        raise Unavailable("The pages could not be put together; try again.") from failure


def _keep(
    session: Session,
    volunteer: Volunteer,
    batch_id: str,
    order: _Order,
    file_id: str,
    sha256: str,
    now: datetime,
) -> bool:
    """Whether this PDF is the batch's: nobody was faster, and nothing has left it meanwhile."""
    batch = own_batch(session, batch_id, volunteer)
    if batch.file_id is not None or _order(session, volunteer, batch_id) != order:
        return False
    batch.file_id, batch.sha256, batch.downloaded_at = file_id, sha256, now
    session.add(batch)
    session.flush()
    moving.record(session, "batch", batch.id, volunteer.actor, now, origin="taken", to="downloaded")
    claiming.record_read(session, volunteer.staff_id, batch.id, "pages", now)
    return True


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
