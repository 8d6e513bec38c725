"""Languages as lists write them: names in Russian or English, a language's own name, or codes."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel import Locale

from app.sameness.cleaning import items
from app.spelling import plain
from translation.languages import LANGUAGES

_BETWEEN = re.compile(r"[,;/|+&]|(?<!\w)(?:и|and)(?!\w)")
_BRACKETED = re.compile(r"\([^)]*\)")
_BESIDE = frozenset("на по in язык языки языке языках мова language languages".split())  # noqa: SIM905
"""Words that say nothing of which language it is."""
_CASE = re.compile(r"(?<=ск)(?:ий|ом|ому|и)$")
"""«Русский», «на русском», «по-русски»."""
_CODE = re.compile(r"([a-z]{2})[-_][a-z]{2,4}", re.IGNORECASE)
_ALSO = {"фарси": "fa", "farsi": "fa", "голландский": "nl"}


def languages(value: Any) -> tuple[list[str], str]:
    """ISO 639-1 codes as they are listed, each once; and what of it nobody understood, or ""."""
    codes: dict[str, None] = {}
    strange = []
    for said in _each(value):
        found = _understood(said)
        if found:
            codes |= dict.fromkeys(found)
        else:
            strange.append(said)
    return list(codes), ", ".join(strange)


def _each(value: Any) -> Iterator[str]:
    for item in items(value):
        for part in _BETWEEN.split(_BRACKETED.sub(" ", item)):
            if plain(part):
                yield part.strip()


def _understood(said: str) -> list[str]:
    """One language, or several with blanks between; [] when any of the words is strange."""
    if (code := _CODE.fullmatch(said)) and code[1].lower() in _names():
        return [code[1].lower()]
    words = [word for word in plain(said).split() if word not in _BESIDE]
    found = [_names().get(_CASE.sub("", word)) for word in words]
    return [code for code in found if code] if all(found) else []


@cache
def _names() -> dict[str, str]:
    """Every name of a language that we know, without its ending → code."""
    known = dict(_ALSO)
    tables = [Locale.parse(reader).languages for reader in ("ru", "en")]
    for language in LANGUAGES:
        called = [table.get(language.code, "") for table in tables]
        for name in (language.code, language.english, language.own, *called):
            known[plain(name)] = language.code
    return {_CASE.sub("", name): code for name, code in known.items() if name}
