"""The day of release: what somebody told stands above every sentence, wherever it is asked for."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.database import Database
from app.finding.releases import Release, release_of
from app.models import Prisoner, Prosecution
from app.queries import coming
from tests.finding.test_search import slugs
from tests.pages.test_writing import words_on
from tests.queries.test_figures_of_people import figures
from tests.world import NOON, make_prisoner

TODAY = NOON.date()
SOON, LATER, PAST = date(2026, 12, 10), date(2028, 3, 1), date(2026, 11, 20)
ENDS_SOON: dict[str, Any] = {"started_on": date(2024, 12, 20), "sentence_months": 24}
ENDS_LATER: dict[str, Any] = {"started_on": date(2024, 12, 20), "sentence_months": 60}
ENDED: dict[str, Any] = {"started_on": date(2024, 1, 10), "sentence_months": 24}
FOR_LIFE: dict[str, Any] = {"sentence_life": True}


@pytest.mark.parametrize(
    ("status", "since", "told", "case", "release"),
    [
        ("in_custody", None, None, ENDS_SOON, Release(date(2026, 12, 20), known=False)),
        ("in_custody", None, SOON, ENDS_LATER, Release(SOON, known=True)),
        ("in_custody", None, LATER, ENDS_SOON, Release(LATER, known=True)),
        ("in_transfer", None, SOON, FOR_LIFE, Release(SOON, known=True)),
        ("in_custody", None, None, FOR_LIFE, None),
        ("in_custody", None, SOON, None, Release(SOON, known=True)),
        ("in_custody", None, None, None, None),
        # On the way, or at another place, on a day after the one that was told.
        ("in_transfer", PAST, date(2026, 11, 19), ENDS_SOON, Release(date(2026, 12, 20), False)),
        ("in_custody", PAST, PAST, ENDS_SOON, Release(PAST, known=True)),
        *((status, None, SOON, ENDS_SOON, None) for status in ("released", "exchanged", "dead")),
    ],
)
def test_the_rule(
    status: str, since: date | None, told: date | None, case: Any, release: Release | None
) -> None:
    cases = [Prosecution(prisoner_id="x", **case)] if case else []
    assert release_of(status, since, told, cases) == release


def somebody(session: Session, slug: str, case: dict[str, Any], **facts: Any) -> Prisoner:
    row = make_prisoner(session, slug=slug, **facts)
    session.add(Prosecution(prisoner_id=row.id, **case))
    return row


@pytest.fixture
def people(database: Database) -> None:
    with database.write() as session:
        somebody(session, "by-the-sentence", ENDS_SOON)
        somebody(session, "told-soon", ENDS_LATER, release_on=SOON)
        somebody(session, "told-later", ENDS_SOON, release_on=LATER)
        somebody(session, "told-in-place-of-life", FOR_LIFE, release_on=date(2026, 12, 1))
        somebody(session, "told-and-over", ENDS_LATER, release_on=PAST)
        somebody(session, "over-but-told-later", ENDED, release_on=LATER)
        somebody(session, "over-but-told-soon", ENDED, release_on=date(2026, 12, 2))
        somebody(
            session, "out-again", ENDS_SOON, release_on=SOON, status="released", published=False,
            named=True,
        )  # fmt: skip
        hidden = {"surname": "Яковлева", "published": False, "eligible": False}
        somebody(session, "unseen", ENDS_LATER, release_on=SOON, **hidden)
        somebody(session, "moved-since", ENDS_LATER, release_on=PAST, status_since=TODAY)


@pytest.mark.usefixtures("people")
def test_the_search_and_the_figures_go_by_it(database: Database) -> None:
    soon = ["by-the-sentence", "over-but-told-soon", "told-in-place-of-life", "told-soon"]
    assert sorted(slugs(database, soon="release")) == soon
    assert figures(database, soon="release").total is None
    with database.write() as session:
        for number in range(8):
            somebody(session, f"another-{number}", ENDS_LATER, release_on=SOON)
    assert figures(database, soon="release").total == len(soon) + 8


@pytest.mark.usefixtures("people")
def test_the_desks_lists_go_by_it(database: Database) -> None:
    with database.read() as session:
        found = coming.releases(session, TODAY, None)
        number = coming.due(session, TODAY)
        slug_of = {row.id: row.slug for row in session.exec(select(Prisoner))}
    told = [(slug_of[each.person.id], each.day, each.known, each.due) for each in found.coming]
    assert told == [
        ("told-and-over", PAST, True, True),
        ("told-in-place-of-life", date(2026, 12, 1), True, False),
        ("over-but-told-soon", date(2026, 12, 2), True, False),
        ("told-soon", SOON, True, False),
        ("unseen", SOON, True, False),
        ("by-the-sentence", date(2026, 12, 20), False, False),
    ]
    assert number == 1
    with database.read() as session:
        due = coming.releases(session, TODAY, None, only_due=True)
    assert [slug_of[each.person.id] for each in due.coming] == ["told-and-over"]


@pytest.mark.usefixtures("people")
def test_people_read_the_month_alone(client: TestClient) -> None:
    assert "Comes out in December 2026" in words_on(client.get("/people?soon=release").text)
    pages = {
        "told-soon": "Release December 2026",
        "told-later": "Release March 2028",
        "by-the-sentence": "Release about December 2026, by the length of the sentence",
    }
    for slug, words in pages.items():
        page = words_on(client.get(f"/people/{slug}").text)
        assert words in page
        assert "10 December" not in page
    for slug in ("told-and-over", "out-again"):
        assert "Release" not in words_on(client.get(f"/people/{slug}").text)
    assert client.get("/people/unseen").status_code == 404


@pytest.mark.usefixtures("people")
def test_partners_learn_the_month_alone(client: TestClient) -> None:
    found = client.get("/api/v1/prisoners", params={"soon": "release"}).json()["prisoners"]
    told = {each["slug"]: each["release"] for each in found}
    assert told == {
        "told-soon": {"month": "2026-12", "known": True},
        "told-in-place-of-life": {"month": "2026-12", "known": True},
        "over-but-told-soon": {"month": "2026-12", "known": True},
        "by-the-sentence": {"month": "2026-12", "known": False},
    }
    for slug, release in (
        ("told-later", {"month": "2028-03", "known": True}),
        ("told-and-over", None),
        ("out-again", None),
    ):
        answer = client.get(f"/api/v1/prisoners/{slug}")
        assert answer.json()["release"] == release
        assert "2026-12-10" not in answer.text


def test_past_the_calendar_nobody_comes_out() -> None:
    """A slip of the pen in a year breaks nothing."""
    case = Prosecution(prisoner_id="x", started_on=date(9990, 1, 1), sentence_months=600)
    soon = Prosecution(prisoner_id="x", **ENDS_SOON)
    assert release_of("in_custody", None, None, [soon, case]) is None
