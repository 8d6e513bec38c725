"""Pages for real browsers; the real `lifeline` as processes of its own, for crashes and workers."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.commands.serving import configuration, listen
from app.main import create_app
from app.settings import Settings

START_SECONDS = 60
STOP_SECONDS = 30
LIFELINE = str(Path(sys.executable).with_name("lifeline"))
DIES_WITH_US = ["setpriv", "--pdeathsig=KILL"]


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def environment(settings: dict[str, str]) -> dict[str, str]:
    """A process environment with these settings (`data_dir` is `LIFELINE_DATA_DIR`), no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIFELINE_")}
    return kept | {f"LIFELINE_{name.upper()}": value for name, value in settings.items()}


@dataclass
class Lifeline:
    """One process of `lifeline COMMAND`. It dies with the test process, whatever happens.

    `under` is a program that runs it, such as `["strace", "-f"]`.
    """

    settings: dict[str, str]
    log: Path
    command: list[str]
    under: list[str] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return self.settings["public_url"]

    def start(self) -> None:
        """Start, or start again after `kill` or `stop`."""
        run = [*self.under, *DIES_WITH_US] if self.under else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*DIES_WITH_US, *run, LIFELINE, *self.command],
                env=environment(self.settings),
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Returns when `/health/ready` says so; fails with the log when it never does."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if not self.is_running() or time.monotonic() > deadline:
                pytest.fail(f"lifeline {' '.join(self.command)} is not ready:\n{self.printed()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).is_success
        except httpx.TransportError:
            return False

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def printed(self) -> str:
        """Everything it wrote to the terminal so far."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """`kill -9`."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ask to end; killed and failed when it does not obey."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            pytest.fail(f"lifeline {' '.join(self.command)} did not stop:\n{self.printed()}")


class Serve(Protocol):
    """`serve(translators="google+http://…")` starts a server and waits until it is ready."""

    def __call__(self, **settings: str) -> Lifeline: ...


@pytest.fixture
def process_settings(data_dir: Path, key_file: Path, database_url: str) -> dict[str, str]:
    """Settings for processes on the database of this test: quick, local, with a worker inside."""
    port = free_port()
    return {
        "data_dir": str(data_dir),
        "key_file": str(key_file),
        "database_url": database_url,
        "port": str(port),
        "public_url": f"http://127.0.0.1:{port}",
        "embedded_worker": "true",
        "worker_polling_seconds": "0.05",
    }


@pytest.fixture
def lifeline(tmp_path: Path) -> Iterator[Callable[..., Lifeline]]:
    """`lifeline("worker", settings)`: a process not started yet; ended after the test."""
    made: list[Lifeline] = []

    def make(command: str, settings: dict[str, str]) -> Lifeline:
        process = Lifeline(settings, tmp_path / f"lifeline-{len(made)}.log", command.split())
        made.append(process)
        return process

    yield make
    for process in reversed(made):
        process.stop()


@pytest.fixture
def serve(lifeline: Callable[..., Lifeline], process_settings: dict[str, str]) -> Serve:
    """Starts `lifeline serve` with settings of your choice; ready when it returns."""

    def start(**settings: str) -> Lifeline:
        server = lifeline("serve", process_settings | settings)
        server.start()
        server.wait_until_ready()
        return server

    return start


@pytest.fixture
def live_server(serve: Serve) -> Lifeline:
    """`lifeline serve`, ready, on both databases; `live_server.url` is its address."""
    return serve()


@contextmanager
def listening(app: FastAPI, settings: Settings, listener: socket.socket) -> Iterator[None]:
    """Answers browsers from this very process meanwhile."""
    server = uvicorn.Server(configuration(app, settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Pages:
    """Where a browser finds them."""

    url: str


@pytest.fixture
def pages(settings: Settings) -> Iterator[Pages]:
    """Site and desks on the database of this test, by today's calendar and without a worker.

    Served from this process, which takes a moment; a process of their own takes seconds.
    """
    with listen("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        own = settings.model_copy(update={"public_url": url})
        with listening(create_app(own), own, listener):
            yield Pages(url)
