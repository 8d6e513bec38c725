"""The parent's side: warm children, deadlines, replacement of whatever died."""

import atexit
import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from mailing.isolation.terms import Failed, Frame, Header, Limits, Refused, receive, send

_ROOT = Path(__file__).parents[2]


class _Child:
    """One warm process, its two pipes, and a temporary folder that goes when it goes."""

    def __init__(self, module: str, limits: Limits) -> None:
        command = [sys.executable, "-s", "-m", "mailing.isolation.child", module]
        self.worked = 0
        self._folder = tempfile.mkdtemp(prefix="work-")
        self._process = subprocess.Popen(
            [*command, json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={
                "PATH": os.defpath,
                "PYTHONPATH": str(_ROOT),
                "LANG": "C.UTF-8",
                "HOME": self._folder,
                "TMPDIR": self._folder,
                "OPENBLAS_NUM_THREADS": "1",  # each thread would reserve memory of its limit
            },
        )
        self._questions = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, header: Header, parts: list[bytes], deadline: float) -> Frame:
        """The answer to one question. Raises `Failed` if the child died or had to be killed."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._kill_group()

        watch = threading.Timer(deadline, stop)
        watch.start()
        try:
            send(self._questions, header, parts)
            return receive(self._answers)
        except (EOFError, OSError, ValueError) as error:
            raise Failed("deadline" if late.is_set() else "died") from error
        finally:
            watch.cancel()
            self.worked += 1

    def kill(self) -> None:
        """End the process, whatever it is doing, and remove what it kept in files."""
        self._kill_group()
        for pipe in (self._questions, self._answers):
            with contextlib.suppress(OSError):  # bytes on their way to a dead child
                pipe.close()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _kill_group(self) -> None:
        """The child leads a session of its own, so what it started dies with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


class Crew:
    """Up to `processes` children that do the tasks of `module`; safe to share between threads."""

    def __init__(self, module: str, limits: Limits, processes: int = 2) -> None:
        self._module = module
        self._limits = limits
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(processes):
            self._places.put(None)
        atexit.register(self.close)

    def call(
        self,
        task: str,
        header: Mapping[str, Any],
        *parts: bytes,
        deadline_seconds: float | None = None,
    ) -> Frame:
        """Have one task done. Raises `Refused` with the task's reason, `Failed` if none came."""
        deadline = deadline_seconds or self._limits.deadline_seconds
        question = {"task": task, "deadline": deadline, "header": dict(header)}
        answer, bodies = self._ask(question, list(parts), deadline)
        if "refused" in answer:
            raise Refused(str(answer["refused"]))
        if "failed" in answer:
            raise Failed(str(answer["failed"]))
        return answer, bodies

    def _ask(self, question: Header, parts: list[bytes], deadline: float) -> Frame:
        try:
            child = self._places.get(timeout=self._limits.patience_seconds)
        except queue.Empty:
            raise Failed("busy") from None
        keep = False
        try:
            if child is not None and not child.alive:
                child.kill()  # somebody else ended it; its pipes and folder are still there
                child = None
            child = child or _Child(self._module, self._limits)
            answer, bodies = child.ask(question, parts, deadline)
            keep = "failed" not in answer and child.worked < self._limits.tasks
            return answer, bodies
        finally:
            if child is not None and not keep:
                child.kill()
            self._places.put(child if keep else None)

    def close(self) -> None:
        """End the children that are idle; a later call starts new ones."""
        idle: list[_Child | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                idle.append(self._places.get_nowait())
        for child in idle:
            if child is not None:
                child.kill()
            self._places.put(None)
