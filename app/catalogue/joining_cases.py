"""Two cases of one person that are one prosecution, told by two lists or under two ids: joined.

What the joined case is known by goes with it, so that no list brings it a second time.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.answers import refuse, remember
from app.catalogue.cases import case_of, case_to_change, note
from app.catalogue.standing import Occasion
from app.catalogue.two_cases import (
    FACTS,
    NOTHING,
    TERM,
    TWO,
    differing,
    in_order,
    pair_key,
    pair_of,
    term_of,
)
from app.errors import Conflict, Invalid
from app.locale import N_
from app.models import ImportAnswer, Prosecution
from app.models.importing import COORDINATOR, WHICH_CASE
from app.sameness.fields import CASE_FIELDS, plain
from app.sameness.ratings import credited, rating_key
from app.sameness.values import value_key


def join_identical(
    session: Session, prisoner_id: str, theirs: Iterable[str], occasion: Occasion
) -> None:
    """After a merge: cases of both records that are surely one and contradict in nothing.

    theirs: ids of the cases of the record that went. All others stay, and are asked about.
    """
    of_other, joined = set(theirs), set[str]()
    mine = select(Prosecution).where(Prosecution.prisoner_id == prisoner_id)
    for first, second in combinations(in_order(session.exec(mine).all()), 2):
        ids = {first.id, second.id}
        if len(ids & of_other) != 1 or ids & joined:
            continue
        pair = pair_of((first, second))
        if pair is not None and pair.sure and not pair.differ:
            joined.add(second.id)
            _join(session, first, second, occasion)


def join(
    session: Session, prisoner_id: str, kept_id: str, other_id: str, occasion: Occasion
) -> None:
    """Make one case of two: what the kept one leaves out the other fills; ratings are both's.

    Raises `NotFound`, `Invalid` for the very same case.
    """
    if kept_id == other_id:
        raise Invalid({"other": N_("This is the very same case.")})
    kept = case_to_change(session, prisoner_id, kept_id)
    other = case_of(session, prisoner_id, other_id)
    _join(session, kept, other, occasion)


def keep_two(
    session: Session, prisoner_id: str, first_id: str, second_id: str, occasion: Occasion
) -> None:
    """They are two prosecutions: not asked again. Raises `NotFound`, `Conflict`."""
    first, second = (case_of(session, prisoner_id, id_) for id_ in (first_id, second_id))
    if first is second:
        raise Conflict("This is the very same case.")
    remember(session, COORDINATOR, TWO, pair_key(first.id, second.id), "other", occasion)


def _join(session: Session, kept: Prosecution, other: Prosecution, occasion: Occasion) -> None:
    held = {name: (getattr(other, name), None) for name in CASE_FIELDS}
    changed = _fill(kept, other)
    _refuse(session, kept, other, occasion)
    ids = (other.source, other.source_id)
    other_id = other.id
    session.delete(other)
    session.flush()
    if kept.source_id is None:
        kept.source, kept.source_id, kept.gone_on = ids[0] or kept.source, ids[1], other.gone_on
    elif ids[1] is not None:
        remember(session, ids[0], WHICH_CASE, ids[1], kept.id, occasion)
    session.execute(
        sa.update(ImportAnswer)
        .where(col(ImportAnswer.topic) == WHICH_CASE, col(ImportAnswer.answer) == other_id)
        .values(answer=kept.id)
    )
    said = {name: value for name, value in held.items() if value[0]} | changed
    note(session, kept.prisoner_id, "cases_joined", occasion, said)


def _fill(kept: Prosecution, other: Prosecution) -> dict[str, tuple[Any, Any]]:
    changed: dict[str, tuple[Any, Any]] = {}
    terms = term_of(kept)
    provenance, same_list = dict(kept.provenance), kept.source == other.source
    for name in CASE_FIELDS:
        before, value = getattr(kept, name), getattr(other, name)
        typed = name not in FACTS and other.provenance.get(name) == COORDINATOR
        stays = before not in NOTHING and not (typed and provenance.get(name) != COORDINATOR)
        if name == "ratings" or value in (*NOTHING, before) or stays:
            continue
        if name in TERM and terms:
            continue
        setattr(kept, name, value)
        changed[name] = (before, value)
        # Of two records in one list the other is not heard any more: this was ours to decide.
        by = COORDINATOR if same_list else other.provenance.get(name, COORDINATOR)
        provenance[name] = by
    _add_ratings(kept, other, provenance, changed)
    kept.provenance = provenance | {
        name: by for name, by in other.provenance.items() if name.startswith(rating_key(""))
    }
    return changed


def _add_ratings(
    kept: Prosecution,
    other: Prosecution,
    provenance: dict[str, str],
    changed: dict[str, tuple[Any, Any]],
) -> None:
    before = list(kept.ratings)
    had = {rating_key(rating) for rating in before}
    new = [rating for rating in other.ratings if rating_key(rating) not in had]
    if new:
        kept.ratings = [*before, *new]
        changed["ratings"] = (before, kept.ratings)
        by = other.provenance.get("ratings") or other.source or COORDINATOR
        provenance |= credited(provenance, before, kept.ratings, by)


def _refuse(session: Session, kept: Prosecution, other: Prosecution, occasion: Occasion) -> None:
    """What the joined account said otherwise its list is not asked about again."""
    if other.source_id is None:
        return
    for name in differing(kept, other):
        key = value_key(name, plain(getattr(other, name)), other.source_id)
        refuse(session, other.source, key, occasion)
