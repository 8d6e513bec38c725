"""`lifeline serve` as a process: it starts, it ends, and it says why when it cannot."""

import socket
from collections.abc import Callable

import httpx
import pytest

from tests.serving import Lifeline


def test_it_serves_and_ends_when_told(live_server: Lifeline) -> None:
    assert httpx.get(f"{live_server.url}/health/live").is_success
    live_server.stop()
    assert not live_server.is_running()


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
