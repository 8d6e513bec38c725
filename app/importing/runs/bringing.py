"""One report while it is applied: whose it is, and what its references became."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random

from sqlmodel import Session, SQLModel, col, select

from app.catalogue.history import line_of
from app.catalogue.standing import Occasion
from app.importing.planning.plans import Step
from app.inserting import insert, table_of
from app.models import Event, Prosecution, SourceId
from app.moving import event_row, record
from app.sameness.fields import Fields

_DAYS = frozenset({"birthday", "release_on", "started_on", "first_verdict_on", "gone_on"})


@dataclass
class Bringing:
    """What everything that a report brings in has in common.

    source: its short name, kept with every field. label: what people call it. people, places: the
    source's id → ours, as they are entered. slugs: the public addresses that are taken. chance:
    for the place of new people among those with equally many letters.
    """

    source: str
    label: str
    occasion: Occasion
    chance: Random
    people: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)

    def person(self, ref: str) -> str | None:
        """Ours for a reference of a plan: "id:…" is ours already, "key:…" was entered meanwhile."""
        return _resolved(ref, self.people)

    def place(self, ref: str) -> str | None:
        """As `person`."""
        return _resolved(ref, self.places)

    def row_of(self, model: type[SQLModel], values: Fields) -> Fields:
        """A row of values that came from here; what is not said is as the model has it."""
        return _blank(model) | values | {"provenance": dict.fromkeys(values, self.source)}

    def not_there_yet(
        self, session: Session, subject: str, steps: Sequence[Step]
    ) -> Sequence[Step]:
        """Those that no other import entered meanwhile."""
        keys = [step.key for step in steps]
        there = set(
            session.exec(
                select(SourceId.key).where(
                    SourceId.source == self.source,
                    SourceId.subject == subject,
                    col(SourceId.key).in_(keys),
                )
            )
        )
        return [step for step in steps if step.key not in there]

    def entered(self, session: Session, subject: str, ids: dict[str, Sequence[str]]) -> None:
        """These are ours now, and the source knows them: our id → its ids."""
        links = [
            {
                "source": self.source,
                "subject": subject,
                "key": key,
                "target_id": target,
                "gone_on": None,
            }
            for target, keys in ids.items()
            for key in keys
        ]
        insert(session, SourceId, *links)
        insert(session, Event, *(self.event(subject, target, "imported") for target in ids))

    def event(self, subject: str, target_id: str, to: str, note_id: str | None = None) -> Fields:
        """A line of a history, as a row."""
        by, now, why = self.occasion.actor, self.occasion.now, self.label[:80]
        return event_row(subject, target_id, by, now, origin=None, to=to, why=why, note_id=note_id)

    def link(self, session: Session, subject: str, keys: Iterable[str], target_id: str) -> None:
        """These ids of the source are ours with `target_id`, and not gone."""
        for key in keys:
            row = session.get(SourceId, (self.source, subject, key))
            if row is None:
                known = SourceId(source=self.source, subject=subject, key=key, target_id=target_id)
                session.add(known)
            else:
                row.target_id, row.gone_on = target_id, None

    def gone(self, session: Session, subject: str, target_id: str) -> None:
        """Their history tells that the source has them no longer."""
        note, by = line_of("source", self.label), self.occasion.actor
        record(
            session, subject, target_id, by, self.occasion.now, origin=None, to="gone", note=note
        )

    def release(self, session: Session, steps: Iterable[Step]) -> None:
        """Ids that mean other people now let go of whom they meant: that is told there. What the
        source said of them and of their cases stays, as nobody's."""
        for step in steps:
            for key, before in step.released.items():
                known = session.get(SourceId, (self.source, "prisoner", key))
                if known is None or known.target_id != before:
                    continue
                session.delete(known)
                session.flush()
                theirs = select(Prosecution).where(
                    Prosecution.source == self.source, Prosecution.prisoner_id == before
                )
                for case in session.exec(theirs):
                    case.source_id = None
                self.gone(session, "prisoner", before)


def kept(values: Fields) -> Fields:
    """Values of a record as columns keep them: days are days."""
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in values.items()
    }


@cache
def _blank(model: type[SQLModel]) -> Fields:
    """A row with nothing but the defaults of its model."""
    return {**dict.fromkeys(table_of(model).c.keys()), **model().model_dump()}


def _resolved(ref: str, ours: dict[str, str]) -> str | None:
    kind, _, value = ref.partition(":")
    return value if kind == "id" else ours.get(value)
