"""The sets of people in each facet, at hand in every process.

A number of the index is a bit. To combine filters and to count what is left of every facet is a
matter of milliseconds at 100,000 people, on whichever database; the rows are read once, and after
that only those that changed: every question begins by asking for the newest version.
"""

import gc
import threading
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from weakref import WeakKeyDictionary

import sqlalchemy as sa
import structlog
from sqlmodel import Session, select

from app.database import Database
from app.finding.joined import TAGS, Joined, joined
from app.finding.rows import Rows, Said, Words, read, said_by
from app.finding.sets import LEAST_PEOPLE, Bits, Values, bits, numbers_in, numbers_of
from app.models import PersonIndex
from app.spelling import plain

log = structlog.get_logger()

_NONE = Values()
_IN_PLACE = 200
"""So many changed names are put where they belong one by one; more are sorted with all others."""

_FEW = 2_000
"""So many people are sorted sooner than found among a hundred thousand who are in order."""


@dataclass(frozen=True)
class Index:
    """Whom the catalogue has, as of a version. Never changed: a newer one takes its place.

    everybody: who is shown. imprisoned: who is in prison, shown or not; only their number is ever
    told. people: number → id, of everybody; order: their numbers by name; names: what orders them.
    sets: field → its values, of either. words and record_words: field → value → what it is called
    where the pages do not know, by somebody who is shown, and by somebody who is not; always in the
    words of the lowest number. Of tags these have keys; tags: field → what they are together.
    """

    version: int = 0
    everybody: Bits = 0
    imprisoned: Bits = 0
    highest: int = 0
    people: Mapping[int, str] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    sets: Mapping[str, Values] = field(default_factory=dict)
    words: Said = field(default_factory=dict)
    record_words: Said = field(default_factory=dict)
    tags: Mapping[str, Joined] = field(default_factory=dict)

    def values(self, name: str) -> Values:
        """The values of a facet."""
        return self.tags[name].sets if name in self.tags else self.sets.get(name, _NONE)

    def value(self, name: str, asked: str) -> str:
        """The value that is meant: of a tag also by its Russian name."""
        if name in self.tags and asked not in self.tags[name].sets:
            return self.tags[name].said.get(plain(asked), plain(asked))
        return asked

    def of(self, name: str, value: str) -> Bits:
        """The people with this value of a facet, shown or not."""
        return self.values(name).of(self.value(name, value))

    def tagged(self, text: str) -> Bits:
        """The people who like or do this."""
        return reduce(or_, (self.of(name, text) for name in TAGS))

    def called(self, name: str, value: str) -> Words:
        """What those who are shown call a value; itself where none of them has it."""
        words = self.tags[name].words if name in self.tags else self.words.get(name, {})
        return words.get(value, (0, value))[1]

    def called_of_record(self, name: str, value: str) -> Words:
        """The same for the figures: where nobody who is shown has it, of ten people and more."""
        kept = self.words.get(name, {}).get(value) or self.record_words.get(name, {}).get(value)
        if kept is None or self.of(name, value).bit_count() < LEAST_PEOPLE:
            return self.called(name, value)
        return kept[1]


class _Newest:
    """The newest index of one database, and who is bringing it up to date."""

    def __init__(self) -> None:
        self.index = Index()
        self.lock = threading.Lock()


_KEPT: WeakKeyDictionary[Database, _Newest] = WeakKeyDictionary()


def index_of(session: Session) -> Index:
    """The index as this session's database has it now."""
    kept = _KEPT.setdefault(session.info["database"], _Newest())
    newest = session.exec(select(sa.func.max(PersonIndex.version))).one() or 0
    if kept.index.version < newest:
        with kept.lock:
            if kept.index.version < newest:
                kept.index = _brought_up_to(newest, kept.index, session)
    return kept.index


def read_ahead(database: Database) -> threading.Thread:
    """Begin to read the index in a thread of its own, so that no visitor waits for all of it.

    What is there when it is done stays: the interpreter need not look through all of it for garbage
    again and again, which takes a quarter of a second at 100,000 people.
    """
    reading = threading.Thread(target=_read_ahead, args=(database,), daemon=True)
    reading.start()
    return reading


def _read_ahead(database: Database) -> None:
    try:
        with database.read() as session:
            index_of(session)
        gc.collect()
        gc.freeze()
    except Exception as error:  # noqa: BLE001 — then the first question reads it, and tells
        log.warning("index_not_read_ahead", error=type(error).__name__)


def members(index: Index, some: Bits) -> Iterator[int]:
    """The numbers in a set of people who are shown, by name."""
    if some.bit_count() > _FEW:
        return numbers_in(some, index.order, index.highest)
    return iter(sorted(numbers_of(some), key=lambda number: (index.names[number], number)))


def _brought_up_to(newest: int, old: Index, session: Session) -> Index:
    rows = read(session, old.version)
    highest = max(old.highest, rows.highest)
    sets = dict(old.sets)
    for name in sets.keys() | rows.numbers.keys():
        held = sets.get(name, _NONE)
        sets[name] = held.changed(rows.changed, rows.numbers.get(name, {}), highest)
    people, names = dict(old.people), dict(old.names)
    for number in rows.changed:
        people.pop(number, None)
        names.pop(number, None)
    for number, (prisoner_id, sort_name) in rows.shown.items():
        people[number], names[number] = prisoner_id, sort_name
    changed = bits(rows.changed)
    everybody = _replaced(old.everybody, changed, bits(rows.shown))
    known = _replaced(old.everybody | old.imprisoned, changed, bits(rows.indexed))
    others, free = known ^ everybody, sets.get("custody", _NONE).of("none")
    words = said_by(session, old.words, rows.words, rows.changed, sets, everybody)
    return Index(
        newest,
        everybody,
        known & ~free,
        highest,
        people,
        names,
        _in_order(names, old.order, rows),
        sets,
        words,
        said_by(session, old.record_words, rows.record_words, rows.changed, sets, others),
        {name: _joined(name, old, sets.get(name, _NONE), words.get(name, {})) for name in TAGS},
    )


def _joined(name: str, old: Index, sets: Values, words: Mapping[str, tuple[int, Words]]) -> Joined:
    if name in old.tags and (old.sets.get(name), old.words.get(name)) == (sets, words):
        return old.tags[name]
    return joined(sets, words)


def _replaced(old: Bits, changed: Bits, by: Bits) -> Bits:
    return (old ^ (old & changed)) | by


def _in_order(names: Mapping[int, str], old: list[int], rows: Rows) -> list[int]:
    def by_name(number: int) -> tuple[str, int]:
        return names[number], number

    order = [number for number in old if number not in rows.changed]
    if len(rows.shown) > _IN_PLACE:
        return sorted([*order, *rows.shown], key=by_name)
    for number in rows.shown:
        insort(order, number, key=by_name)
    return order
