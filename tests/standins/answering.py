"""A stand-in for a translation service, which answers, remembers, and misbehaves on demand.

Which wire format it speaks is up to `tests.standins.translators`.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self, get_args
from urllib.parse import unquote_plus

from tests.standins.phrases import translate

Behaviour = Literal[
    "well",
    "429", "500", "403",  # plain refusals
    "captcha", "html",  # pages for people instead of answers
    "empty", "same", "truncated", "english", "endless",  # answers that are no translation
    "none",  # no translation in an answer that is otherwise right
    "lose placeholders", "double placeholders", "space placeholders",
    "hang", "drip", "drip headers", "cut",  # servers half dead
    "redirect",
]  # fmt: skip

_PLACEHOLDER = re.compile(r"⟦(\d+)⟧")
_CAPTCHA = (
    "<!DOCTYPE html><html><head><title>Sorry…</title></head><body><p>Our systems have detected"
    " unusual traffic.</p><form action='/sorry'><div class='g-recaptcha'></div></form></body>"
)
_CHANGES: dict[str, Callable[[str, str], str]] = {
    "empty": lambda _asked, _said: "",
    "same": lambda asked, _said: asked,
    "html": lambda _asked, said: f"<div><p>{said}</p><script>track()</script></div>",
    "truncated": lambda _asked, said: said[: len(said) * 2 // 5],
    "english": lambda asked, _said: (
        "Dear friend, something went wrong with this. " * (1 + len(asked) // 45)
    ),
    "endless": lambda _asked, said: f"{said} " * 20,
    "lose placeholders": lambda _asked, said: _PLACEHOLDER.sub("", said),
    "double placeholders": lambda _asked, said: _PLACEHOLDER.sub(r"⟦\1⟧ ⟦\1⟧", said),
    "space placeholders": lambda _asked, said: _PLACEHOLDER.sub(r"[ \1 ]", said),
}


@dataclass(frozen=True)
class Question:
    """What a wire format asks for: a text from one language into another."""

    text: str = ""
    source: str = ""
    target: str = ""


@dataclass(frozen=True)
class Request:
    """One request as it came, and the question in it (empty if it was not understood)."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    question: Question = Question()


class TranslatorStandIn:
    """A server of one wire format; the formats are the subclasses."""

    name = ""
    path = ""

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Request] = []
        self.redirect_to = "http://127.0.0.1:1/"
        self.retry_after: str | None = None
        self._behaviours: list[Behaviour] = []
        self._always: Behaviour = "well"
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("Handler", (_Handler,), {"standin": self})
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The address to configure, without the engine's name."""
        return f"http://127.0.0.1:{self._server.server_port}{self.path}"

    @property
    def texts(self) -> list[str]:
        """What was to be translated, call by call."""
        return [request.question.text for request in self.requests]

    @property
    def everything_seen(self) -> str:
        """All that ever reached this server, readable: search it for what must not be there."""
        return "\n".join(
            part
            for each in self.requests
            for part in (unquote_plus(each.path), str(each.headers), each.body, each.question.text)
        )

    def behave(self, behaviour: Behaviour, times: int | None = None) -> None:
        """Misbehave in this way for so many requests, or from now on; "well" ends it."""
        if behaviour not in get_args(Behaviour):
            raise ValueError(f"{behaviour!r} is no behaviour")
        with self._lock:
            if times is None:
                self._behaviours, self._always = [], behaviour
            else:
                self._behaviours += [behaviour] * times

    def next_behaviour(self) -> Behaviour:
        """What to do about the request that has just come."""
        with self._lock:
            return self._behaviours.pop(0) if self._behaviours else self._always

    def wait_for_the_end(self, seconds: float | None = None) -> bool:
        """Do nothing until this server closes, or so long; True when it closes."""
        return self._closing.wait(seconds)

    def question(self, request: Request) -> Question:
        """Read a request of this format.

        Raises PermissionError without the right key, ValueError or LookupError for other formats.
        """
        raise NotImplementedError

    def answer(self, said: str | None) -> tuple[str, str]:
        """The content type and body of a right answer of this format."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection to a stand-in."""

    standin: TranslatorStandIn

    def do_GET(self) -> None:
        """Answer a question in the address."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a question in the body."""
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        request = Request(self.command, self.path, dict(self.headers.items()), body)
        refusal = 0
        try:
            request = replace(request, question=self.standin.question(request))
        except PermissionError:
            refusal = 403
        except (ValueError, LookupError):
            refusal = 400
        self.standin.requests.append(request)
        if refusal:
            self._send(refusal, "text/plain", "")
        else:
            self._behave(self.standin.next_behaviour(), request.question)

    def _behave(self, behaviour: Behaviour, asked: Question) -> None:
        if behaviour.isdigit():
            self._send(int(behaviour), "text/html", "<html><body>Error</body></html>")
        elif behaviour == "redirect":
            self._send(302, "text/plain", "")
        elif behaviour == "captcha":
            self._send(200, "text/html; charset=UTF-8", _CAPTCHA)
        elif behaviour == "hang":
            self.standin.wait_for_the_end()
        elif behaviour == "drip":
            self._drip(b"HTTP/1.1 200 OK\r\n\r\n")
        elif behaviour == "drip headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        elif behaviour == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nhalf")
        else:
            said = translate(asked.text, asked.source, asked.target)
            if behaviour in _CHANGES:
                said = _CHANGES[behaviour](asked.text, said)
            self._send(200, *self.standin.answer(None if behaviour == "none" else said))

    def _send(self, status: int, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if status == 302:
            self.send_header("Location", self.standin.redirect_to)
        if status == 429 and self.standin.retry_after:
            self.send_header("Retry-After", self.standin.retry_after)
        self.end_headers()
        self.wfile.write(content)

    def _drip(self, start: bytes) -> None:
        """A byte a second, so that every single read succeeds in time."""
        try:
            self.wfile.write(start)
            while not self.standin.wait_for_the_end(1.0):
                self.wfile.write(b"x")
        except OSError:
            return  # The other side has had enough.

    def log_message(self, *_args: object) -> None:
        """Requests are kept, not printed."""
