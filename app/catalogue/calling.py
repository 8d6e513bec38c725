"""What follows from somebody's name: in Latin letters, to search by, on an envelope, an address."""

import re
from collections.abc import Collection, Iterator
from itertools import count

from app.spelling import plain, search_name
from mailing.names import CannotDecline, dative, transliterate

_LONGEST_LATIN, _LONGEST_SLUG = 160, 60


def names(
    surname: str, given_name: str, patronymic: str | None, latin_name: str | None
) -> dict[str, str]:
    """The columns `latin_name`, as told or else transliterated, and `search_name`."""
    latin = latin_name or transliterate(f"{given_name} {surname}")[:_LONGEST_LATIN]
    found_by = search_name(surname, given_name, patronymic, latin)
    return {"latin_name": latin, "search_name": found_by}


def dative_of(surname: str, given_name: str, patronymic: str | None, gender: str) -> str | None:
    """The name as an envelope addresses it, proposed by rule; a coordinator confirms it. None where
    no rule declines it. gender: "she" or "he"."""
    try:
        return dative(
            surname, given_name, patronymic or "", "female" if gender == "she" else "male"
        )
    except CannotDecline:
        return None


def free_slug(latin_name: str, taken: Collection[str]) -> str:
    """The public address of a new person; a number tells namesakes apart."""
    base = slug_base(latin_name)
    return next(slug for slug in _numbered(base) if slug not in taken)


def slug_base(latin_name: str) -> str:
    """What a public address begins with."""
    return re.sub(r"[^a-z0-9]+", "-", plain(latin_name)).strip("-")[:_LONGEST_SLUG] or "person"


def _numbered(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{number}" for number in count(2))
