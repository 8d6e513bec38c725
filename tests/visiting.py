"""A browser without scripts that is quicker than the one it comes from.

Starlette's own hands each part of an answer from thread to thread, as streams and sockets need it;
that took longer than most of our pages. Here one hand-over gets the whole answer.
"""

from typing import Any

import anyio
import httpx2
from starlette.testclient import TestClient
from starlette.types import Message


class Visitor(TestClient):
    """Used as `TestClient` is; answers come whole, and errors of the application are raised."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._transport = _Whole(self)

    def answer(self, scope: dict[str, Any], body: bytes) -> "_Answer":
        """What the application answers, asked in the thread of its loop."""
        with self._portal_factory() as portal:
            asked = scope | {"state": self.app_state.copy()}
            answer: _Answer = portal.call(_ask, self.app, asked, body)
            return answer


class _Answer:
    """What the application sends, in the order in which it must."""

    def __init__(self) -> None:
        self.started: Message | None = None
        self.body = b""
        self.complete = anyio.Event()

    async def send(self, message: Message) -> None:
        assert not self.complete.is_set(), "sent after the end"
        if message["type"] == "http.response.start":
            assert self.started is None, "begun twice"
            self.started = message
            return
        assert message["type"] == "http.response.body", message["type"]
        assert self.started is not None, "sent before the beginning"
        self.body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            self.complete.set()


async def _ask(app: Any, scope: dict[str, Any], body: bytes) -> _Answer:
    answer = _Answer()
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await answer.complete.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": body}

    await app(scope, receive, answer.send)
    return answer


class _Whole(httpx2.BaseTransport):
    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": url.path,
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("testclient", 50000),
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "extensions": {},
        }
        answer = self._visitor.answer(scope, request.read())
        assert answer.started is not None, "no answer"
        assert answer.complete.is_set(), "an answer without an end"
        return httpx2.Response(
            answer.started["status"],
            headers=answer.started.get("headers", []),
            stream=httpx2.ByteStream(b"" if request.method == "HEAD" else answer.body),
            request=request,
        )
