"""What is asked of the public search, and who answers to it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.finding.facets import SEARCHED
from app.finding.memory import Index
from app.finding.names import LEAST, LONGEST_WORD, likeness, trigrams
from app.finding.phrases import meant
from app.finding.sets import Bits, numbers_of
from app.finding.tags import MOST_TAGS, tags
from app.finding.words import text_words
from app.models import PersonWord, WordTrigram
from app.searching import folded, plain
from mailing.names import transliterate

AGES = (25, 35, 45, 55, 65)
"""Where one age group ends and the next begins, in years."""

SOON = ("birthday", "release")
COUNTED = ("year", "stage", "sentence")
"""Fields of the public figures that filter too."""

FILTERS = (*SEARCHED, "age", "soon", "letters", *COUNTED)
LONGEST_QUERY = 100
LONGEST_VALUE = 200
BIRTHDAY_DAYS = 31
RELEASE_DAYS = 92

_MOST_WORDS = 8
_CANDIDATES = 80
_NEARLY = 0.3
"""Names that are so much less alike than the best one are not what was meant."""

_IN_A_TEXT = 0.5
_LAST = "zzzz"


@dataclass(frozen=True)
class Wanted:
    """A name or words, and filters: field of `FILTERS` → value. Unknown ones find nobody."""

    query: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: str, asked: Iterable[tuple[str, str]]) -> "Wanted":
        """As it stands in an address; what is too long or no filter is left out."""
        filters = {
            name: meant(name, value[:LONGEST_VALUE].replace("\0", ""))
            for name, value in asked
            if name in FILTERS and value
        }
        return cls(query[:LONGEST_QUERY].replace("\0", "").strip(), filters)


def age_groups(today: date) -> dict[str, range]:
    """Value of the filter → the birth years that belong to it. By year: days are rarely known."""
    bounds = (0, *AGES, 200)
    return {
        f"{low}-{high - 1}": range(today.year - high + 1, today.year - low + 1)
        for low, high in pairwise(bounds)
    }


def those_of(index: Index, name: str, value: str, today: date) -> Bits:
    """Everybody to whom this filter applies today."""
    if name == "age":
        years = age_groups(today).get(value, range(0))
        return index.values("born").of_any(map(str, years))
    if name == "soon":
        return _soon(index, value, today)
    if name == "letters" and value == "now":
        return writable(index)
    return index.of(name, meant(name, value))


def writable(index: Index) -> Bits:
    """Everybody who can be written to."""
    return index.everybody & ~index.of("letters", "none")


def left_by(index: Index, wanted: Wanted, today: date, *, without: str = "") -> Bits:
    """Everybody to whom all filters apply, leaving one field's filter out."""
    left = index.everybody
    for name, value in wanted.filters.items():
        if name != without:
            left &= those_of(index, name, value, today)
    return left


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
        rows = session.execute(
            sa.select(col(PersonWord.word), col(PersonWord.number)).where(
                col(PersonWord.field) == "name", col(PersonWord.word).in_(alike)
            )
        )
        for name, number in rows:
            found[number] = max(found.get(number, 0.0), alike[name])
    return found


def _alike(session: Session, word: _Word) -> dict[str, float]:
    """Words in names of people who are shown that sound like `word`: word → how much.

    A word that nobody shown has must not count: it would take the place of those that are less
    alike, and tell that somebody is called so.
    """
    shared = sa.func.count()
    length = sa.func.abs(sa.func.length(col(WordTrigram.word)) - len(word.sound))
    threes = trigrams(word.sound) | trigrams(word.written)
    # Looking all up would take longer than finding the likeliest: a few spare ones are enough.
    likeliest = (
        sa.select(col(WordTrigram.word), shared.label("shared"), length.label("length"))
        .where(col(WordTrigram.trigram).in_(sorted(threes)))
        .group_by(col(WordTrigram.word))
        .order_by(shared.desc(), length, col(WordTrigram.word))
        .limit(_CANDIDATES * 2)
        .cte("likeliest")
    )
    names = sa.select(col(PersonWord.number)).where(col(PersonWord.field) == "name")
    rows = session.execute(
        sa.select(likeliest.c.word)
        .where(names.where(col(PersonWord.word) == likeliest.c.word).exists())
        .order_by(likeliest.c.shared.desc(), likeliest.c.length, likeliest.c.word)
        .limit(_CANDIDATES)
    )
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
    written = col(PersonWord.word)
    rows = session.execute(
        sa.select(col(PersonWord.number))
        .where(col(PersonWord.field) == where, written >= stem, written <= stem + _LAST)
        .distinct()
    )
    yield from (number for (number,) in rows)


def _stem(word: str) -> str:
    size = len(word)
    kept = size if size < 4 else size - 1 if size < 6 else size - 2 if size < 8 else size - 3
    return word[: min(kept, 7)]


def _soon(index: Index, value: str, today: date) -> Bits:
    if value == "birthday":
        window = (today + timedelta(days=ahead) for ahead in range(BIRTHDAY_DAYS + 1))
        days = {day.strftime("%m-%d") for day in window}
        if "02-28" in days:
            days.add("02-29")  # who was born on a leap day has it in other years too
        return index.values("birthday").of_any(days)
    if value == "release":
        first, last = today.isoformat(), (today + timedelta(days=RELEASE_DAYS)).isoformat()
        ends = index.values("release")
        return ends.of_any(day for day in ends if first <= day <= last)
    return 0
