"""The demonstration shows every corner of the product, and all of it is true to the rules."""

import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.addressing import present_place, recipient_of
from app.finding.asking import FILTERS, Wanted
from app.finding.tags import match
from app.journey.reconciling import Reconciled, reconcile
from app.lifecycle import AFTER_APPROVAL, ReplyState, Role, State
from app.main import assemble
from app.models import (
    Approval,
    Event,
    Facility,
    Letter,
    Objection,
    Prisoner,
    Rendering,
    Reply,
    Revision,
)
from app.queries import dashboard, doubtful, finding, people
from app.sealing import typed_code
from app.service import Service
from mailing.address import problems
from tests.demonstration import Filled
from tests.pages.doors import routes
from tests.staffing import make_account, sign_in
from tests.visiting import Visitor


def all_of(session: Session, column: object) -> set[object]:
    return set(session.execute(sa.select(column)).scalars())  # type: ignore[call-overload]


def test_people_places_letters_and_replies_of_every_kind(demonstration: Service) -> None:
    with demonstration.database.read() as session:
        everybody = session.exec(select(Prisoner)).all()
        shown = [row for row in everybody if row.is_public]
        assert len(everybody) >= 70
        assert len(shown) >= 50
        assert {row.gender for row in shown} == {"she", "he"}
        assert all(row.story_ru and row.latin_name for row in shown)
        assert sum(not row.story_en for row in shown) == 1, "one for the doubtful records"
        assert len({row.full_name for row in everybody}) == len(everybody)
        assert all(match(row.interests_en, row.interests_ru) for row in shown)
        assert all(match(row.profession_en, row.profession_ru) for row in shown)
        assert {row.status for row in shown if row.named} == {"released", "dead", "house_arrest"}
        facilities = session.exec(select(Facility)).all()
        assert len(facilities) >= 25
        assert len({row.kind for row in facilities}) >= 5
        assert all_of(session, col(Letter.state)) == set(State)
        assert len(all_of(session, col(Letter.language))) >= 6
        assert len(all_of(session, col(Reply.state))) >= 6
        assert ReplyState.SCANNED in all_of(session, col(Reply.state))
        assert session.exec(select(Letter.id).where(col(Letter.held_reason).is_not(None))).first()
        assert {row.decision for row in session.exec(select(Objection))} == {None, "reversed"}


def test_every_group_of_the_catalogue_has_somebody(demonstration: Service) -> None:
    with demonstration.database.read() as session:
        found = people.find_people(session, people.Wanted(), demonstration.today(), 180, page=1)
        seen = dashboard.overview(session, demonstration.now(), "Europe/Berlin", 5)
        records = doubtful.find_doubtful(session, "", 1)
    assert not {show for show, number in found.counts.items() if not number}
    assert not {kind for kind, number in records.counts.items() if not number}
    assert seen.without_letters >= 3
    assert len([each for each in seen.bins if each.people]) >= 4
    assert seen.pen == 1
    assert seen.alarms >= 1


def test_every_filter_of_the_search_finds_somebody(demonstration: Service) -> None:
    with demonstration.database.read() as session:
        found = finding.find(session, Wanted(), demonstration.today(), 1)
    assert {facet.field for facet in found.facets} == set(FILTERS)
    assert not {facet.field for facet in found.facets if not facet.options}
    languages = next(facet.options for facet in found.facets if facet.field == "reads")
    assert {"de", "en", "fr", "ru", "tt", "uk"} <= {option.value for option in languages}


def test_every_list_of_the_desks_shows_something(demonstration: Service) -> None:
    own = demonstration.settings.public_url
    bare = {"/desk/outbox", "/desk/alarms/notices"}  # e-mail is sent by the worker, later on
    lists = [path for method, path in routes() if method == "GET" and path.startswith("/desk")]
    empty, counted = set(), 0
    with Visitor(assemble(demonstration), base_url=own) as client:
        sign_in(client, demonstration, make_account(demonstration, Role.COORDINATOR).id)
        for path in lists:
            if "{" in path or path.endswith(".csv"):
                continue
            # On the first day of a month nothing was posted in it yet.
            month = {"month": f"{demonstration.today() - timedelta(days=20):%Y-%m}"}
            asked = month if path.endswith("/posted") else {}
            page = client.get(path, params=asked, follow_redirects=True).text
            counts = re.findall(r'>([^<]+) <span class="count">([^<]*)</span>', page)
            counted += len(counts)
            empty |= {(path, words) for words, count in counts if count == "0" and words != "Mine"}
            if '<div class="empty">' in page:
                empty.add((path, ""))
    assert counted > 30
    assert empty == {(path, "") for path in bare}


def test_every_history_is_in_order(demonstration: Service) -> None:
    with demonstration.database.read() as session:
        told = session.exec(
            select(Event).where(col(Event.subject).in_(["letter", "reply"])).order_by(col(Event.id))
        )
        last: dict[str, Event] = {}
        for event in told:
            before = last.get(event.subject_id)
            assert before is None or before.at <= event.at, (before, event)
            last[event.subject_id] = event


@pytest.mark.trust(43)
@pytest.mark.trust(71)
def test_it_came_about_by_the_rules(demonstration: Service) -> None:
    """Counts agree, every file has its row, and whatever was printed had a person before it."""
    assert reconcile(demonstration) == Reconciled(0, 0, 0)
    with demonstration.database.read() as session:
        for letter in session.exec(
            select(Letter).where(col(Letter.state).in_([*AFTER_APPROVAL, State.CLOSED]))
        ):
            approval = session.get_one(Approval, letter.approval_id)
            by = select(Event.staff_id).where(
                Event.subject_id == letter.id, Event.to == State.APPROVED, Event.actor == "staff"
            )
            assert approval.staff_id in set(session.exec(by))
            revision = session.get_one(Revision, approval.revision_id)
            assert (revision.part, revision.language) == ("russian", "ru")
            assert "{" not in (revision.text or "")
        moments = session.exec(select(Event.at)).all()
        assert max(moments) <= demonstration.now()
        pages = session.exec(select(Rendering)).all()
        assert all(demonstration.vault.get(page.file_id).startswith(b"%PDF") for page in pages)


def test_everybody_public_can_be_addressed(demonstration: Service) -> None:
    today = demonstration.today()
    oldest = timedelta(days=demonstration.settings.address_days)
    with demonstration.database.read() as session:
        for prisoner in session.exec(select(Prisoner).where(col(Prisoner.eligible))):
            placed = present_place(session, prisoner.id)
            assert placed is not None
            recipient = recipient_of(prisoner, *placed)
            assert not problems(recipient, "DE", today, oldest)


def test_the_printed_keys_open_the_desks_and_the_codes_their_letters(
    filled: Filled, demonstration: Service
) -> None:
    own = demonstration.settings.public_url
    assert set(filled.accounts.keys) == set(Role)
    with TestClient(
        assemble(demonstration),
        base_url=own,
        headers={"Origin": own, "Sec-Fetch-Site": "same-origin"},
        follow_redirects=True,
    ) as client:
        keys = filled.accounts.keys[Role.COORDINATOR]
        page = client.post(
            "/sign-in",
            data={
                "name": "coordinator",
                "password": keys.password,
                "code": pyotp.TOTP(keys.totp_secret).at(demonstration.now()),
            },
        )
        assert "Log out" in page.text
        for what, code in filled.accounts.receipts:
            assert typed_code(code) == code.replace("-", "")
            assert client.post("/letter", data={"code": code}).status_code == 200, what
