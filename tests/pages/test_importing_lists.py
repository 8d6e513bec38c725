"""A list handed in at the desk: file, columns, report; and asking OVD-Info from the desk."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.importing.runs import keeping
from app.importing.sources import reading
from app.journey import reconciling
from app.lifecycle import Role
from app.models import ImportReading, ImportRun, Prisoner
from app.models.columns import utc_now
from app.service import Service
from app.staff import sessions
from tests.crawling import Links
from tests.importing.bringing import LOCATIONS, VERA
from tests.importing.test_hostile_lists import book
from tests.pages.test_writing import words_on
from tests.serving import Lifeline, Serve
from tests.staffing import desk_of, make_account

NEW = "/desk/catalogue/imports/new"
PEOPLE = "Номер дела;ФИО;Дата рождения;Кто такой;Где сидит\n" + "".join(
    f"{number};{name};{birth};{trade};{place}\n"
    for number, name, birth, trade, place in (
        (1, "Полевая Вера Ильинична", "01.05.1990", "учительница", "под стражей"),
        (2, "Речной Пётр Львович", "1985", "", "под стражей"),
        (3, "Иван", "", "", ""),
    )
)


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with desk_of(service, Role.CATALOGUE) as browser:
        yield browser


def hand_in(desk: TestClient, content: str | bytes, concerns: str = "people", **more: Any) -> Any:
    file = content.encode() if isinstance(content, str) else content
    files = [("files", (more.get("name", "list.csv"), file))]
    return desk.post(NEW, data={"concerns": concerns}, files=files)


def the_reading(service: Service) -> ImportReading:
    with service.database.read() as session:
        return session.exec(select(ImportReading)).one()


def chosen(page: str) -> dict[str, str]:
    """The columns on the page and what is chosen for each."""
    found = {}
    for part in page.split('<div class="field')[1:]:
        if 'name="column-' in part:
            label = part.split("<label")[1].split(">", 1)[1].split(" <span")[0].split("<")[0]
            picked = [
                o.split('"')[0]
                for o in part.split('<option value="')[1:]
                if "selected" in o.split(">")[0]
            ]
            found[label.strip()] = picked[0].strip("-") if picked else ""
    return found


def test_a_table_becomes_a_report_in_three_steps(service: Service, desk: TestClient) -> None:
    answer = hand_in(desk, PEOPLE)
    page = answer.text
    assert "Which column is what?" in page
    assert "учительница" in page
    assert "Полевая Вера Ильинична · Речной Пётр Львович · Иван" in words_on(page)
    assert chosen(page) == {
        "Номер дела": "",
        "ФИО": "name",
        "Дата рождения": "birth",
        "Кто такой": "",
        "Где сидит": "",
    }
    path = answer.url.path
    said = {
        "label": "Комитет «Письма»",
        "head": "1",
        "column-1": "name",
        "column-2": "birth",
        "column-3": "profession_ru",
        "column-4": "state",
        "rating": "Memorial",
    }
    page = desk.post(path, data=said).text
    assert "Step 1 of 3: reading" in page
    assert f'hx-get="{path}/progress"' in page
    assert "list.csv" in desk.get("/desk/catalogue/imports").text
    assert reading.carry(service, path.rsplit("/", 1)[1], "1") == "read"
    assert "See the report" in desk.get(f"{path}/progress").text
    report = desk.get(path)
    assert report.url.path.endswith(str(the_reading(service).run_id))
    assert "new people: 2" in words_on(report.text)
    lines = desk.get(f"{report.url.path}?kind=new").text
    assert "учительница" in lines
    unreadable = words_on(desk.get(f"{report.url.path}?kind=unreadable").text)
    assert "Row 4: the name is not whole" in unreadable
    assert "Иван" in unreadable
    with service.database.read() as session:
        run = session.exec(select(ImportRun)).one()
        assert session.exec(select(Prisoner)).all() == []
    assert (run.source, run.label, run.origin) == ("komitet-pisma", "Комитет «Письма»", "list.csv")
    assert list(service.vault.ids()) == []
    assert the_reading(service).description is None


def test_the_next_state_of_a_list_is_known_by_its_columns(
    service: Service, desk: TestClient
) -> None:
    first = hand_in(desk, PEOPLE).url.path
    said = {"label": "Комитет", "head": "1", "column-1": "name", "column-3": "profession_ru"}
    desk.post(first, data=said)
    reading.carry(service, first.rsplit("/", 1)[1], "1")
    again = hand_in(desk, PEOPLE.replace("Речной", "Озёрный"))
    assert chosen(again.text)["Кто такой"] == "profession_ru"
    assert '<option value="komitet" selected>' in again.text
    taken = desk.post(again.url.path, data={**said, "list": ""})
    assert taken.status_code == 422
    assert "There is a list of this name already" in taken.text
    assert "Комитет" in taken.text
    desk.post(again.url.path, data={**said, "list": "komitet", "label": ""})
    assert reading.carry(service, again.url.path.rsplit("/", 1)[1], "1") == "read"
    with service.database.read() as session:
        assert {run.source for run in session.exec(select(ImportRun))} == {"komitet"}


@pytest.mark.parametrize("label", ["Coordinator", "OVDinfo", "«…»"])
def test_no_list_may_speak_for_us_or_for_another_source(desk: TestClient, label: str) -> None:
    path = hand_in(desk, PEOPLE).url.path
    refused = desk.post(path, data={"label": label, "head": "1", "column-1": "name"})
    assert refused.status_code == 422
    assert 'id="label-error"' in refused.text


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"column-1": ""}, "column-0", "Say which column holds the name."),
        ({"column-2": "name"}, "column-2", "«ФИО» is this one already"),
        ({"column-2": "health"}, "column-2", "Choose one of these"),
        ({"label": " "}, "label", "Write whose list it is"),
        ({"list": "nobody"}, "list", "Choose one of these"),
        ({"head": "x"}, "head", "Write the number of a row"),
        ({"head": "50"}, "head", "No row of it names the columns"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    desk: TestClient, changed: dict[str, str], field: str, told: str
) -> None:
    path = hand_in(desk, PEOPLE).url.path
    said = {"label": "A committee", "head": "1", "column-1": "name", "column-3": "story_ru"}
    answer = desk.post(path, data=said | changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert told in words_on(answer.text)
    assert chosen(answer.text)["Кто такой"] == "story_ru"
    assert ("A committee" in answer.text) == ("label" not in changed)
    if field != "list":  # only shown where lists are known
        assert f'id="{field}-error"' in answer.text


def test_another_row_and_another_sheet_can_be_looked_at(desk: TestClient) -> None:
    answer = hand_in(desk, book(("A list", None), ("имя", "№"), ("Полевая Вера", 1)))
    assert list(chosen(answer.text)) == ["имя", "№"]
    page = desk.post(answer.url.path, data={"head": "3"}).text
    assert list(chosen(page)) == ["Полевая Вера", "1"]
    assert list(chosen(desk.post(answer.url.path, data={"head": "2"}).text)) == ["имя", "№"]


@pytest.mark.trust(27)
@pytest.mark.parametrize(
    ("concerns", "content", "status", "field", "told"),
    [
        ("people", "<!doctype html><p>no list", 415, "files", "This is no table"),
        ("places", "%PDF-1.7", 415, "files", "This is no table"),
        ("people", '{"data": []}', 422, "files", "This is JSON, no table"),
        ("people", "", 422, "files", "There is nothing in it"),
        ("health", PEOPLE, 422, "concerns", "Choose one of these"),
    ],
)
def test_a_file_that_is_none_is_refused_beside_its_field(
    service: Service,
    desk: TestClient,
    concerns: str,
    content: str,
    status: int,
    field: str,
    told: str,
) -> None:
    answer = hand_in(desk, content, concerns)
    assert answer.status_code == status
    assert f'href="#{field}"' in answer.text
    assert told in answer.text
    if concerns in reading.CONCERNS:
        assert f'value="{concerns}" checked' in answer.text
    assert list(service.vault.ids()) == []


def test_nothing_chosen_is_told(desk: TestClient) -> None:
    answer = desk.post(NEW, data={"concerns": "ovdinfo"}, files=[("other", ("a", b""))])
    assert answer.status_code == 422
    assert "Choose the file." in answer.text


@pytest.mark.trust(28)
def test_a_file_over_the_limit_is_cut_off_while_it_comes(
    service: Service, desk: TestClient
) -> None:
    limit = service.settings.list_megabytes * 1_000_000

    def stream() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        for _ in range(limit // 1_000_000 + 10):
            yield b"a" * 1_000_000

    answer = desk.post(
        NEW, content=stream(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 413
    assert "This list is too large" in answer.text
    assert "Save it in parts" in answer.text
    assert list(service.vault.ids()) == []


def test_a_list_as_long_as_ovdinfos_is_taken(service: Service, desk: TestClient) -> None:
    """More than a reply may be: 13,000 cases with their stories are 20 megabytes."""
    row = VERA | {"story_en": "Writes letters. " * 100}
    rows = [row | {"person_id": f"p{number}"} for number in range(15_000)]
    content = json.dumps({"data": rows})
    assert len(content) > service.settings.upload_megabytes * 1_000_000
    assert hand_in(desk, content, "ovdinfo").status_code == 200
    assert the_reading(service).state == "reading"


def test_saved_files_of_ovdinfo_are_read_without_a_question(
    service: Service, desk: TestClient
) -> None:
    files = [
        ("files", ("data.json", json.dumps({"data": [VERA]}).encode())),
        ("files", ("locations.json", json.dumps(LOCATIONS).encode())),
    ]
    answer = desk.post(NEW, data={"concerns": "ovdinfo"}, files=files)
    assert "Step 1 of 3: reading" in answer.text
    assert reading.carry(service, the_reading(service).id, "1") == "read"
    report = words_on(desk.get(answer.url.path).text)
    assert "new people: 1" in report
    assert "new places: 2" in report


def test_a_file_of_something_else_says_so_where_its_report_would_be(
    service: Service, desk: TestClient
) -> None:
    answer = hand_in(desk, PEOPLE, "ovdinfo")
    assert reading.carry(service, the_reading(service).id, "1") == "failed"
    page = desk.get(answer.url.path).text
    assert "in the shape of OVD-Info" in page
    assert NEW in Links(page).links
    assert desk.post(answer.url.path, data={"head": "1"}).status_code == 409


def test_a_mistake_of_ours_is_told_too(
    service: Service, desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = hand_in(desk, json.dumps({"data": [VERA]}), "ovdinfo")
    monkeypatch.setattr(keeping, "dry_run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        reading.carry(service, the_reading(service).id, "1")
    assert "by a mistake of ours" in desk.get(answer.url.path).text
    assert list(service.vault.ids()) == []


def test_a_list_nobody_explained_is_erased_after_a_day(service: Service, desk: TestClient) -> None:
    path = hand_in(desk, PEOPLE).url.path
    reconciling.reconcile(service)
    assert len(list(service.vault.ids())) == 1
    assert reading.forget_unfinished(service) == 0
    with service.database.write() as session:
        session.exec(select(ImportReading)).one().created_at -= timedelta(days=1, hours=1)
    assert reading.forget_unfinished(service) == 1
    assert list(service.vault.ids()) == []
    assert "waited too long" in desk.get(path).text


def test_a_running_worker_reads_it(service: Service, desk: TestClient, serve: Serve) -> None:
    hand_in(desk, json.dumps({"data": [VERA]}), "ovdinfo")
    with service.database.write() as session:
        # The worker goes by the real clock, and would forget what is a day old.
        session.exec(select(ImportReading)).one().created_at = utc_now()
    serve()
    until = time.monotonic() + 60
    while the_reading(service).state == "reading" and time.monotonic() < until:
        time.sleep(0.05)
    assert the_reading(service).state == "read"


@pytest.mark.trust(28)
def test_one_list_at_a_time_is_in_memory(service: Service, live_server: Lifeline) -> None:
    """One connection sends half a list and keeps the rest: whoever else comes must wait."""
    account = make_account(service, Role.CATALOGUE)
    with service.database.write() as session:
        signed_in = f"session={sessions.begin(session, account.id, utc_now())}"
    ours = {"Origin": live_server.url, "Cookie": signed_in}
    with httpx.Client(base_url=live_server.url, headers=ours, timeout=30) as desk:

        def hands_in() -> httpx.Response:
            files = [("files", ("list.csv", PEOPLE.encode()))]
            return desk.post(NEW, data={"concerns": "people"}, files=files)

        def breaks() -> httpx.Response:
            kind = {"Content-Type": "multipart/form-data; boundary=x"}
            return desk.post(NEW, content=b"--x\r\n\r\nno headers", headers=kind)

        with half_a_list(live_server.url, signed_in):
            refused = wait_for(breaks, 503)
            assert "Somebody is handing in a list just now" in refused.text
            assert "try again in a minute" in refused.text
            assert hands_in().status_code == 503
            assert list(service.vault.ids()) == []
        wait_for(breaks, 400)
        assert hands_in().status_code == 303, "given free by whoever went, and by a broken body"
        assert hands_in().status_code == 303, "and by whoever came to the end"


@contextmanager
def half_a_list(url: str, cookie: str) -> Iterator[None]:
    """A connection that is in the middle of a list, and goes away when the block ends."""
    host, port = url.removeprefix("http://").split(":")
    head = (
        f"POST {NEW} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {url}\r\n"
        f"Cookie: {cookie}\r\nContent-Length: 5000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    )
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode() + b"a" * 100_000)
        yield


def wait_for(ask: Callable[[], httpx.Response], status: int) -> httpx.Response:
    """Ask until it is answered so: the server hears of the other connection in its own time."""
    until = time.monotonic() + 30
    while (answer := ask()).status_code != status:
        assert time.monotonic() < until, answer.text
    return answer
