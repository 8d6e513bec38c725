"""What an import would do, step by step, and what it has to ask first."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from app.importing.records import Doubt, Gathered, Unreadable
from app.sameness.fields import Fields

Kind = Literal["new", "changed", "gone"]
Topic = Literal["place", "person", "case"]

_ORDER: tuple[tuple[Kind, Topic], ...] = (
    ("new", "place"),
    ("changed", "place"),
    ("new", "person"),
    ("changed", "person"),
    ("new", "case"),
    ("changed", "case"),
    ("gone", "place"),
    ("gone", "person"),
    ("gone", "case"),
)


@dataclass
class Step:
    """One thing to do. values: column → new value; before: what it was, for a change.

    A person's `facility` and a case's `person` are references: "id:…" for one of ours, "key:…"
    for one that is new in this plan. keys: all the source's ids of a person or a place.
    letters: how many letters under way it may hold, re-address or let go. released: of the keys
    those that meant somebody else of ours until now → whom.
    """

    kind: Kind
    topic: Topic
    keys: list[str]
    title: str
    target_id: str | None = None
    values: Fields = field(default_factory=dict)
    before: Fields = field(default_factory=dict)
    letters: int = 0
    released: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.keys[0]


@dataclass
class Plan:
    """Steps in the order in which they are done: places, people, their cases, what is gone.

    unsure: of our people those whose id may be somebody else's now, until that is answered.
    """

    source: str
    label: str
    rows_read: int
    steps: list[Step] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each: "new.person", "changed.case", "doubtful", "unreadable" …"""
        counted = Counter(f"{step.kind}.{step.topic}" for step in self.steps)
        counted["doubtful"] = len(self.doubts)
        counted["unreadable"] = len(self.unreadable)
        counted["letters"] = sum(step.letters for step in self.steps)
        return {name: number for name, number in sorted(counted.items()) if number}

    def put_in_order(self) -> None:
        """Places before the people in them, people before their cases, what is gone at the end.

        Of doubts first whether somebody is still there, then those on which most letters hang.
        """
        self.doubts.sort(key=lambda doubt: (not doubt.detail.get("gone"), -doubt.letters))
        self.steps.sort(key=lambda step: _ORDER.index((step.kind, step.topic)))


def begun(gathered: Gathered) -> Plan:
    """A plan without steps, for what was gathered."""
    return Plan(gathered.source, gathered.label, gathered.rows_read, unreadable=gathered.unreadable)
