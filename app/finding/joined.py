"""Tags that stand for one thing, joined: of both languages, and of one. Pure.

What is learned comes from people who are shown, now: from the same people follows the same, in
whatever order they came, and of whom nobody may know nothing is learned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.finding.rows import Words
from app.finding.sets import Values
from app.finding.tags import best_said, learned, value_of

TAGS = ("interest", "work")
"""The fields that hold tags."""


@dataclass(frozen=True)
class Joined:
    """The tags of one field. sets: who has each value; words: what it is called, and by whom;
    said: Russian tag → its value."""

    sets: Values = field(default_factory=Values)
    words: Mapping[str, tuple[int, Words]] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


def joined(sets: Values, words: Mapping[str, tuple[int, Words]]) -> Joined:
    """From who has each key, and the words of whoever has it with the lowest number."""
    people = sets.sizes()
    said = learned(people)
    keys: dict[str, list[str]] = {}
    for key in sets:
        keys.setdefault(value_of(key, said), []).append(key)
    called = {
        value: words[best_said(worded, people) if len(worded) > 1 else worded[0]]
        for value, of in keys.items()
        if (worded := [key for key in of if key in words])
    }
    return Joined(sets.together(keys), called, said)
