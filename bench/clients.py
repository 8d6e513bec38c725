"""Submitters: threads with a kept-alive connection each, on plain sockets: they cost little.

`python -m bench.clients` reads one JSON line for each round, and answers with one:
{"kind": "api", "port": 8000, "count": 500, "submitters": 8, "token": "…"} →
{"seconds": 2.1, "latencies": [0.004, …], "failures": {"503": 1}}
"""

import itertools
import json
import secrets
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

TEXT = "\n\n".join(
    f"Liebe Anna, heute ist der {day}. Tag, an dem es bei uns schneit. Die Kinder bauen im Hof "
    "einen Schneemann, und die Katze sitzt am Fenster und wundert sich. Ich lese gerade ein Buch "
    "über das Meer und denke dabei an Sie."
    for day in range(1, 7)
)
SIGNATURE = "Greta"


class Connection:
    """HTTP/1.1 with answers of known length."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(60)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request; returns the status and the head of the answer."""
        self.socket.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end]
        at = head.lower().find(b"\r\ncontent-length:")
        length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        missing = length - (len(received) - end - 4)
        while missing > 0:
            missing -= len(self._more())
        return int(head[9:12]), head

    def _more(self) -> bytes:
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError
        return data


def post(path: str, body: bytes, kind: str, *headers: str) -> bytes:
    """A whole POST request."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def bare(_token: str) -> Callable[[Connection], int]:
    """One row."""
    request = post(
        "/rows",
        json.dumps({"text": TEXT, "signature": SIGNATURE}).encode(),
        "application/json",
    )
    return lambda connection: connection.ask(request)[0]


def api(token: str) -> Callable[[Connection], int]:
    """One letter handed in by a partner."""
    letter = {"text": TEXT, "signature": SIGNATURE, "gender": "she", "language": "de"}
    body = json.dumps(letter | {"outside_translation": True}).encode()

    def send(connection: Connection) -> int:
        headers = (f"Authorization: Bearer {token}", f"Idempotency-Key: {secrets.token_hex(16)}")
        return connection.ask(post("/api/v1/letters", body, "application/json", *headers))[0]

    return send


def form(_token: str) -> Callable[[Connection], int]:
    """One letter written in a browser: reserve, be redirected, send."""
    body = urlencode(
        {
            "text": TEXT,
            "signature": SIGNATURE,
            "language": "de",
            "gender": "she",
            "engines": "outside",
            "closing": "yes",
        }
    ).encode()
    kind = "application/x-www-form-urlencoded"
    reserve = post("/write", b"", kind)

    def send(connection: Connection) -> int:
        status, head = connection.ask(reserve)
        if status != 303:
            return status
        path = head[head.lower().find(b"\r\nlocation:") + 11 :].split(b"\r\n", 1)[0].strip()
        return connection.ask(post(path.decode(), body, kind))[0]

    return send


KINDS = {"bare": bare, "api": api, "form": form}


def round_of(
    kind: str, port: int, count: int, submitters: int, token: str = ""
) -> dict[str, object]:
    """`count` submissions by so many submitters at once."""
    send = KINDS[kind](token)
    numbers = itertools.count()
    latencies: list[float] = []
    failures: Counter[str] = Counter()
    start = threading.Barrier(submitters + 1)

    def submit() -> None:
        connection = Connection(port)
        start.wait()
        while next(numbers) < count:
            began = time.perf_counter()
            status = send(connection)
            if status in {200, 201}:
                latencies.append(time.perf_counter() - began)
            else:
                failures[str(status)] += 1

    threads = [threading.Thread(target=submit) for _ in range(submitters)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return {
        "seconds": time.perf_counter() - began,
        "latencies": latencies,
        "failures": dict(failures),
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(round_of(**json.loads(line))), flush=True)
