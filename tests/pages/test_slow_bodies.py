"""Whoever sends very slowly is waited for no longer than is fair, over a real connection."""

import re
import select
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from app.commands.serving import configuration, listen
from app.importing.sources import reading
from app.lifecycle import Role
from app.main import assemble
from app.pages.shell import limits
from app.pages.shell.access import cookie_name
from app.pages.shell.limits import LISTS, Pace
from app.service import Service
from app.staff import sessions
from tests.staffing import make_account

pytestmark = pytest.mark.trust(28)
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_LIST = {"files": ("list.csv", "Фамилия,Имя\nОзерова,Анна\n".encode(), "text/csv")}
HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="list.csv"\r\n\r\n'
TAIL = b'\r\n--b\r\nContent-Disposition: form-data; name="concerns"\r\n\r\npeople\r\n--b--\r\n'


@pytest.fixture
def port(service: Service) -> Iterator[int]:
    """The application on a socket of its own."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(configuration(assemble(service), service.settings))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    serving.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    serving.join()


@pytest.fixture
def cookie(service: Service) -> str:
    """Somebody who keeps the catalogue is signed in."""
    account = make_account(service, Role.CATALOGUE)
    with service.database.write() as session:
        token = sessions.begin(session, account.id, service.now())
    return f"{cookie_name(service.settings.secure_cookies)}={token}"


def begin(
    port: int, service: Service, cookie: str, length: int, path: str = LISTS
) -> socket.socket:
    """A connection on which a list was announced."""
    made = socket.create_connection(("127.0.0.1", port))
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: {service.settings.public_url}",
        f"Cookie: {cookie}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {length}",
    )
    made.sendall("\r\n".join([*lines, "", ""]).encode() + HEAD)
    return made


def is_answered(connection: socket.socket, within: float) -> bool:
    return bool(select.select([connection], [], [], within)[0])


def whole_answer(connection: socket.socket) -> str:
    """Everything until the server hangs up."""
    pieces = []
    while piece := connection.recv(65_536):
        pieces.append(piece)
    return b"".join(pieces).decode()


def hand_in(port: int, service: Service, cookie: str) -> httpx.Response:
    return httpx.post(
        f"http://127.0.0.1:{port}{LISTS}",
        files=A_LIST,
        data={"concerns": "people"},
        headers={"Cookie": cookie, "Origin": service.settings.public_url},
        timeout=60,  # a busy machine reads the list in a process of its own
    )


@once
def test_a_list_that_trickles_gives_its_place_to_the_next(
    service: Service, port: int, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PACE", Pace(patience=0.6, least=1_000))
    with begin(port, service, cookie, length=1_000_000) as slow:
        while not reading._PLACE.locked():
            assert not is_answered(slow, 0.01)
        assert hand_in(port, service, cookie).status_code == 503
        while not is_answered(slow, 0.05):
            slow.sendall(b"x")
        told = whole_answer(slow)
    assert told.startswith("HTTP/1.1 408")
    assert "This came too slowly" in told
    assert hand_in(port, service, cookie).status_code == 303


@once
def test_nobody_trickles_for_ever_at_a_fair_pace(
    service: Service, port: int, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PACE", Pace(patience=0.2, least=1, longest=0.4))
    with begin(port, service, cookie, length=1_000_000) as slow:
        while not is_answered(slow, 0.05):
            slow.sendall(b"x")
        assert whole_answer(slow).startswith("HTTP/1.1 408")


@once
def test_a_slow_list_that_keeps_coming_is_taken(
    service: Service, port: int, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes longer than anybody may be silent, and every piece gives it more time."""
    monkeypatch.setattr(limits, "PACE", Pace(patience=0.5, least=1_000))
    rows = "Фамилия,Имя\n".encode() + "Озерова,Анна\n".encode() * 400
    length = len(HEAD) + len(rows) + len(TAIL)
    began = time.monotonic()
    with begin(port, service, cookie, length) as slow:
        for start in range(0, len(rows), 1_500):
            assert not is_answered(slow, 0.1)
            slow.sendall(rows[start : start + 1_500])
        slow.sendall(TAIL)
        assert time.monotonic() - began > limits.PACE.patience
        answer = slow.recv(65_536).decode()
    assert answer.startswith("HTTP/1.1 303"), answer
    assert re.search(f"location: {LISTS.removesuffix('new')}readings/[0-9a-f]+", answer)


@pytest.mark.parametrize(
    ("taken", "waited", "left"),
    [(0, 0, 60), (0, 61, -1), (800_000, 100, 60), (60_000_000, 1_790, 10), (60_000_000, 1_801, -1)],
)
def test_how_long_a_body_is_waited_for(taken: int, waited: float, left: float) -> None:
    assert Pace().left(taken, waited) == left
