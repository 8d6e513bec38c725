"""Two people change the same person at once: whoever is second judges by what the first did.

On PostgreSQL with two connections; SQLite has one writer at a time.
"""

import threading
from collections.abc import Callable
from datetime import date
from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.catalogue import editing, objecting, places, together
from app.catalogue.details import Confirmation, FacilityDetails
from app.catalogue.objecting import Decision, ObjectionDetails
from app.catalogue.standing import people_to_change, refresh, refresh_some
from app.errors import Conflict
from app.journey import pairing, suggesting
from app.journey.pairing import Rules
from app.lifecycle import State
from app.models import Facility, Objection, Prisoner
from app.service import Service
from tests.catalogue.test_every_state import OCCASION, TODAY
from tests.catalogue.test_foreseeing_races import PATIENCE, wait_until_somebody_waits
from tests.world import UNCONFIRMED, make_facility, make_letter, make_prisoner

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Deed = Callable[[Session, str], object]


def objects(session: Session, prisoner_id: str) -> list[str]:
    slug = session.get_one(Prisoner, prisoner_id).slug
    details = ObjectionDetails.model_validate({"about": slug, "relation": "family"})
    meant = objecting.whom(session, details)
    return objecting.object_to(session, details, meant, "one", "2026-11-22", OCCASION.now)


def confirms(session: Session, prisoner_id: str) -> object:
    sure = Confirmation.model_construct(
        custody_confirmed_on=TODAY,
        address_checked_on=TODAY,
        address_source="her sister",
        wants_letters=True,
        may_be_named=True,
        wish_source="her sister",
        wish_date=date(2026, 11, 1),
        dative_name="Озеровой Анне Петровне",
    )
    return editing.confirm(session, prisoner_id, sure, OCCASION)


def checks(session: Session, prisoner_id: str) -> object:
    return editing.check_address(session, prisoner_id, TODAY, "her sister", OCCASION)


def shows(session: Session, prisoner_id: str) -> object:
    return editing.show(session, prisoner_id, "a mistake", OCCASION)


def grows_old(session: Session, _: str) -> object:
    return refresh_some(session, TODAY, 180)


def judges(session: Session, prisoner_id: str) -> object:
    return refresh(session, session.get_one(Prisoner, prisoner_id), OCCASION)


def hides(session: Session, prisoner_id: str) -> object:
    return editing.hide(session, prisoner_id, "her sister phoned", OCCASION)


@pytest.mark.trust(75)
@pytest.mark.parametrize("deed", [confirms, checks, grows_old, judges])
@pytest.mark.parametrize("hide", [objects, hides])
def test_whoever_is_hidden_meanwhile_is_given_to_nobody(
    service: Service, deed: Deed, hide: Deed
) -> None:
    facts = UNCONFIRMED if deed is confirms else {"published": False, "eligible": False}
    with service.database.write() as session:
        anna = make_prisoner(session, **facts)
    with service.database.write() as session:
        in_hand = session.get_one(Prisoner, anna.id)
        with service.database.write() as other:
            hide(other, anna.id)
        assert not in_hand.hidden
        deed(session, anna.id)
    with service.database.write() as session:
        row = session.get_one(Prisoner, anna.id)
        kept = (row.hidden, row.published, row.named, row.eligible)
        assert kept == (True, False, False, False)
        assert pairing.pick(session, Rules.of(service.settings), TODAY, Random(1)) is None


@pytest.mark.trust(75)
def test_nobody_hidden_is_picked_or_can_be_noted_so(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, hidden=True)
        rules, chance = Rules.of(service.settings), Random(1)
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            anna.eligible = True
            session.flush()
        session.refresh(anna)
        assert pairing.pick(session, rules, TODAY, chance) is None
        like = suggesting.reserve_somebody_like(
            session, "t", {anna.id: 3}, rules, now=OCCASION.now, today=TODAY, chance=chance
        )
        assert like is None


@pytest.mark.trust(75)
def test_an_objection_while_somebody_is_shown_again_hides(service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session)
        hides(session, anna.id)
    with service.database.write() as session:
        in_hand = session.get_one(Prisoner, anna.id)
        with service.database.write() as other:
            shows(other, anna.id)
        assert in_hand.hidden
        objects(session, anna.id)
    with service.database.read() as session:
        row = session.get_one(Prisoner, anna.id)
        assert (row.hidden, row.published, row.eligible) == (True, False, False)


@pytest.mark.trust(75)
@pytest.mark.parametrize("first", Decision)
def test_one_objection_is_decided_once(service: Service, first: Decision) -> None:
    second = next(each for each in Decision if each is not first)
    with service.database.write() as session:
        anna = make_prisoner(session)
        [objection] = objects(session, anna.id)

    def decide_both() -> None:
        with service.database.write() as session:
            in_hand = session.get_one(Objection, objection)
            with service.database.write() as other:
                objecting.decide(other, objection, first, OCCASION)
            assert in_hand.decided_at is None
            objecting.decide(session, objection, second, OCCASION)

    with pytest.raises(Conflict, match="decided already"):
        decide_both()
    with service.database.read() as session:
        assert session.get_one(Objection, objection).decision == first
        assert session.get_one(Prisoner, anna.id).hidden == (first is Decision.UPHELD)


def changes_the_place(service: Service, place: Facility) -> None:
    with service.database.write() as session:
        now = {name: getattr(place, name) for name in FacilityDetails.model_fields}
        details = FacilityDetails.model_validate(now | {"street": "ул. Новая, д. 1"})
        places.edit_facility(session, place.id, details, OCCASION)


@pytest.mark.parametrize("backwards", [False, True])
def test_desks_that_change_several_people_wait_for_each_other(
    service: Service, *, backwards: bool
) -> None:
    """Whoever holds the first of two people, and asks for the second, gets both."""
    with service.database.write() as session:
        place = make_facility(session)
        # The order in which the rows stand, and the order of their ids, are not the same.
        for id_ in ("b" * 24, "a" * 24):
            make_letter(session, make_prisoner(session, place, id=id_), State.READY)
    failed: list[Exception] = []
    ids = ["b" * 24, "a" * 24] if backwards else ["a" * 24, "b" * 24]

    def desk(deed: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                deed()
            except Exception as error:  # noqa: BLE001 — told by the test
                failed.append(error)

        return threading.Thread(target=run)

    desks = [
        desk(lambda: changes_the_place(service, place)),
        desk(
            lambda: together.check_addresses(
                service, dict.fromkeys(ids, ""), TODAY, "her sister", OCCASION
            )
        ),
    ]
    with service.database.write() as session:
        people_to_change(session, ["a" * 24])
        for each in desks:
            each.start()
        wait_until_somebody_waits(service)
        people_to_change(session, ["b" * 24])
    for each in desks:
        each.join(PATIENCE)
    assert failed == []
    with service.database.read() as session:
        assert session.get_one(Facility, place.id).street == "ул. Новая, д. 1"
