"""New people and places, entered many at a time. Nobody sees them until confirmed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random

from sqlmodel import Session, SQLModel, col, select

from app import merged
from app.catalogue.history import line_of
from app.catalogue.standing import Occasion
from app.importing.planning.plans import Step
from app.inserting import insert, table_of
from app.models import Event, Facility, Placement, Prisoner, Prosecution, SourceId
from app.models.columns import new_id
from app.moving import record
from app.sameness.fields import Fields
from app.searching import plain, search_name
from mailing.names import CannotDecline, dative, transliterate

_DAYS = frozenset({"birthday", "release_on", "started_on", "first_verdict_on", "gone_on"})


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
        facility_id = whereto.places[step.key] = new_id()
        mark = {"id": facility_id, "source": label, "created_at": occasion.now}
        rows.append(row_of(Facility, kept(step.values), source) | mark)
    if rows:
        ids = [row["id"] for row in rows]
        insert(session, Facility, *rows)
        _link(session, source, "facility", zip([step.keys for step in steps], ids, strict=True))
        _remember(session, "facility", ids, label, occasion)


def prepare_people(
    steps: Sequence[Step],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
    chance: Random,
) -> list[tuple[Step, Fields]]:
    """Rows for new people, made outside any transaction: names are declined and transliterated.

    chance: for their place among people with equally many letters.
    """
    prepared = []
    for step in steps:
        values = kept({name: value for name, value in step.values.items() if name != "facility"})
        surname, given = values["surname"], values["given_name"]
        patronymic = values.get("patronymic")
        latin = values.get("latin_name") or transliterate(f"{given} {surname}")[:160]
        row = row_of(Prisoner, values, source) | {
            "id": new_id(),
            "slug": _free_slug(latin, whereto.slugs),
            "latin_name": latin,
            "search_name": search_name(surname, given, patronymic, latin),
            "dative_name": _dative(surname, given, patronymic or "", values["gender"]),
            "source": label,
            "shuffle": chance.random(),
            "created_at": occasion.now,
            "changed_at": occasion.now,
        }
        row["provenance"] |= dict.fromkeys(step.values.keys() & {"facility"}, source)
        prepared.append((step, row))
    return prepared


def enter_people(
    session: Session,
    prepared: Sequence[tuple[Step, Fields]],
    source: str,
    label: str,
    whereto: Whereto,
    occasion: Occasion,
) -> None:
    """Unpublished, ineligible, without any wish: whatever a source says, that is ours to learn."""
    release(session, source, label, [step for step, _ in prepared], occasion)
    steps = _not_there_yet(session, source, "prisoner", [step for step, _ in prepared])
    keys = {step.key for step in steps}
    new = [(step, row) for step, row in prepared if step.key in keys]
    if not new:
        return
    slugs = [row["slug"] for _, row in new]
    taken = set(session.exec(select(Prisoner.slug).where(col(Prisoner.slug).in_(slugs))))
    stays = []
    for step, row in new:
        if row["slug"] in taken:
            row["slug"] = f"{row['slug']}-{row['id'][:6]}"
        for key in step.keys:
            whereto.people[key] = row["id"]
        facility_id = whereto.place(step.values.get("facility", ""))
        if facility_id:
            stays.append(
                {
                    "id": new_id(),
                    "prisoner_id": row["id"],
                    "facility_id": facility_id,
                    "from_day": occasion.today,
                    "to_day": None,
                    "source": label,
                    "checked_on": None,
                }
            )
    insert(session, Prisoner, *(row for _, row in new))
    if stays:
        insert(session, Placement, *stays)
    _link(session, source, "prisoner", ((step.keys, row["id"]) for step, row in new))
    _remember(session, "prisoner", [row["id"] for _, row in new], label, occasion)


def release(
    session: Session, source: str, label: str, steps: Iterable[Step], occasion: Occasion
) -> None:
    """Ids that mean other people now let go of whom they meant: that is told there. What the
    source said of them and of their cases stays, as nobody's."""
    for step in steps:
        for key, before in step.released.items():
            known = session.get(SourceId, (source, "prisoner", key))
            if known is None or known.target_id != before:
                continue
            session.delete(known)
            session.flush()
            theirs = select(Prosecution).where(
                Prosecution.source == source, Prosecution.prisoner_id == before
            )
            for case in session.exec(theirs):
                case.source_id = None
            note, by = line_of("source", label), occasion.actor
            record(session, "prisoner", before, by, occasion.now, origin=None, to="gone", note=note)


def link(session: Session, source: str, subject: str, keys: Iterable[str], target_id: str) -> None:
    """Note that these ids of a source are ours with `target_id`, and not gone."""
    for key in keys:
        row = session.get(SourceId, (source, subject, key))
        if row is None:
            session.add(SourceId(source=source, subject=subject, key=key, target_id=target_id))
        else:
            row.target_id, row.gone_on = target_id, None


def slugs_taken(session: Session) -> set[str]:
    """The public addresses of everybody, and of records that were merged into others."""
    return merged.slugs_like(session, "")


@cache
def _blank(model: type[SQLModel]) -> Fields:
    """A row with nothing but the defaults of its model."""
    return {**dict.fromkeys(table_of(model).c.keys()), **model().model_dump()}


def row_of(model: type[SQLModel], values: Fields, source: str) -> Fields:
    """A row of values that came from `source`; what it does not say is as the model has it."""
    return _blank(model) | values | {"provenance": dict.fromkeys(values, source)}


def _dative(surname: str, given: str, patronymic: str, gender: str) -> str | None:
    try:
        return dative(surname, given, patronymic, "female" if gender == "she" else "male")
    except CannotDecline:
        return None


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
