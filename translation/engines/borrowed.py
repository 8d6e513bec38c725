"""Google, MyMemory and DeepL, through deep-translator.

deep-translator knows what these services ask and answer, but its requests have no deadline and
follow redirects, MyMemory's are unencrypted, and DeepL's are of a kind that is no longer accepted.
So its modules get `_Requests` in place of the `requests` library, and every exchange goes through
`translation.wire`.
"""

import html
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from deep_translator import DeeplTranslator, GoogleTranslator, MyMemoryTranslator
from deep_translator import deepl as deepl_module
from deep_translator import google as google_module
from deep_translator import mymemory as mymemory_module
from deep_translator.constants import (
    DEEPL_LANGUAGE_TO_CODE,
    GOOGLE_LANGUAGES_TO_CODES,
    MY_MEMORY_LANGUAGES_TO_CODES,
)
from deep_translator.exceptions import TranslationNotFound

from translation.errors import BadAnswer, EngineError, Reason
from translation.wire import exchange

GOOGLE_URL = "https://translate.google.com/m"
MYMEMORY_URL = "https://api.mymemory.translated.net/get"
DEEPL_URL = "https://api.deepl.com/v2"
DEEPL_FREE_URL = "https://api-free.deepl.com/v2"

Fetch = Callable[[str, Mapping[str, str], float], str]


@dataclass(frozen=True)
class Borrowed:
    """An outside engine of deep-translator's, at `url`.

    `codes` are its words for our languages; `make` is given two of them and returns a fresh
    translator; `fetch` carries (address, parameters, seconds) there and the answer's body back.
    """

    name: str
    limit: int
    url: str
    codes: Mapping[str, str]
    make: Callable[[str, str], Any]
    fetch: Fetch
    outside: bool = True

    def supports(self, source: str, target: str) -> bool:
        """See `Engine.supports`."""
        return source in self.codes and target in self.codes

    def translate(self, text: str, source: str, target: str, deadline_seconds: float) -> str | None:
        """See `Engine.translate`. None is deep-translator's answer to emoji."""
        # A new one for each call: one instance shared by threads mixes up their texts.
        translator = self.make(self.codes[source], self.codes[target])
        translator._base_url = self.url  # noqa: SLF001 — it offers no other way
        fetching = _fetching.set(lambda url, query: self.fetch(url, query, deadline_seconds))
        try:
            answer = translator.translate(text)
            return None if answer is None else str(answer)
        except EngineError:
            raise
        except TranslationNotFound:
            reason = Reason.HTML
        except Exception:  # noqa: BLE001 — a strange answer makes it stumble in many ways
            reason = Reason.EMPTY
        finally:
            _fetching.reset(fetching)
        # Raised outside of the handler: deep-translator's errors quote the text, or the key.
        raise BadAnswer(reason)


def google(url: str = GOOGLE_URL) -> Borrowed:
    """Google's page for simple telephones; needs no key.

    It refuses addresses over 16 KB. In an address a character takes up to 12 bytes (an emoji; a
    Cyrillic letter takes 6), so that 1,300 characters always fit.
    """
    codes = {code: code for code in GOOGLE_LANGUAGES_TO_CODES.values()}
    codes |= {"zh": "zh-CN", "he": "iw"}
    return Borrowed("google", 1_300, url, codes, _maker(GoogleTranslator), _get)


def mymemory(url: str = MYMEMORY_URL) -> Borrowed:
    """MyMemory, a memory shared with everybody: for letters only if somebody insists."""
    # The first variant listed of each language is the usual one, with three exceptions.
    variants = reversed(MY_MEMORY_LANGUAGES_TO_CODES.values())
    codes = {code.partition("-")[0]: code for code in variants}
    codes |= {"de": "de-DE", "fr": "fr-FR", "sr": "sr-Cyrl-RS"}
    return Borrowed("mymemory", 499, url, codes, _maker(MyMemoryTranslator), _get_from_mymemory)


def deepl(key: str, url: str | None = None) -> Borrowed:
    """DeepL with the key of an account; keys of free accounts end in ":fx"."""
    url = url or (DEEPL_FREE_URL if key.endswith(":fx") else DEEPL_URL)
    codes = {code: code for code in DEEPL_LANGUAGE_TO_CODE.values()}
    make = _maker(DeeplTranslator, api_key=key)
    return Borrowed("deepl", 10_000, f"{url.rstrip('/')}/", codes, make, _post_to_deepl)


def _maker(kind: Callable[..., Any], **options: str) -> Callable[[str, str], Any]:
    return lambda source, target: kind(source=source, target=target, **options)


def _get(url: str, query: Mapping[str, str], seconds: float) -> str:
    return exchange("GET", url, query=query, seconds=seconds)


def _get_from_mymemory(url: str, query: Mapping[str, str], seconds: float) -> str:
    """MyMemory reports its refusals inside of successful answers, in place of the translation."""
    body = _get(url, query, seconds)
    answer = json.loads(body)
    status = str(answer.get("responseStatus", 200))
    said = html.unescape(answer["responseData"]["translatedText"] or "")
    if status == "429" or said.startswith("MYMEMORY WARNING"):
        raise EngineError(Reason.BUSY)
    if status != "200":
        raise EngineError(Reason.REFUSED)
    answer["responseData"]["translatedText"] = said
    return json.dumps(answer)


def _post_to_deepl(url: str, query: Mapping[str, str], seconds: float) -> str:
    """DeepL takes neither GET nor keys in addresses any more (developers.deepl.com, change notices
    of March and November 2025); and so the letter stays out of access logs.
    """
    return exchange(
        "POST",
        url,
        json={
            "text": [query["text"]],
            "source_lang": query["source_lang"].upper(),
            "target_lang": query["target_lang"].upper(),
        },
        headers={"Authorization": f"DeepL-Auth-Key {query['auth_key']}"},
        seconds=seconds,
    )


_fetching: ContextVar[Callable[[str, Mapping[str, str]], str]] = ContextVar("fetching")


@dataclass(frozen=True)
class _Response:
    """The part of a `requests` response that deep-translator reads; failures never get this far."""

    text: str
    status_code: int = 200

    def json(self) -> Any:
        return json.loads(self.text)

    def close(self) -> None:
        """Nothing is left open."""


class _Requests:
    """The part of the `requests` library that deep-translator calls."""

    @staticmethod
    def get(url: str, params: Mapping[str, str], **_ignored: None) -> _Response:
        return _Response(_fetching.get()(url, params))


for _module in (google_module, mymemory_module, deepl_module):
    vars(_module)["requests"] = _Requests
