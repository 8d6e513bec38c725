"""Values as they stand in other people's lists, made clean. Pure: nothing is looked up."""

import ast
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from mailing.names import tidy

LONGEST_PROSE = 8000

_NOTHING = frozenset(("", "-", "–", "—", "nan", "none", "null", "n/a", "нет", "нет данных", "н/д"))
_NEVER_KEPT = re.compile("[\0\ud800-\udfff]")
_BETWEEN = re.compile(r"[;|]+")
_BREAKS = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[^\S\n]+")
_NUMBER = re.compile(r"[-−]?\d{1,15}(?:[.,]\d+)?")
_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}([\s.,'’])\d{3}(?:\1\d{3})*(?!\d)")


def keepable(value: Any) -> bool:
    """Whether every text in a value can be kept: no NUL, no half of a surrogate pair."""
    if isinstance(value, str):
        return not _NEVER_KEPT.search(value)
    if isinstance(value, Mapping):
        return all(keepable(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return all(keepable(part) for part in value)
    return True


def cleared(text: str) -> str:
    """`text` without what cannot be kept."""
    return _NEVER_KEPT.sub("", text)


def line(value: Any) -> str:
    """One clean line; "" for nothing, however it is written. A list becomes its items in a row."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(items(value))
    text = tidy(str(value))
    return "" if text.lower() in _NOTHING else text


def items(value: Any) -> list[str]:
    """The items of a list, a list written as a string, or a string that is one item.

    A line break separates nothing: they occur inside of values.
    """
    found: list[str] = []
    for part in _parts(value):
        text = line(part)
        if text and text not in found:
            found.append(text)
    return found


def prose(value: Any) -> str:
    """A text of several paragraphs, cut at the end of a sentence when it is too long to keep."""
    text = unicodedata.normalize("NFC", "" if value is None else cleared(str(value)))
    text = _BLANKS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BREAKS.sub("\n\n", "\n".join(part.strip() for part in text.split("\n"))).strip()
    if text.lower() in _NOTHING:
        return ""
    if len(text) <= LONGEST_PROSE:
        return text
    kept = text[: LONGEST_PROSE - 1]
    end = max(kept.rfind(sign) for sign in (". ", ".\n", "! ", "? "))
    return kept[: end + 1] if end > 0 else f"{kept}…"


def number(value: Any) -> int | None:
    """The whole number in a value, such as 66 in "66.0"; None when there is none."""
    if value is None or isinstance(value, bool):
        return None
    found = _NUMBER.search(together(value) if isinstance(value, str) else str(value))
    return int(float(found[0].replace(",", ".").replace("−", "-"))) if found else None


def together(text: str) -> str:
    """`text` with the thousands of its numbers joined: "10 000", "10,000" and "10.000" are one."""
    return _GROUPS.sub(lambda found: re.sub(r"\D", "", found[0]), text)


def truth(value: Any) -> bool | None:
    """Yes or no in any of the ways people write them; None for neither."""
    word = str(value).strip().lower()
    if word in {"true", "yes", "1", "1.0", "да"}:
        return True
    return False if word in {"false", "no", "0", "0.0", "нет"} else None


def _parts(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list | tuple | set):
        return [part for item in value for part in _parts(item)]
    if not isinstance(value, str):
        return [value]
    text = value.strip()
    if text[:1] + text[-1:] in {"[]", "{}"}:
        return _written_out(text)
    return list(_BETWEEN.split(text))


def _written_out(text: str) -> list[Any]:
    """A list that became a string on its way, in JSON, in Python, or in a database's manner."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(found, list | tuple | set):
            return list(found)
    return [part.strip(" \"'«»“”") for part in text[1:-1].split(",")]
