"""Floods of fields and bytes are refused while they stream in."""

import asyncio
import contextlib
import tracemalloc
from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from app.lifecycle import Role
from app.main import assemble
from app.service import Service
from tests.serving import Lifeline
from tests.staffing import make_account, sign_in

MANY = {f"field-{number}": "x" for number in range(5_000)}
LONG = {"name": "x" * 2_000_000}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
FILE = {"scan": ("page.jpg", b"x", "image/jpeg")}


@pytest.mark.trust(2)
@pytest.mark.parametrize("path", ["/sign-in", "/desk/people", "/desk/account"])
@pytest.mark.parametrize("data", [MANY, LONG], ids=["many", "long"])
@pytest.mark.parametrize("files", [None, FILE], ids=["urlencoded", "multipart"])
def test_floods_of_fields_are_refused(
    client: TestClient,
    service: Service,
    path: str,
    data: dict[str, str],
    files: dict[str, tuple[str, bytes, str]] | None,
) -> None:
    sign_in(client, service, make_account(service, Role.ADMIN).id)
    answer = client.post(path, data=data, files=files)
    assert answer.status_code == 413
    assert "This is too large" in answer.text


@pytest.mark.trust(2)
def test_memory_stays_flat_under_a_flood(service: Service) -> None:
    """200 MB in one field, handed to the application piece by piece, as a server does."""
    app, asked = assemble(service), 0
    answers: list[Message] = []

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": asked < 200}

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
    }
    tracemalloc.start()
    try:
        asyncio.run(app(scope, receive, send))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answers[0]["status"] == 413
    assert asked <= 2, "it stops reading where the limit is"
    assert most < 12_000_000


def test_who_goes_away_while_sending_is_no_failure(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    app = assemble(service)
    answers: list[Message] = []
    coming: list[Message] = [
        {"type": "http.request", "body": b"name=gre", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        answers.append(message)

    form = [(b"content-type", b"application/x-www-form-urlencoded")]
    where = {"method": "POST", "path": "/sign-in", "query_string": b"", "headers": form}
    asyncio.run(app({"type": "http", **where}, receive, send))
    assert answers == []
    assert "failure" not in capsys.readouterr().out


@pytest.mark.trust(28)
def test_a_body_without_length_is_cut_off_where_it_grows_too_long(
    client: TestClient, service: Service
) -> None:
    sign_in(client, service, make_account(service, Role.SCANNER).id)
    sent = 0

    def megabytes() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="scan"; filename="a.jpg"\r\n\r\n'
        for _ in range(60):
            sent += 1
            yield b"x" * 1_000_000

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = client.post("/desk/account", content=megabytes(), headers=kind)
    assert answer.status_code == 413
    assert {path.name for path in service.settings.data_dir.iterdir()} <= {
        "lifeline.db",
        "lifeline.db-wal",
        "lifeline.db-shm",
    }


@pytest.mark.trust(28)
def test_a_real_server_stops_reading(live_server: Lifeline) -> None:
    asked = 0

    def megabytes() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(300):
            asked += 1
            yield b"x" * 1_000_000

    answer: httpx.Response | None = None
    with contextlib.suppress(httpx.WriteError):  # it may hang up on us
        answer = httpx.post(f"{live_server.url}/sign-in", content=megabytes(), headers=URLENCODED)
    assert answer is None or answer.status_code == 413
    assert httpx.get(f"{live_server.url}/health/live").is_success


@pytest.mark.trust(2)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda: {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
        lambda: {
            "content": b"--b\r\n\r\nno headers",
            "headers": {"Content-Type": "multipart/form-data; boundary=b"},
        },
        lambda: {"content": b"\xff\xfe=%zz&&&=", "headers": URLENCODED},
        lambda: {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        lambda: {"content": b"a=1", "headers": URLENCODED | {"Content-Length": "-5"}},
    ],
    ids=["no boundary", "no part headers", "broken escapes", "another kind", "negative length"],
)
def test_broken_bodies_are_refused_in_plain_words(
    client: TestClient, spoil: Callable[[], dict[str, object]]
) -> None:
    answer = client.post("/sign-in", **spoil())  # type: ignore[arg-type]
    assert answer.status_code in {400, 413, 415, 422}
    assert "<h1>" in answer.text
