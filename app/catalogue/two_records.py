"""Two records of one person, side by side: what differs, what is chosen, what they would become.

Nothing is changed here; `app.catalogue.merging` does what is foreseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.addressing import present_place, standing_hold
from app.catalogue.editing import suggested_dative
from app.catalogue.objecting import HIDDEN_FOR, why_hidden
from app.catalogue.rules import PlacementFacts, Standing, eligibility
from app.catalogue.standing import is_complete, person
from app.lifecycle import Hold
from app.models import Facility, Placement, Prisoner
from app.models.importing import COORDINATOR

WHEREABOUTS = "whereabouts"
FIELDS: dict[str, tuple[str, ...]] = {
    "surname": ("surname",),
    "given_name": ("given_name",),
    "patronymic": ("patronymic", "has_patronymic"),
    "latin_name": ("latin_name",),
    "gender": ("gender",),
    "birth": ("birthday", "birth_year"),
    WHEREABOUTS: ("status",),
    "bar": ("bar",),
    "release_on": ("release_on",),
    "languages_read": ("languages_read",),
    "origin_en": ("origin_en",),
    "origin_ru": ("origin_ru",),
    "profession_en": ("profession_en",),
    "profession_ru": ("profession_ru",),
    "interests_en": ("interests_en",),
    "interests_ru": ("interests_ru",),
    "story_en": ("story_en",),
    "story_ru": ("story_ru",),
}
"""What is chosen as one, and the columns it consists of; whereabouts bring the place with them."""
_NAME = ("surname", "given_name", "patronymic", "gender")


class Side(StrEnum):
    """Of the two records, the one that is kept, or the other."""

    KEPT = "kept"
    OTHER = "other"


@dataclass(frozen=True)
class Record:
    """A person as one record has them. left_on: the last day at the last place, when at none now.

    hidden_for: why they are hidden, None when they are not.
    """

    person: Prisoner
    placed: tuple[Placement, Facility] | None
    left_on: date | None
    hidden_for: str | None

    @property
    def facility_id(self) -> str | None:
        return self.placed[1].id if self.placed else None

    def origin(self, field: str) -> str:
        """Where a field comes from; what nobody noted one of us entered. "" when it is empty."""
        column = "facility" if field == WHEREABOUTS and self.placed else FIELDS[field][0]
        if self.is_empty(field):
            return ""
        return self.person.provenance.get(column, COORDINATOR)

    def is_empty(self, field: str) -> bool:
        """Whether the record says nothing about it."""
        if field == WHEREABOUTS:
            return self.person.status == "unknown" and self.placed is None
        if field == "patronymic":
            return not self.person.patronymic and self.person.has_patronymic
        return not any(getattr(self.person, column) for column in FIELDS[field])

    def says(self, field: str) -> tuple[Any, ...]:
        """What it says, to be compared with another's."""
        values = tuple(getattr(self.person, column) or None for column in FIELDS[field])
        return (*values, self.facility_id) if field == WHEREABOUTS else values


@dataclass(frozen=True)
class Outcome:
    """What the two would become.

    sides: whose value is taken, for every field that differs. values: columns of the person.
    place: where they are. hold: why letters would wait. undisturbed: present placements whose
    letters need no other address or name.
    """

    sides: dict[str, Side]
    values: dict[str, Any]
    place: tuple[Placement, Facility] | None
    checked_on: date | None
    standing: Standing
    hold: Hold | None
    undisturbed: frozenset[str]

    @property
    def mark(self) -> str:
        """The same for the same values at the same place; others have another."""
        facility_id = self.place[1].id if self.place else None
        became = (self.sides, self.values, facility_id, self.checked_on, self.hold)
        return sha256(repr(became).encode()).hexdigest()[:16]


def record_of(session: Session, prisoner_id: str) -> Record:
    """One of the two, as it is now. Raises `NotFound`."""
    row = person(session, prisoner_id)
    placed = present_place(session, prisoner_id)
    stays = sa.select(sa.func.max(col(Placement.to_day)))
    left_on = session.execute(stays.where(col(Placement.prisoner_id) == prisoner_id)).scalar()
    hidden_for = (why_hidden(session, prisoner_id) or "") if row.hidden else None
    return Record(row, placed, None if placed else left_on, hidden_for)


def differences(kept: Record, other: Record) -> dict[str, Side]:
    """The fields in which two records differ, and whose value is taken unless somebody chooses.

    The kept record's, unless it is empty; what one of us entered before what a list said.
    """
    return {
        field: _usual(field, kept, other)
        for field in FIELDS
        if kept.says(field) != other.says(field)
    }


def outcome(
    kept: Record, other: Record, chosen: Mapping[str, Side], today: date, address_days: int
) -> Outcome:
    """What becomes of the two if these sides are chosen; whatever is not chosen is as usual."""
    sides = {field: chosen.get(field, usual) for field, usual in differences(kept, other).items()}
    values = {
        column: getattr((kept if side is Side.KEPT else other).person, column)
        for field, side in sides.items()
        for column in FIELDS[field]
    }
    values |= _name_for_envelopes(kept.person, other.person, values)
    for wish in ("hidden", "identity_hidden"):
        values[wish] = getattr(kept.person, wish) or getattr(other.person, wish)
    if other.person.wish_source and not other.person.wants_letters:
        values["wants_letters"] = False  # taken back: no older wish of the other record counts
    if other.person.wish_source and not other.person.may_be_named:
        values["may_be_named"] = False
    there = other if sides.get(WHEREABOUTS) is Side.OTHER else kept
    if there is other:
        values["status_since"] = other.person.status_since
    checked_on = _checked_on(there, kept, other)
    became = _became(kept.person, values)
    standing = _standing(became, there, checked_on, today, address_days)
    was_writable = kept.person.published and not kept.person.hidden
    if (standing.writable and not was_writable) or (standing.shown and not kept.person.is_public):
        # Merging alone makes nobody writable or known: somebody makes sure of custody once more.
        values["custody_confirmed_on"] = None
        became = _became(kept.person, values)
        standing = _standing(became, there, checked_on, today, address_days)
    return Outcome(
        sides,
        values,
        there.placed,
        checked_on,
        standing,
        _hold(became, there, standing, today, kept, other),
        frozenset(
            each.placed[0].id
            for each in (kept, other)
            if each.placed
            and each.facility_id == there.facility_id
            and _on_envelopes(each.person) == _on_envelopes(became)
        ),
    )


def _usual(field: str, kept: Record, other: Record) -> Side:
    if field == WHEREABOUTS:
        return Side.OTHER if _known_since(other) > _known_since(kept) else Side.KEPT
    if kept.is_empty(field) or (field == "birth" and _is_more_exact(other.person, kept.person)):
        return Side.OTHER
    ours_beats_theirs = kept.origin(field) != COORDINATOR and other.origin(field) == COORDINATOR
    return Side.OTHER if ours_beats_theirs else Side.KEPT


def _known_since(record: Record) -> tuple[bool, date]:
    """Whereabouts checked most recently come last; the day of a departure is known as well."""
    day = record.placed[0].checked_on if record.placed else record.left_on
    return not record.is_empty(WHEREABOUTS), day or date.min


def _is_more_exact(one: Prisoner, than: Prisoner) -> bool:
    same_year = than.birth_year is None or one.birth_year == than.birth_year
    return than.birthday is None and one.birthday is not None and same_year


def _name_for_envelopes(
    kept: Prisoner, other: Prisoner, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The dative of whichever record bears the whole name; a mixed one has to be confirmed."""
    became = _became(kept, values)
    for each in (kept, other):
        if all(getattr(each, part) == getattr(became, part) for part in _NAME):
            return {"dative_name": each.dative_name, "dative_confirmed": each.dative_confirmed}
    return {"dative_name": suggested_dative(became), "dative_confirmed": False}


def _became(kept: Prisoner, values: Mapping[str, Any]) -> Prisoner:
    """Nobody's row: only for asking the rules."""
    return Prisoner(**{**kept.model_dump(), **values})


def _checked_on(there: Record, *records: Record) -> date | None:
    """When the address was last checked, by either record that has them there."""
    days = [
        each.placed[0].checked_on
        for each in records
        if each.placed and each.facility_id == there.facility_id
    ]
    return max((day for day in days if day), default=None)


def _standing(
    became: Prisoner, there: Record, checked_on: date | None, today: date, address_days: int
) -> Standing:
    facts = PlacementFacts(checked_on, is_complete(there.placed[1])) if there.placed else None
    return eligibility(became, facts, today, address_days)


def _hold(
    became: Prisoner, there: Record, standing: Standing, today: date, *records: Record
) -> Hold | None:
    reason = standing_hold(became, today)
    if became.hidden and HIDDEN_FOR not in {each.hidden_for for each in records}:
        return Hold.NOT_WRITABLE
    if reason is None and there.placed is None:
        return Hold.NO_ADDRESS
    return reason or (None if standing.writable else Hold.NOT_WRITABLE)


def _on_envelopes(row: Prisoner) -> tuple[str | None, int | None]:
    return row.dative_name if row.dative_confirmed else None, row.birth_year
