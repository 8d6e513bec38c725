"""One web process, as `lifeline serve` runs it, on a socket that is open already."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

START_SECONDS, STOP_SECONDS = 60, 20


def serve(application: object, descriptor: int) -> None:
    """Serve until terminated."""
    configuration = uvicorn.Config(
        application,  # type: ignore[arg-type]
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )
    with socket.socket(fileno=descriptor) as listener:
        uvicorn.Server(configuration).run(sockets=[listener])


@contextmanager
def running(module: str, *arguments: str, ready: str) -> Iterator[tuple[int, int]]:
    """`python -m module …` on a free port; yields port and process id once `ready` answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        port: int = listener.getsockname()[1]
        descriptor = listener.fileno()
        with started(module, *arguments, str(descriptor), passing=[descriptor]) as process:
            _wait(port, ready, process)
            yield port, process.pid


@contextmanager
def started(
    module: str, *arguments: str, passing: "list[int] | None" = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """`python -m module …` in a process that dies with this one."""
    setpriv = shutil.which("setpriv") or "setpriv"
    process = subprocess.Popen(
        [setpriv, "--pdeathsig=KILL", sys.executable, "-m", module, *arguments],
        pass_fds=passing or [],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    """These processes stand still meanwhile."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def _wait(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.settimeout(START_SECONDS)
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            if connection.recv(100).startswith(b"HTTP/1.1"):
                return
    raise SystemExit(f"{process.args!r} does not answer")
