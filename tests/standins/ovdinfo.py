"""OVD-Info's API on this machine, with a source of fictional people, and bad days on demand.

with OvdInfo(source) as api:
    api.behave("429", "500", "cut", "half")    # the next four requests, then well again
    Reader(api.url, folder, pause_seconds=0.001).read(today)
"""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from tests.standins.source import Source

Behaviour = Literal[
    "well", "403", "408", "425", "429", "500", "503", "507", "520", "530", "520 in a second",
    "cut", "half", "reset", "busy", "hang",
]  # fmt: skip
"""520 to 530: what a network before the source says of it.
busy: 429, and to be left alone for ten minutes; hang: no answer until the server ends."""


class OvdInfo:
    """A threaded server for a `with` block; it keeps the path of every request, and its moment."""

    def __init__(self, source: Source, port: int = 0) -> None:
        self.source = source
        self.requests: list[str] = []
        self.moments: list[float] = []
        self._behaviours: list[Behaviour] = []
        self.asked = threading.Event()
        """Set as soon as somebody asked for anything."""
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1/"

    def behave(self, *behaviours: Behaviour) -> None:
        """How to answer the next requests, one each; then well again."""
        self._behaviours += behaviours

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, Any]:
        """Status and answer to a GET of `path`."""
        asked = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/v1/locations":
            return 200, self.source.locations
        if asked.path != "/v1/data" or query.get("subset") not in {None, "full", "detailed"}:
            return 400, {"error": "no such thing"}
        rows = [
            row for row in self.source.data if _fits(row, json.loads(query.get("filter", "{}")))
        ]
        return (200, {"total": len(rows), "data": rows}) if rows else (404, {"error": "no rows"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                api.requests.append(self.path)
                api.moments.append(time.monotonic())
                api.asked.set()
                behaviour = api._behaviours.pop(0) if api._behaviours else ""
                status, answer = api.answer(self.path)
                body = json.dumps(answer, ensure_ascii=False).encode()
                if behaviour[:3].isdigit():
                    status, body = int(behaviour[:3]), b"<html>not now</html>"
                if behaviour == "hang":
                    api._over.wait()
                if behaviour == "busy":
                    status, body = 429, b"{}"
                if behaviour in {"reset", "hang"}:
                    self.close_connection = True
                    return
                if behaviour == "half":
                    body = body[: len(body) // 2]
                self.send_response(status)
                if behaviour in {"429", "520 in a second"}:
                    self.send_header("Retry-After", "1")
                if behaviour == "busy":
                    self.send_header("Retry-After", "600")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # whoever asked has read enough
                    self.wfile.write(body[: len(body) // 3] if behaviour == "cut" else body)
                self.close_connection = behaviour == "cut"

            def handle(self) -> None:
                with contextlib.suppress(OSError):  # whoever asked is gone
                    super().handle()

            def finish(self) -> None:
                with contextlib.suppress(OSError):
                    super().finish()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _fits(row: Any, wanted: dict[str, Any]) -> bool:
    if not wanted:
        return True
    return isinstance(row, dict) and all(
        str(row.get(name)).partition(".")[0] in {str(value) for value in values}
        for name, values in wanted.items()
    )
