"""Confirming several people at once: each by the one rule, with an event of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.catalogue import custody, together
from app.catalogue.rules import Why
from app.catalogue.standing import Occasion
from app.catalogue.together import Custody
from app.database import Database
from app.errors import Conflict, Invalid, Unavailable
from app.models import Event, Placement, Prisoner
from app.models.columns import new_id
from app.moving import by_staff
from app.queries import confirming
from app.service import Service
from tests.conftest import Clock
from tests.world import UNCONFIRMED, make_facility, make_prisoner, make_staff, place

TODAY = date(2026, 11, 22)
EARLIER = date(2026, 6, 1)
ALL_OF_IT = Custody(
    custody_confirmed_on=TODAY,
    address_checked_on=TODAY,
    address_source="their list",
    wants_letters=True,
    wish_source="a list that publishes wishes",
    wish_date=EARLIER,
    names_right=True,
)


@pytest.fixture
def staff_id(service: Service) -> str:
    with service.database.write() as session:
        return make_staff(session).id


@pytest.fixture
def occasion(service: Service, staff_id: str) -> Occasion:
    return Occasion(by_staff(staff_id), service.now(), service.today(), 180, by_coordinator=True)


def people_at_one_place(service: Service, number: int, checked_on: date | None) -> list[str]:
    with service.database.write() as session:
        facility = make_facility(session)
        rows = [make_prisoner(session, placed=False) for _ in range(number)]
        for row in rows:
            place(session, row, facility, checked_on=checked_on, source="family")
        return [row.id for row in rows]


def ticked(*ids: str) -> dict[str, str]:
    return dict.fromkeys(ids, "")


def checks(service: Service) -> dict[str, tuple[date | None, str]]:
    with service.database.read() as session:
        rows = session.exec(select(Placement)).all()
        return {row.prisoner_id: (row.checked_on, row.source) for row in rows}


def events(session: Session, what: str) -> list[str]:
    return sorted(session.exec(select(Event.subject_id).where(Event.to == what)).all())


def test_addresses_are_checked_each_with_an_event_and_taken_back(
    service: Service, staff_id: str, occasion: Occasion, clock: Clock
) -> None:
    ids = people_at_one_place(service, 45, EARLIER)
    never = people_at_one_place(service, 1, None)
    done = together.check_addresses(
        service, ticked(*ids, *never), TODAY, "a reply → hers", occasion
    )
    assert done == together.Done(46, stopped=False)
    assert set(checks(service).values()) == {(TODAY, "a reply → hers")}
    with service.database.read() as session:
        assert events(session, "checked") == sorted([*ids, *never])
        assert confirming.checked_at(session, occasion.now, staff_id) == 46
        assert confirming.checked_at(session, occasion.now, "somebody else") == 0
        assert session.get_one(Prisoner, ids[0]).eligible
    clock.forward(minutes=5)
    later = Occasion(occasion.actor, service.now(), service.today(), 180, by_coordinator=True)
    changed = together.check_addresses(service, ticked(*ids[:1]), TODAY, "her lawyer", later)
    assert changed.done == 1

    back = together.uncheck_addresses(service, occasion.now, later)
    assert back.done == 45  # who was changed since is left alone
    found = checks(service)
    assert found.pop(ids[0]) == (TODAY, "her lawyer")
    assert found.pop(never[0]) == (None, "family")
    assert set(found.values()) == {(EARLIER, "family")}
    with service.database.read() as session:
        assert len(events(session, "unchecked")) == 45
        assert not session.get_one(Prisoner, never[0]).published


def test_a_check_is_taken_back_by_its_own_coordinator_and_for_a_day(
    service: Service, occasion: Occasion, clock: Clock
) -> None:
    ids = people_at_one_place(service, 1, EARLIER)
    together.check_addresses(service, ticked(*ids), TODAY, "family", occasion)
    somebody = Occasion(
        by_staff(new_id()), service.now(), service.today(), 180, by_coordinator=True
    )
    assert together.uncheck_addresses(service, occasion.now, somebody).done == 0
    clock.forward(days=2)
    late = Occasion(occasion.actor, service.now(), service.today(), 180, by_coordinator=True)
    with pytest.raises(Conflict):
        together.uncheck_addresses(service, occasion.now, late)
    assert checks(service)[ids[0]][0] == TODAY


def test_whom_the_check_does_not_fit_is_left_alone(service: Service, occasion: Occasion) -> None:
    same = people_at_one_place(service, 1, TODAY)
    later = people_at_one_place(service, 1, date(2026, 11, 20))
    gone = people_at_one_place(service, 1, EARLIER)
    with service.database.write() as session:
        custody.leave(session, gone[0], "in_transfer", TODAY, occasion)
    ids = [*same, *later, *gone, new_id()]
    assert together.check_addresses(service, ticked(*ids), TODAY, "family", occasion).done == 1
    earlier = together.check_addresses(service, ticked(*ids), date(2026, 11, 1), "family", occasion)
    assert earlier.done == 0
    assert checks(service)[gone[0]][0] == EARLIER


def test_wrong_days_and_nobody_are_refused(service: Service, occasion: Occasion) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(Invalid) as late:
        together.check_addresses(service, ticked("x"), tomorrow, "family", occasion)
    assert "checked_on" in late.value.problems
    with pytest.raises(Invalid) as nobody:
        together.check_addresses(service, {}, TODAY, "family", occasion)
    assert "person" in nobody.value.problems
    with pytest.raises(Invalid) as many:
        together.confirm(service, ticked(*map(str, range(101))), ALL_OF_IT, occasion)
    assert "person" in many.value.problems
    without = Custody(custody_confirmed_on=TODAY, wants_letters=True, wish_source="a list")
    with pytest.raises(Invalid) as wish:
        together.confirm(service, ticked("x"), without, occasion)
    assert "wish_source" in wish.value.problems


@pytest.mark.trust(74)
def test_newcomers_pass_the_one_rule_and_the_others_are_told_with_reasons(
    service: Service, staff_id: str, occasion: Occasion
) -> None:
    with service.database.write() as session:
        good = make_prisoner(session, **UNCONFIRMED, dative_name=None)
        placeless = make_prisoner(session, **UNCONFIRMED, placed=False)
        yearless = make_prisoner(session, **{**UNCONFIRMED, "birth_year": None})
        barred = make_prisoner(session, **{**UNCONFIRMED, "bar": "prisoner_of_war"})
        hidden = make_prisoner(session, **{**UNCONFIRMED, "hidden": True})
        young = make_prisoner(session, **{**UNCONFIRMED, "birth_year": 2009})
        refused = make_prisoner(
            session, **{**UNCONFIRMED, "status": "in_custody", "wish_source": "her own letter"}
        )
        ids = [row.id for row in (good, placeless, yearless, barred, hidden, young, refused)]
    done = together.confirm(service, ticked(*ids), ALL_OF_IT, occasion)
    assert done == together.Done(4, stopped=False)
    with service.database.read() as session:
        outcome = confirming.confirmed_at(session, occasion.now, staff_id, TODAY, 180)
        assert (outcome.done, outcome.public) == (4, 1)
        reasons = {person.id: person.reasons for person in outcome.left}
        assert reasons == {
            placeless.id: (Why.NO_PLACE,),
            yearless.id: (Why.NO_BIRTH_YEAR,),
            young.id: (Why.UNDER_18,),
        }
        assert events(session, "confirmed") == sorted(
            [good.id, placeless.id, yearless.id, young.id]
        )
        row = session.get_one(Prisoner, good.id)
        assert (row.published, row.eligible, row.confirmed_by) == (True, True, staff_id)
        assert (row.dative_name, row.dative_confirmed) == ("Озеровой Анне Петровне", True)
        for untouched in (barred.id, hidden.id, refused.id):
            row = session.get_one(Prisoner, untouched)
            assert (row.published, row.wants_letters, row.custody_confirmed_on) == (
                False,
                False,
                None,
            )


def test_what_is_not_said_stays_as_it_is(service: Service, occasion: Occasion) -> None:
    with service.database.write() as session:
        known = make_prisoner(session, published=False, eligible=False, custody_confirmed_on=None)
        other = make_prisoner(session, **UNCONFIRMED)
    only_custody = Custody(custody_confirmed_on=TODAY)
    together.confirm(service, ticked(known.id, other.id), only_custody, occasion)
    with service.database.read() as session:
        row = session.get_one(Prisoner, known.id)
        assert row.published
        assert (row.wants_letters, row.wish_source) == (True, "letter to a friend")
        assert checks(service)[known.id][0] == date(2026, 11, 1)
        row = session.get_one(Prisoner, other.id)
        assert (row.published, row.wants_letters, row.dative_confirmed) == (False, False, False)
        assert row.custody_confirmed_on == TODAY


def test_what_is_done_stays_done_when_the_rest_cannot_be(
    service: Service, staff_id: str, occasion: Occasion, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = people_at_one_place(service, together.AT_ONCE + 5, EARLIER)
    write, begun = Database.write, []

    @contextmanager
    def until_it_is_full(database: Database) -> Iterator[Session]:
        begun.append(1)
        with write(database) as session:
            yield session
            if len(begun) > 1:
                raise Unavailable("The disk is full.")

    monkeypatch.setattr(Database, "write", until_it_is_full)
    done = together.check_addresses(service, ticked(*ids), TODAY, "family", occasion)
    assert done == together.Done(together.AT_ONCE, stopped=True)
    days = [day for day, _source in checks(service).values()]
    assert (days.count(TODAY), days.count(EARLIER)) == (together.AT_ONCE, 5)
    with pytest.raises(Unavailable):
        together.check_addresses(service, ticked(*ids), TODAY, "family", occasion)
    monkeypatch.undo()
    assert together.check_addresses(service, ticked(*ids), TODAY, "family", occasion).done == 5
    with service.database.read() as session:
        assert confirming.checked_at(session, occasion.now, staff_id) == len(ids)
