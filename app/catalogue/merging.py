"""Two records of one person become one, and nothing of either is lost. It cannot be undone.

Everything that refers to the other record refers to the kept one from then on, letters go where
the person is, and the other row goes: the database refuses to forget anything that refers to it.
Its id and address lead to the kept record (`app.merged`), its events stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app import batching, locking, merged, moving, readdressing
from app.catalogue import joining_cases, letters, said_gone
from app.catalogue.history import apply, remember
from app.catalogue.joining import one_present_place
from app.catalogue.objecting import HIDDEN_FOR
from app.catalogue.refusing import do_not_ask_again, ids_in_sources
from app.catalogue.standing import Occasion, refresh
from app.catalogue.two_records import (
    FIELDS,
    WHEREABOUTS,
    Outcome,
    Record,
    Side,
    outcome,
    record_of,
)
from app.errors import Conflict, Invalid, NotFound
from app.inserting import table_of
from app.locale import N_
from app.models import (
    Correspondence,
    Facility,
    Letter,
    MergedPerson,
    Objection,
    Placement,
    Prisoner,
    Prosecution,
    Reservation,
    SourceId,
)
from app.models.importing import COORDINATOR
from app.spelling import search_name
from app.turns import Turn, take_turn

_FOLLOW: tuple[type[SQLModel], ...] = (
    Letter,
    Correspondence,
    Reservation,
    Placement,
    Prosecution,
    Objection,
)
_NOT_ENTERED = frozenset(
    {
        *("search_name", "shuffle", "eligible", "published", "named", "letter_count", "provenance"),
        *("picked_on", "picked_today", "portrait_file_id", "created_at", "changed_at"),
    }
)
"""What nobody would have to enter again."""


@dataclass(frozen=True)
class Merged:
    """What two records became. became: the mark of `Outcome`; files: nobody needs them any more,
    to be removed after the commit.
    """

    became: str
    files: list[str]


def merge(
    session: Session,
    kept_id: str,
    other_id: str,
    chosen: Mapping[str, Side],
    occasion: Occasion,
    *,
    per_batch: int = 1,
) -> Merged:
    """Make one person of two records; whatever is not `chosen` is as `two_records` has it.

    per_batch: how many letters to one person a batch may hold; more than that are put back.
    Raises `Invalid` for one and the same record, `NotFound`, and `Conflict` when they were merged
    meanwhile.
    """
    require_two(session, kept_id, other_id)
    _one_at_a_time(session, kept_id, other_id)
    require_two(session, kept_id, other_id)
    kept, other = record_of(session, kept_id), record_of(session, other_id)
    became = outcome(kept, other, chosen, occasion.today, occasion.address_days)
    mark = became.mark
    held = _what_it_held(session, other)
    cases = session.exec(select(Prosecution.id).where(Prosecution.prisoner_id == other_id)).all()
    place = one_present_place(session, kept, other, became, occasion)
    do_not_ask_again(session, kept, other, became, occasion)
    _hand_over(session, kept, other)
    said_gone.hand_over(session, kept_id, other_id, occasion.actor, occasion.now)
    joining_cases.join_identical(session, kept_id, cases, occasion)
    files = _become(session, kept, other, became, occasion)
    moving.record(
        session,
        "prisoner",
        kept_id,
        occasion.actor,
        occasion.now,
        origin=None,
        to="merged",
        note="\n".join(held),
    )
    _remove(session, kept, other, occasion)
    refresh(session, kept.person, occasion)
    to = None if became.hold else place
    changed = readdressing.readdress(
        session, kept_id, to, became.hold, occasion.actor, occasion.now
    )
    letters.tell(session, changed, occasion)
    batching.thin_out(session, kept_id, per_batch, occasion.actor, occasion.now)
    return Merged(mark, files)


def require_two(session: Session, kept_id: str, other_id: str) -> None:
    """Raises `Invalid` when they are one record, `Conflict` when one was merged, `NotFound`."""
    if kept_id == other_id:
        raise Invalid({"other": N_("This is the very same record.")})
    if merged.now_ids(session, [kept_id, other_id]):
        raise Conflict(N_("These records were merged already."))
    found = sa.select(sa.func.count()).where(col(Prisoner.id).in_([kept_id, other_id]))
    if session.execute(found).scalar_one() != 2:
        raise NotFound("There is no such person.")


def _one_at_a_time(session: Session, kept_id: str, other_id: str) -> None:
    """Everything that changes is locked in the order of everybody (`app.locking`).

    So nobody waits for us who holds what we wait for, and whoever counts, writes or moves a letter
    comes before or after.
    """
    take_turn(session, Turn.MERGING)
    locking.lock_batches(session, kept_id, other_id)
    forms = select(Reservation.id).where(Reservation.prisoner_id == other_id)
    session.exec(forms.order_by(col(Reservation.id)).with_for_update()).all()
    people = select(Prisoner).where(col(Prisoner.id).in_([kept_id, other_id]))
    session.exec(
        people.order_by(col(Prisoner.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    theirs = select(Letter.id).where(Letter.prisoner_id == other_id)
    session.exec(theirs.order_by(col(Letter.id)).with_for_update()).all()


def _hand_over(session: Session, kept: Record, other: Record) -> None:
    """Whatever refers to the other record refers to the kept one."""
    for model in _FOLLOW:
        table = table_of(model)
        _update(session, table, table.c.prisoner_id == other.person.id, prisoner_id=kept.person.id)
    known = table_of(SourceId)
    ours = sa.and_(known.c.subject == "prisoner", known.c.target_id == other.person.id)
    _update(session, known, ours, target_id=kept.person.id)
    earlier = table_of(MergedPerson)
    _update(session, earlier, earlier.c.kept_id == other.person.id, kept_id=kept.person.id)
    moving.count(session, kept.person.id, other.person.letter_count)


def _update(
    session: Session, table: sa.Table, which: sa.ColumnElement[bool], **values: Any
) -> None:
    session.connection().execute(sa.update(table).where(which).values(**values))


def _become(
    session: Session, kept: Record, other: Record, became: Outcome, occasion: Occasion
) -> list[str]:
    """Set what the person becomes; every value brings with it where it came from."""
    row, known = kept.person, dict(kept.person.provenance)
    changed = apply(row, became.values)
    changed.pop("hidden", None)
    row.eligible = row.eligible and not row.hidden
    for field, side in became.sides.items():
        taken = other if side is Side.OTHER else kept
        left_out = kept if taken is other else other
        columns = (*FIELDS[field], *(["facility"] if field == WHEREABOUTS else []))
        if taken.is_empty(field) and not left_out.is_empty(field):
            known |= dict.fromkeys(columns, COORDINATOR)
        elif taken is other:
            origins = other.person.provenance
            known |= {column: origins.get(column, COORDINATOR) for column in columns}
    row.provenance = known
    row.search_name = search_name(row.surname, row.given_name, row.patronymic, row.latin_name)
    row.changed_at = occasion.now
    _add_picks(row, other.person)
    if other.person.hidden and kept.hidden_for in (None, HIDDEN_FOR):
        # Whoever shows the person again must know of a reason that no objection gave.
        remember(session, "prisoner", row.id, "hidden", occasion, {}, other.hidden_for or "")
    if changed:
        remember(session, "prisoner", row.id, "edited", occasion, changed)
    if row.portrait_file_id is None:
        row.portrait_file_id = other.person.portrait_file_id
    elif other.person.portrait_file_id is not None:
        return [other.person.portrait_file_id]
    return []


def _add_picks(row: Prisoner, other: Prisoner) -> None:
    """Random letters of a day count for one person now."""
    if other.picked_on is None or (row.picked_on and row.picked_on > other.picked_on):
        return
    before = row.picked_today if row.picked_on == other.picked_on else 0
    row.picked_on, row.picked_today = other.picked_on, before + other.picked_today


def _what_it_held(session: Session, other: Record) -> list[str]:
    """Everything of the other record, as lines that somebody could enter again."""
    facts = {
        name: value
        for name, value in other.person.model_dump(exclude=set(_NOT_ENTERED)).items()
        if value not in (None, "", False)
    }
    stays = session.exec(
        select(Placement, Facility.name_ru)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(Placement.prisoner_id == other.person.id)
        .order_by(col(Placement.from_day))
    ).all()
    numbers = select(Letter.number).where(Letter.prisoner_id == other.person.id)
    return [
        *(f"{name}: {'yes' if value is True else value}" for name, value in facts.items()),
        *(f"facility: {name}, {stay.from_day} – {stay.to_day or ''}" for stay, name in stays),
        *(f"source: {each.source} {each.key}" for each in ids_in_sources(session, other)),
        f"letters: {', '.join(session.exec(numbers.order_by(col(Letter.number)))) or '0'}",
    ]


def _remove(session: Session, kept: Record, other: Record, occasion: Occasion) -> None:
    session.flush()
    gone = MergedPerson(
        id=other.person.id,
        slug=other.person.slug,
        kept_id=kept.person.id,
        merged_at=occasion.now,
    )
    session.delete(other.person)
    session.flush()
    session.add(gone)
    session.flush()
