"""«Somebody like you»: who likes what the writer likes, most likely those with fewest letters.

By chance, so that nobody learns from whom is suggested who has how many letters.
"""

import random
from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from app.finding.answering import liking
from app.finding.asking import writable
from app.finding.memory import index_of
from app.inserting import table_of
from app.journey import pairing
from app.journey.pairing import Reserved, Rules
from app.models import Prisoner

_MOST = 500


def in_common(session: Session, likes: str) -> dict[str, int]:
    """Id → how many words about them are in what the writer likes; those with most of them.

    For a read session: what is kept at hand must be what was committed.
    """
    index = index_of(session)
    people, can = index.people, writable(index)
    liked = liking(session, likes, index)
    found = {number: times for number, times in liked.items() if can >> number & 1}
    closest = sorted(found, key=lambda number: -found[number])[:_MOST]
    return {people[number]: found[number] for number in closest}


def reserve_somebody_like(
    session: Session,
    token: str,
    common: Mapping[str, int],
    rules: Rules,
    *,
    now: datetime,
    today: date,
    chance: random.Random,
) -> Reserved | None:
    """Reserve somebody eligible of those who have something `in_common`; None when nobody is.

    Each thing in common makes somebody likelier, each letter they have makes them less likely.
    Who had a day's random letters is suggested tomorrow again.
    """
    pairing.serialise(session)
    candidates = session.execute(
        sa.select(col(Prisoner.id), col(Prisoner.letter_count)).where(
            col(Prisoner.id).in_(list(common)),
            col(Prisoner.eligible),
            sa.not_(col(Prisoner.hidden)),
            sa.or_(
                col(Prisoner.picked_on).is_distinct_from(today),
                col(Prisoner.picked_today) < rules.letters_a_day,
            ),
        )
    ).all()
    if not candidates:
        return None
    weights = [common[prisoner_id] ** 2 / (1 + letters) ** 2 for prisoner_id, letters in candidates]
    (chosen,) = chance.choices([prisoner_id for prisoner_id, _ in candidates], weights)
    table = table_of(Prisoner)
    again = sa.case((table.c.picked_on == today, table.c.picked_today + 1), else_=1)
    session.connection().execute(
        sa.update(table).where(table.c.id == chosen).values(picked_today=again, picked_on=today)
    )
    return pairing.reserve_chosen(session, token, chosen, rules, now=now)
