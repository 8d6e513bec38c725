"""Two cases of one person that are one prosecution, told by two lists or under two ids: joined.

What the joined case is known by goes with it, so that no list brings it a second time.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.cases import case_of, note
from app.catalogue.history import COORDINATOR
from app.catalogue.importing.comparing import is_empty, value_key
from app.catalogue.importing.known import CASE_FIELDS, WHICH_CASE, plain
from app.catalogue.importing.ratings import credited, rating_key
from app.catalogue.same_cases import Alike, alike, numbers, told
from app.catalogue.standing import Occasion
from app.errors import Conflict, Invalid
from app.locale import N_
from app.models import ImportAnswer, Prosecution

TWO = "two_cases"
"""The topic under which it is kept that two cases are not one."""
_FACTS = ("articles", "started_on", "started_year", "ended_year", "first_verdict_on")
"""What two accounts of one prosecution cannot both be right about; the rest is wording."""


_TERM = ("sentence_months", "sentence_life")
_NOTHING = (None, "", [], False)


class Pair(NamedTuple):
    """Two cases that may be one. differ: the facts in which they contradict each other."""

    first: Prosecution
    second: Prosecution
    differ: tuple[str, ...]


def pairs(session: Session, cases: Sequence[Prosecution]) -> list[Pair]:
    """Which of one person's cases may be one, and nobody said yet that they are two."""
    found = [pair for pair in map(_pair, combinations(_in_order(cases), 2)) if pair is not None]
    if not found:
        return []
    keys = {_pair_key(pair.first.id, pair.second.id): pair for pair in found}
    two = session.exec(
        select(ImportAnswer.key).where(
            ImportAnswer.source == COORDINATOR,
            ImportAnswer.topic == TWO,
            col(ImportAnswer.key).in_(keys),
        )
    ).all()
    return [pair for key, pair in keys.items() if key not in two]


def join_identical(
    session: Session, prisoner_id: str, theirs: Iterable[str], occasion: Occasion
) -> None:
    """After a merge: cases of both records that are surely one and contradict in nothing.

    theirs: ids of the cases of the record that went. All others stay, and are asked about.
    """
    of_other, joined = set(theirs), set()
    mine = select(Prosecution).where(Prosecution.prisoner_id == prisoner_id)
    for first, second in combinations(_in_order(session.exec(mine).all()), 2):
        ids = {first.id, second.id}
        if len(ids & of_other) != 1 or ids & joined:
            continue
        pair = _pair((first, second))
        if pair is not None and not pair.differ and _is_sure(first, second):
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
    kept, other = (case_of(session, prisoner_id, id_) for id_ in (kept_id, other_id))
    _join(session, kept, other, occasion)


def keep_two(
    session: Session, prisoner_id: str, first_id: str, second_id: str, occasion: Occasion
) -> None:
    """They are two prosecutions: not asked again. Raises `NotFound`, `Conflict`."""
    first, second = (case_of(session, prisoner_id, id_) for id_ in (first_id, second_id))
    if first is second:
        raise Conflict("This is the very same case.")
    session.merge(
        ImportAnswer(
            source=COORDINATOR,
            topic=TWO,
            key=_pair_key(first.id, second.id),
            answer="other",
            staff_id=occasion.actor.staff_id,
            at=occasion.now,
        )
    )


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
        _remember(session, ids[0], ids[1], kept.id, occasion)
    session.execute(
        sa.update(ImportAnswer)
        .where(col(ImportAnswer.topic) == WHICH_CASE, col(ImportAnswer.answer) == other_id)
        .values(answer=kept.id)
    )
    said = {name: value for name, value in held.items() if value[0]} | changed
    note(session, kept.prisoner_id, "cases_joined", occasion, said)


def _fill(kept: Prosecution, other: Prosecution) -> dict[str, tuple[Any, Any]]:
    changed: dict[str, tuple[Any, Any]] = {}
    terms = _term(kept)
    provenance, same_list = dict(kept.provenance), kept.source == other.source
    for name in CASE_FIELDS:
        before, value = getattr(kept, name), getattr(other, name)
        if name == "ratings" or value in _NOTHING or before not in _NOTHING:
            continue
        if name in _TERM and terms:
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
    for name in _differing(kept, other):
        key = value_key(name, plain(getattr(other, name)), other.source_id)
        session.merge(
            ImportAnswer(
                source=other.source,
                topic="other_value",
                key=key,
                answer="ours",
                staff_id=occasion.actor.staff_id,
                at=occasion.now,
            )
        )


def _remember(session: Session, source: str, key: str, case_id: str, occasion: Occasion) -> None:
    session.merge(
        ImportAnswer(
            source=source,
            topic=WHICH_CASE,
            key=key,
            answer=case_id,
            staff_id=occasion.actor.staff_id,
            at=occasion.now,
        )
    )


def _pair(cases: tuple[Prosecution, Prosecution]) -> Pair | None:
    first, second = cases
    ours, theirs = told(first.model_dump()), told(second.model_dump())
    how = alike(ours, theirs)
    if _told_apart(first, second) or how is Alike.NO:
        return None
    if first.source and first.source == second.source:
        is_one = how is Alike.SURE and ours.name == theirs.name
    else:
        same_articles = bool(ours.articles) and ours.articles == theirs.articles
        is_one = how is Alike.SURE or same_articles or ours.nothing or theirs.nothing
    return Pair(first, second, _differing(first, second)) if is_one else None


def _is_sure(first: Prosecution, second: Prosecution) -> bool:
    return alike(told(first.model_dump()), told(second.model_dump())) is Alike.SURE


def _differing(first: Prosecution, second: Prosecution) -> tuple[str, ...]:
    found = []
    for name in _FACTS:
        ours, theirs = getattr(first, name), getattr(second, name)
        if is_empty(ours) or is_empty(theirs) or ours == theirs:
            continue
        if name != "articles" or numbers(ours) != numbers(theirs):
            found.append(name)
    terms = {_term(first), _term(second)} - {None}
    return (*found, *(_TERM[:1] if len(terms) > 1 else ()))


def _term(case: Prosecution) -> int | str | None:
    return "life" if case.sentence_life else case.sentence_months


def _told_apart(first: Prosecution, second: Prosecution) -> bool:
    """Whether one list has both of them in one record of the person, numbered by us."""
    if first.source != second.source or not (first.source_id and second.source_id):
        return False
    short, long = sorted((first.source_id, second.source_id), key=len)
    return long.startswith(f"{short}-")


def _in_order(cases: Iterable[Prosecution]) -> list[Prosecution]:
    """Those of lists first, and of them the one that says most: it is kept."""
    return sorted(cases, key=lambda case: (case.source_id is None, -_says(case), case.id))


def _says(case: Prosecution) -> int:
    return sum(getattr(case, name) not in (None, "", [], False) for name in CASE_FIELDS)


def _pair_key(first: str, second: str) -> str:
    return "|".join(sorted((first, second)))
