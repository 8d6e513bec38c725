"""Where each fact about a person comes from: a source's import, one of us, or a rule of ours."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models import Prisoner, Prosecution
from app.models.importing import COORDINATOR
from app.queries.histories import Step
from app.queries.imports import labels

UNKNOWN, BY_RULE = "", "rule"
FACTS = (
    "surname",
    "given_name",
    "patronymic",
    "latin_name",
    "gender",
    "birth_year",
    "birthday",
    "status",
    "facility",
    "bar",
    "release_on",
    "dative_name",
    "wants_letters",
    "may_be_named",
    "wish_source",
    "wish_date",
    "identity_hidden",
    "languages_read",
    "custody_confirmed_on",
    "origin_en",
    "origin_ru",
    "profession_en",
    "profession_ru",
    "interests_en",
    "interests_ru",
    "story_en",
    "story_ru",
)
"""In the order shown. `facility` is the place, which has no column of its own."""

_BY_RULE = frozenset({"latin_name", "dative_name"})
"""Made from the name where nobody typed them."""


@dataclass(frozen=True)
class Origin:
    """kind: COORDINATOR, BY_RULE, UNKNOWN, or a source's short name, which `label` spells out."""

    fields: tuple[str, ...]
    kind: str
    label: str = ""
    on: datetime | None = None


def origins_of_person(
    session: Session, row: Prisoner, steps: Sequence[Step], *, placed: bool
) -> list[Origin]:
    """One line for each fact that is known, in the order of `FACTS`."""
    called = labels(session)
    ours = any(step.to == "added" for step in steps)
    found = []
    for name in FACTS:
        known = placed if name == "facility" else getattr(row, name) not in (None, "", False)
        if not known and name not in row.provenance:
            continue
        kind = _kind(row.provenance, name, ours=ours)
        found.append(Origin((name,), kind, called.get(kind, kind), _noted(name, steps)))
    return found


def origins_of_cases(session: Session, cases: Sequence[Prosecution]) -> list[list[Origin]]:
    """For each case one line for each source, with the fields that came from it."""
    called = labels(session)
    found = []
    for case in cases:
        by_source: defaultdict[str, list[str]] = defaultdict(list)
        for entry, source in case.provenance.items():
            name = entry.partition("/")[0]  # one of several, such as one rating
            if getattr(case, name, None) not in (None, "", [], False):
                by_source[source] += [name] * (name not in by_source[source])
        if not by_source and case.source:
            by_source[case.source] = []
        found.append(
            [
                Origin(tuple(fields), source, called.get(source, source))
                for source, fields in by_source.items()
            ]
        )
    return found


def _kind(provenance: dict[str, str], name: str, *, ours: bool) -> str:
    if name in provenance:
        return provenance[name]
    if name in _BY_RULE:
        return BY_RULE
    if name == "birth_year" and "birthday" in provenance:
        return provenance["birthday"]
    return COORDINATOR if ours else UNKNOWN


def _noted(name: str, steps: Sequence[Step]) -> datetime | None:
    """When the last change of this field was noted, else when the person was entered."""
    begin = f"{name}: "
    for step in reversed(steps):
        if any(line.startswith(begin) for line in (step.note or "").split("\n")):
            return step.at
    return next((step.at for step in steps if step.to in {"added", "imported"}), None)
