"""Walking the site: every address that a page leads to, each kind of page once."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from starlette.testclient import TestClient

from app.finding.asking import FILTERS

_TAG = re.compile(r"""<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_ADDRESSES = ("href", "src", "action", "poster")
_ID = re.compile(r"[0-9a-f]{24}|(?<=^/people/)[^/]+|\b\d+\b")


class Links(HTMLParser):
    """Every address on a page: `links` lead somewhere, `resources` are loaded with it.

    Only tags that have one are taken apart, because that takes longer than to make the page.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.resources: list[str] = []
        for tag in _TAG.findall(page):
            if any(name in tag.lower() for name in _ADDRESSES):
                self.feed(tag)
                self.clear_cdata_mode()  # a script's end is not there

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None or name not in {"href", "src", "action", "formaction", "poster"}:
                continue
            target = self.links if tag == "a" else self.resources
            target.append(value)


def kind_of(address: str) -> str:
    """Addresses of one kind differ in ids, numbers and the values of their query only.

    The filters of the search are countless together, and of one kind.
    """
    parts = urlsplit(address)
    asked = {"filter" if name in FILTERS else name for name in parse_qs(parts.query)}
    return _ID.sub("*", parts.path) + "?".join(["", *sorted(asked)])


def walk(
    client: TestClient, start: str, *, each: int = 3, most: int = 400
) -> Iterator[tuple[str, str]]:
    """(address, page) of all HTML pages reachable from `start`, at most `each` of a kind."""
    waiting, known, seen = [start], {start}, dict[str, int]()
    while waiting and most:
        address = waiting.pop(0)
        kind = kind_of(address)
        if seen.get(kind, 0) >= each:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        most -= 1
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code < 500, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        yield address, answer.text
        for link in Links(answer.text).links:
            target = urljoin(str(answer.url), link)
            path = urlsplit(target)
            if target.startswith(str(client.base_url)) and not path.path.startswith("/leave"):
                own = path.path + (f"?{path.query}" if path.query else "")
                if own not in known:
                    known.add(own)
                    waiting.append(own)
