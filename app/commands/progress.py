"""How far something long is: a bar on a terminal; elsewhere a quiet line now and then."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.commands.speaking import console

LINE_SECONDS = 15.0


class Showing(Protocol):
    """`show(done, total)`; a total of 0 is not known."""

    def show(self, done: int, total: int) -> None: ...


@contextmanager
def shown(words: str) -> Iterator[Showing]:
    """For `with`, around what is shown. words: what is done."""
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console) as progress:
            yield _Bar(progress, words)
    else:
        lines = _Lines(words)
        yield lines
        lines.end()


class _Bar:
    def __init__(self, progress: Progress, words: str) -> None:
        self._progress, self._task = progress, progress.add_task(words, total=None)

    def show(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total or None)


class _Lines:
    """One line at the beginning, one at the end, and between them only while it takes long."""

    def __init__(self, words: str) -> None:
        self._words, self._began = words, time.monotonic()
        self._told, self._last = self._began, ""
        typer.echo(f"{words} …", err=True)

    def show(self, done: int, total: int) -> None:
        self._last = f"{done} of {total}" if total else str(done)
        if time.monotonic() - self._told > LINE_SECONDS:
            self._told = time.monotonic()
            typer.echo(f"{self._words}: {self._last}", err=True)

    def end(self) -> None:
        seconds = time.monotonic() - self._began
        typer.echo(", ".join(filter(None, (f"  done in {seconds:.0f} s", self._last))), err=True)
