"""Whoever changes something about a person first sees what it does, and agrees there."""

import html
import re

from httpx2 import Response
from starlette.testclient import TestClient

BUTTON = re.compile(r'name="shown" value="([^"]*)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def agree(browser: TestClient, path: str, data: dict[str, str]) -> Response:
    """Send the form, look at what it does, and agree; the answer to that."""
    asked = browser.post(path, data=data)
    button = BUTTON.search(asked.text)
    assert button, "the page with the consequences"
    form = asked.text[asked.text.index(f'action="{path}"') : button.end()]
    typed = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
    assert typed.items() >= {name: text for name, text in data.items() if text}.items()
    return browser.post(path, data={**typed, "shown": button[1]})
