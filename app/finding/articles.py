"""Articles of a law as sources write them: taken apart, and their numbers. Pure.

One rule for whatever people are counted, found and compared by: the numbers of articles, and none
of the parts and points that stand with them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

ATTEMPT = frozenset({"30", "33"})
"""Preparing, trying and helping: beside another article these say how, and not what."""

_NUMBER = re.compile(r"(?<![\d№])(?<!\d\.)(?<!№ )\d{2,3}(?:\.\d{1,2}){0,2}(?![\d.]*\d)(?!-?\s?ФЗ)")
_PART = re.compile(
    r"(?<![^\W\d_])(?:ч|част[а-я]*|пп?|пункт[а-я]*|подп[а-я]*|абз[а-я]*"
    r"|p|pp|pt|par|para|parts?|paragraphs?|points?|clauses?|items?)"
    r"(?:\.\s*|\s+|(?=\d))(?:[«\"']?\d{1,3}(?:\.\d{1,2})?(?![\d.]*\d)"
    r"(?:\s*(?:,|[-–—]|и\b|and\b)\s*\d{1,2}(?![\d.]*\d))*)",
    re.IGNORECASE,
)
"""Parts and points with their numbers, several of them too: «ч. 2, 10 и 11»."""
_BETWEEN = re.compile(r"\s*[,;\r\n+]\s*|\s+(?:и|and)\s+", re.IGNORECASE)

_OFTEN_THE_SAME = 20_000
"""Ten thousand people are tried by a few hundred articles."""


@lru_cache(maxsize=_OFTEN_THE_SAME)
def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers of all articles in one text: 318 and 280 of «ст. 318 ч. 1, ч. 10 ст. 280»."""
    return tuple(_NUMBER.findall(_without_parts(text)))


def numbers_of(articles: Iterable[str]) -> list[str]:
    """The numbers that a case is known by, each once; of an attempt those of what was attempted."""
    found = dict.fromkeys(number for article in articles for number in numbers_in(article))
    return [number for number in found if number not in ATTEMPT] or list(found)


def numbered(articles: Sequence[str]) -> list[tuple[str, str]]:
    """Each article with the first number in it that the case is known by; "" without one."""
    known = set(numbers_of(articles))
    return [
        (article, next((each for each in numbers_in(article) if each in known), ""))
        for article in articles
    ]


@lru_cache(maxsize=_OFTEN_THE_SAME)
def apart(text: str) -> tuple[str, ...]:
    """Several articles written as one, each for itself; what belongs to one stays with it."""
    starts = [found.start() for found in _NUMBER.finditer(_without_parts(text))]
    if len(starts) < 2:
        return (text,)
    cuts = [found.span() for found in _BETWEEN.finditer(text)]
    ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    pieces = list(zip(*ends, strict=True))
    # «ч. 1 ст. 318» names the part first: what has no number belongs to what follows.
    forward = not any(pieces[0][0] <= at < pieces[0][1] for at in starts) or bool(
        _PART.match(text.lstrip())
    )
    joined = _joined(pieces, starts, forward=forward)
    return tuple(text[start:end] for start, end in joined)


def _joined(
    pieces: list[tuple[int, int]], starts: list[int], *, forward: bool
) -> list[tuple[int, int]]:
    """Pieces of which each has the number of an article."""
    found: list[tuple[int, int]] = []
    waits: int | None = None
    for start, end in pieces:
        if any(start <= at < end for at in starts):
            found.append((start if waits is None else waits, end))
            waits = None
        elif forward or not found:
            waits = start if waits is None else waits
        else:
            found[-1] = (found[-1][0], end)
    if waits is not None and found:
        found[-1] = (found[-1][0], pieces[-1][1])
    return found


def _without_parts(text: str) -> str:
    """The same length, so that places in it are places in `text`."""
    return _PART.sub(lambda found: "·" * len(found[0]), text)
