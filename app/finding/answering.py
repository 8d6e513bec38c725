"""Who answers to words: by a name as it sounds, by what is told of them, by what they like."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.finding.memory import Index
from app.finding.names import LEAST, LONGEST_WORD, likeness, trigrams
from app.finding.sets import numbers_of
from app.finding.tags import MOST_TAGS, tags
from app.finding.words import text_words
from app.inserting import table_of
from app.models import PersonWord, WordTrigram
from app.spelling import folded, plain
from mailing.names import transliterate

_MOST_WORDS = 8
_CANDIDATES = 80
_NEARLY = 0.3
"""Names that are so much less alike than the best one are not what was meant."""

_IN_A_TEXT = 0.5
_LAST = "zzzz"

_WORD, _THREE = table_of(PersonWord).c, table_of(WordTrigram).c


def _likeliest() -> sa.Select[tuple[str]]:
    """Words in names of people who are shown that share most `threes`, near `letters` in length.

    A word that nobody shown has must not count: it would take the place of those that are less
    alike, and tell that somebody is called so. To look all words up would take longer than finding
    the likeliest: a few spare ones are enough.
    """
    shared = sa.func.count()
    length = sa.func.abs(sa.func.length(_THREE.word) - sa.bindparam("letters", type_=sa.Integer))
    likeliest = (
        sa.select(_THREE.word, shared.label("shared"), length.label("length"))
        .where(_THREE.trigram.in_(sa.bindparam("threes", expanding=True)))
        .group_by(_THREE.word)
        .order_by(shared.desc(), length, _THREE.word)
        .limit(_CANDIDATES * 2)
        .cte("likeliest")
    )
    names = sa.select(_WORD.number).where(_WORD.field == "name")
    return (
        sa.select(likeliest.c.word)
        .where(names.where(_WORD.word == likeliest.c.word).exists())
        .order_by(likeliest.c.shared.desc(), likeliest.c.length, likeliest.c.word)
        .limit(_CANDIDATES)
    )


# Made once: to make them takes as long as to ask them.
_LIKELIEST = _likeliest()
_CALLED = sa.select(_WORD.word, _WORD.number).where(
    _WORD.field == "name", _WORD.word.in_(sa.bindparam("words", expanding=True))
)
_BEGUN = (
    sa.select(_WORD.number)
    .where(_WORD.field == sa.bindparam("field"))
    .where(_WORD.word.between(sa.bindparam("first"), sa.bindparam("last")))
    .distinct()
)


def named(session: Session, query: str, index: Index | None = None) -> dict[int, float] | None:
    """Who answers to the words of a query: number → how well. None when nothing was asked.

    A word is part of the name, as it sounds, or stands in what is told of the person; whoever likes
    or does all of it, in whichever language, answers to every word. Where nobody does, those are
    found who answer to most. index: without it people are found by their names alone.
    """
    words = list(_words(query))
    words = [word for word in words if len(word.sound) > 1][:_MOST_WORDS] or words[:1]
    if not words:
        return {} if query.strip() else None
    asked = list(dict.fromkeys(words))
    answers = [_answering(session, word, told=index is not None) for word in asked]
    if index is not None:
        tagged = dict.fromkeys(numbers_of(index.tagged(query)), _IN_A_TEXT)
        answers = [{**tagged, **answer} for answer in answers]
    matched: dict[int, int] = {}
    score: dict[int, float] = {}
    for answer in answers:
        for number, how_well in answer.items():
            matched[number] = matched.get(number, 0) + 1
            score[number] = score.get(number, 0.0) + how_well
    most = max(matched.values(), default=0)
    return {number: score[number] for number, times in matched.items() if times == most}


def liking(session: Session, text: str, index: Index) -> dict[int, int]:
    """Who likes or does what `text` speaks of: number → how many of its words.

    A thing they say in another language counts as the words of it here.
    """
    by_words: Counter[int] = Counter()
    for word in sorted(text_words(text))[: _MOST_WORDS * 3]:
        by_words.update(_written(session, "like", word))
    by_tags: Counter[int] = Counter()
    for tag in tags(text)[:MOST_TAGS]:
        words = len(text_words(tag)) or 1
        by_tags.update(dict.fromkeys(numbers_of(index.tagged(tag)), words))
    return by_words | by_tags


class _Word(NamedTuple):
    """A word of a query as it sounds, and as it is written in Latin letters."""

    sound: str
    written: str


def _words(query: str) -> Iterator[_Word]:
    for word in plain(query).split():
        written = plain(transliterate(word))
        for sound in folded(word).split():
            # A letter that was left out may make two others sound like one.
            alone = sound if " " in written else written
            yield _Word(sound[:LONGEST_WORD], alone[:LONGEST_WORD])


def _answering(session: Session, word: _Word, *, told: bool) -> dict[int, float]:
    texts = _written(session, "text", word.sound) if told else ()
    found = dict.fromkeys(texts, _IN_A_TEXT)
    alike = _alike(session, word)
    if alike:
        rows = session.execute(_CALLED, {"words": list(alike)}).all()
        for name, number in rows:
            found[number] = max(found.get(number, 0.0), alike[name])
    return found


def _alike(session: Session, word: _Word) -> dict[str, float]:
    """Words in names of people who are shown that sound like `word`: word → how much."""
    threes = sorted(trigrams(word.sound) | trigrams(word.written))
    rows = session.execute(_LIKELIEST, {"threes": threes, "letters": len(word.sound)}).all()
    likely: dict[str, float] = {}
    least = LEAST
    for (name,) in rows:
        likely[name] = how = max(likeness(way, name, least) for way in set(word))
        least = max(least, how - _NEARLY)
    return {name: how for name, how in likely.items() if how >= least}


def _written(session: Session, where: str, word: str) -> Iterator[int]:
    """Who has this word, or another form of it: Russian and English change the ends of words."""
    if len(word) < 3:
        return
    stem = _stem(word)
    asked = {"field": where, "first": stem, "last": stem + _LAST}
    yield from session.execute(_BEGUN, asked).scalars().all()


def _stem(word: str) -> str:
    size = len(word)
    kept = size if size < 4 else size - 1 if size < 6 else size - 2 if size < 8 else size - 3
    return word[: min(kept, 7)]
