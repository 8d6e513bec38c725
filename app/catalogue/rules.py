"""Who may be named and written to: the one rule behind being shown, being chosen, being picked.

It errs on the side of silence, and answers three questions:

- *writable*: may be chosen by name. Only after a coordinator confirmed custody, an address, and the
  source and date of the wish for letters; some people never are.
- *picked*: may be given to whoever asks for the next person: writable, and nothing waits.
- *shown*: has a page and is found by the search. Whoever is writable is, unless they do not want to
  be named. Whoever is not is shown only if they wish to be named all the same: somebody who wants
  no letters, is free again, or is at home under arrest; of the dead, where the family wishes it.
  That wish needs its source and date too, and custody confirmed once. It does not count for those
  in `SILENT_FOR`: whom a name in public could hurt, who may be a child, and whose whereabouts
  nobody knows.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from app.ages import may_be_under_age
from mailing.names import has_latin


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
    LATIN_LETTERS = "latin_letters"
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
FORBIDS = frozenset(
    {
        *(Why.UNDER_18, Why.PRISONER_OF_WAR, Why.INCOMMUNICADO, Why.ABROAD, Why.WANTED),
        *_STATUS.values(),
    }
)
"""Who and where somebody is, where nobody may write to such a person."""
SILENT_FOR = frozenset(
    {
        *(Why.HIDDEN, Why.UNDER_18, Why.NO_BIRTH_YEAR),
        *(Why.PRISONER_OF_WAR, Why.INCOMMUNICADO, Why.ABROAD, Why.WANTED, Why.UNKNOWN_STATUS),
        *(Why.NO_WISH_SOURCE, Why.NO_WISH_DATE, Why.CUSTODY_UNCONFIRMED),
    }
)
"""Reasons against writing for which nobody is named either, whatever they wish."""


class NoLetters(StrEnum):
    """Why nobody can write to somebody who is shown, as everybody is told."""

    DEAD = "dead"
    FREE = "free"
    HOUSE_ARREST = "house_arrest"
    NOT_WANTED = "not_wanted"
    NO_ADDRESS = "no_address"
    NOT_READY = "not_ready"


_BY_STATUS = {
    "dead": NoLetters.DEAD,
    "released": NoLetters.FREE,
    "exchanged": NoLetters.FREE,
    "house_arrest": NoLetters.HOUSE_ARREST,
}


class Named(Protocol):
    """The names of a person, and what the envelope says."""

    @property
    def surname(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def patronymic(self) -> str | None: ...
    @property
    def dative_name(self) -> str | None: ...


class PersonFacts(Protocol):
    """What the rule reads of a person; `app.models.Prisoner` has it."""

    status: str
    bar: str | None
    hidden: bool
    wants_letters: bool
    may_be_named: bool
    identity_hidden: bool
    wish_source: str
    wish_date: date | None
    custody_confirmed_on: date | None
    birth_year: int | None
    birthday: date | None
    surname: str
    given_name: str
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
    """What the rule says of one person. reasons: everything that stands against letters."""

    reasons: tuple[Why, ...]
    may_be_named: bool
    identity_hidden: bool

    @property
    def writable(self) -> bool:
        """Letters are taken; who wants to be known may be chosen by name."""
        return _ONLY_WAITS.issuperset(self.reasons)

    @property
    def picked(self) -> bool:
        """May be given to somebody who asks for the next person."""
        return not self.reasons

    @property
    def shown(self) -> bool:
        """Has a page, and is found by the search."""
        return not self.identity_hidden and (self.writable or self._named_all_the_same)

    @property
    def forbidden(self) -> bool:
        """Nobody may write because of who or where somebody is, whatever else is known."""
        return not FORBIDS.isdisjoint(self.reasons)

    @property
    def silences(self) -> tuple[Why, ...]:
        """Those of the reasons for which a wish to be named does not count."""
        return tuple(reason for reason in self.reasons if reason in SILENT_FOR)

    @property
    def _named_all_the_same(self) -> bool:
        return self.may_be_named and not self.silences


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
    reasons = tuple(dict.fromkeys(against))
    return Standing(reasons, person.may_be_named, person.identity_hidden)


def why_no_letters(person: PersonFacts, placement: PlacementFacts | None) -> NoLetters:
    """What weighs most, of somebody who is shown and not writable."""
    if person.status in _BY_STATUS:
        return _BY_STATUS[person.status]
    if person.bar is not None:
        return NoLetters.HOUSE_ARREST  # for any other bar nobody is shown
    if not person.wants_letters:
        return NoLetters.NOT_WANTED
    if placement is None or placement.checked_on is None or not placement.complete:
        return NoLetters.NO_ADDRESS
    return NoLetters.NOT_READY  # a name or an envelope that is ours to mend


def latin_in_name(person: Named) -> bool:
    """Whether Latin letters stand in what an envelope or a letter calls somebody."""
    names = (person.surname, person.given_name, person.patronymic, person.dative_name)
    return has_latin(*names)


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
        Why.LATIN_LETTERS: latin_in_name(person),
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
