"""What parent and child agree on: limits, refusals, and the frames they send each other."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

Header = dict[str, Any]
Frame = tuple[Header, list[bytes]]
Task = Callable[[Header, list[bytes]], Frame]

_LENGTH = struct.Struct(">I")
_MOST_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one piece of work may use. A child is replaced after `tasks`, which bounds leaks."""

    memory_bytes: int
    cpu_seconds: int
    deadline_seconds: float
    patience_seconds: float = 60
    tasks: int = 200


class Refused(Exception):
    """The child looked at its input and refused it; `reason` is one of the task's own words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Failed(Exception):
    """No answer; `reason` is "deadline", "died", "busy", or the name of what was raised."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def send(pipe: IO[bytes], header: Header, parts: list[bytes]) -> None:
    """One frame: a JSON object and any number of byte strings."""
    head = json.dumps([header, [len(part) for part in parts]]).encode()
    pipe.write(_LENGTH.pack(len(head)) + head)
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Frame:
    """The next frame. Raises `EOFError` at the end, `ValueError` if it cannot be one."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    header, sizes = json.loads(_exactly(pipe, length))
    if not isinstance(header, dict) or any(size < 0 for size in sizes):
        raise ValueError("Not a frame")
    if sum(sizes) > _MOST_BYTES:
        raise ValueError("More bytes than any frame has")
    return header, [_exactly(pipe, size) for size in sizes]


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    if length > _MOST_BYTES:
        raise ValueError("More bytes than any frame has")
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found
