"""Which records of people may be one person, and nobody said yet that they are two."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import merged
from app.catalogue.answers import remember
from app.catalogue.standing import Occasion, person
from app.errors import Conflict
from app.models import ImportAnswer, Prisoner, SourceId
from app.models.importing import COORDINATOR
from app.sameness.matching import Namesakes, Somebody, pair_key, why

TWO = "two_people"
"""The topic under which it is kept that two records are of two people."""
_ASKED_BY_IMPORTS = "same_person"
_OURS = "our:"


def doubles(session: Session, people: Iterable[Somebody]) -> dict[str, list[str]]:
    """Of these people, in their order, those who may be entered twice, each with who they may be.

    By the comparison that imports make (`sameness.matching.why`). Who may be one person stands
    side by side.
    """
    found: dict[str, list[str]] = {}
    two = said_to_be_two(session)
    pairs, order = _alike(tuple(people))
    for earlier, later in pairs:
        if pair_key(earlier, later) not in two:
            found.setdefault(earlier, []).append(later)
            found.setdefault(later, []).append(earlier)
    return {ref: found[ref] for ref in _side_by_side(found, sorted(found, key=order.__getitem__))}


@lru_cache(maxsize=1)
def _alike(people: tuple[Somebody, ...]) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """Pairs who may be one person, and everybody's place among those who were compared.

    Kept until somebody's name or year is another: to compare ten thousand takes a third of a
    second, and hardly anybody is renamed while somebody works through the list.
    """
    pairs: list[tuple[str, str]] = []
    order: dict[str, int] = {}
    namesakes = Namesakes()
    for each in people:
        order[each.ref] = len(order)
        pairs += [(other.ref, each.ref) for other in namesakes.like(each)]
        namesakes.add(each)
    return pairs, order


def namesakes_of(session: Session, typed: Somebody) -> list[str]:
    """Ids of whoever may be this person already, also of those who are free or dead."""
    return [each.ref for each in everybody(session) if each.ref != typed.ref and why(typed, each)]


def everybody(session: Session, *which: sa.ColumnElement[bool]) -> Iterator[Somebody]:
    """Our people as the comparison reads them, in the order of their names; ref: the id."""
    rows = session.execute(
        sa.select(
            col(Prisoner.id),
            col(Prisoner.surname),
            col(Prisoner.given_name),
            col(Prisoner.patronymic),
            col(Prisoner.birth_year),
        )
        .where(*which)
        .order_by(col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
    )
    for row in rows:
        yield Somebody(*row)


def keep_two(session: Session, first_id: str, second_id: str, occasion: Occasion) -> None:
    """They are two people: not asked again. Raises `NotFound`, `Conflict` for one record."""
    first, second = person(session, first_id), person(session, second_id)
    if first is second:
        raise Conflict("This is the very same record.")
    remember(session, COORDINATOR, TWO, pair_key(first.id, second.id), "other", occasion)


def said_to_be_two(session: Session) -> set[str]:
    """Pairs of records of which somebody said so, here or where an import asked."""
    here = sa.and_(col(ImportAnswer.source) == COORDINATOR, col(ImportAnswer.topic) == TWO)
    asked = sa.and_(
        col(ImportAnswer.topic) == _ASKED_BY_IMPORTS, col(ImportAnswer.answer) == "other"
    )
    answers = session.execute(
        sa.select(col(ImportAnswer.source), col(ImportAnswer.key)).where(sa.or_(here, asked))
    ).all()
    if not answers:
        return set()
    known = dict[tuple[str, str], str]()
    if any(source != COORDINATOR for source, _key in answers):
        ids = select(SourceId).where(SourceId.subject == "prisoner")
        known = {(row.source, row.key): row.target_id for row in session.exec(ids)}
    pairs = []
    for source, key in answers:
        refs = (ref.removeprefix(_OURS) for ref in key.split("|"))
        pairs.append([known.get((source, ref), ref) for ref in refs])
    now = merged.now_ids(session, {id_ for pair in pairs for id_ in pair})
    return {"|".join(sorted(now.get(id_, id_) for id_ in pair)) for pair in pairs}


def _side_by_side(found: dict[str, list[str]], in_order: list[str]) -> Iterator[str]:
    told = set[str]()
    for first in in_order:
        waiting = [first]
        while waiting:
            ref = waiting.pop(0)
            if ref not in told:
                told.add(ref)
                yield ref
                waiting += found[ref]
