"""The address block of a letter: who, where, in which order, and what it must not go without.

The order is that of the Russian post: name in the dative with the year of birth (prisons do not
deliver without it), place, street, settlement, region, postal code, and from abroad the country.
A window shows six lines at most, none of them empty (DIN 5008).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mailing.countries import russia_line

MOST_LINES = 6
# Longer lines are folded where a line is free; those over the second do not fit the window at
# the smallest size of type.
_COMFORTABLE_CHARACTERS = 38
_MOST_CHARACTERS = 48

_NO_BREAK = "\u00a0"
_RUSSIAN_POSTAL_CODE = re.compile(r"[1-9]\d{5}", re.ASCII)


@dataclass(frozen=True)
class PostalAddress:
    """A place of detention as post is addressed to it, in Russian.

    `country_line` is the facility's own, where the country of the place is not Russia's to name;
    otherwise it follows from the country of posting. `checked_on` is the day somebody last made
    sure that this address holds.
    """

    place: str
    street: str
    settlement: str
    postal_code: str
    district: str = ""
    region: str = ""
    country_line: str = ""
    checked_on: date | None = None


@dataclass(frozen=True)
class Recipient:
    """A prisoner as addressed. `dative_name` is the whole name, confirmed by a person."""

    surname: str
    given: str
    patronymic: str
    dative_name: str
    birth_year: int | None
    address: PostalAddress
    has_patronymic: bool = True


@dataclass(frozen=True)
class ReturnAddress:
    """Where a reply goes: the lines as they must stand on its envelope, the holder first."""

    lines: tuple[str, ...]

    @property
    def sender_line(self) -> str:
        """The whole address in one line, for the top of the window."""
        return ", ".join(line for line in self.lines if line)


class Problem(StrEnum):
    """Why a letter cannot be addressed: it is held until somebody mends this."""

    NO_NAME = "no_name"
    NO_PATRONYMIC = "no_patronymic"
    NO_DATIVE = "no_dative"
    NO_BIRTH_YEAR = "no_birth_year"
    NO_PLACE = "no_place"
    NO_STREET = "no_street"
    NO_SETTLEMENT = "no_settlement"
    NO_POSTAL_CODE = "no_postal_code"
    WRONG_POSTAL_CODE = "wrong_postal_code"
    UNCHECKED_ADDRESS = "unchecked_address"
    STALE_ADDRESS = "stale_address"
    ADDRESS_TOO_LONG = "address_too_long"


def lines(recipient: Recipient, posted_from: str) -> tuple[str, ...]:
    """The address block, top to bottom, for a letter posted in the country `posted_from` (ISO).

    At most six lines, none empty, if `problems` finds nothing.
    """
    blocks = [_folded(block) for block in _arrangements(recipient, posted_from)]
    return next((block for block in blocks if _fits(block)), blocks[1])


def _arrangements(recipient: Recipient, posted_from: str) -> list[list[str]]:
    """The same address with ever more of it on one line, the most readable first."""
    address = recipient.address
    country = address.country_line if posted_from != "RU" else ""
    country = country or russia_line(posted_from)
    street, district, code = address.street, address.district, address.postal_code
    region = "" if address.region == address.settlement else address.region
    town = _joined(address.settlement, district)
    tails = (
        (street, town, region, code),
        (street, town, _joined(region, code)),
        (_joined(street, address.settlement), _joined(district, region, code)),
    )
    return [
        [line for line in (_name_line(recipient), address.place, *tail, country) if line]
        for tail in tails
    ]


def problems(
    recipient: Recipient, posted_from: str, today: date, oldest: timedelta
) -> list[Problem]:
    """Everything for which a letter to this person must be held; empty if it can be printed.

    An address checked longer than `oldest` before `today` is stale.
    """
    address = recipient.address
    checks = {
        Problem.NO_NAME: not (recipient.surname and recipient.given),
        Problem.NO_PATRONYMIC: recipient.has_patronymic and not recipient.patronymic,
        Problem.NO_DATIVE: not recipient.dative_name,
        Problem.NO_BIRTH_YEAR: not recipient.birth_year,
        Problem.NO_PLACE: not address.place,
        Problem.NO_STREET: not address.street,
        Problem.NO_SETTLEMENT: not address.settlement,
        Problem.NO_POSTAL_CODE: not address.postal_code,
        Problem.WRONG_POSTAL_CODE: bool(address.postal_code)
        and not address.country_line
        and not _RUSSIAN_POSTAL_CODE.fullmatch(address.postal_code),
        Problem.UNCHECKED_ADDRESS: address.checked_on is None,
        Problem.STALE_ADDRESS: address.checked_on is not None
        and today - address.checked_on > oldest,
        Problem.ADDRESS_TOO_LONG: not _fits(lines(recipient, posted_from)),
    }
    return [problem for problem, found in checks.items() if found]


def _name_line(recipient: Recipient) -> str:
    if not recipient.birth_year:
        return recipient.dative_name
    return _joined(recipient.dative_name, f"{recipient.birth_year}{_NO_BREAK}г.{_NO_BREAK}р.")


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _fits(block: tuple[str, ...]) -> bool:
    return len(block) <= MOST_LINES and all(len(line) <= _MOST_CHARACTERS for line in block)


def _folded(block: list[str]) -> tuple[str, ...]:
    """Fold the widest lines in two, as evenly as their words allow, while lines are free."""
    while len(block) < MOST_LINES:
        widest = max(block, key=len, default="")
        words = widest.split(" ")
        if len(widest) <= _COMFORTABLE_CHARACTERS or len(words) == 1:
            break
        cuts = ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words)))
        at = block.index(widest)
        block[at : at + 1] = min(cuts, key=lambda halves: max(map(len, halves)))
    return tuple(block)
