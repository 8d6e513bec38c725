"""Who may be written to: the one rule behind being shown, being chosen, and being picked.

It errs on the side of silence. A person is shown only after a coordinator confirmed custody, an
address, and the source and date of the wish for letters; some people never are.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from app.ages import may_be_under_age


class Why(StrEnum):
    """A reason why somebody may not be written to, or not be picked at random."""

    HIDDEN = "hidden"
    UNDER_18 = "under_18"
    PRISONER_OF_WAR = "prisoner_of_war"
    INCOMMUNICADO = "incommunicado"
    ABROAD = "abroad"
    WANTED = "wanted"
    HOUSE_ARREST = "house_arrest"
    RELEASED = "released"
    EXCHANGED = "exchanged"
    DEAD = "dead"
    UNKNOWN_STATUS = "unknown"
    NO_WISH = "no_wish"
    NO_WISH_SOURCE = "no_wish_source"
    NO_WISH_DATE = "no_wish_date"
    CUSTODY_UNCONFIRMED = "custody_unconfirmed"
    NO_BIRTH_YEAR = "no_birth_year"
    NO_PATRONYMIC = "no_patronymic"
    DATIVE_UNCONFIRMED = "dative_unconfirmed"
    NO_PLACE = "no_place"
    ADDRESS_UNCHECKED = "address_unchecked"
    ADDRESS_INCOMPLETE = "address_incomplete"
    IN_TRANSFER = "in_transfer"
    ADDRESS_STALE = "address_stale"


_STATUS = {
    "released": Why.RELEASED,
    "exchanged": Why.EXCHANGED,
    "dead": Why.DEAD,
    "unknown": Why.UNKNOWN_STATUS,
    "house_arrest": Why.HOUSE_ARREST,
}
_ONLY_WAITS = frozenset({Why.IN_TRANSFER, Why.ADDRESS_STALE})
"""A letter to such a person can be written; it waits until there is an address to print."""


class PersonFacts(Protocol):
    """What the rule reads of a person; `app.models.Prisoner` has it."""

    status: str
    bar: str | None
    hidden: bool
    wants_letters: bool
    wish_source: str
    wish_date: date | None
    custody_confirmed_on: date | None
    birth_year: int | None
    birthday: date | None
    patronymic: str | None
    has_patronymic: bool
    dative_name: str | None
    dative_confirmed: bool


@dataclass(frozen=True)
class PlacementFacts:
    """The present placement: when its address was checked, and whether an envelope can bear it."""

    checked_on: date | None
    complete: bool


@dataclass(frozen=True)
class Standing:
    """What the rule says of one person, with every reason against it."""

    reasons: tuple[Why, ...]

    @property
    def shown(self) -> bool:
        """Published, found by search, and may be chosen by name."""
        return _ONLY_WAITS.issuperset(self.reasons)

    @property
    def writable(self) -> bool:
        """Letters are taken."""
        return self.shown

    @property
    def picked(self) -> bool:
        """May be given to somebody who asks for the next person."""
        return not self.reasons


def eligibility(
    person: PersonFacts, placement: PlacementFacts | None, today: date, address_days: int
) -> Standing:
    """Whether `person` may be shown, chosen and picked `today`.

    address_days: age at which a checked address may no longer be printed.
    """
    against = [
        *_never(person, today),
        *_unconfirmed(person),
        *_address(person, placement, today, address_days),
    ]
    return Standing(tuple(dict.fromkeys(against)))


def _never(person: PersonFacts, today: date) -> list[Why]:
    reasons = [Why.HIDDEN] if person.hidden else []
    if person.bar is not None:
        reasons.append(Why(person.bar))
    if may_be_under_age(person.birth_year, person.birthday, today):
        reasons.append(Why.UNDER_18)
    if person.status in _STATUS:
        reasons.append(_STATUS[person.status])
    return reasons


def _unconfirmed(person: PersonFacts) -> list[Why]:
    missing = {
        Why.NO_WISH: not person.wants_letters,
        Why.NO_WISH_SOURCE: not person.wish_source.strip(),
        Why.NO_WISH_DATE: person.wish_date is None,
        Why.CUSTODY_UNCONFIRMED: person.custody_confirmed_on is None,
        Why.NO_BIRTH_YEAR: person.birth_year is None,
        Why.NO_PATRONYMIC: person.has_patronymic and not person.patronymic,
        Why.DATIVE_UNCONFIRMED: not (person.dative_name and person.dative_confirmed),
    }
    return [reason for reason, found in missing.items() if found]


def _address(
    person: PersonFacts, placement: PlacementFacts | None, today: date, address_days: int
) -> list[Why]:
    if person.status == "in_transfer":
        return [Why.IN_TRANSFER]
    if placement is None:
        return [Why.NO_PLACE]
    if placement.checked_on is None:
        return [Why.ADDRESS_UNCHECKED]
    if not placement.complete:
        return [Why.ADDRESS_INCOMPLETE]
    return [Why.ADDRESS_STALE] if (today - placement.checked_on).days > address_days else []
