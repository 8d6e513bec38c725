"""What somebody is sorted by: facts of the person, of the cases, of the place. Pure.

A facet is a field, a value that can stand in an address, and the words for it where they are not
known to the pages: one text, or English and Russian. Of tags it is a key of `app.finding.tags`.
"""

from collections.abc import Sequence
from typing import Any

from app.finding.articles import numbers_of
from app.finding.regions import code_of
from app.finding.releases import release_of
from app.finding.tags import keyed
from app.models import Facility, Prisoner, Prosecution
from app.spelling import plain

Facet = list[Any]
"""[field, value] or [field, value, words]; kept as JSON."""

LETTERS = ("now", "none")
"""Whether one can write to somebody. Only «none» is kept: whoever has it not can be written to."""

SEARCHED = (
    *("sex", "category", "article", "region", "held", "place", "rating"),
    *("interest", "work", "reads"),
)
"""Fields that filter by one of their values as it is."""

IN_PRISON = ("in_custody", "in_transfer")
NOT_IN_PRISON = ("abroad", "wanted", "house_arrest")
"""Statuses that count as being in prison, and bars for which they do not."""

TERMS = ("to_3", "to_5", "to_7", "to_10", "to_15", "over_15", "life")
"""Lengths of sentences: up to so many years, more, and for life."""

_YEARS = (3, 5, 7, 10, 15)
_MONTHS_OF_A_YEAR = 12


def in_prison(person: Prisoner) -> bool:
    """Whether somebody is known to be in custody, or on the way from one prison to another."""
    return person.status in IN_PRISON and person.bar not in NOT_IN_PRISON


def facets_of(
    person: Prisoner, cases: Sequence[Prosecution], place: Facility | None
) -> list[Facet]:
    """Everything that this person is counted under.

    Of somebody who is not shown these are facts of public record, without what they like and do,
    and without days: by those a person could be told from the others as time goes on.
    """
    found: list[Facet] = [["sex", person.gender]]
    if person.is_public:
        found += _tags("interest", person.interests_en, person.interests_ru)
        found += _tags("work", person.profession_en, person.profession_ru)
        found += [["reads", code] for code in person.languages_read.split(",") if code]
    if not in_prison(person):
        found.append(["custody", "none"])
    if not person.published:
        found.append(["letters", "none"])
    if person.birth_year:
        found.append(["born", str(person.birth_year)])
    if person.birthday and person.is_public:
        found.append(["birthday", person.birthday.strftime("%m-%d")])
    if place:
        found += [["place", place.kind], *_region("held", "", place.region)]
    for case in cases:
        found += _of_case(case)
    found += _sentence(cases)
    release = release_of(person.status, person.status_since, person.release_on, cases)
    if person.is_public and release:
        found.append(["release", release.day.isoformat()])
    return _each_once(found)


def year_of(case: Prosecution) -> int | None:
    """The year in which the prosecution began."""
    return case.started_year or (case.started_on.year if case.started_on else None)


def term_of(months: int | None, *, life: bool) -> str:
    """Which of `TERMS` a sentence is; "" where none is known."""
    if life:
        return "life"
    if not months:
        return ""
    under = (years for years in _YEARS if months <= years * _MONTHS_OF_A_YEAR)
    years = next(under, None)
    return f"to_{years}" if years else "over_15"


def _of_case(case: Prosecution) -> list[Facet]:
    found: list[Facet] = _region("region", case.region_iso, case.region)
    found += [["article", number] for number in numbers_of(case.articles)]
    found += [["rating", plain(rating), rating] for rating in case.ratings if plain(rating)]
    for field in ("category", "stage"):
        words = getattr(case, field)
        if plain(words):
            found.append([field, plain(words), words])
    year = year_of(case)
    return [*found, ["year", str(year)]] if year else found


def _sentence(cases: Sequence[Prosecution]) -> list[Facet]:
    """The longest one."""
    longest = max((case.sentence_months or 0 for case in cases), default=0)
    term = term_of(longest, life=any(case.sentence_life for case in cases))
    return [["sentence", term]] if term else []


def _tags(field: str, english: str, russian: str) -> list[Facet]:
    """Without words of their own where lists do not match: who has it right says what it is."""
    found = keyed(english, russian)
    return [[field, tag.key, *([] if tag.words is None else [tag.words])] for tag in found]


def _region(field: str, iso: str, name: str) -> list[Facet]:
    code = code_of(iso, name)
    if code:
        return [[field, code]]
    return [[field, plain(name), name]] if plain(name) else []


def _each_once(found: list[Facet]) -> list[Facet]:
    return list({(facet[0], facet[1]): facet for facet in found if facet[1]}.values())
