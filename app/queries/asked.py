"""Who was asked already, and who waits most urgently to be confirmed: conditions on people."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import col

from app.lifecycle import UNPRINTED
from app.models import Letter, Prisoner

ASK_AGAIN_DAYS = 90
"""Whoever was found in custody, while no wish could be learned, is asked about again then."""


def refused() -> sa.ColumnElement[bool]:
    """Somebody said, on a day we know, that they want no letters.

    A wish to be named that does not hold yet is still to be seen to.
    """
    return sa.and_(
        sa.not_(col(Prisoner.wants_letters)),
        col(Prisoner.wish_source) != "",
        col(Prisoner.wish_date).is_not(None),
        sa.or_(sa.not_(col(Prisoner.may_be_named)), col(Prisoner.named)),
    )


def has_refused(person: Prisoner) -> bool:
    """The same of one person."""
    told = bool(person.wish_source) and person.wish_date is not None
    return not person.wants_letters and told and (not person.may_be_named or person.named)


def set_aside(today: date) -> sa.ColumnElement[bool]:
    """Made sure of lately, and nothing could be learned of a wish, either way."""
    return sa.and_(
        sa.not_(col(Prisoner.wants_letters)),
        col(Prisoner.wish_source) == "",
        col(Prisoner.custody_confirmed_on).is_not(None),
        col(Prisoner.custody_confirmed_on) > today - timedelta(days=ASK_AGAIN_DAYS),
    )


def urgency() -> sa.ColumnElement[int]:
    """0: letters wait; 1: was confirmed before, wants letters; 2: others not public; 3: public."""
    one = sa.select(sa.literal(1)).select_from(Letter)
    mine = one.where(
        col(Letter.prisoner_id) == col(Prisoner.id), col(Letter.state).in_(sorted(UNPRINTED))
    )
    waiting = sa.and_(
        sa.not_(col(Prisoner.eligible)),
        col(Prisoner.letter_count) > 0,
        mine.limit(1).correlate(Prisoner).scalar_subquery().is_not(None),
    )
    unpublished = sa.not_(col(Prisoner.published))
    before = sa.and_(
        unpublished, col(Prisoner.wants_letters), col(Prisoner.custody_confirmed_on).is_not(None)
    )
    return sa.case((waiting, 0), (before, 1), (unpublished, 2), else_=3)
