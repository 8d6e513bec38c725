"""The desks' search, and the conditions of who is shown.

The public search stands in `app.finding`. The desks look for parts of names in one line, kept with
each person (`spelling.search_name`): the Cyrillic name, the Latin one, and both folded to a common
sound. Every word must occur in it.
"""

import sqlalchemy as sa
from sqlmodel import col

from app.models import Prisoner
from app.spelling import folded, plain

MOST_WORDS = 8


def is_shown() -> sa.ColumnElement[bool]:
    """The one condition for appearing in public: a page, found, counted."""
    return sa.and_(sa.or_(col(Prisoner.published), col(Prisoner.named)), *_in_the_open())


def is_writable() -> sa.ColumnElement[bool]:
    """The one condition for being chosen by name: whoever is shown and takes letters."""
    return sa.and_(col(Prisoner.published), *_in_the_open())


def _in_the_open() -> list[sa.ColumnElement[bool]]:
    return [sa.not_(col(column)) for column in (Prisoner.hidden, Prisoner.identity_hidden)]


def name_matches(query: str) -> sa.ColumnElement[bool]:
    """A condition: every word of `query` is part of the person's name. An empty query finds all."""
    return sa.and_(sa.true(), *(_has(word) for word in plain(query).split()[:MOST_WORDS]))


def _has(word: str) -> sa.ColumnElement[bool]:
    written = col(Prisoner.search_name).contains(word, autoescape=True)
    sound = folded(word)
    return (
        sa.or_(written, col(Prisoner.search_name).contains(sound, autoescape=True))
        if sound
        else written
    )
