"""One person as the catalogue's desk sees them: standing, letters in numbers, objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import merged
from app.batching import is_on_paper
from app.catalogue import two_cases
from app.catalogue.rules import Standing, Why, eligibility
from app.catalogue.standing import facts
from app.errors import NotFound
from app.finding.releases import Release, release_of
from app.lifecycle import UNPRINTED, State
from app.models import (
    Facility,
    ImportRun,
    Letter,
    Placement,
    Prisoner,
    Prosecution,
)
from app.queries.asked import has_refused
from app.queries.histories import Step, steps
from app.queries.missing import Missing, missing
from app.queries.objections import ObjectionRow, objections
from app.queries.origins import Origin, origins_of_cases, origins_of_person


@dataclass(frozen=True)
class LettersOf:
    """Letters to one person: not on paper yet, on paper but not posted, posted; and held ones."""

    unprinted: int
    on_paper: int
    posted: int
    held: int


@dataclass(frozen=True)
class Stay:
    """Somebody at a place, from a day to a day. address: in one line, as an envelope bears it.

    listed: since before the day on which a list first told of it, which is all that `from_day`
    says.
    """

    id: str
    facility_id: str
    place: str
    region: str
    address: str
    from_day: date
    to_day: date | None
    checked_on: date | None
    source: str
    listed: bool = False


@dataclass(frozen=True)
class PersonPage:
    """Everything the desk knows of one person. `reasons` is what stands against writing to them."""

    prisoner: Prisoner
    standing: Standing
    letters: LettersOf
    stays: list[Stay]
    prosecutions: Sequence[Prosecution]
    objections: list[ObjectionRow]
    steps: list[Step]
    origins: list[Origin]
    case_origins: list[list[Origin]]
    case_pairs: list[two_cases.Pair]
    missing: list[Missing]
    release: Release | None

    @property
    def reasons(self) -> tuple[Why, ...]:
        return self.standing.reasons

    @property
    def refused(self) -> bool:
        """Whether they said that they want no letters; else, without a wish, nobody knows."""
        return has_refused(self.prisoner)

    @property
    def present(self) -> Stay | None:
        return next((stay for stay in self.stays if stay.to_day is None), None)


def person_page(session: Session, prisoner_id: str, today: date, address_days: int) -> PersonPage:
    """One person with history. Raises `NotFound`."""
    row = session.get(Prisoner, prisoner_id)
    if row is None:
        raise NotFound("There is no such person.")
    placed = session.exec(
        select(Placement, Facility)
        .join(Facility, col(Facility.id) == Placement.facility_id)
        .where(Placement.prisoner_id == prisoner_id)
        .order_by(col(Placement.from_day).desc(), col(Placement.to_day).is_(None).desc())
    ).all()
    present = next(((stay, place) for stay, place in placed if stay.to_day is None), None)
    standing = eligibility(row, facts(present), today, address_days)
    prosecutions = session.exec(
        select(Prosecution)
        .where(Prosecution.prisoner_id == prisoner_id)
        .order_by(col(Prosecution.started_on))
    ).all()
    history = list(steps(session, "prisoner", *merged.ids_of(session, prisoner_id)))
    return PersonPage(
        row,
        standing,
        letters_of(session, prisoner_id),
        _stays(session, placed),
        prosecutions,
        objections(session, prisoner_id),
        history,
        origins_of_person(session, row, history, placed=present is not None),
        origins_of_cases(session, prosecutions),
        two_cases.pairs(session, prosecutions),
        missing(session, row.id).get(row.id, []),
        release_of(row.status, row.status_since, row.release_on, prosecutions),
    )


def letters_of(session: Session, prisoner_id: str) -> LettersOf:
    """How many letters a change to this person would reach, and how."""
    counted = dict(
        session.execute(
            sa.select(col(Letter.state), sa.func.count())
            .where(col(Letter.prisoner_id) == prisoner_id)
            .group_by(col(Letter.state))
        ).all()
    )
    held = session.execute(
        sa.select(sa.func.count()).where(
            col(Letter.prisoner_id) == prisoner_id, col(Letter.held_reason).is_not(None)
        )
    ).scalar_one()
    batched = session.exec(
        select(Letter).where(Letter.prisoner_id == prisoner_id, Letter.state == State.BATCHED)
    ).all()
    downloaded = sum(is_on_paper(session, letter) for letter in batched)
    paper = downloaded + sum(counted.get(state, 0) for state in (State.PRINTED, State.UNKNOWN))
    unprinted = sum(counted.get(state, 0) for state in UNPRINTED) - downloaded
    posted = sum(counted.get(state, 0) for state in (State.POSTED, State.ANSWERED))
    return LettersOf(unprinted, paper, posted, held)


def _stays(session: Session, placed: Sequence[tuple[Placement, Facility]]) -> list[Stay]:
    labels = {stay.source for stay, _place in placed}
    runs = session.execute(
        sa.select(col(ImportRun.label), col(ImportRun.applied_at)).where(
            col(ImportRun.label).in_(labels), col(ImportRun.applied_at).is_not(None)
        )
    )
    days = {(label, at.date() + timedelta(off)) for label, at in runs if at for off in (-1, 0, 1)}
    return [
        Stay(
            stay.id,
            place.id,
            place.name_ru,
            place.region,
            place.address_line,
            stay.from_day,
            stay.to_day,
            stay.checked_on,
            stay.source,
            # An import writes its own day; the day is tried to either side for the time zone.
            (stay.source, stay.from_day) in days,
        )
        for stay, place in placed
    ]
