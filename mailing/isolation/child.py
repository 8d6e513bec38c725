"""The child's side: `python -m mailing.isolation.child MODULE LIMITS`.

MODULE has a dictionary `TASKS` of functions; LIMITS are a JSON object.
"""

import importlib
import json
import os
import resource
import signal
import sys

from mailing.isolation.terms import Frame, Header, Limits, Refused, Task, receive, send


def work() -> None:
    """The life of a child: import the tasks, take the limits, answer until the pipe closes."""
    module, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    tasks: dict[str, Task] = importlib.import_module(module).TASKS
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the letter
    os.nice(10)  # pages and letters that come in go first
    while True:
        try:
            question, parts = receive(questions)
        except EOFError:
            return
        _allow(limits.cpu_seconds, question["deadline"])
        send(answers, *_answer(tasks[question["task"]], question["header"], parts))
        signal.alarm(0)


def _allow(cpu_seconds: int, deadline: float) -> None:
    """Processor time for one task; and an alarm, in case the parent is no longer there to kill."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + 1 + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    signal.alarm(int(deadline) + 5)


def _answer(task: Task, header: Header, parts: list[bytes]) -> Frame:
    try:
        return task(header, parts)
    except Refused as refusal:
        return {"refused": refusal.reason}, []
    except Exception as error:  # noqa: BLE001 - whatever it was, only its name leaves the child
        return {"failed": type(error).__name__}, []


if __name__ == "__main__":
    work()
