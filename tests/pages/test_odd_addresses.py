"""Whatever somebody writes behind the question mark of an address, no page breaks."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

import app.pages
from app.finding.asking import FILTERS
from app.lifecycle import Role, State
from app.main import API, PAGES, assemble
from app.models import ImportLine, ImportReading, ImportRun
from app.pages.shell.parameters import query_text, whole_number
from app.pages.shell.typed import moment
from app.service import Service
from tests.pages.doors import routes
from tests.staffing import browser_of
from tests.world import make_case, make_letter, make_prisoner

TEXTS = (
    "a\0b",
    "9" * 4_400,
    "-1",
    "ß" * 120,
    "\u202e😀\u0301²٣",
    "%_'\"--\r\n\x1b",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01",
    "9999-12",
)
LONG, AT_ONCE = 1_000, 12
NOT_READY = "/health/ready"
"""Says with 503 that no worker carries letters in this test."""
NUMBERS = ("-1", "0", "9" * 30, "9" * 4_400)
_READ = re.compile(r'(?:query_params|query|asked)(?:\.get\(|\[)\s*"(\w+)"')


@pytest.fixture
def ids(service: Service) -> dict[str, str]:
    """Something behind every address, where there is not much to be done for it."""
    with service.database.write() as session:
        anna = make_prisoner(session)
        case = make_case(session, anna)
        letter = make_letter(session, anna, State.IN_REVIEW)
        run = ImportRun(source="x", label="X", snapshot=b"x")
        reading = ImportReading(concerns="people", name="n", state="failed", trouble="empty")
        session.add_all([run, reading])
        session.flush()
        session.add(ImportLine(run_id=run.id, position=1, kind="gone", topic="person", title="t"))
        named = {"prisoner_id": anna.id, "slug": anna.slug, "letter_id": letter.id}
        return named | {"case_id": case.id, "run_id": run.id, "reading_id": reading.id}


def parameters() -> tuple[set[str], set[str]]:
    """Names of everything that a page may be asked for: as text, and as a number."""
    texts, numbers = set(FILTERS), set[str]()
    for source in Path(app.pages.__path__[0]).rglob("*.py"):
        texts |= set(_READ.findall(source.read_text("utf-8")))
    for route in (route for router in (*PAGES, *API) for route in router.routes):
        for declared in route.dependant.query_params if isinstance(route, APIRoute) else ():
            of_numbers = declared.field_info.annotation is int
            (numbers if of_numbers else texts).add(declared.name)
    return texts - numbers, numbers


def batched(names: list[str], most: int) -> Iterator[list[str]]:
    for at in range(0, len(names), most):
        yield names[at : at + most]


def addresses(ids: dict[str, str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    texts, numbers = parameters()
    assert {"q", "at", "place", "language"} <= texts
    assert {"page", "back"} <= numbers
    for method, path in routes():
        if method != "GET" or path == NOT_READY:
            continue
        here = re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], "0" * 24), path)
        for odd in TEXTS:
            some = len(texts) if len(odd) < LONG else AT_ONCE  # an address has an end
            for names in batched(sorted(texts), some):
                yield here, [(name, odd) for name in names]
        yield here, [(name, odd) for name in texts for odd in ("", TEXTS[0], "-1")]
        for odd in NUMBERS:
            yield here, [(name, odd) for name in numbers]


@pytest.mark.timeout(300)
def test_no_page_breaks(service: Service, ids: dict[str, str]) -> None:
    broken = {}
    with browser_of(assemble(service), service, *Role) as client:
        for path, asked in addresses(ids):
            said = _status(client, f"{path}?{urlencode(asked)}")
            if said is None or said >= 500:
                broken[path] = asked[0][1][:40]
        assert client.get("/desk").status_code == 200
    assert broken == {}


def _status(client: TestClient, address: str) -> int | None:
    """What is answered; None where the server would say that it broke."""
    try:
        return client.get(address).status_code
    except httpx2.InvalidURL:
        raise
    except Exception:  # noqa: BLE001 — whatever it is, it is told together with the address
        return None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("60", 60),
        *((text, None) for text in ("61", "", "-1", "²", "٣", "1.0", " 7", "9" * 5_000)),
        ("0" * 5_000, 0),
    ],
)
def test_numbers_are_read_within_their_bounds(text: str, number: int | None) -> None:
    assert whole_number(text, 60) == number


@pytest.mark.parametrize("text", [TEXTS[6], TEXTS[7], "2026-11-22T12:00", "", "now", "9" * 5_000])
def test_a_moment_without_zone_or_past_the_calendar_is_none(text: str) -> None:
    assert moment(text) is None


def test_words_are_as_short_as_a_database_bears_them() -> None:
    assert query_text(" a\0b " + "c" * 200) == "ab " + "c" * 96


@pytest.mark.parametrize("head", ["0001999", "00061", "0001" + "9" * 5_000, "0", "²"])
def test_a_row_past_the_bound_is_told_beside_the_field(service: Service, head: str) -> None:
    described: dict[str, Any] = {
        "sheets": [],
        "sheet": None,
        "head": 1,
        "columns": [["ФИО", ["x"]]],
    }
    with service.database.write() as session:
        row = ImportReading(concerns="people", name="n", state="chosen")
        row.description = json.dumps(described)
        session.add(row)
    with browser_of(assemble(service), service, Role.CATALOGUE) as client:
        answer = client.post(f"/desk/catalogue/imports/readings/{row.id}", data={"head": head})
    assert answer.status_code == 422
    assert "Write the number of a row" in answer.text
