"""No test speaks to the world by accident."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_the_world_cannot_be_reached() -> None:
    refused = (SocketConnectBlockedError, UserWarning)  # it warns first, and warnings are errors
    with socket.socket() as caller, pytest.raises(refused, match=r"192\.0\.2\.1"):
        caller.connect(("192.0.2.1", 80))


def test_this_machine_can() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname()).close()
