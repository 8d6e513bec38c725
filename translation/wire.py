"""One HTTP exchange with an engine, and nothing beyond it.

The deadline is for everything together, name look-up to last byte, so that a server which drips a
byte a second cannot hold a worker. Redirects are never followed: a letter goes to the configured
host or nowhere. Proxies, cookies and credentials of the environment are not used.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

import httpx

from translation.errors import BadAnswer, EngineError, Reason

_MOST_BYTES = 1_000_000
_AGENT = "Mozilla/5.0"

# Both log every address at INFO or DEBUG, and for some engines the letter is part of the address.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def exchange(
    method: str,
    url: str,
    *,
    seconds: float,
    query: Mapping[str, str] | None = None,
    json: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> str:
    """Send one request and return the body of its answer, all within so many seconds.

    Raises EngineError, without any text of the request: TOO_SLOW, UNREACHABLE (network and 5xx),
    BUSY (429, with the pause asked for), REDIRECTED (3xx), REFUSED (other 4xx), OVERLONG (over
    1 MB). Call it from a worker's thread, not from inside an event loop.
    """
    request = httpx.Request(
        method, url, params=query, json=json, headers={"User-Agent": _AGENT, **(headers or {})}
    )
    reason = Reason.UNREACHABLE
    try:
        return asyncio.run(_within(seconds, request))
    except TimeoutError:
        reason = Reason.TOO_SLOW
    except (httpx.HTTPError, OSError):
        pass
    # Raised outside of the handler: the original error quotes the address, and so the letter.
    raise EngineError(reason)


async def _within(seconds: float, request: httpx.Request) -> str:
    async with (
        asyncio.timeout(max(seconds, 0)),
        httpx.AsyncClient(
            follow_redirects=False, trust_env=False, timeout=seconds, verify=_tls()
        ) as client,
    ):
        response = await client.send(request, stream=True)
        try:
            _check_status(response)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise BadAnswer(Reason.OVERLONG)
        finally:
            await response.aclose()
        return body.decode("utf-8", errors="replace")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Reading the certificates of all authorities takes longer than many an exchange: once."""
    return httpx.create_ssl_context()


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    if status == 429:
        raise EngineError(Reason.BUSY, _pause_asked_for(response.headers.get("Retry-After")))
    if 300 <= status < 400:
        raise EngineError(Reason.REDIRECTED)
    raise EngineError(Reason.REFUSED if status < 500 else Reason.UNREACHABLE)


def _pause_asked_for(retry_after: str | None) -> float | None:
    """Seconds from a Retry-After header, which is a number or a date (RFC 9110, 10.2.3)."""
    if not retry_after:
        return None
    try:
        return max(float(retry_after), 0.0)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)
