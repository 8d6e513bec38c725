"""The places of two records of one person, joined: at most one of them is the present one."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.standing import Occasion
from app.catalogue.two_records import Outcome, Record
from app.lifecycle import ADDRESSED
from app.models import Approval, Letter, Placement


def one_present_place(
    session: Session, kept: Record, other: Record, became: Outcome, occasion: Occasion
) -> str | None:
    """End or join present placements until at most one is left; returns its id.

    An approval is for one placement. Where neither place nor name changes, two placements are
    joined and pages stay good; where a name changes, letters are addressed anew.
    """
    present = [each.placed[0] for each in (kept, other) if each.placed]
    good = [each for each in present if each.id in became.undisturbed]
    stays = next(
        (each for each in good if became.place and each.id == became.place[0].id),
        good[0] if good else None,
    )
    if stays is None and became.place and not _are_addressed(session, kept, other):
        stays = became.place[0]
    for each in present:
        if each is stays:
            continue
        if each in good and stays is not None:
            _join(session, each, stays)
        else:
            each.to_day = occasion.today
    session.flush()
    if stays is None and became.place:
        stays = Placement(
            prisoner_id=kept.person.id,
            facility_id=became.place[1].id,
            from_day=occasion.today,
            source=became.place[0].source,
        )
        session.add(stays)
    if stays is None:
        return None
    stays.checked_on = became.checked_on
    session.flush()
    return stays.id


def _are_addressed(session: Session, *records: Record) -> bool:
    ids = [each.person.id for each in records]
    waiting = select(Letter.id).where(
        col(Letter.prisoner_id).in_(ids), col(Letter.state).in_(sorted(ADDRESSED))
    )
    return session.exec(waiting.limit(1)).first() is not None


def _join(session: Session, gone: Placement, stays: Placement) -> None:
    """Both say the same of the same person: one stay, and every approval is for it."""
    session.execute(
        sa.update(Approval)
        .where(col(Approval.placement_id) == gone.id)
        .values(placement_id=stays.id)
        .execution_options(synchronize_session=False)
    )
    stays.from_day = min(stays.from_day, gone.from_day)
    session.delete(gone)
    session.flush()
