"""The demonstration as a stranger meets it who has just started `bin/run`."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from app.lifecycle import Role
from tests.serving import Lifeline, free_port

ACCOUNT = re.compile(rf"^ *({'|'.join(Role)}) +(\S+) +([A-Z2-7]{{16,}})$", re.MULTILINE)


@pytest.fixture
def connections(tmp_path: Path) -> Path:
    """Where every connection that the server makes is written down."""
    return tmp_path / "connections"


@pytest.fixture
def demonstration(lifeline: Callable[..., Lifeline], data_dir: Path, connections: Path) -> Lifeline:
    """`lifeline serve` with what `bin/run` sets, on an empty folder; ready."""
    port = str(free_port())
    server = lifeline(
        "serve",
        {"demonstration": "1", "translators": "", "data_dir": str(data_dir), "port": port}
        | {"public_url": f"http://127.0.0.1:{port}"},
    )
    server.under = ["strace", "-f", "-qq", "-e", "trace=connect", "-o", str(connections)]
    server.start()
    server.wait_until_ready()
    return server


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


def sign_in(browser: httpx.Client, account: tuple[str, str, str]) -> httpx.Response:
    """The page after signing in with name, password and the secret of the one-time codes."""
    name, password, secret = account
    code = pyotp.TOTP(secret).now()
    return browser.post("/sign-in", data={"name": name, "password": password, "code": code})


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


def test_every_printed_account_signs_in(demonstration: Lifeline) -> None:
    accounts = ACCOUNT.findall(demonstration.printed())
    assert [role for role, _, _ in accounts] == list(Role)
    for account in accounts:
        with visitor(demonstration) as browser:
            desk = sign_in(browser, account)
            assert desk.is_success
            assert desk.url.path == "/desk"
            assert account[0] in desk.text


def test_a_second_start_prints_and_changes_nothing(demonstration: Lifeline, data_dir: Path) -> None:
    before = counts(data_dir)
    demonstration.stop()
    printed = demonstration.printed()
    demonstration.start()
    demonstration.wait_until_ready()
    assert ACCOUNT.findall(demonstration.printed().removeprefix(printed)) == []
    assert counts(data_dir) == before


def test_nobody_else_can_read_the_key(demonstration: Lifeline, data_dir: Path) -> None:
    assert data_dir.with_suffix(".key").stat().st_mode & 0o777 == 0o600


def test_every_page_says_that_this_is_a_demonstration(demonstration: Lifeline) -> None:
    with visitor(demonstration) as browser:
        for page in ("/", "/sign-in", "/no-such-page"):
            assert "demonstration" in browser.get(page).text.lower()


@pytest.mark.trust(73)
def test_site_and_desks_ask_nobody_outside(demonstration: Lifeline, connections: Path) -> None:
    """No page needs the network: the server does not even try to reach another machine."""
    admin = ACCOUNT.findall(demonstration.printed())[-1]
    with visitor(demonstration) as browser:
        pages = walk(browser, "/", most=60)
        assert sign_in(browser, admin).is_success
        pages |= walk(browser, "/desk", most=120)
    assert len(pages) > 20
    assert {path: status for path, status in pages.items() if status != 200} == {}
    demonstration.stop()
    called = re.findall(r'inet_addr\("([^"]+)"\)|AF_INET6.*?"([^"]+)"', connections.read_text())
    assert {v4 or v6 for v4, v6 in called} <= {"127.0.0.1", "::1"}
