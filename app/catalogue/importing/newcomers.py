"""New people, places and cases, entered many at a time. Nobody sees them until confirmed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.catalogue.editing import suggested_dative
from app.catalogue.importing.plans import Step
from app.catalogue.importing.records import Fields
from app.catalogue.standing import Occasion
from app.database import insert
from app.models import Event, Facility, Placement, Prisoner, Prosecution, SourceId
from app.models.columns import new_id
from app.searching import plain, search_name
from mailing.names import transliterate

_DAYS = frozenset({"birthday", "started_on", "first_verdict_on", "gone_on"})


@dataclass
class Whereto:
    """Ours for the references of a plan: "id:…" is ours already, "key:…" became ours meanwhile."""

    people: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)

    def person(self, ref: str) -> str | None:
        return _resolved(ref, self.people)

    def place(self, ref: str) -> str | None:
        return _resolved(ref, self.places)


def kept(values: Fields) -> Fields:
    """Values of a record as columns keep them: days are days."""
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in values.items()
    }


def enter_places(
    session: Session,
    steps: Sequence[Step],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
) -> None:
    """Places with their addresses; those that another import entered meanwhile are passed over."""
    steps = _not_there_yet(session, source, "facility", steps)
    rows = []
    for step in steps:
        row = Facility(**kept(step.values), source=label, created_at=occasion.now)
        row.provenance = dict.fromkeys(step.values, source)
        rows.append(row)
        whereto.places[step.key] = row.id
    if rows:
        insert(session, Facility, *(row.model_dump() for row in rows))
        ids = [(step.keys, row.id) for step, row in zip(steps, rows, strict=True)]
        _link(session, source, "facility", ids)
        _remember(session, "facility", [row.id for row in rows], label, occasion)


def prepare_people(
    steps: Sequence[Step],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
    chance: Any,
) -> list[tuple[Step, Prisoner]]:
    """Rows for new people, made outside any transaction: names are declined and transliterated.

    chance: a `random.Random` for their place among people with equally many letters.
    """
    prepared = []
    for step in steps:
        values = kept({k: v for k, v in step.values.items() if k != "facility"})
        given = f"{values['given_name']} {values['surname']}"
        values.setdefault("latin_name", transliterate(given)[:160])
        row = Prisoner(
            **values,
            id=new_id(),
            slug="",
            source=label,
            shuffle=chance.random(),
            created_at=occasion.now,
            changed_at=occasion.now,
        )
        row.search_name = search_name(row.surname, row.given_name, row.patronymic, row.latin_name)
        row.dative_name = suggested_dative(row)
        row.provenance = dict.fromkeys(step.values, source)
        row.slug = _free_slug(row.latin_name, whereto.slugs)
        prepared.append((step, row))
    return prepared


def enter_people(
    session: Session,
    prepared: Sequence[tuple[Step, Prisoner]],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
) -> None:
    """Unpublished, ineligible, without any wish: whatever a source says, that is ours to learn."""
    steps = _not_there_yet(session, source, "prisoner", [step for step, _ in prepared])
    keys = {step.key for step in steps}
    new = [(step, row) for step, row in prepared if step.key in keys]
    if not new:
        return
    slugs = [row.slug for _, row in new]
    taken = set(session.exec(select(Prisoner.slug).where(col(Prisoner.slug).in_(slugs))))
    placements = []
    for step, row in new:
        if row.slug in taken:
            row.slug = f"{row.slug}-{row.id[:6]}"
        whereto.people |= dict.fromkeys(step.keys, row.id)
        facility_id = whereto.place(step.values.get("facility", ""))
        if facility_id:
            stay = Placement(
                prisoner_id=row.id,
                facility_id=facility_id,
                from_day=occasion.today,
                source=label,
            )
            placements.append(stay.model_dump())
    insert(session, Prisoner, *(row.model_dump() for _, row in new))
    if placements:
        insert(session, Placement, *placements)
    _link(session, source, "prisoner", [(step.keys, row.id) for step, row in new])
    _remember(session, "prisoner", [row.id for _, row in new], label, occasion)


def enter_cases(session: Session, steps: Sequence[Step], source: str, whereto: Whereto) -> None:
    """Cases of people who are there; the others wait with their people."""
    keys = [step.key for step in steps]
    known = set(
        session.exec(
            select(Prosecution.source_id).where(
                Prosecution.source == source, col(Prosecution.source_id).in_(keys)
            )
        )
    )
    rows = []
    for step in steps:
        person = whereto.person(step.values["person"])
        if person is not None and step.key not in known:
            values = kept({k: v for k, v in step.values.items() if k != "person"})
            row = Prosecution(**values, prisoner_id=person, source=source, source_id=step.key)
            row.provenance = dict.fromkeys(values, source)
            rows.append(row.model_dump())
    if rows:
        insert(session, Prosecution, *rows)


def link(session: Session, source: str, subject: str, keys: Iterable[str], target_id: str) -> None:
    """Note that these ids of a source are ours with `target_id`, and not gone."""
    for key in keys:
        row = session.get(SourceId, (source, subject, key))
        if row is None:
            session.add(SourceId(source=source, subject=subject, key=key, target_id=target_id))
        else:
            row.target_id, row.gone_on = target_id, None


def slugs_taken(session: Session) -> set[str]:
    """The public addresses of everybody."""
    return set(session.execute(sa.select(col(Prisoner.slug))).scalars())


def _resolved(ref: str, ours: dict[str, str]) -> str | None:
    kind, _, value = ref.partition(":")
    return value if kind == "id" else ours.get(value)


def _not_there_yet(
    session: Session, source: str, subject: str, steps: Sequence[Step]
) -> list[Step]:
    keys = [step.key for step in steps]
    there = set(
        session.exec(
            select(SourceId.key).where(
                SourceId.source == source,
                SourceId.subject == subject,
                col(SourceId.key).in_(keys),
            )
        )
    )
    return [step for step in steps if step.key not in there]


def _link(
    session: Session, source: str, subject: str, ids: Iterable[tuple[list[str], str]]
) -> None:
    rows = [
        {"source": source, "subject": subject, "key": key, "target_id": target, "gone_on": None}
        for keys, target in ids
        for key in keys
    ]
    insert(session, SourceId, *rows)


def _remember(
    session: Session, subject: str, ids: Iterable[str], label: str, occasion: Occasion
) -> None:
    rows = [
        {
            "subject": subject,
            "subject_id": subject_id,
            "at": occasion.now,
            "actor": occasion.actor.kind,
            "staff_id": occasion.actor.staff_id,
            "origin": None,
            "to": "imported",
            "why": label[:80],
            "note_id": None,
        }
        for subject_id in ids
    ]
    insert(session, Event, *rows)


def _free_slug(latin_name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", plain(latin_name)).strip("-")[:60] or "person"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug
