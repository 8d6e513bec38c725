"""Tasks that do to their process what a hostile file might, for the tests of isolation."""

import os
import time
from pathlib import Path

from mailing.isolation import Refused
from mailing.isolation.terms import Frame, Header, Task


def _echo(header: Header, parts: list[bytes]) -> Frame:
    return header | {"pid": os.getpid()}, parts


def _spin(_header: Header, _parts: list[bytes]) -> Frame:
    while True:
        pass


def _sleep(_header: Header, _parts: list[bytes]) -> Frame:
    while True:
        time.sleep(60)


def _swallow(_header: Header, _parts: list[bytes]) -> Frame:
    return {"bytes": len(bytearray(4 * 1024**3))}, []


def _crash(_header: Header, _parts: list[bytes]) -> Frame:
    os.abort()


def _write(header: Header, _parts: list[bytes]) -> Frame:
    Path(header["path"]).write_text("left behind")
    return {}, []


def _print(_header: Header, _parts: list[bytes]) -> Frame:
    os.write(1, b"noise where the answers go")
    return {"said": True}, []


def _look(_header: Header, _parts: list[bytes]) -> Frame:
    return {"environment": sorted(os.environ)}, []


def _refuse(_header: Header, _parts: list[bytes]) -> Frame:
    raise Refused("not_liked")


def _raise(_header: Header, _parts: list[bytes]) -> Frame:
    raise KeyError("a word of the letter")


TASKS: dict[str, Task] = {
    "echo": _echo,
    "spin": _spin,
    "sleep": _sleep,
    "swallow": _swallow,
    "crash": _crash,
    "write": _write,
    "print": _print,
    "look": _look,
    "refuse": _refuse,
    "raise": _raise,
}
