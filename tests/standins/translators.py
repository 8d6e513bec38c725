"""Translation services of our own on this machine, which speak the wire formats of the real ones.

Each is a threaded HTTP server for a `with` block; it keeps every request it got, and misbehaves on
demand:

    with GoogleStandIn() as google:
        google.behave("429", times=2)
        chain = parse_chain(f"google+{google.url}")
        ...
        assert "Anna" not in google.everything_seen

`python -m tests.standins.translators` serves Google's at http://127.0.0.1:9999/m and
LibreTranslate's at http://127.0.0.1:5000 until it is interrupted.
"""

import html
import json
import threading
from urllib.parse import parse_qs, urlsplit

from tests.standins.answering import Question, Request, TranslatorStandIn


class GoogleStandIn(TranslatorStandIn):
    """Google's page for simple telephones: GET /m?sl=…&tl=…&q=…, HTML back."""

    name = "google"
    path = "/m"
    longest_address = 16_384

    def question(self, request: Request) -> Question:
        query = parse_qs(urlsplit(request.path).query, strict_parsing=True)
        if request.method != "GET" or len(request.path) > self.longest_address:
            raise ValueError(request.method)
        return Question(query["q"][0], query["sl"][0], query["tl"][0])

    def answer(self, said: str | None) -> tuple[str, str]:
        inner = "" if said is None else html.escape(said)
        return "text/html; charset=UTF-8", (
            "<!DOCTYPE html><html><head><title>Google Translate</title></head><body>"
            '<form action="/m"><input name="q"></form>'
            f'<div class="result-container">{inner}</div></body></html>'
        )


class MyMemoryStandIn(TranslatorStandIn):
    """MyMemory: GET /get?q=…&langpair=de-DE|ru-RU, JSON back."""

    name = "mymemory"
    path = "/get"
    longest_text = 500

    def question(self, request: Request) -> Question:
        query = parse_qs(urlsplit(request.path).query, strict_parsing=True)
        source, target = query["langpair"][0].split("|")
        if request.method != "GET" or len(query["q"][0]) > self.longest_text or len(source) < 5:
            raise ValueError(request.method)
        return Question(query["q"][0], source.split("-")[0], target.split("-")[0])

    def answer(self, said: str | None) -> tuple[str, str]:
        translated = None if said is None else html.escape(said, quote=True)
        return "application/json", json.dumps(
            {
                "responseData": {"translatedText": translated, "match": 0.85},
                "quotaFinished": False,
                "responseStatus": 200,
                "matches": [],
            }
        )


class DeepLStandIn(TranslatorStandIn):
    """DeepL: POST /v2/translate with JSON and the key in a header, JSON back."""

    name = "deepl"
    path = "/v2"
    key = "demonstration-key:fx"

    def question(self, request: Request) -> Question:
        if request.method != "POST" or request.path != "/v2/translate":
            raise ValueError(request.method)
        if request.headers["Authorization"] != f"DeepL-Auth-Key {self.key}":
            raise PermissionError
        asked = json.loads(request.body)
        [text] = asked["text"]
        return Question(text, asked["source_lang"].lower(), asked["target_lang"].lower())

    def answer(self, said: str | None) -> tuple[str, str]:
        translations = [{"detected_source_language": "DE", "text": said}]
        return "application/json", json.dumps({"translations": translations})


class LibreTranslateStandIn(TranslatorStandIn):
    """LibreTranslate: POST /translate with JSON, JSON back; a key only if `key` is set."""

    name = "libretranslate"
    key: str | None = None

    def question(self, request: Request) -> Question:
        if request.method != "POST" or request.path != "/translate":
            raise ValueError(request.method)
        asked = json.loads(request.body)
        if self.key and asked["api_key"] != self.key:
            raise PermissionError
        if asked["format"] != "text":
            raise ValueError("format")
        return Question(asked["q"], asked["source"], asked["target"])

    def answer(self, said: str | None) -> tuple[str, str]:
        return "application/json", json.dumps({"translatedText": said})


if __name__ == "__main__":
    with GoogleStandIn(port=9999), LibreTranslateStandIn(port=5000):
        threading.Event().wait()
