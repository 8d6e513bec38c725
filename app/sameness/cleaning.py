"""Values as they stand in other people's lists, made clean. Pure: nothing is looked up."""

import ast
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from mailing.names import tidy

LONGEST_PROSE = 8000

_NOTHING = frozenset(("", "-", "–", "—", "nan", "none", "null", "n/a", "нет", "нет данных", "н/д"))
_NEVER_KEPT = re.compile("[\0\ud800-\udfff]")
_STRANGE = re.compile("[\0\ud800-\udfff\ufffd]")
_WHOLE = re.compile(r"(\d{1,15})\.0+")
_IN_BRACES = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,]+)')
_READER = json.JSONDecoder(parse_float=str, parse_int=str)
_QUOTES = " \"'«»“”{}"
_BETWEEN = re.compile(r"[;|]+")
_BREAKS = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[^\S\n]+")
_NUMBER = re.compile(r"[-−]?\d{1,15}(?:[.,]\d+)?")
_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}([\s.,'’])\d{3}(?:\1\d{3})*(?!\d)")


def trouble_of(row: Mapping[str, Any], prose: Iterable[str] = ()) -> str:
    """Why nothing of a row can be kept: a code of `reporting.REASONS`, or "".

    prose: columns that are cleared of what cannot be kept, instead of the whole row.
    """
    for column, value in row.items():
        if column not in prose or not isinstance(value, str):
            trouble = _trouble(value)
            if trouble:
                return trouble
    return ""


def _trouble(value: Any) -> str:
    if isinstance(value, str):
        if not _STRANGE.search(value):
            return ""
        return "not_text" if _NEVER_KEPT.search(value) else "letters"
    if isinstance(value, list | tuple):
        return next(filter(None, map(_trouble, value)), "")
    return "no_text" if isinstance(value, Mapping) else ""


def is_damaged(value: Any) -> bool:
    """Whether letters of a text were lost on its way."""
    return isinstance(value, str) and "\ufffd" in value


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


def items(value: Any, apart: Callable[[str], Iterable[str]] | None = None) -> list[str]:
    """The items of a list, a list written as a string, or a string that is one item.

    A line break separates nothing: they occur inside of values. apart: takes a string to pieces.
    """
    found: dict[str, None] = {}
    for part in _parts(value):
        pieces = apart(part) if apart and isinstance(part, str) else (part,)
        found |= dict.fromkeys(filter(None, map(line, pieces)))
    return list(found)


def identity(value: Any) -> str:
    """Somebody else's id. Spreadsheets make «12.0» of the whole number 12: it is the same."""
    text = line(value)
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


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
    if isinstance(value, list | tuple):
        return [part for item in value for part in _parts(item)]
    if not isinstance(value, str):
        return [value]
    text = value.strip()
    match text[:1] + text[-1:]:
        case "[]":
            return _written_out(text)
        case "{}":
            return _in_braces(text)
    return list(_BETWEEN.split(text))


def _written_out(text: str) -> list[Any]:
    """A list that became a string on its way, in JSON or in Python; its numbers as they stand."""
    with suppress(ValueError, RecursionError):
        return list(_READER.decode(text))
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        return list(ast.literal_eval(text))
    return [part.strip(_QUOTES) for part in text[1:-1].split(",")]


def _in_braces(text: str) -> list[str]:
    """A list in a database's manner, or a set: in the order in which it is written."""
    return [
        quoted.replace('\\"', '"') if quoted else bare.strip(_QUOTES)
        for quoted, bare in _IN_BRACES.findall(text[1:-1])
    ]
