"""Whoever keeps the catalogue makes nobody known or writable: a coordinator confirms anew."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from app.catalogue import custody, editing
from app.catalogue.details import Move, PersonDetails
from app.catalogue.standing import Occasion, refresh
from app.database import Database
from app.models import Prisoner
from tests.catalogue.test_every_state import OCCASION, TODAY
from tests.world import make_facility, make_prisoner

VOLUNTEER = replace(OCCASION, by_coordinator=False)
Deed = Callable[[Session, Prisoner, Occasion], object]


def edits(**changes: object) -> Deed:
    def deed(session: Session, row: Prisoner, occasion: Occasion) -> object:
        known = {name: getattr(row, name) for name in PersonDetails.model_fields}
        details = PersonDetails.model_validate(known | changes)
        return editing.edit(session, row.id, details, occasion)

    return deed


def moves(session: Session, row: Prisoner, occasion: Occasion) -> object:
    to = make_facility(session, name_ru="ФКУ ИК-9")
    there = Move(facility_id=to.id, from_day=TODAY, checked_on=TODAY, source="her lawyer")
    return custody.move(session, row.id, there, occasion)


def leaves(status: str) -> Deed:
    return lambda session, row, occasion: custody.leave(session, row.id, status, TODAY, occasion)


GAINS: dict[str, tuple[dict[str, Any], Deed]] = {
    "no longer barred": ({"bar": "prisoner_of_war"}, edits(bar=None)),
    "the name no longer hidden": ({"identity_hidden": True}, edits(identity_hidden=False)),
    "of age after all": ({"birth_year": 2010}, edits(birth_year=1990)),
    "free, and back": ({"status": "released"}, moves),
    "free, and in transfer": ({"status": "released"}, leaves("in_transfer")),
    "known to be free, as they wish": (
        {"status": "unknown", "may_be_named": True},
        leaves("released"),
    ),
}


@pytest.mark.trust(74)
@pytest.mark.parametrize("case", GAINS)
@pytest.mark.parametrize("occasion", [VOLUNTEER, OCCASION], ids=["volunteer", "coordinator"])
def test_only_a_coordinator_makes_known(database: Database, case: str, occasion: Occasion) -> None:
    facts, deed = GAINS[case]
    with database.write() as session:
        row = make_prisoner(session, **facts)
        refresh(session, row, OCCASION)
        assert not row.is_public
        deed(session, row, occasion)
        is_ours = occasion.by_coordinator
        assert (row.is_public, row.custody_confirmed_on is not None) == (is_ours, is_ours)
        assert not row.eligible or is_ours


@pytest.mark.parametrize("deed", [moves, leaves("in_transfer"), edits(story_en="Plays the cello.")])
def test_whoever_could_be_written_to_stays_confirmed(database: Database, deed: Deed) -> None:
    with database.write() as session:
        row = make_prisoner(session)
        deed(session, row, VOLUNTEER)
        assert row.is_public
        moves(session, row, VOLUNTEER)
        assert (row.published, row.eligible) == (True, True)
