"""Cases of a person, as a coordinator enters and corrects them; every change is an event.

What one of us typed is credited to us, field by field, and no import overwrites it.
"""

import re
from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BeforeValidator, Field, model_validator
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app import locking
from app.catalogue import answers
from app.catalogue.details import Line, MaybeRecent, Typed, blank_is_none
from app.catalogue.history import apply, remember
from app.catalogue.standing import Occasion, person
from app.errors import Conflict, NotFound
from app.finding.regions import code_of
from app.locale import N_
from app.models import ImportAnswer, Prosecution
from app.models.importing import GONE_CASE, REMOVED_CASE, WHICH_CASE
from app.sameness.ratings import taken_away

LONGEST_MONTHS = 600
"""As the table has it: more is no term of years but a mistake, or a sentence for life."""

MOST_LINES = 20
_BETWEEN = re.compile(r"[;\n]+")
Year = Annotated[Annotated[int, Field(ge=1990, le=2100)] | None, BeforeValidator(blank_is_none)]


def _listed(value: Any) -> Any:
    """What stands in lines, or between semicolons, as a list."""
    if isinstance(value, str):
        parts = [" ".join(each.split()) for each in _BETWEEN.split(value)]
        return [part for part in parts if part][:MOST_LINES]
    return value


Lines = Annotated[list[str], BeforeValidator(_listed)]


class CaseDetails(Typed):
    """One case as typed. sentence_months: 1 to 600; none for life, or where no term is known.

    source: where one of us knows it from; the source of a case of a list stays that list.
    """

    about_all = "sentence_months"

    articles: Lines = Field(default_factory=list)
    category: Line = Field("", max_length=120)
    case_name: Line = Field("", max_length=300)
    case_group: Line = Field("", max_length=200)
    region: Line = Field("", max_length=120)
    city: Line = Field("", max_length=120)
    started_on: MaybeRecent = None
    started_year: Year = None
    ended_year: Year = None
    stage: Line = Field("", max_length=160)
    restraint: Line = Field("", max_length=160)
    verdict: Line = Field("", max_length=300)
    first_verdict_on: MaybeRecent = None
    sentence_months: Annotated[
        Annotated[int, Field(ge=1, le=LONGEST_MONTHS)] | None, BeforeValidator(blank_is_none)
    ] = None
    sentence_life: bool = False
    ratings: Lines = Field(default_factory=list)
    occupation: Line = Field("", max_length=200)
    source: Line = Field("", max_length=300)

    @model_validator(mode="after")
    def _one_term(self) -> "CaseDetails":
        if self.sentence_life and self.sentence_months:
            raise ValueError(N_("A sentence is for life, or so many months long."))
        if self.started_on and self.started_year and self.started_on.year != self.started_year:
            raise ValueError(N_("The day and the year of the beginning do not agree."))
        began = self.started_on.year if self.started_on else self.started_year
        ended = min(filter(None, (self.ended_year, self._verdict_year)), default=None)
        if began and ended and ended < began:
            raise ValueError(N_("The case cannot end before it begins."))
        return self

    @property
    def _verdict_year(self) -> int | None:
        return self.first_verdict_on.year if self.first_verdict_on else None


def case_of(session: Session, prisoner_id: str, case_id: str) -> Prosecution:
    """Raises `NotFound`, for a case of somebody else too."""
    found = session.get(Prosecution, case_id, populate_existing=True)
    if found is None or found.prisoner_id != prisoner_id:
        raise NotFound("There is no such case.")
    return found


def case_to_change(session: Session, prisoner_id: str, case_id: str) -> Prosecution:
    """The same, as it is now; nobody else changes it until this transaction ends.

    Whose it is is taken, not the case: a merged record takes its cases with it.
    """
    take_cases(session, prisoner_id)
    return case_of(session, prisoner_id, case_id)


def take_cases(session: Session, prisoner_id: str) -> None:
    """Nobody else changes, joins or hands over cases of this person until this transaction ends."""
    session.flush()
    locking.lock_people(session, prisoner_id)


def add(
    session: Session, prisoner_id: str, details: CaseDetails, occasion: Occasion
) -> Prosecution:
    """A case that no list told of. Raises `NotFound` for an unknown person."""
    take_cases(session, prisoner_id)
    row = Prosecution(prisoner_id=person(session, prisoner_id).id)
    changed = apply(row, _columns(details, row))
    session.add(row)
    note(session, prisoner_id, "case_added", occasion, changed)
    return row


def edit(
    session: Session, prisoner_id: str, case_id: str, details: CaseDetails, occasion: Occasion
) -> None:
    """Change what is known of a case. Raises `NotFound`."""
    row = case_to_change(session, prisoner_id, case_id)
    before = list(row.ratings)
    changed = apply(row, _columns(details, row))
    if changed:
        row.provenance = taken_away(row.provenance, before, row.ratings)
        note(session, prisoner_id, "case_changed", occasion, changed)


def remove(session: Session, prisoner_id: str, case_id: str, occasion: Occasion) -> None:
    """Take away a case that one of us entered, or that is gone from its lists; what it said stays
    in the history.

    A list that has it again later is asked about. Raises `NotFound`, and `Conflict` for a case
    that a list has: it would only bring it again.
    """
    row = case_to_change(session, prisoner_id, case_id)
    gone = is_gone(session, row)
    if not (may_be_removed(row) or gone):
        raise Conflict("This case comes from a list, which would bring it again.")
    held = {name: (getattr(row, name), None) for name in CaseDetails.model_fields}
    said = {name: values for name, values in held.items() if values[0]}
    session.delete(row)
    if gone:
        _remember_removed(session, row, occasion)
    session.execute(sa.delete(ImportAnswer).where(col(ImportAnswer.answer) == row.id))
    note(session, prisoner_id, "case_removed", occasion, said)


def may_be_removed(case: Prosecution) -> bool:
    """Whether no list has it."""
    return case.source_id is None


def is_gone(session: Session, case: Prosecution) -> bool:
    """Whether a list had it, and no list does any more."""
    if case.gone_on is None:
        return False
    gone = aliased(ImportAnswer)
    noted = sa.exists().where(
        col(gone.source) == col(ImportAnswer.source),
        col(gone.topic) == GONE_CASE,
        col(gone.key) == col(ImportAnswer.key),
    )
    still_there = select(ImportAnswer.key).where(
        ImportAnswer.topic == WHICH_CASE, ImportAnswer.answer == case.id, sa.not_(noted)
    )
    return session.exec(still_there).first() is None


def _remember_removed(session: Session, case: Prosecution, occasion: Occasion) -> None:
    """Under every id by which lists knew it, so that none brings it back unasked."""
    own = (case.source, str(case.source_id))
    of_others = select(ImportAnswer.source, ImportAnswer.key).where(
        ImportAnswer.topic == WHICH_CASE, ImportAnswer.answer == case.id
    )
    for source, key in {own, *session.exec(of_others)}:
        answers.forget(session, source, WHICH_CASE, key)
        today = occasion.today.isoformat()
        answers.remember(session, source, REMOVED_CASE, key, today, occasion)


def _columns(details: CaseDetails, row: Prosecution) -> dict[str, Any]:
    values = details.model_dump(exclude=set() if may_be_removed(row) else {"source"})
    if details.region != row.region:
        values["region_iso"] = code_of("", details.region)[:6]
    if details.started_on is not None:
        values["started_year"] = details.started_on.year
    return values


def note(
    session: Session,
    prisoner_id: str,
    what: str,
    occasion: Occasion,
    changed: dict[str, tuple[Any, Any]],
) -> None:
    """Write down with the person what became of one of their cases."""
    told = {name: (_said(before), _said(after)) for name, (before, after) in changed.items()}
    person(session, prisoner_id).changed_at = occasion.now
    remember(session, "prisoner", prisoner_id, what, occasion, told)


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, date) else value
