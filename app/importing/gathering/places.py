"""Rows about places of detention become records; addresses that do not parse become doubts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.importing.gathering import addresses
from app.importing.gathering.damaged import HIDE_SOMEBODY, Damaged, Uncounted
from app.importing.records import Doubt, Gathered, PlaceRecord, Unreadable
from app.sameness.cleaning import cleared, identity, line, trouble_of
from app.sameness.fields import Fields

PLACE_COLUMNS = frozenset(
    {"place", "name", "name_en", "kind", "address", "street", "settlement", "district", "region"}
    | {"postal_code", "country", "notes", "codes_allowed", "paper_style"}
)
_PARTS = ("street", "settlement", "district", "region", "postal_code", "country")
YES = frozenset({"да", "yes", "true", "1", "+", "можно", "разрешены", "accepted"})
NO = frozenset({"нет", "no", "false", "0", "нельзя", "запрещены", "not accepted"})
STYLES = {
    **dict.fromkeys(("lined", "в линейку", "линованный", "линованная"), "lined"),
    **dict.fromkeys(("blank", "пустой", "пустая", "чистый", "чистая"), "blank"),
}
_NUMBER = re.compile(r"(?<=\w)\s?[–—]\s?(?=\d)")
_LONGEST_KEY = 120
_LONGEST = {"street": 200, "settlement": 120, "district": 120, "region": 120}


def gather_places(rows: Iterable[tuple[int, Any]], gathered: Gathered) -> None:
    """Read rows with the keys of `PLACE_COLUMNS` into `gathered`.

    Two rows of one name are one place if their addresses agree; else the second is reported.
    """
    for at, row in rows:
        gathered.rows_read += 1
        named = _NUMBER.sub("-", line(row.get("name"))) if isinstance(row, Mapping) else ""
        key = addresses.name_key(named)
        trouble = _trouble(row) or ("" if key else "no_place_name")
        if trouble:
            words = cleared(row.named if isinstance(row, Damaged) else named)[:80]
            gathered.unreadable.append(Unreadable(at, trouble, words))
            gathered.places_damaged |= trouble in HIDE_SOMEBODY
            continue
        gathered.seen_places.append(key)
        record = _record(key, named, row, gathered)
        record.fields.update(_paper(at, row, gathered))
        earlier = gathered.places.setdefault(key, record)
        if earlier.fields != record.fields:
            gathered.unreadable.append(Unreadable(at, "second_address", named[:80]))


def _trouble(row: Any) -> str:
    if isinstance(row, Damaged):
        return row.reason
    if not isinstance(row, Mapping):
        return ""
    uncounted = any(isinstance(value, Uncounted) for value in row.values())
    return "formula" if uncounted else trouble_of(row)


def _record(key: str, named: str, row: Mapping[str, Any], gathered: Gathered) -> PlaceRecord:
    fields: Fields = {"name_ru": named[:200]}
    if "name_en" in row:
        fields["name_en"] = line(row["name_en"])[:200]
    if line(row.get("notes")):
        fields["notes"] = line(row["notes"])[:2000]
    written = line(row.get("address"))
    address = addresses.parse(written)
    given = {part: line(row[part]) for part in _PARTS if line(row.get(part))}
    parts = address.fields | given
    country = addresses.country_of(parts.get("region", ""), parts.get("settlement", ""))
    if country == "UA" and parts.get("country", "RU") == "RU":
        parts["country"] = country  # it is named so, whatever the list calls it
    fields |= _fitting(parts)
    unclear = not country and "country" not in given
    doubted = key in {doubt.about for doubt in gathered.doubts}
    whole = address.complete or {"street", "settlement"} <= given.keys()
    if not doubted and (unclear or not whole):
        remainder = address.remainder or (parts["settlement"] if unclear else "")
        detail = {"written": written[:300], "remainder": remainder[:200]}
        doubt_key = f"{key}|{written.lower()}"[:300]
        gathered.doubts.append(Doubt("address", doubt_key, named[:200], key, detail))
    kind = addresses.kind(line(row.get("kind")), named)
    if kind:
        fields["kind"] = kind
    elif not doubted:
        detail = {"kind": line(row.get("kind"))[:120]}
        gathered.doubts.append(Doubt("kind", key[:300], named[:200], key, detail))
    return PlaceRecord(key, (identity(row.get("place")) or key)[:_LONGEST_KEY], fields)


def _paper(at: int, row: Mapping[str, Any], gathered: Gathered) -> Fields:
    """Whether codes are let through, and how the sheet for the answer looks, where it is said."""
    fields: Fields = {}
    # Elsewhere «нет» says nothing; here it is the answer.
    said = row.get("codes_allowed")
    codes = "" if said is None else cleared(str(said)).strip().lower()
    style = line(row.get("paper_style")).lower()
    if codes in YES | NO:
        fields["codes_allowed"] = codes in YES
    elif codes:
        gathered.unreadable.append(Unreadable(at, "codes", codes[:80]))
    if style in STYLES:
        fields["paper_style"] = STYLES[style]
    elif style:
        gathered.unreadable.append(Unreadable(at, "paper", style[:80]))
    return fields


def _fitting(parts: dict[str, str]) -> dict[str, str]:
    """Parts that their columns can hold; what is too long is no street and no town."""
    code = parts.get("postal_code", "")
    kept = {part: text for part, text in parts.items() if len(text) <= _LONGEST.get(part, 10)}
    if code and not (len(code) == 6 and code.isascii() and code.isdigit()):
        del kept["postal_code"]
    if not (len(kept.get("country", "RU")) == 2 and kept.get("country", "RU").isupper()):
        del kept["country"]
    return kept
