"""LibreTranslate, usually on a machine of one's own.

A client of our own, because the one in deep-translator puts the letter into the address (and so
into access logs) and lacks Ukrainian and Belarusian. The wire format is LibreTranslate's
documented `POST /translate`.
"""

import json
from dataclasses import dataclass

from translation.errors import BadAnswer, Reason
from translation.languages import OFFERED
from translation.wire import exchange


@dataclass(frozen=True)
class LibreTranslate:
    """A LibreTranslate server at `url`; `outside` when somebody else runs it."""

    url: str
    key: str | None = None
    outside: bool = False
    name: str = "libretranslate"
    limit: int = 5_000

    def supports(self, source: str, target: str) -> bool:
        """Every offered language: which models are installed only the server knows, and says."""
        return {source, target} <= OFFERED.keys()

    def translate(self, text: str, source: str, target: str, deadline_seconds: float) -> str | None:
        """See `Engine.translate`."""
        question = {"q": text, "source": source, "target": target, "format": "text"}
        if self.key:
            question["api_key"] = self.key
        address = self.url.rstrip("/").removesuffix("/translate") + "/translate"
        answer = exchange("POST", address, json=question, seconds=deadline_seconds)
        try:
            translated = json.loads(answer)["translatedText"]
        except (ValueError, KeyError, TypeError):
            translated = None
        if translated is None:
            raise BadAnswer(Reason.HTML if "<html" in answer.lower() else Reason.EMPTY)
        return str(translated)
