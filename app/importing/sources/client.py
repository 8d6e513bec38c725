"""Reading OVD-Info's API: slowly, in pages kept on disk, so that a broken reading goes on later.

The API knows no pages of its own. `data` is asked for year by year until there are as many rows
as it says there are; when rows without a year are left, for everything at once.
"""

import json
import re
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from app.errors import Stopping, Unavailable
from app.importing.sources.ovdinfo import rows_of
from app.importing.sources.waiting import unless_stopped

FIRST_YEAR = 2000
ATTEMPTS = 8
LONGEST_PAUSE = 60
"""Of the growing pauses, in multiples of the pause between two requests."""
STALE_SECONDS = 24 * 3600
"""A reading broken off longer ago than this begins anew: the source has changed meanwhile."""
_TIMEOUT = httpx.Timeout(30, read=120)
_TOTAL = re.compile(rb'"total"\s*:\s*(\d+)')
_HEAD_BYTES = 4096
_TOO_SOON = frozenset({408, 425, 429})
_FROM_HERE_THE_SERVER = 500
"""Every status from here on is a trouble of the server or of who stands before it."""

Progress = Callable[[int, int], None]


@dataclass
class Reader:
    """One reading of the API at `base_url`; its pages are kept in `folder` until `forget`.

    pause_seconds: between two requests, and the unit of longer waits. full: the long stories too.
    stopping: set when the process is about to end; then nothing is waited for any more.
    """

    base_url: str
    folder: Path
    pause_seconds: float
    full: bool = False
    progress: Progress | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    _last: float = field(default=0.0, init=False)

    def read(self, today: date) -> tuple[list[Any], list[Any]]:
        """All rows of `data` and all `locations`.

        Raises `Unavailable`, and `Stopping`; pages so far are kept.
        """
        self._begin()
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
            locations = self._page(client, "locations", "locations", {"language": "ru"})
            return self._data(client, today), locations

    def forget(self) -> None:
        """Remove the kept pages: what was read is in the database now."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _data(self, client: httpx.Client, today: date) -> list[Any]:
        total = self._total(client)
        years = range(today.year, FIRST_YEAR - 1, -1)
        rows: list[Any] = []
        for at, year in enumerate(years, 1):
            if total is None or len(rows) >= total:
                break
            only = json.dumps({"persecution_started_year": [year]})
            rows += self._page(client, f"data-{year}", "data", {"filter": only})
            if self.progress:
                self.progress(len(rows) if total else at, total or len(years))
        if total is None or len(rows) < total:
            rows = self._page(client, "data", "data", {})
        return rows

    def _total(self, client: httpx.Client) -> int | None:
        """How many rows there are, out of the beginning of the whole answer."""
        kept = self.folder / "total.json"
        if not kept.exists():
            self._keep(kept, self._patiently(lambda: self._ask_total(client)))
        total: int | None = json.loads(kept.read_text())
        return total

    def _ask_total(self, client: httpx.Client) -> int | None:
        head = b""
        with client.stream("GET", self._address("data"), params=self._parameters({})) as answer:
            if answer.status_code == 404:
                return 0
            answer.raise_for_status()
            for piece in answer.iter_bytes(_HEAD_BYTES):
                head += piece
                if len(head) >= _HEAD_BYTES:
                    break
        found = _TOTAL.search(head)
        return int(found[1]) if found else None

    def _page(
        self, client: httpx.Client, name: str, endpoint: str, parameters: dict[str, str]
    ) -> list[Any]:
        """The rows of one page, from disk when an earlier attempt had it already."""
        kept = self.folder / f"{name}.json"
        if not kept.exists():
            rows = self._patiently(lambda: self._ask(client, endpoint, parameters))
            self._keep(kept, rows)
        found: list[Any] = json.loads(kept.read_text("utf-8"))
        return found

    def _ask(self, client: httpx.Client, endpoint: str, parameters: dict[str, str]) -> list[Any]:
        answer = client.get(self._address(endpoint), params=self._parameters(parameters))
        if answer.status_code == 404:  # «no rows»
            return []
        answer.raise_for_status()
        return rows_of(answer.json())

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """Ask again, after ever longer pauses, while the trouble may pass.

        Raises `Unavailable`, and `Stopping` at once when the process is about to end.
        """
        for attempt in range(ATTEMPTS):
            wait = self.pause_seconds * min(2**attempt, LONGEST_PAUSE) if attempt else 0
            due = self._last + max(wait, self.pause_seconds)
            if self.stopping.wait(max(0, due - time.monotonic())):
                raise Stopping
            try:
                return unless_stopped(ask, self.stopping)
            except httpx.HTTPStatusError as error:
                status = error.response.status_code
                if status < _FROM_HERE_THE_SERVER and status not in _TOO_SOON:
                    raise Unavailable(f"The source answered with {status}.") from None
                self._heed(error.response.headers.get("Retry-After", ""))
            except (httpx.TransportError, json.JSONDecodeError, UnicodeDecodeError):
                pass  # cut off, or half an answer
            finally:
                self._last = max(self._last, time.monotonic())
        raise Unavailable(
            "The source does not answer. What was read is kept: run the same command again later."
        )

    def _heed(self, retry_after: str) -> None:
        """Wait at least as long as the source asks for, within reason."""
        if retry_after.isdigit():
            asked = min(int(retry_after), LONGEST_PAUSE * self.pause_seconds)
            self._last = time.monotonic() + asked - self.pause_seconds

    def _begin(self) -> None:
        begun = self.folder / "begun"
        if begun.exists() and time.time() - begun.stat().st_mtime > STALE_SECONDS:
            self.forget()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        begun.touch(exist_ok=True) if begun.exists() else begun.write_text("")

    @staticmethod
    def _keep(path: Path, rows: Any) -> None:
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        draft.replace(path)

    def _address(self, endpoint: str) -> str:
        return f"{self.base_url.rstrip('/')}/{endpoint}"

    def _parameters(self, more: dict[str, str]) -> dict[str, str]:
        return {"subset": "full" if self.full else "detailed"} | more
