"""From one person who is to be confirmed to the next, through a list as it was asked for."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Prisoner
from app.queries import people
from app.queries.asked import urgency
from app.queries.people import Show, Wanted


@dataclass(frozen=True)
class Stop:
    """Who is next. rank: how urgent they are, which tells their place once they are confirmed."""

    person_id: str
    rank: int


def next_to_confirm(
    session: Session,
    wanted: Wanted,
    today: date,
    address_days: int,
    after: str = "",
    rank: int | None = None,
) -> Stop | None:
    """Who follows `after` among those wanted whose facts need a look; None at the end.

    rank: of `after`, when it was its turn; without it the walk begins at the top.
    """
    groups = {show: people.group(show, today, address_days) for show in Show}
    needing = sa.and_(
        sa.or_(groups[Show.TO_CONFIRM], groups[Show.AGEING]), groups.get(wanted.show, sa.true())
    )
    if wanted.show in (Show.REFUSED, Show.SET_ASIDE):
        needing = groups[wanted.show]
    here = col(Prisoner.id) == after
    place = urgency() if rank is None else sa.case((here, rank), else_=urgency())
    rows = session.execute(
        sa.select(col(Prisoner.id), place.label("place"))
        .select_from(people.placed_people())
        .where(sa.or_(here, sa.and_(needing, *people.conditions_of(wanted))))
        .order_by(
            sa.text("place"), col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id)
        )
    )
    stops = [Stop(id_, at) for id_, at in rows]
    start = 0
    if rank is not None:
        start = next((at + 1 for at, stop in enumerate(stops) if stop.person_id == after), 0)
    return next((stop for stop in stops[start:] if stop.person_id != after), None)
