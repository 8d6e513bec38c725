"""The report of an import, as a coordinator works through it; and what the public sees: nothing."""

import re
import time
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo
from app.lifecycle import Role
from app.models import ImportLine, ImportRun, Prisoner
from app.models.importing import STUMBLED
from app.moving import SYSTEM
from app.service import Service
from tests.pages.doors import routes
from tests.serving import Serve
from tests.staffing import browser_of
from tests.standins import source
from tests.world import make_prisoner

SOURCE = source.make(seed=3, people=60, cases=80, places=10)
MARKER = "Fictional person number"


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as browser:
        browser.follow_redirects = True
        yield browser


@pytest.fixture
def run_id(service: Service) -> str:
    gathered = ovdinfo.read(SOURCE.data, SOURCE.locations, service.today())
    return keeping.dry_run(service, gathered)[0]


def test_doubts_come_first_and_can_be_decided_one_by_one(
    service: Service, desk: TestClient, run_id: str
) -> None:
    assert "OVD-Info" in desk.get("/desk/catalogue/imports").text
    path = f"/desk/catalogue/imports/{run_id}"
    page = desk.get(path).text
    assert "One person or two?" in page
    assert str(SOURCE.expected["new.person"]) in page
    with service.database.read() as session:
        assert session.exec(select(Prisoner)).all() == []
        gender = session.exec(select(ImportLine).where(ImportLine.topic == "gender")).one()
    page = desk.post(
        f"{path}/answers",
        data={"line": gender.position, "answer": "she", "kind": "doubtful", "topic": "gender"},
    ).text
    assert "Take the answer back" in page
    page = desk.post(f"{path}/answers", data={"line": gender.position, "answer": ""}).text
    assert "Take the answer back" not in page
    chosen = desk.get(f"{path}?kind=doubtful&topic=kind").text
    assert '<option value="-">–</option>' in chosen, "nothing is chosen before somebody chooses"
    refused = desk.post(f"{path}/answers", data={"line": gender.position, "answer": "maybe"})
    assert refused.status_code == 422
    assert desk.post(f"{path}/answers", data={"line": "x"}).status_code == 422
    assert desk.get(f"{path}/progress").status_code == 200
    desk.post(f"{path}/sure", data={"kind": "doubtful", "topic": "same_person"})
    answered = [line for line in desk.get(f"{path}.json").json() if line["answer"] == "same"]
    assert len(answered) >= 3
    assert all(line["detail"]["sure"] for line in answered)
    for kind in ("new", "unreadable"):
        assert desk.get(f"{path}?kind={kind}").status_code == 200
    unreadable = desk.get(f"{path}?kind=unreadable").text
    assert "half_a_name" not in unreadable
    assert "letters in it were lost on the way" in unreadable
    assert "of the given name it has an initial only" in unreadable
    names = desk.get(f"{path}?kind=doubtful&topic=name").text
    for said in (
        "has Latin letters in it",
        "Nothing tells for sure which of the words is the surname.",
        "The surname looks like a patronymic: if it is one, the surname is missing.",
        "The list has an initial only of another name: write it out.",
    ):
        assert said in names
    by_name = desk.get(f"{path}?kind=doubtful&topic=one_name").text
    assert "without an id and a birth year" in by_name
    assert desk.get("/desk/catalogue/imports/nothing").status_code == 404


def test_lines_are_a_row_each_and_pages_are_short(desk: TestClient, run_id: str) -> None:
    path = f"/desk/catalogue/imports/{run_id}?kind=new&topic=person"
    page = desk.get(path).text
    rows = re.findall(r'<details class="line">\s*<summary data-row>.*?</summary>', page, re.DOTALL)
    assert len(rows) == 25
    assert any(re.search(r'<span class="line-digest">[12][0-9]{3} · ', row) for row in rows)
    last = re.search(r'href="([^"]*page=4)">Last page', page)
    assert last
    page = desk.get(
        f"/desk/catalogue/imports/{run_id}{unescape(last[1]).partition(run_id)[2]}"
    ).text
    assert "Page 4 of 4" in page
    assert 'page=1">First page' in page
    doubts = desk.get(f"/desk/catalogue/imports/{run_id}?kind=doubtful").text
    assert doubts.count('<section class="person"') <= 10


def test_it_says_which_rows_it_leaves_out_and_whose_years_agree(
    desk: TestClient, run_id: str
) -> None:
    path = f"/desk/catalogue/imports/{run_id}"
    rows = SOURCE.expected["unreadable"]
    assert rows > 1
    assert f"{rows} rows cannot be read: nothing of them is entered." in desk.get(path).text
    asked = desk.get(f"{path}?kind=doubtful&topic=same_person").text
    assert re.search(r"Both are noted as born in \d{4}\.", asked)
    assert not re.search(r"Born (\d{4}) and \1\.", asked)


def test_what_broke_off_says_how_far_it_came(
    service: Service, desk: TestClient, run_id: str
) -> None:
    with service.database.write() as session:
        run = session.get_one(ImportRun, run_id)
        run.counts, run.done, run.total = run.counts | {STUMBLED: 5}, 31, 1_077
    page = desk.get(f"/desk/catalogue/imports/{run_id}").text
    assert "The last time it came to 31 of 1,077 steps." in page


def test_the_report_as_files(desk: TestClient, run_id: str) -> None:
    rows = desk.get(f"/desk/catalogue/imports/{run_id}.json").json()
    table = desk.get(f"/desk/catalogue/imports/{run_id}.csv").text
    assert len(rows) == len(re.findall(r"^(?:new|doubtful|unreadable),", table, re.MULTILINE))
    assert {row["kind"] for row in rows} == {"new", "doubtful", "unreadable"}


def test_what_is_applied_at_the_desk_is_done_by_the_worker(
    service: Service, desk: TestClient, run_id: str
) -> None:
    page = desk.post(f"/desk/catalogue/imports/{run_id}/apply").text
    assert "It is being applied." in page
    with service.database.read() as session:
        assert session.exec(select(Prisoner)).all() == []
    assert applying.carry(service, run_id, "0") == "moved_on"
    assert applying.carry(service, run_id, "1") == "applied"
    assert applying.carry(service, run_id, "1") == "moved_on"
    with service.database.read() as session:
        run = session.get_one(ImportRun, run_id)
        assert run.applied_by is not None
        assert len(session.exec(select(Prisoner)).all()) == SOURCE.expected["new.person"]
    assert "Apply what was decided since" in desk.get(f"/desk/catalogue/imports/{run_id}").text


def test_a_running_worker_applies_it(service: Service, serve: Serve, run_id: str) -> None:
    serve()
    with service.database.write() as session:
        keeping.owe_applying(session, run_id, SYSTEM)
    until = time.monotonic() + 60
    state = ""
    while state != "applied" and time.monotonic() < until:
        with service.database.read() as session:
            state = session.get_one(ImportRun, run_id).state
        time.sleep(0.05)
    assert state == "applied"
    with service.database.read() as session:
        assert len(session.exec(select(Prisoner)).all()) == SOURCE.expected["new.person"]


@pytest.mark.trust(74)
def test_nobody_who_was_brought_in_is_seen_by_the_public(
    service: Service, client: TestClient, run_id: str
) -> None:
    applying.apply_run(service, run_id, SYSTEM)
    with service.database.write() as session:
        shown = make_prisoner(session)
        people = session.exec(select(Prisoner).where(Prisoner.id != shown.id)).all()
    names = {row.surname for row in people} | {row.latin_name for row in people} | {MARKER}
    slugs = {row.slug for row in people}
    paths = [path for method, path in routes() if method == "GET" and "/desk" not in path]
    for path in paths:
        told = re.sub(r"\{slug\}", next(iter(slugs)), path)
        for asked in (told, f"{told}?q={people[0].surname}", f"{told}?q={people[0].latin_name}"):
            answer = client.get(re.sub(r"\{\w+\}", "0", asked))
            said = answer.text.replace(people[0].surname, "", 2).replace(
                people[0].latin_name, "", 2
            )
            assert not [name for name in names if name in said], asked
    for row in people[:20]:
        assert client.get(f"/people/{row.slug}").status_code == 404
