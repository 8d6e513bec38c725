"""Which cases of one person may be one prosecution, and nobody said yet that they are two."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.same_cases import Alike, Told, alike, numbers, told
from app.models import ImportAnswer, Prisoner, Prosecution
from app.models.importing import COORDINATOR
from app.sameness.fields import CASE_FIELDS
from app.sameness.values import is_empty

TWO = "two_cases"
"""The topic under which it is kept that two cases are not one."""
FACTS = ("articles", "started_on", "started_year", "ended_year", "first_verdict_on")
"""What two accounts of one prosecution cannot both be right about, with the term of the sentence;
the rest is wording."""
TERM = ("sentence_months", "sentence_life")
NOTHING: tuple[Any, ...] = (None, "", [], False)


_COMPARED = ("articles", "started_on", "started_year", "region", "region_iso", "case_name")


class Pair(NamedTuple):
    """Two cases that may be one. differ: the facts in which they contradict each other; sure:
    articles, beginning and region leave no doubt."""

    first: Prosecution
    second: Prosecution
    sure: bool
    differ: tuple[str, ...]


def pairs(session: Session, cases: Sequence[Prosecution]) -> list[Pair]:
    """Which of one person's cases may be one, and nobody said yet that they are two."""
    return list(_pairs(cases, _said_to_be_two(session))) if len(cases) > 1 else []


def people_with_two_accounts(session: Session) -> list[str]:
    """Ids of people with cases that may be one, in order of their names."""
    several = (
        sa.select(col(Prosecution.prisoner_id))
        .group_by(col(Prosecution.prisoner_id))
        .having(sa.func.count() > 1)
    )
    rows = session.exec(
        select(Prosecution)
        .join(Prisoner, col(Prisoner.id) == Prosecution.prisoner_id)
        .where(col(Prosecution.prisoner_id).in_(several))
        .order_by(col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
    ).all()
    of_person: dict[str, list[Prosecution]] = {}
    for row in rows:
        of_person.setdefault(row.prisoner_id, []).append(row)
    two = _said_to_be_two(session)
    return [person for person, cases in of_person.items() if any(_pairs(cases, two))]


def _said_to_be_two(session: Session) -> set[str]:
    answers = select(ImportAnswer.key).where(
        ImportAnswer.source == COORDINATOR, ImportAnswer.topic == TWO
    )
    return set(session.exec(answers))


def _pairs(cases: Iterable[Prosecution], two: set[str]) -> Iterator[Pair]:
    for couple in combinations(in_order(cases), 2):
        pair = pair_of(couple)
        if pair is not None and pair_key(pair.first.id, pair.second.id) not in two:
            yield pair


def pair_of(cases: tuple[Prosecution, Prosecution]) -> Pair | None:
    """These two as a pair; None when nothing speaks for their being one."""
    first, second = cases
    ours, theirs = _told(first), _told(second)
    how = alike(ours, theirs)
    if _told_apart(first, second) or how is Alike.NO:
        return None
    if first.source and first.source == second.source:
        is_one = how is Alike.SURE and ours.name == theirs.name
    else:
        same_articles = bool(ours.articles) and ours.articles == theirs.articles
        is_one = how is Alike.SURE or same_articles or ours.nothing or theirs.nothing
    return Pair(first, second, how is Alike.SURE, differing(first, second)) if is_one else None


def _told(case: Prosecution) -> Told:
    return told({name: getattr(case, name) for name in _COMPARED})


def differing(first: Prosecution, second: Prosecution) -> tuple[str, ...]:
    """The facts that both tell, otherwise."""
    found = []
    for name in FACTS:
        ours, theirs = getattr(first, name), getattr(second, name)
        if is_empty(ours) or is_empty(theirs) or ours == theirs:
            continue
        if name != "articles" or numbers(ours) != numbers(theirs):
            found.append(name)
    terms = {term_of(first), term_of(second)} - {None}
    return (*found, *(TERM[:1] if len(terms) > 1 else ()))


def term_of(case: Prosecution) -> int | str | None:
    """How long the sentence is, if it is known."""
    return "life" if case.sentence_life else case.sentence_months


def _told_apart(first: Prosecution, second: Prosecution) -> bool:
    """Whether one list has both of them in one record of the person, numbered by us."""
    if first.source != second.source or not (first.source_id and second.source_id):
        return False
    short, long = sorted((first.source_id, second.source_id), key=len)
    return long.startswith(f"{short}-")


def in_order(cases: Iterable[Prosecution]) -> list[Prosecution]:
    """Those of lists first, and of them the one that says most: it is kept."""
    return sorted(cases, key=lambda case: (case.source_id is None, -_says(case), case.id))


def _says(case: Prosecution) -> int:
    return sum(getattr(case, name) not in NOTHING for name in CASE_FIELDS)


def pair_key(first: str, second: str) -> str:
    """One key for two cases, whichever comes first."""
    return "|".join(sorted((first, second)))
