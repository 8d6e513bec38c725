"""What a person's rows tell beside name and birth and is read word for word: release, languages."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.catalogue.details import LONGEST_LANGUAGES, RELEASES
from app.importing.gathering.dates import day
from app.importing.gathering.languages import languages
from app.sameness.cleaning import line
from app.sameness.fields import Fields

TOLD_COLUMNS = frozenset({"release_on", "languages"})
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def told(rows: Sequence[Mapping[str, Any]]) -> tuple[Fields, dict[str, str]]:
    """Columns of `Prisoner`; and of those that nobody understood what is said, by our column.

    What is not understood, even of one row, empties nothing that we have.
    """
    fields, not_read = Fields(), {}
    for column, ours, read in (
        ("release_on", "release_on", _release),
        ("languages", "languages_read", _languages),
    ):
        said = [row[column] for row in rows if column in row]
        if not said:
            continue
        value, strange = read(said)
        if strange:
            not_read[ours] = strange
        else:
            fields[ours] = value
    return fields, not_read


def is_release(said: Any) -> bool:
    """Whether this is read as a day of release."""
    return _day(said) is not None


def _release(said: Sequence[Any]) -> tuple[str | None, str]:
    """Of several days the last: whoever has two sentences comes out after both."""
    days = []
    for value in said:
        found = _day(value)
        if found:
            days.append(found)
        elif line(value):
            return None, line(value)
    return max(days).isoformat() if days else None, ""


def _day(value: Any) -> date | None:
    """The one day that is meant, in years in which somebody comes out."""
    found = day(value)
    years = set(_YEAR.findall(value)) if isinstance(value, str) else set()
    return found if found and found.year in RELEASES and len(years) <= 1 else None


def _languages(said: Sequence[Any]) -> tuple[str, str]:
    codes: dict[str, None] = {}
    for value in said:
        found, strange = languages(value)
        if strange:
            return "", strange
        codes |= dict.fromkeys(found)
    kept = ",".join(codes)
    return (kept, "") if len(kept) <= LONGEST_LANGUAGES else ("", kept)
