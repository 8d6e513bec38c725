"""The words people who are shown are found by, kept; whoever is not leaves none."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session, col

from app.finding.names import LONGEST_WORD, name_words, trigrams
from app.inserting import insert, insertion, table_of
from app.models import PersonWord, Prisoner, WordTrigram
from app.spelling import folded, plain

_SHORTEST_WORD = 3


def write_words(
    session: Session, people: Iterable[Prisoner], numbers: dict[str, int | None]
) -> None:
    """These people have the words they have now. numbers: id → number, of whoever loses some too.

    A word that is in nobody's name any more goes with the last who had it.
    """
    theirs = col(PersonWord.number).in_(numbers.values())
    names = sa.select(col(PersonWord.word)).where(theirs, col(PersonWord.field) == "name")
    before = set(session.execute(names).scalars())
    session.execute(sa.delete(PersonWord).where(theirs))
    words = [(person.id, field, word) for person in people for field, word in _words(person)]
    if words:
        rows = [{"field": field, "word": word, "number": numbers[of]} for of, field, word in words]
        insert(session, PersonWord, *rows)
    now = {word for _, field, word in words if field == "name"}
    if now:
        statement = insertion(session, WordTrigram).on_conflict_do_nothing()
        session.connection().execute(statement, _threes(now))
    _forget_names(session, before - now)


def _threes(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"trigram": three, "word": name} for name in sorted(names) for three in trigrams(name)]


def _forget_names(session: Session, words: set[str]) -> None:
    has = col(PersonWord.word)
    there = sa.select(has).where(col(PersonWord.field) == "name", has.in_(words))
    gone = _threes(words - set(session.execute(there).scalars())) if words else []
    if gone:
        row = table_of(WordTrigram).c
        session.connection().execute(
            sa.delete(WordTrigram).where(
                row.trigram == sa.bindparam("trigram"), row.word == sa.bindparam("word")
            ),
            gone,
        )


def _words(person: Prisoner) -> Iterator[tuple[str, str]]:
    likes = (
        f"{person.interests_en} {person.interests_ru} {person.profession_en} {person.profession_ru}"
    )
    told = f"{person.story_en} {person.story_ru} {person.origin_en} {person.origin_ru} {likes}"
    names = name_words(person.surname, person.given_name, person.patronymic, person.latin_name)
    yield from (("name", word) for word in names)
    yield from (("like", word) for word in text_words(likes))
    yield from (("text", word) for word in text_words(told))


def text_words(text: str) -> set[str]:
    """The words of a text that are worth looking for, as they sound."""
    words = {word for written in set(plain(text).split()) for word in _sounds(written)}
    return {word[:LONGEST_WORD] for word in words if len(word) >= _SHORTEST_WORD}


@lru_cache(maxsize=20_000)
def _sounds(word: str) -> tuple[str, ...]:
    """A word as it sounds; the same words come again and again."""
    return tuple(folded(word).split())
