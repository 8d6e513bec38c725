"""Waiting for somebody else's answer, but not longer than this process has left."""

import threading
from collections.abc import Callable
from typing import TypeVar

from app.errors import Stopping

T = TypeVar("T")
LOOK_SECONDS = 0.2


def unless_stopped(ask: Callable[[], T], stopping: threading.Event) -> T:
    """What `ask` returns or raises. Raises `Stopping` when the process is about to end meanwhile.

    What was asked is then left alone: its thread keeps no process from ending.
    """
    answers: list[T] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            answers.append(ask())
        except BaseException as error:  # noqa: BLE001 — raised again where it is waited for
            failures.append(error)
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    while not done.wait(LOOK_SECONDS):
        if stopping.is_set():
            raise Stopping
    if failures:
        raise failures[0]
    return answers[0]
