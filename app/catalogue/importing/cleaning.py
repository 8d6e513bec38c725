"""Values as they stand in other people's lists, made clean. Pure: nothing is looked up."""

import ast
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mailing.names import tidy

LONGEST_PROSE = 8000
LONGEST_TERM = 420
"""Months: thirty-five years, the longest term of years that the criminal code knows."""
LIFE_FROM = 10_000
"""Months from which sources write «life» as a number; below it the number is a mistake."""

_NOTHING = frozenset(("", "-", "–", "—", "nan", "none", "null", "n/a", "нет", "нет данных", "н/д"))
_NEVER_KEPT = re.compile("[\0\ud800-\udfff]")
_BETWEEN = re.compile(r"[;|]+")
_BREAKS = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[^\S\n]+")
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_RUSSIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_YEARS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:years?|лет|год|г\b|л\b)")
_MONTHS = re.compile(r"(\d+)\s*(?:months?|мес)")
_LIFE = re.compile(r"пожизнен|\blife\b|life sentence|life imprisonment", re.IGNORECASE)


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
    found = _NUMBER.search(str(value).replace("\u00a0", ""))
    return int(float(found[0].replace(",", ".").replace("−", "-"))) if found else None


def year(value: Any) -> int | None:
    """A year between 1800 and 2099, out of a number, a date or words around it."""
    found = _YEAR.search(str(value)) if value is not None else None
    return int(found[1]) if found else None


def day(value: Any) -> date | None:
    """A day out of ISO, Russian or spreadsheet dates; None when it is no day of the calendar."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = "" if value is None else str(value)
    iso, russian = _ISO_DAY.search(text), _RUSSIAN_DAY.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        return date(int(russian[3]), int(russian[2]), int(russian[1])) if russian else None
    except ValueError:
        return None


def truth(value: Any) -> bool | None:
    """Yes or no in any of the ways people write them; None for neither."""
    word = str(value).strip().lower()
    if word in {"true", "yes", "1", "1.0", "да"}:
        return True
    return False if word in {"false", "no", "0", "0.0", "нет"} else None


@dataclass(frozen=True)
class Born:
    """Birthday and birth year; agree is False when a source says two things at once."""

    birthday: date | None
    year: int | None
    agree: bool = True


def born(birth: Any, birth_year: Any = None) -> Born:
    """What is known of a birth: a day, or just a year, however the source mixes them."""
    birthday = day(birth)
    stated = year(birth_year) or (None if birthday else year(birth))
    if birthday and stated and birthday.year != stated:
        return Born(None, None, agree=False)
    return Born(birthday, birthday.year if birthday else stated)


@dataclass(frozen=True)
class Term:
    """A sentence in months, or for life, or neither; stated is a number that cannot be a term."""

    months: int | None = None
    life: bool = False
    stated: int | None = None


def term(value: Any, verdict: str = "") -> Term:
    """A prison term. Sources write a life sentence as 10,000 months and more.

    Such a number is believed when the verdict says so in words, and is a doubt otherwise.
    """
    text = line(value).lower()
    if _LIFE.search(text):
        return Term(life=True)
    months = _in_words(text)
    months = number(value) if months is None else months
    if not months:
        return Term()
    if months >= LIFE_FROM and _LIFE.search(verdict):
        return Term(life=True)
    return Term(months) if 0 < months <= LONGEST_TERM else Term(stated=months)


def _in_words(text: str) -> int | None:
    years, months = _YEARS.search(text), _MONTHS.search(text)
    if years is None and months is None:
        return None
    whole = round(float(years[1].replace(",", ".")) * 12) if years else 0
    return whole + (int(months[1]) if months else 0)


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
