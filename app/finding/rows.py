"""The rows of the index, read: who is in which set, and what values are called."""

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from pydantic_core import from_json
from sqlmodel import Session, col

from app.finding.facets import Facet
from app.finding.phrases import meant
from app.finding.sets import Bits, Values
from app.models import PersonIndex

Words = str | list[str]
Said = Mapping[str, Mapping[str, tuple[int, Words]]]
"""Field → value → whose words these are, and the words."""

_AT_ONCE = 2_000
_MOST_ASKED = 500


@dataclass
class Rows:
    """What changed since a version.

    changed: all numbers. indexed: those that have facets, and of them shown: number → id and name.
    words and record_words are said by whoever is shown, and by whoever is not.
    """

    highest: int = 0
    changed: set[int] = field(default_factory=set)
    indexed: list[int] = field(default_factory=list)
    shown: dict[int, tuple[str, str]] = field(default_factory=dict)
    numbers: dict[str, dict[str, "array[int]"]] = field(default_factory=dict)
    words: dict[str, dict[str, tuple[int, Words]]] = field(default_factory=dict)
    record_words: dict[str, dict[str, tuple[int, Words]]] = field(default_factory=dict)


def read(session: Session, since: int) -> Rows:
    """Everything that has a higher version than `since`."""
    found = Rows()
    for number, prisoner_id, sort_name, facets in _rows(session, since):
        found.changed.add(number)
        found.highest = number
        if not facets:
            continue
        found.indexed.append(number)
        if sort_name:
            found.shown[number] = (prisoner_id, sort_name)
        words = found.words if sort_name else found.record_words
        for name, said, *called in facets:
            value, values = meant(name, said), found.numbers.setdefault(name, {})
            if value not in values:
                values[value] = array("I", (number,))
            elif values[value][-1] != number:
                values[value].append(number)
            if called:
                words.setdefault(name, {}).setdefault(value, (number, called[0]))
    return found


def said_by(
    session: Session,
    before: Said,
    now: Said,
    changed: Collection[int],
    sets: Mapping[str, Values],
    among: Bits,
) -> Said:
    """What values are called `now`, in the words of the lowest number that has them.

    changed: the numbers whose words of `before` do not count any more. Whose words take the place
    of such is read from the row.
    """
    said = {name: dict(values) for name, values in before.items()}
    lost = [
        (name, value)
        for name, values in before.items()
        for value, (number, _) in values.items()
        if number in changed
    ]
    for name, value in lost:
        del said[name][value]
    for name, values in now.items():
        held = said.setdefault(name, {})
        for value, words in values.items():
            if value not in held or words[0] < held[value][0]:
                held[value] = words
    heirs = {(name, value): sets[name].ascending(value, among) for name, value in lost}
    _inherit(session, said, heirs, changed)
    return said


def _inherit(
    session: Session,
    said: dict[str, dict[str, tuple[int, Words]]],
    heirs: dict[tuple[str, str], Iterator[int]],
    changed: Collection[int],
) -> None:
    """Words for values that lost theirs, from the first of their heirs who has any."""
    while heirs:
        asked: dict[int, list[tuple[str, str]]] = {}
        for (name, value), numbers in list(heirs.items()):
            known, number = said[name].get(value), next(numbers, None)
            if number is None or (known and known[0] <= number):
                del heirs[name, value]
            elif number not in changed:
                asked.setdefault(number, []).append((name, value))
        for number, facets in _facets(session, sorted(asked)):
            called: dict[tuple[str, str], Words] = {}
            for name, value, *words in facets:
                if words:
                    called.setdefault((name, meant(name, value)), words[0])
            for name, value in asked[number]:
                if (name, value) in called:
                    said[name][value] = (number, called[name, value])
                    del heirs[name, value]


def _rows(session: Session, since: int) -> Iterator[tuple[int, str, str, list[Facet]]]:
    rows = session.execute(
        sa.select(
            col(PersonIndex.number),
            col(PersonIndex.prisoner_id),
            col(PersonIndex.sort_name),
            # As text: it is read in a third of the time the driver or the model would take.
            sa.cast(col(PersonIndex.facets), sa.Text),
        )
        .where(col(PersonIndex.version) > since)
        .order_by(col(PersonIndex.number))
        .execution_options(yield_per=_AT_ONCE)
    )
    for number, prisoner_id, sort_name, facets in rows:
        yield number, prisoner_id, sort_name, from_json(facets)


def _facets(session: Session, numbers: list[int]) -> Iterator[tuple[int, list[Facet]]]:
    for at in range(0, len(numbers), _MOST_ASKED):
        rows = session.execute(
            sa.select(col(PersonIndex.number), col(PersonIndex.facets)).where(
                col(PersonIndex.number).in_(numbers[at : at + _MOST_ASKED])
            )
        )
        yield from ((number, facets) for number, facets in rows)
