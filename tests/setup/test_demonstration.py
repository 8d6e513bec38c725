"""The demonstration as a stranger meets it who has just started `bin/run`."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from app.lifecycle import Role
from tests.serving import Lifeline, free_port

FILLING_SECONDS = 240
pytestmark = pytest.mark.timeout(400)
ACCOUNT = re.compile(rf"^ *({'|'.join(Role)}) +(\S+) +([A-Z2-7]{{16,}})$", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration keeps its data, its key and, for us, its connections."""
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="module")
def demonstration(folder: Path) -> Iterator[Lifeline]:
    """`lifeline serve` with what `bin/run` sets, started on an empty folder; ready.

    Every connection it makes is written down.
    """
    port = str(free_port())
    watched = ["strace", "-I2", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect"]
    server = Lifeline(
        {"demonstration": "1", "translators": "", "data_dir": str(folder / "data"), "port": port}
        | {"public_url": f"http://127.0.0.1:{port}"},
        folder / "log",
        ["serve"],
        [*watched, "-o", str(folder / "connections")],
    )
    try:
        server.start()
        server.wait_until_ready(FILLING_SECONDS)
        yield server
    finally:
        server.stop()


def visitor(server: Lifeline) -> httpx.Client:
    """A browser without scripts that stays on our pages."""
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": server.url}
    return httpx.Client(base_url=server.url, headers=headers, follow_redirects=True, timeout=30)


def counts(data_dir: Path) -> dict[str, int]:
    """How many people, places and letters there are."""
    engine = sa.create_engine(f"sqlite:///{data_dir / 'lifeline.db'}")
    tables = ["staff", "prisoner", "facility", "letter", "reply"]
    with engine.connect() as connection:
        found = {
            table: connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in tables
        }
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def signed_in(demonstration: Lifeline) -> Iterator[dict[str, httpx.Client]]:
    """One browser for each printed account, signed in with its password and a one-time code."""
    with ExitStack() as browsers:
        found = {}
        for name, password, secret in ACCOUNT.findall(demonstration.printed()):
            browser = browsers.enter_context(visitor(demonstration))
            code = pyotp.TOTP(secret).now()
            browser.post("/sign-in", data={"name": name, "password": password, "code": code})
            found[name] = browser
        yield found


def walk(browser: httpx.Client, start: str, most: int) -> dict[str, int]:
    """The status of every page that links lead to from `start`, up to `most` pages."""
    waiting, seen = [start], dict[str, int]()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path not in seen:
            answer = browser.get(path)
            seen[path] = answer.status_code
            if answer.headers["content-type"].startswith("text/html"):
                waiting += re.findall(r"""<a[^>]*\shref="(/[^"#?]*)""", answer.text)
    return seen


def test_there_is_an_account_for_every_role(signed_in: dict[str, httpx.Client]) -> None:
    assert list(signed_in) == list(Role)
    for name, browser in signed_in.items():
        desk = browser.get("/desk")
        assert desk.url.path == "/desk"
        assert name in desk.text


def test_nobody_else_can_read_the_key(demonstration: Lifeline, folder: Path) -> None:
    assert (folder / "data.key").stat().st_mode & 0o777 == 0o600


def test_every_page_says_that_this_is_a_demonstration(demonstration: Lifeline) -> None:
    with visitor(demonstration) as browser:
        for page in ("/", "/sign-in", "/no-such-page"):
            assert "demonstration" in browser.get(page).text.lower()


@pytest.mark.trust(73)
def test_site_and_desks_ask_nobody_outside(
    demonstration: Lifeline, signed_in: dict[str, httpx.Client], folder: Path
) -> None:
    """No page needs the network: the server does not even try to reach another machine."""
    with visitor(demonstration) as browser:
        pages = walk(browser, "/", most=60)
    pages |= walk(signed_in["admin"], "/desk", most=120)
    assert len(pages) > 20
    assert {path: status for path, status in pages.items() if status != 200} == {}
    connected = (folder / "connections").read_text()
    called = re.findall(r'inet_addr\("([^"]+)"\)|AF_INET6.*?"([^"]+)"', connected)
    assert {v4 or v6 for v4, v6 in called} <= {"127.0.0.1", "::1"}


def test_a_second_start_prints_and_changes_nothing(demonstration: Lifeline, folder: Path) -> None:
    before = counts(folder / "data")
    demonstration.stop()
    printed = demonstration.printed()
    demonstration.start()
    demonstration.wait_until_ready()
    assert ACCOUNT.findall(demonstration.printed().removeprefix(printed)) == []
    assert counts(folder / "data") == before


def test_an_interrupted_filling_says_how_to_begin_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = {"demonstration": "1", "translators": "", "data_dir": str(data)}
    command = Lifeline(settings, tmp_path / "log", ["demo"])
    command.start()
    try:
        while command.is_running() and not has_people(data):
            threading.Event().wait(0.01)
        command.kill()
        command.start()
        assert command.process is not None
        assert command.process.wait(60) == 1
        assert f"Remove {data}" in " ".join(command.printed().split())
    finally:
        command.kill()


def has_people(data_dir: Path) -> bool:
    """Whether the filling has begun."""
    try:
        return counts(data_dir)["prisoner"] > 0
    except sa.exc.OperationalError:
        return False
