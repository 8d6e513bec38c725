"""What was read, cleaned: people, their cases, places, and the doubts that reading left.

Records are independent of any source's wording, and survive a journey through JSON: days are
ISO strings, and `fields` names columns of the tables.
"""

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic_core import from_json, to_json

from app.models.places import KINDS
from app.sameness.fields import Fields

Progress = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""

_MOST_BYTES = 500_000_000
_LONGEST_KEY = 300

OWN_CASE = "own_case"
"""The answer that a case is none of those we have."""

CHOICES: dict[str, tuple[str, ...]] = {
    "same_person": ("same", "other"),
    "same_place": ("same", "other"),
    "which_case": (OWN_CASE, "seen"),
    "two_spellings": ("first", "second"),
    "other_value": ("theirs", "ours"),
    "gender": ("she", "he"),
    "term": ("life", "not_known"),
    "kind": (*KINDS, "none"),
    "state": (
        "in_custody",
        "in_transfer",
        "house_arrest",
        "released",
        "exchanged",
        "dead",
        "unknown",
        "abroad",
        "wanted",
        "prisoner_of_war",
        "incommunicado",
    ),
    "name": ("seen",),
    "one_name": ("seen",),
    "birth": ("seen",),
    "unread": ("seen",),
    "address": ("seen",),
    "place": ("seen",),
}
"""Every kind of doubt, and what a coordinator can answer. Unanswered, nothing doubtful is done.

Which case it is can also be answered with the id of one of those that the doubt names.
"""


Answers = dict[tuple[str, str], str]
"""What coordinators decided about doubts of one source: (topic, key) → answer."""


@dataclass
class PersonRecord:
    """One person as a source has them. fields: columns of `Prisoner`. state: the source's phrase
    for where they are; place: the name key of their place of detention, if they are in one."""

    key: str
    rows: list[int]
    fields: Fields
    state: str = ""
    status: str = ""
    place: str = ""
    place_named: str = ""

    @property
    def title(self) -> str:
        parts = (self.fields.get(part) for part in ("surname", "given_name", "patronymic"))
        return " ".join(part for part in parts if part)


@dataclass
class CaseRecord:
    """One prosecution. person: key of its person; fields: columns of `Prosecution`."""

    key: str
    person: str
    rows: list[int]
    fields: Fields


@dataclass
class PlaceRecord:
    """One place of detention. fields: columns of `Facility`, without `kind` where it is unclear.

    key: by which people's rows name it. source_key: the source's own id of it.
    """

    key: str
    source_key: str
    fields: Fields


@dataclass
class Doubt:
    """Something a person has to look at. key: the same in every reading of the same thing.

    about: key of the record it concerns. detail: what to show, as plain words and numbers; `gone`
    in it: the source says free or dead, and we do not. letters: under way to whom it concerns.
    """

    topic: str
    key: str
    title: str
    about: str = ""
    detail: Fields = field(default_factory=dict)
    target_id: str | None = None
    letters: int = 0

    def __post_init__(self) -> None:
        if len(self.key) > _LONGEST_KEY:
            digest = hashlib.sha256(self.key.encode()).hexdigest()[:16]
            self.key = f"{self.key[: _LONGEST_KEY - 17]}-{digest}"


@dataclass
class Unreadable:
    """A row that could not be read: its number in the source, counted from 1, and why."""

    row: int
    reason: str
    words: str = ""


@dataclass
class Gathered:
    """Everything that one reading of a source brought.

    source: its short name, kept with every field. seen_*: keys that occurred at all, readable or
    not; what did not occur is gone, if the source was read whole. damaged: keys of people in rows
    that could not be read, "" for whoever nobody can tell; places_damaged: whether there are such
    rows of places.
    """

    source: str
    label: str
    origin: str = ""
    rows_read: int = 0
    people: dict[str, PersonRecord] = field(default_factory=dict)
    cases: dict[str, CaseRecord] = field(default_factory=dict)
    places: dict[str, PlaceRecord] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    places_damaged: bool = False
    seen_people: list[str] = field(default_factory=list)
    seen_places: list[str] = field(default_factory=list)
    seen_cases: list[str] = field(default_factory=list)


def pack(gathered: Gathered) -> bytes:
    """As bytes, for keeping until somebody answered the doubts."""
    return zlib.compress(to_json(gathered), 3)


def unpack(packed: bytes) -> Gathered:
    """The opposite of `pack`."""
    values = from_json(zlib.decompressobj().decompress(packed, _MOST_BYTES))
    return Gathered(
        **{
            **values,
            "people": {key: PersonRecord(**row) for key, row in values["people"].items()},
            "cases": {key: CaseRecord(**row) for key, row in values["cases"].items()},
            "places": {key: PlaceRecord(**row) for key, row in values["places"].items()},
            "doubts": [Doubt(**row) for row in values["doubts"]],
            "unreadable": [Unreadable(**row) for row in values["unreadable"]],
        }
    )
