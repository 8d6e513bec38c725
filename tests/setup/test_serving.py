"""`lifeline serve` as a process: it starts, it ends, and it says why when it cannot."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving import Lifeline


def test_it_serves_and_ends_when_told(live_server: Lifeline) -> None:
    assert httpx.get(f"{live_server.url}/health/live").is_success
    live_server.stop()
    assert not live_server.is_running()


@pytest.mark.trust(48)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("broken", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n"])
def test_broken_http_is_answered_with_our_headers(live_server: Lifeline, broken: bytes) -> None:
    fine = httpx.get(f"{live_server.url}/health/live").headers
    where = urlsplit(live_server.url)
    with socket.create_connection((str(where.hostname), where.port or 80), timeout=10) as line:
        line.sendall(broken)
        with line.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    said = {
        name.lower(): value
        for name, _, value in (each.partition(": ") for each in head.decode().splitlines()[1:])
    }
    for name in (
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "cache-control",
        "x-frame-options",
    ):
        assert said[name] == fine[name], name
    assert "server" not in said
    assert body


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_port_in_use_is_said_in_plain_words(
    lifeline: Callable[..., Lifeline], process_settings: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        server = lifeline("serve", process_settings | {"port": port})
        server.start()
        assert server.process is not None
        assert server.process.wait(60) == 1
    assert f"127.0.0.1:{port}" in server.printed()
    assert "another program using this port" in server.printed()
    assert "Traceback" not in server.printed()
