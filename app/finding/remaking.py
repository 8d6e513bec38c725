"""The index made anew by the rules of this release, a few people at a time.

How far that has come stands in the same database, and changes in the same transaction: whoever is
stopped goes on from there, and several processes take turns. Who changes meanwhile is indexed by
the new rules anyway. Others, who are only counted, follow in the night, when all of them are
counted anew: what becomes of one of them must not show by day.
"""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.finding.keeping import in_turn, index_people
from app.finding.names import trigrams
from app.inserting import table_of
from app.models import Installation, PersonWord, Prisoner, WordTrigram
from app.searching import is_shown

RULES = 3
"""Another number whenever something else is written for the same people: facets, names, words."""

AT_ONCE = 100
_THREES_AT_ONCE = 500
_WHERE = "index rules"
_PEOPLE, _NAMES, _DONE = "people", "names", "done"


def is_remade(session: Session) -> bool:
    """Whether everybody who is shown was indexed by these rules."""
    return _so_far(session)[0] == _DONE


def remake_some(session: Session) -> bool:
    """Index the next people by these rules, then tidy the parts of names; True when all is done."""
    in_turn(session)
    part, after = _so_far(session)
    if part == _PEOPLE:
        last = _some_people(session, after)
        part, after = (_PEOPLE, last) if last else (_NAMES, "")
    elif part == _NAMES:
        last = _some_names(session, after)
        part, after = (_NAMES, last) if last else (_DONE, "")
    row = session.get(Installation, _WHERE) or Installation(id=_WHERE)
    row.value = f"{RULES} {part} {after}"
    session.add(row)
    return part == _DONE


def _so_far(session: Session) -> tuple[str, str]:
    """What is being done, and whom or what it has come to."""
    row = session.get(Installation, _WHERE)
    rules, part, after = (row.value or "").split(" ", 2) if row else ("", "", "")
    return (part, after) if rules == str(RULES) else (_PEOPLE, "")


def _some_people(session: Session, after: str) -> str | None:
    person = col(Prisoner.id)
    shown = select(person).where(is_shown(), person > after).order_by(person).limit(AT_ONCE)
    ids = session.exec(shown).all()
    index_people(session, ids)
    return ids[-1] if ids else None


def _some_names(session: Session, after: str) -> str | None:
    """Forget parts of names that nobody has, or that are none by these rules."""
    row, name = table_of(WordTrigram).c, table_of(PersonWord).c
    next_ones = sa.select(row.trigram).distinct().where(row.trigram > after).order_by(row.trigram)
    threes: list[str] = [three for (three,) in session.execute(next_ones.limit(_THREES_AT_ONCE))]
    if not threes:
        return None
    these = row.trigram.between(threes[0], threes[-1])
    has = sa.select(name.number).where(name.field == "name", name.word == row.word).exists()
    rows = session.execute(sa.select(row.trigram, row.word, has).where(these))
    gone = [
        {"three": three, "of": word}
        for three, word, known in rows
        if not known or three not in trigrams(word)
    ]
    if gone:
        both = row.trigram == sa.bindparam("three"), row.word == sa.bindparam("of")
        session.connection().execute(sa.delete(WordTrigram).where(*both), gone)
    return threes[-1]
